namespace Clv.Cli.Trace;

/// <summary>A span as it was received.</summary>
/// <param name="TraceId">The trace, in hex.</param>
/// <param name="Id">The span, in hex.</param>
/// <param name="ParentId">The span that it is part of, in hex; empty for none.</param>
/// <param name="Name">What was done.</param>
/// <param name="Start">When it began.</param>
/// <param name="End">When it ended.</param>
/// <param name="Failed">Whether it says that it failed.</param>
/// <param name="Process">The process that did it.</param>
/// <param name="Attributes">What else it says.</param>
internal sealed record TraceSpan(
    string TraceId,
    string Id,
    string ParentId,
    string Name,
    DateTimeOffset Start,
    DateTimeOffset End,
    bool Failed,
    long Process,
    IReadOnlyDictionary<string, object?> Attributes)
{
    private const int NanosecondsPerTick = 100;

    /// <summary>How long it took.</summary>
    public TimeSpan Took => End - Start;

    /// <summary>What came of it.</summary>
    public string Outcome => Text("clv.outcome");

    /// <summary>The run that it is about; empty for none.</summary>
    public string Run => Text("clv.run");

    /// <summary>An attribute's text; empty without one.</summary>
    public string Text(string attribute) => Attributes.GetValueOrDefault(attribute) as string ?? "";

    /// <summary>An attribute's whole number; null without one.</summary>
    public long? Whole(string attribute) => Attributes.GetValueOrDefault(attribute) as long?;

    /// <summary>All spans of an export.</summary>
    public static IEnumerable<TraceSpan> Of(TraceExport export) =>
        from resource in export.Resources
        let process = resource.Resource?.Attributes.Find(static attribute => attribute.Key == "process.pid")?.Value?.Whole ?? 0
        from scope in resource.Scopes
        from span in scope.Spans
        select new TraceSpan(
            Convert.ToHexStringLower(span.TraceId),
            Convert.ToHexStringLower(span.Id),
            Convert.ToHexStringLower(span.ParentId),
            span.Name,
            Moment(span.StartNanoseconds),
            Moment(span.EndNanoseconds),
            span.Status?.Code == OtlpStatus.Error,
            process,
            span.Attributes.DistinctBy(static attribute => attribute.Key).ToDictionary(static attribute => attribute.Key, static attribute => attribute.Value?.Value));

    private static DateTimeOffset Moment(ulong nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks((long)(nanoseconds / NanosecondsPerTick));
}
