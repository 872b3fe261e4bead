using System.Globalization;
using System.Text;
using Clv.Core.Models;

namespace Clv.Functions.Tests.Faults;

/// <summary>
/// What a seed means: which night, and what goes wrong in it. A fault is tied to a place among the requests of its kind, so a seed says the
/// same whenever it is run. With several processes at work the order among such requests is theirs: the n-th write is then not always the same one.
/// </summary>
/// <param name="Seed">The seed.</param>
/// <param name="World">The night.</param>
/// <param name="Faults">What goes wrong.</param>
public sealed record FaultPlan(long Seed, FaultWorldKind World, IReadOnlyList<Fault> Faults)
{
    /// <summary>How often the host of the suite delivers a message before it is poison.</summary>
    public const int MaxDequeueCount = 4;

    private static readonly FaultWorldKind[] Worlds = Enum.GetValues<FaultWorldKind>();

    private static readonly FaultTarget[] Stored =
    [
        FaultTarget.AnyWrite, FaultTarget.AnyWrite, FaultTarget.PlanFile, FaultTarget.WorkFile, FaultTarget.HistoryFile, FaultTarget.ModelFile,
        FaultTarget.ReportFile, FaultTarget.ExportFile, FaultTarget.ScoreRows, FaultTarget.Marker, FaultTarget.Marker, FaultTarget.RunRecord,
        FaultTarget.Pointer, FaultTarget.WorkMessage, FaultTarget.EventMessage, FaultTarget.Removal, FaultTarget.FileRead, FaultTarget.CounterRead,
    ];

    // Before these are written nothing is published.
    private static readonly FaultTarget[] Poisoned =
        [FaultTarget.PlanFile, FaultTarget.WorkFile, FaultTarget.HistoryFile, FaultTarget.ModelFile, FaultTarget.ScoreRows, FaultTarget.ReportFile];

    private static readonly int[] Statuses = [500, 503, 429];

    private static readonly int[] Jumps = [-240, -25, -3, -1, 1, 3, 25, 240];

    /// <summary>The plan of a seed.</summary>
    public static FaultPlan Of(long seed)
    {
        var random = new SeededRandom((ulong)seed);
        T Pick<T>(IReadOnlyList<T> from) => from[random.NextInt(from.Count)];
        var world = Worlds[seed % Worlds.Length];
        var faults = new List<Fault>();
        // Seeds in a row spread their first kills evenly over all writes.
        var spread = seed * 0.6180339887498949 % 1;
        switch (random.NextInt(100))
        {
            case < 6:
                faults.Add(new Fault(FaultKind.Poison, Pick(Poisoned), 0, 0));
                break;
            case < 10:
                faults.Add(new Fault(FaultKind.Storm, FaultTarget.AnyWrite, 0, 2 + random.NextInt(9)));
                break;
            case < 55:
                faults.Add(new Fault(random.NextInt(2) == 0 ? FaultKind.KillBefore : FaultKind.KillAfter, FaultTarget.AnyWrite, spread, 0));
                break;
        }

        for (var more = faults.Count == 0 ? 1 + random.NextInt(4) : random.NextInt(3); more > 0; more--)
        {
            faults.Add(Any());
        }

        return new FaultPlan(seed, world, faults);

        Fault Any()
        {
            var place = random.NextDouble();
            return random.NextInt(100) switch
            {
                < 14 => new Fault(random.NextInt(2) == 0 ? FaultKind.KillBefore : FaultKind.KillAfter, Pick(Stored), place, 0),
                < 26 => new Fault(FaultKind.Error, Pick(Stored), place, Pick(Statuses)),
                < 34 => new Fault(FaultKind.ErrorAfter, Pick(Stored), place, Pick(Statuses)),
                < 42 => new Fault(FaultKind.DropBefore, Pick(Stored), place, 0),
                < 52 => new Fault(FaultKind.DropAfter, Pick(Stored), place, 0),
                < 57 => new Fault(FaultKind.Slow, Pick(Stored), place, 100 + random.NextInt(900)),
                < 62 => new Fault(FaultKind.Raced, Pick<FaultTarget>([FaultTarget.Marker, FaultTarget.RunRecord, FaultTarget.Pointer]), place, 0),
                < 71 => new Fault(FaultKind.Twice, FaultTarget.WorkMessage, place, random.NextInt(3)),
                < 77 => new Fault(FaultKind.Late, FaultTarget.WorkMessage, place, 1 + random.NextInt(2)),
                < 86 => new Fault(FaultKind.Refuse, Pick(Stored), place, 1 + random.NextInt(3)),
                < 91 => new Fault(FaultKind.StartAgain, FaultTarget.AnyWrite, place / 2, 0),
                < 96 => new Fault(FaultKind.ClockJump, FaultTarget.AnyWrite, place, Pick(Jumps)),
                _ => new Fault(FaultKind.Refuse, FaultTarget.Receipt, place, 1),
            };
        }
    }

    /// <summary>Whether a unit may fail so often that the run is rightly given up.</summary>
    public bool MayBeRefused =>
        Faults.Any(static fault => fault.Kind is FaultKind.Poison)
        || Faults.Sum(static fault => fault.Kind switch
        {
            FaultKind.KillBefore or FaultKind.KillAfter => 1,
            // Also of the host's own requests: a message that could not be deleted has used up a delivery.
            FaultKind.Refuse => fault.Value,
            _ => 0,
        }) >= MaxDequeueCount;

    /// <summary>Whether nothing can be published.</summary>
    public bool MustBeRefused => Faults.Any(static fault => fault.Kind == FaultKind.Poison);

    /// <summary>The plan as text.</summary>
    /// <param name="counts">How many requests of each kind the undisturbed night has.</param>
    public string Describe(IReadOnlyDictionary<FaultTarget, int> counts)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"seed {Seed}, {World}:");
        foreach (var fault in Faults)
        {
            text.Append("\n  ").Append(fault.Describe(counts.GetValueOrDefault(fault.Target)));
        }

        return text.ToString();
    }
}
