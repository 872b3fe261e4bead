using Clv.Core.Extracts;

namespace Clv.Cli.Local;

/// <summary>What became of the rows of a file.</summary>
internal abstract class FileReading
{
    public required string File { get; init; }

    public long RowsRead { get; set; }

    public long RowsQuarantined { get; set; }

    public SortedDictionary<QuarantineReason, QuarantineCount> Quarantined { get; } = [];

    public IReadOnlyList<string> UnknownColumns { get; set; } = [];

    public void Quarantine(QuarantinedRow row) => Quarantined[row.Reason] = Quarantined.TryGetValue(row.Reason, out var count)
        ? count with { Rows = count.Rows + 1 }
        : new QuarantineCount(1, row.Line, row.Column);
}

/// <summary>What became of the rows of a file of transactions.</summary>
internal class TransactionsReading : FileReading
{
    public long RowsReplaced { get; set; }

    /// <summary>What was done although it may not be what was meant.</summary>
    public IReadOnlyList<string> Warnings { get; set; } = [];

    /// <summary>The file of customers beside it; null for none.</summary>
    public CustomersReading? CustomerFile { get; set; }
}

/// <summary>What became of the rows of a file of customers.</summary>
internal sealed class CustomersReading : FileReading
{
    /// <summary>The contract's name of the column that segments are made of; null when the file has none.</summary>
    public string? SegmentColumn { get; set; }

    /// <summary>Rows whose value came too late to be a segment.</summary>
    public long RowsBeyondSegments { get; set; }

    /// <summary>Rows of customers who have no transactions.</summary>
    public long WithoutTransactions { get; set; }
}

/// <summary>Rows set aside for one reason, and where the first of them is.</summary>
internal sealed record QuarantineCount(long Rows, long FirstLine, string Column);
