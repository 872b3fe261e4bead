using System.Diagnostics;
using Clv.Core.Estimation;
using Clv.Core.Extracts;

namespace Clv.Cli.Commands;

/// <summary>What <c>clv score</c> tells of its work; with --json, as it stands here.</summary>
internal sealed class ScoreReport
{
    public required string File { get; init; }

    public DateOnly ObservationEnd { get; set; }

    public long RowsRead { get; set; }

    public long RowsReplaced { get; set; }

    public long RowsQuarantined { get; set; }

    public SortedDictionary<QuarantineReason, QuarantineCount> Quarantined { get; } = [];

    public IReadOnlyList<string> UnknownColumns { get; set; } = [];

    public long Customers { get; set; }

    public long WithoutPurchase { get; set; }

    public double FutureValue { get; set; }

    public ModelFile? Model { get; set; }

    public IReadOnlyDictionary<string, double> Seconds { get; set; } = new Dictionary<string, double>();

    public long PeakMegabytes { get; set; }

    public void Quarantine(QuarantinedRow row) => Quarantined[row.Reason] = Quarantined.TryGetValue(row.Reason, out var count)
        ? count with { Rows = count.Rows + 1 }
        : new QuarantineCount(1, row.Line, row.Column);
}

/// <summary>Rows set aside for one reason, and where the first of them is.</summary>
internal sealed record QuarantineCount(long Rows, long FirstLine, string Column);

/// <summary>Seconds per step.</summary>
internal sealed class StepClock
{
    private readonly Dictionary<string, double> _laps = [];
    private long _last = Stopwatch.GetTimestamp();

    public IReadOnlyDictionary<string, double> Laps => _laps;

    public void Lap(string step)
    {
        _laps[step] = Stopwatch.GetElapsedTime(_last).TotalSeconds;
        _last = Stopwatch.GetTimestamp();
    }
}
