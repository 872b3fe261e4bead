namespace Clv.Cli.Trace;

/// <summary>A night's trace as it is shown: phases in their order, and in each of them the deliveries of its units.</summary>
/// <param name="Start">When the night began.</param>
/// <param name="End">When it ended.</param>
/// <param name="Outcome">How; empty when the night's own span did not come.</param>
/// <param name="Phases">The phases, in the order in which they began.</param>
/// <param name="Processes">The processes that worked on it, the first one first.</param>
internal sealed record NightTree(
    DateTimeOffset Start, DateTimeOffset End, string Outcome, IReadOnlyList<TracedPhase> Phases, IReadOnlyList<TracedProcess> Processes)
{
    /// <summary>How long the night took.</summary>
    public TimeSpan Took => End - Start;

    /// <summary>How long anybody was working.</summary>
    public TimeSpan Worked => Interval.Covered(Phases.SelectMany(static phase => phase.Deliveries).Select(static delivery => delivery.Working));

    /// <summary>Puts the spans of a run together; null when there are none.</summary>
    public static NightTree? Of(IReadOnlyList<TraceSpan> spans)
    {
        if (spans.Count == 0)
        {
            return null;
        }

        var roots = spans.Where(static span => span.Name.StartsWith("night ", StringComparison.Ordinal)).OrderBy(static span => span.End).ToList();
        var deliveries = spans.Where(static span => span.Name.StartsWith("process ", StringComparison.Ordinal)).ToLookup(static span => span.ParentId);
        var sends = spans.Where(static span => span.Name.StartsWith("send ", StringComparison.Ordinal)).ToLookup(static span => span.ParentId);
        var ended = spans.Where(static span => span.Attributes.ContainsKey("clv.units")).ToDictionary(static span => span.Id);
        var processes = spans.Where(static span => span.Name.StartsWith("process ", StringComparison.Ordinal))
            .GroupBy(static span => span.Process)
            .Select((process, i) => new TracedProcess(i + 1, process.Key, process.Count(), Interval.Covered(process.Select(static span => new Interval(span.Start, span.End)))))
            .ToList();
        var number = processes.ToDictionary(static process => process.Id, static process => process.Number);
        var phases = deliveries.Select(static of => of.Key).Union(ended.Keys, StringComparer.Ordinal)
            .Select(id => Phase(ended.GetValueOrDefault(id), [.. deliveries[id]], [.. sends[id]], number))
            .OrderBy(static phase => phase.Whole.Start)
            .ThenBy(static phase => phase.Whole.End)
            .ToList();
        return new NightTree(
            roots is [var first, ..] ? first.Start : spans.Min(static span => span.Start),
            spans.Max(static span => span.End),
            roots is [.., var last] ? last.Outcome : "",
            phases,
            processes);
    }

    private static TracedPhase Phase(TraceSpan? phase, List<TraceSpan> deliveries, List<TraceSpan> sends, Dictionary<long, int> processes)
    {
        var start = phase?.Start ?? deliveries.Concat(sends).Min(static span => span.Start);
        var end = phase?.End ?? deliveries.Max(static span => span.End);
        // A unit may be taken before the last message of its phase is sent.
        var sent = sends.Count == 0 ? start : sends.Min(static span => span.End);
        return new TracedPhase(
            phase?.Name ?? deliveries[0].Text("clv.phase"),
            new Interval(start, end),
            phase?.Outcome ?? "",
            (int)(phase?.Whole("clv.units") ?? deliveries.Select(static delivery => delivery.Whole("clv.unit")).Distinct().Count()),
            [.. deliveries.Select(delivery => new TracedDelivery(
                (int)(delivery.Whole("clv.unit") ?? 0),
                (int)(delivery.Whole("clv.delivery.count") ?? 1),
                new Interval(delivery.Start, delivery.End),
                delivery.Start > sent ? delivery.Start - sent : TimeSpan.Zero,
                delivery.Outcome,
                delivery.Text("error.type"),
                processes[delivery.Process],
                delivery.Whole("clv.storage.requests") ?? 0,
                delivery.Whole("clv.storage.retries") ?? 0))],
            sends.Sum(static send => send.Whole("clv.storage.requests") ?? 0),
            sends.Sum(static send => send.Whole("clv.storage.retries") ?? 0));
    }
}

/// <summary>A phase of a traced night.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Whole">From the end of the phase before it to its own.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Units">How many units it has.</param>
/// <param name="Deliveries">The deliveries of its messages.</param>
/// <param name="SendRequests">Storage requests that sending its messages took.</param>
/// <param name="SendRetries">Further tries of these.</param>
internal sealed record TracedPhase(
    string Name, Interval Whole, string Outcome, int Units, IReadOnlyList<TracedDelivery> Deliveries, long SendRequests, long SendRetries)
{
    /// <summary>How long anybody was working on a unit of it, within it: what is left of it, all its messages waited.</summary>
    public TimeSpan Worked => Interval.Covered(Deliveries.Select(delivery => delivery.Working.Within(Whole)).OfType<Interval>());

    /// <summary>Storage requests of its units and of sending their messages.</summary>
    public long Requests => SendRequests + Deliveries.Sum(static delivery => delivery.Requests);

    /// <summary>Further tries of these.</summary>
    public long Retries => SendRetries + Deliveries.Sum(static delivery => delivery.Retries);
}

/// <summary>A delivery of a unit's message.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="Count">Which delivery of the message it is.</param>
/// <param name="Working">From when to when it was worked on.</param>
/// <param name="Waited">How long after the phase's messages were sent it began.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Error">The kind of error; empty for none.</param>
/// <param name="Process">The number of the process.</param>
/// <param name="Requests">Storage requests.</param>
/// <param name="Retries">Further tries of these.</param>
internal sealed record TracedDelivery(
    int Unit, int Count, Interval Working, TimeSpan Waited, string Outcome, string Error, int Process, long Requests, long Retries);

/// <summary>A process that worked on a night.</summary>
/// <param name="Number">Its number, in the order in which they began.</param>
/// <param name="Id">Its id on the machine.</param>
/// <param name="Deliveries">How many messages it worked on.</param>
/// <param name="Busy">How long it was working on any.</param>
internal sealed record TracedProcess(int Number, long Id, int Deliveries, TimeSpan Busy);

/// <summary>A stretch of time.</summary>
/// <param name="Start">Its beginning.</param>
/// <param name="End">Its end.</param>
internal readonly record struct Interval(DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>How long it is.</summary>
    public TimeSpan Length => End - Start;

    /// <summary>What of it lies within another; null when nothing does.</summary>
    public Interval? Within(Interval other)
    {
        var (start, end) = (Start > other.Start ? Start : other.Start, End < other.End ? End : other.End);
        return end >= start ? new Interval(start, end) : null;
    }

    /// <summary>How much time some intervals cover together.</summary>
    public static TimeSpan Covered(IEnumerable<Interval> intervals)
    {
        var covered = TimeSpan.Zero;
        DateTimeOffset? until = null;
        foreach (var interval in intervals.OrderBy(static interval => interval.Start))
        {
            var start = until > interval.Start ? until.Value : interval.Start;
            if (interval.End > start)
            {
                covered += interval.End - start;
                until = interval.End;
            }
        }

        return covered;
    }
}
