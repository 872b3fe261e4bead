using Clv.Core.Extracts;

namespace Clv.Cli.Local;

/// <summary>What became of the rows of a file of transactions.</summary>
internal class FileReading
{
    public required string File { get; init; }

    public long RowsRead { get; set; }

    public long RowsReplaced { get; set; }

    public long RowsQuarantined { get; set; }

    public SortedDictionary<QuarantineReason, QuarantineCount> Quarantined { get; } = [];

    public IReadOnlyList<string> UnknownColumns { get; set; } = [];

    public void Quarantine(QuarantinedRow row) => Quarantined[row.Reason] = Quarantined.TryGetValue(row.Reason, out var count)
        ? count with { Rows = count.Rows + 1 }
        : new QuarantineCount(1, row.Line, row.Column);
}

/// <summary>Rows set aside for one reason, and where the first of them is.</summary>
internal sealed record QuarantineCount(long Rows, long FirstLine, string Column);
