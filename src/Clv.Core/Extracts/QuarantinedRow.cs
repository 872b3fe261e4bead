namespace Clv.Core.Extracts;

/// <summary>One row that was set aside.</summary>
/// <param name="line">The 1-based line of the file where the row starts.</param>
/// <param name="column">The contract's name of the column at fault, or empty when it is the whole row.</param>
/// <param name="reason">Why.</param>
/// <param name="raw">The row as it stands in the file, in UTF-8, so that it can be mended and delivered again.</param>
public readonly ref struct QuarantinedRow(long line, string column, QuarantineReason reason, ReadOnlySpan<byte> raw)
{
    /// <summary>The 1-based line of the file where the row starts.</summary>
    public long Line { get; } = line;

    /// <summary>The contract's name of the column at fault, or empty when it is the whole row.</summary>
    public string Column { get; } = column;

    /// <summary>Why the row was set aside.</summary>
    public QuarantineReason Reason { get; } = reason;

    /// <summary>The row as it stands in the file, in UTF-8. Personal: belongs in a quarantine file and nowhere else.</summary>
    public ReadOnlySpan<byte> Raw { get; } = raw;
}

/// <summary>Receives the rows that a reader sets aside, in the order of the file.</summary>
public delegate void QuarantineHandler(QuarantinedRow row);
