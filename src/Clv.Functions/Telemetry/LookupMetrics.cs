using System.Diagnostics.Metrics;

namespace Clv.Functions.Telemetry;

/// <summary>How long lookups take, and what comes of them.</summary>
internal static class LookupMetrics
{
    private static readonly Histogram<double> Duration = ClvTelemetry.Meter.CreateHistogram(
        "clv.lookup.duration",
        "s",
        "How long lookups of customers took, by outcome: found, unknown, refused or failed.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2, 3.5, 7] });

    /// <summary>Whether anybody wants to know.</summary>
    public static bool IsOn => Duration.Enabled;

    /// <summary>Records a lookup.</summary>
    public static void Record(double seconds, string outcome) => Duration.Record(seconds, new KeyValuePair<string, object?>("outcome", outcome));
}
