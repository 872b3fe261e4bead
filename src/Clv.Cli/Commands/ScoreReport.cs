using System.Diagnostics;
using Clv.Cli.Local;
using Clv.Core.Estimation;

namespace Clv.Cli.Commands;

/// <summary>What <c>clv score</c> tells of its work; with --json, as it stands here.</summary>
internal sealed class ScoreReport : TransactionsReading
{
    public DateOnly ObservationEnd { get; set; }

    public long Customers { get; set; }

    public long WithoutPurchase { get; set; }

    public double FutureValue { get; set; }

    public ModelFile? Model { get; set; }

    public IReadOnlyDictionary<string, double> Seconds { get; set; } = new Dictionary<string, double>();

    public long PeakMegabytes { get; set; }
}

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
