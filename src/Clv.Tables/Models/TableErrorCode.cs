using System.ComponentModel;

namespace Azure.Data.Tables.Models;

/// <summary>
/// An error code of the table service, to compare with <see cref="RequestFailedException.ErrorCode"/>:
/// <c>error.ErrorCode == TableErrorCode.EntityAlreadyExists</c>. Compared without case; a code that is not listed here is a value like any other.
/// </summary>
public readonly struct TableErrorCode : IEquatable<TableErrorCode>
{
    private readonly string? _value;

    /// <summary>Takes a code as the service writes it.</summary>
    /// <param name="value">The code; null stands for none and equals no listed code.</param>
    public TableErrorCode(string? value) => _value = value;

    /// <summary>AccountIOPSLimitExceeded: the account's request rate is used up.</summary>
    public static TableErrorCode AccountIOPSLimitExceeded { get; } = new(nameof(AccountIOPSLimitExceeded));

    /// <summary>AtomFormatNotSupported: Atom is not spoken.</summary>
    public static TableErrorCode AtomFormatNotSupported { get; } = new(nameof(AtomFormatNotSupported));

    /// <summary>AuthorizationPermissionMismatch: the token or signature lacks the permission.</summary>
    public static TableErrorCode AuthorizationPermissionMismatch { get; } = new(nameof(AuthorizationPermissionMismatch));

    /// <summary>AuthorizationResourceTypeMismatch: the signature is for another kind of resource.</summary>
    public static TableErrorCode AuthorizationResourceTypeMismatch { get; } = new(nameof(AuthorizationResourceTypeMismatch));

    /// <summary>CannotCreateTableWithIOPSGreaterThanMaxAllowedPerTable: the requested rate is over a table's maximum.</summary>
    public static TableErrorCode CannotCreateTableWithIOPSGreaterThanMaxAllowedPerTable { get; } = new(nameof(CannotCreateTableWithIOPSGreaterThanMaxAllowedPerTable));

    /// <summary>CommandsInBatchActOnDifferentPartitions: a transaction names two partitions.</summary>
    public static TableErrorCode CommandsInBatchActOnDifferentPartitions { get; } = new(nameof(CommandsInBatchActOnDifferentPartitions));

    /// <summary>ContentLengthExceeded: the request is too long.</summary>
    public static TableErrorCode ContentLengthExceeded { get; } = new(nameof(ContentLengthExceeded));

    /// <summary>DuplicateKeyPropertySpecified: a key column occurs twice.</summary>
    public static TableErrorCode DuplicateKeyPropertySpecified { get; } = new(nameof(DuplicateKeyPropertySpecified));

    /// <summary>DuplicatePropertiesSpecified: a column occurs twice.</summary>
    public static TableErrorCode DuplicatePropertiesSpecified { get; } = new(nameof(DuplicatePropertiesSpecified));

    /// <summary>EntityAlreadyExists: an inserted row exists (409).</summary>
    public static TableErrorCode EntityAlreadyExists { get; } = new(nameof(EntityAlreadyExists));

    /// <summary>EntityNotFound: the row does not exist.</summary>
    public static TableErrorCode EntityNotFound { get; } = new(nameof(EntityNotFound));

    /// <summary>EntityTooLarge: the row is over 1 MiB.</summary>
    public static TableErrorCode EntityTooLarge { get; } = new(nameof(EntityTooLarge));

    /// <summary>Forbidden: not allowed.</summary>
    public static TableErrorCode Forbidden { get; } = new(nameof(Forbidden));

    /// <summary>InvalidDuplicateRow: a transaction names one row twice.</summary>
    public static TableErrorCode InvalidDuplicateRow { get; } = new(nameof(InvalidDuplicateRow));

    /// <summary>InvalidInput: the request is malformed.</summary>
    public static TableErrorCode InvalidInput { get; } = new(nameof(InvalidInput));

    /// <summary>InvalidValueType: a value is not of its type.</summary>
    public static TableErrorCode InvalidValueType { get; } = new(nameof(InvalidValueType));

    /// <summary>JsonFormatNotSupported: JSON is not spoken.</summary>
    public static TableErrorCode JsonFormatNotSupported { get; } = new(nameof(JsonFormatNotSupported));

    /// <summary>JsonVerboseFormatNotSupported: verbose JSON is not spoken.</summary>
    public static TableErrorCode JsonVerboseFormatNotSupported { get; } = new(nameof(JsonVerboseFormatNotSupported));

    /// <summary>KeyValueTooLarge: a key is over 1 KiB.</summary>
    public static TableErrorCode KeyValueTooLarge { get; } = new(nameof(KeyValueTooLarge));

    /// <summary>MediaTypeNotSupported: the content type is not spoken.</summary>
    public static TableErrorCode MediaTypeNotSupported { get; } = new(nameof(MediaTypeNotSupported));

    /// <summary>MethodNotAllowed: the verb is not allowed here.</summary>
    public static TableErrorCode MethodNotAllowed { get; } = new(nameof(MethodNotAllowed));

    /// <summary>NotImplemented: the operation does not exist.</summary>
    public static TableErrorCode NotImplemented { get; } = new(nameof(NotImplemented));

    /// <summary>OperationTimedOut: the service ran out of time; it may or may not have written.</summary>
    public static TableErrorCode OperationTimedOut { get; } = new(nameof(OperationTimedOut));

    /// <summary>OperatorInvalid: a filter's operator is wrong.</summary>
    public static TableErrorCode OperatorInvalid { get; } = new(nameof(OperatorInvalid));

    /// <summary>OutOfRangeInput: a value is out of range.</summary>
    public static TableErrorCode OutOfRangeInput { get; } = new(nameof(OutOfRangeInput));

    /// <summary>PartitionKeyEqualityComparisonExpected: the filter must fix the partition.</summary>
    public static TableErrorCode PartitionKeyEqualityComparisonExpected { get; } = new(nameof(PartitionKeyEqualityComparisonExpected));

    /// <summary>PartitionKeyNotSpecified: the partition key is missing.</summary>
    public static TableErrorCode PartitionKeyNotSpecified { get; } = new(nameof(PartitionKeyNotSpecified));

    /// <summary>PartitionKeyPropertyCannotBeUpdated: a key cannot change.</summary>
    public static TableErrorCode PartitionKeyPropertyCannotBeUpdated { get; } = new(nameof(PartitionKeyPropertyCannotBeUpdated));

    /// <summary>PartitionKeySpecifiedMoreThanOnce: the partition key occurs twice.</summary>
    public static TableErrorCode PartitionKeySpecifiedMoreThanOnce { get; } = new(nameof(PartitionKeySpecifiedMoreThanOnce));

    /// <summary>PerTableIOPSDecrementLimitReached: the rate was lowered too often.</summary>
    public static TableErrorCode PerTableIOPSDecrementLimitReached { get; } = new(nameof(PerTableIOPSDecrementLimitReached));

    /// <summary>PerTableIOPSIncrementLimitReached: the rate was raised too often.</summary>
    public static TableErrorCode PerTableIOPSIncrementLimitReached { get; } = new(nameof(PerTableIOPSIncrementLimitReached));

    /// <summary>PrimaryKeyPropertyIsInvalidType: a key is not a string.</summary>
    public static TableErrorCode PrimaryKeyPropertyIsInvalidType { get; } = new(nameof(PrimaryKeyPropertyIsInvalidType));

    /// <summary>PropertiesNeedValue: a key column has no value.</summary>
    public static TableErrorCode PropertiesNeedValue { get; } = new(nameof(PropertiesNeedValue));

    /// <summary>PropertyNameInvalid: a column's name is not an identifier.</summary>
    public static TableErrorCode PropertyNameInvalid { get; } = new(nameof(PropertyNameInvalid));

    /// <summary>PropertyNameTooLong: a column's name is over 255 characters.</summary>
    public static TableErrorCode PropertyNameTooLong { get; } = new(nameof(PropertyNameTooLong));

    /// <summary>PropertyValueTooLarge: a value is over 64 KiB.</summary>
    public static TableErrorCode PropertyValueTooLarge { get; } = new(nameof(PropertyValueTooLarge));

    /// <summary>ResourceNotFound: the row or table does not exist (404).</summary>
    public static TableErrorCode ResourceNotFound { get; } = new(nameof(ResourceNotFound));

    /// <summary>SettingIOPSForATableInProvisioningNotAllowed: the table is being provisioned.</summary>
    public static TableErrorCode SettingIOPSForATableInProvisioningNotAllowed { get; } = new(nameof(SettingIOPSForATableInProvisioningNotAllowed));

    /// <summary>TableAlreadyExists: a created table exists (409).</summary>
    public static TableErrorCode TableAlreadyExists { get; } = new(nameof(TableAlreadyExists));

    /// <summary>TableBeingDeleted: the table's deletion is under way, which may take a minute (409).</summary>
    public static TableErrorCode TableBeingDeleted { get; } = new(nameof(TableBeingDeleted));

    /// <summary>TableHasNoProperties: the table has no columns.</summary>
    public static TableErrorCode TableHasNoProperties { get; } = new(nameof(TableHasNoProperties));

    /// <summary>TableHasNoSuchProperty: the table has no such column.</summary>
    public static TableErrorCode TableHasNoSuchProperty { get; } = new(nameof(TableHasNoSuchProperty));

    /// <summary>TableNotFound: the table does not exist (404).</summary>
    public static TableErrorCode TableNotFound { get; } = new(nameof(TableNotFound));

    /// <summary>TooManyProperties: the row has over 252 columns.</summary>
    public static TableErrorCode TooManyProperties { get; } = new(nameof(TooManyProperties));

    /// <summary>UpdateConditionNotSatisfied: the row's version is not the expected one (412).</summary>
    public static TableErrorCode UpdateConditionNotSatisfied { get; } = new(nameof(UpdateConditionNotSatisfied));

    /// <summary>XMethodIncorrectCount: X-HTTP-Method occurs twice.</summary>
    public static TableErrorCode XMethodIncorrectCount { get; } = new(nameof(XMethodIncorrectCount));

    /// <summary>XMethodIncorrectValue: X-HTTP-Method is wrong.</summary>
    public static TableErrorCode XMethodIncorrectValue { get; } = new(nameof(XMethodIncorrectValue));

    /// <summary>XMethodNotUsingPost: X-HTTP-Method needs POST.</summary>
    public static TableErrorCode XMethodNotUsingPost { get; } = new(nameof(XMethodNotUsingPost));

    /// <summary>A code from its text.</summary>
    /// <param name="value">The code, or null.</param>
    public static implicit operator TableErrorCode(string? value) => new(value);

    /// <summary>Whether two codes are the same, without case.</summary>
    /// <param name="left">One code.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(TableErrorCode left, TableErrorCode right) => left.Equals(right);

    /// <summary>Whether two codes differ, without case.</summary>
    /// <param name="left">One code.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(TableErrorCode left, TableErrorCode right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(TableErrorCode other) => string.Equals(_value, other._value, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override bool Equals(object? obj) => obj is TableErrorCode other && Equals(other);

    /// <inheritdoc/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override int GetHashCode() => _value is null ? 0 : StringComparer.OrdinalIgnoreCase.GetHashCode(_value);

    /// <summary>The code as the service writes it; empty if there is none.</summary>
    /// <returns>The code's text.</returns>
    public override string ToString() => _value ?? "";
}
