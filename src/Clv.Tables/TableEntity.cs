namespace Azure.Data.Tables;

/// <summary>
/// A row as a bag of named values. The keys are entries like the others, named PartitionKey and RowKey; so are Timestamp and, once the row
/// was read, odata.etag, which are never sent. Values may be string, bool, int, long, double, Guid, DateTimeOffset, DateTime in UTC, byte[]
/// or BinaryData; null is not stored. Times come back as DateTimeOffset and binaries as byte[]. Not thread-safe.
/// </summary>
public sealed partial class TableEntity : ITableEntity
{
    internal const string ETagName = "odata.etag";

    private readonly Dictionary<string, object?> _properties;

    /// <summary>An empty row, without keys.</summary>
    public TableEntity() => _properties = new(StringComparer.Ordinal);

    /// <summary>A row with its keys.</summary>
    /// <param name="partitionKey">The partition key.</param>
    /// <param name="rowKey">The row key.</param>
    public TableEntity(string partitionKey, string rowKey)
        : this()
    {
        PartitionKey = partitionKey;
        RowKey = rowKey;
    }

    /// <summary>A row with a copy of the given values.</summary>
    /// <param name="values">The values, the keys among them; null gives an empty row.</param>
    public TableEntity(IDictionary<string, object?>? values) =>
        _properties = values is null ? new(StringComparer.Ordinal) : new(values, StringComparer.Ordinal);

    /// <inheritdoc/>
    /// <remarks>Null until it is set.</remarks>
    public string PartitionKey
    {
        get => GetString(nameof(PartitionKey))!;
        set => _properties[nameof(PartitionKey)] = value;
    }

    /// <inheritdoc/>
    /// <remarks>Null until it is set.</remarks>
    public string RowKey
    {
        get => GetString(nameof(RowKey))!;
        set => _properties[nameof(RowKey)] = value;
    }

    /// <inheritdoc/>
    public DateTimeOffset? Timestamp
    {
        get => GetDateTimeOffset(nameof(Timestamp));
        set => _properties[nameof(Timestamp)] = value;
    }

    /// <inheritdoc/>
    public ETag ETag
    {
        get => GetString(ETagName) is { } etag ? new ETag(etag) : default;
        set => _properties[ETagName] = value.ToString();
    }

    /// <summary>A text.</summary>
    /// <param name="key">The column's name.</param>
    /// <returns>The value, or null if the row has none.</returns>
    /// <exception cref="InvalidOperationException">The value is of another type.</exception>
    public string? GetString(string key) => Get(key, typeof(string)) as string;

    /// <summary>A byte array, up to 64 KiB in storage.</summary>
    /// <inheritdoc cref="GetString"/>
    public byte[]? GetBinary(string key) => Get(key, typeof(byte[])) switch
    {
        BinaryData data => data.ToArray(),
        var value => (byte[]?)value,
    };

    /// <summary>A byte array, as BinaryData over the same bytes.</summary>
    /// <inheritdoc cref="GetString"/>
    public BinaryData? GetBinaryData(string key) => Get(key, typeof(BinaryData)) switch
    {
        byte[] bytes => BinaryData.FromBytes(bytes),
        var value => (BinaryData?)value,
    };

    /// <summary>A truth value.</summary>
    /// <inheritdoc cref="GetString"/>
    public bool? GetBoolean(string key) => (bool?)Get(key, typeof(bool));

    /// <summary>A time, in UTC.</summary>
    /// <inheritdoc cref="GetString"/>
    public DateTime? GetDateTime(string key) => Get(key, typeof(DateTime)) switch
    {
        DateTimeOffset time => time.UtcDateTime,
        var value => (DateTime?)value,
    };

    /// <summary>A time. What comes from the service has offset zero; storage keeps it to 100 ns.</summary>
    /// <inheritdoc cref="GetString"/>
    public DateTimeOffset? GetDateTimeOffset(string key) => Get(key, typeof(DateTimeOffset)) switch
    {
        DateTime time => new DateTimeOffset(time),
        var value => (DateTimeOffset?)value,
    };

    /// <summary>A 64-bit floating-point number; NaN and the infinities are values like any other.</summary>
    /// <inheritdoc cref="GetString"/>
    public double? GetDouble(string key) => (double?)Get(key, typeof(double));

    /// <summary>A GUID.</summary>
    /// <inheritdoc cref="GetString"/>
    public Guid? GetGuid(string key) => (Guid?)Get(key, typeof(Guid));

    /// <summary>A 32-bit integer.</summary>
    /// <inheritdoc cref="GetString"/>
    public int? GetInt32(string key) => (int?)Get(key, typeof(int));

    /// <summary>A 64-bit integer. A 32-bit one is not widened: what was written as int is read as int.</summary>
    /// <inheritdoc cref="GetString"/>
    public long? GetInt64(string key) => (long?)Get(key, typeof(long));

    private object? Get(string key, Type wanted)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (!_properties.TryGetValue(key, out var value) || value is null || value.GetType() == wanted)
        {
            return value;
        }

        // Two spellings each of a time and of bytes are the same column type, so each is readable as the other.
        var sameColumnType =
            (value is DateTime or DateTimeOffset && (wanted == typeof(DateTime) || wanted == typeof(DateTimeOffset)))
            || (value is byte[] or BinaryData && (wanted == typeof(byte[]) || wanted == typeof(BinaryData)));
        return sameColumnType
            ? value
            : throw new InvalidOperationException($"Column '{key}' is {value.GetType().Name}, not {wanted.Name}.");
    }
}
