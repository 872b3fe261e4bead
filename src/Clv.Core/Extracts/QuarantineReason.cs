namespace Clv.Core.Extracts;

/// <summary>Why one row of an extract was set aside instead of used.</summary>
public enum QuarantineReason
{
    /// <summary>The row has more or fewer fields than the header.</summary>
    FieldCount,

    /// <summary>Quotes in the row do not follow RFC 4180.</summary>
    Quoting,

    /// <summary>A required cell is empty.</summary>
    Empty,

    /// <summary>The customer id or the transaction id is longer than <see cref="CustomerId.MaxBytes"/>.</summary>
    TooLong,

    /// <summary>The text is not valid in the file's encoding, was lost on the way (U+FFFD), or contains control characters or a byte order mark.</summary>
    NotText,

    /// <summary>The date matches none of the formats.</summary>
    NotADate,

    /// <summary>The date lies after the end of the observation window.</summary>
    AfterObservationEnd,

    /// <summary>The number does not follow the file's number format.</summary>
    NotANumber,

    /// <summary>The number is too large for <see cref="Money"/>, or beyond what its column may hold.</summary>
    OutOfRange,

    /// <summary>The row is in a currency for which there is no rate.</summary>
    NoRate,

    /// <summary>A delta's row has no transaction id, so a second delivery of it could not be recognised.</summary>
    NoTransactionId,

    /// <summary>A name, such as a segment's or a category's, is longer than <see cref="SegmentLabels.MaxLength"/>.</summary>
    LabelTooLong,

    /// <summary>The cell is none of the values that its column may have, nor mapped to one.</summary>
    UnknownValue,

    /// <summary>The number is below 0 where it must not be.</summary>
    Negative,

    /// <summary>The number has decimals where it must be whole.</summary>
    NotWhole,

    /// <summary>The cell is not the three-letter code of a currency.</summary>
    NotACurrency,
}

/// <summary>English sentences for <see cref="QuarantineReason"/>, for quarantine files and reports.</summary>
public static class QuarantineReasons
{
    /// <summary>What was wrong and what to do, without any of the row's content.</summary>
    public static string Describe(this QuarantineReason reason) => reason switch
    {
        QuarantineReason.FieldCount => "the row does not have as many fields as the header",
        QuarantineReason.Quoting => "the row's quotes are broken: a quote inside a field must be doubled and the field quoted",
        QuarantineReason.Empty => "the cell is empty",
        QuarantineReason.TooLong => $"the id is longer than {CustomerId.MaxBytes} bytes",
        QuarantineReason.NotText => "the cell is not valid text in the file's encoding, or has control characters or a byte order mark",
        QuarantineReason.NotADate => "not a date in the expected format: use yyyy-MM-dd or dd.MM.yyyy, or set dateFormats in mapping.json",
        QuarantineReason.AfterObservationEnd => "the date lies after the end of the observation window",
        QuarantineReason.NotANumber => "not a number in the expected format: use 1234.56, or set decimalSeparator in mapping.json",
        QuarantineReason.OutOfRange => "the number is beyond what its column may hold",
        QuarantineReason.NoRate => "the currency is not the reporting currency and has no rate",
        QuarantineReason.NoTransactionId => "a delta's row needs a transaction id",
        QuarantineReason.LabelTooLong => $"the name is longer than {SegmentLabels.MaxLength} characters",
        QuarantineReason.UnknownValue => "the cell is none of the column's known values: use the contract's, or map it under values in mapping.json",
        QuarantineReason.Negative => "the number is below 0",
        QuarantineReason.NotWhole => "the number must be whole",
        QuarantineReason.NotACurrency => "not the three-letter code of a currency, such as EUR",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };
}
