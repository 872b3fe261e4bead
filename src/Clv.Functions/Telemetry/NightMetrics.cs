using System.Diagnostics;
using System.Diagnostics.Metrics;
using Clv.Functions.Night;

namespace Clv.Functions.Telemetry;

/// <summary>
/// What nights count and measure. What is counted is counted by whoever's transaction marked the unit, and by no other delivery of it: never
/// twice, and not at all when the process is killed before it could tell.
/// </summary>
internal static class NightMetrics
{
    private static readonly double[] Seconds = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600];

    private static readonly Counter<long> Rows = ClvTelemetry.Meter.CreateCounter<long>(
        "clv.night.rows", "{row}", "Rows of extract files by what became of them (used, replaced, quarantined, erased) and the kind of file.");

    private static readonly Gauge<long> Customers = ClvTelemetry.Meter.CreateGauge<long>(
        "clv.night.customers", "{customer}", "Customers of the night that was published last.");

    private static readonly Gauge<double> Value = ClvTelemetry.Meter.CreateGauge<double>(
        "clv.night.value", "{currency}", "Total value of the customers of the night that was published last, by kind (future, lifetime) and currency.");

    private static readonly Histogram<double> PhaseDuration = ClvTelemetry.Meter.CreateHistogram(
        "clv.night.phase.duration", "s", "How long phases took, from the end of the one before to the end of the last unit.", tags: null, Buckets());

    private static readonly Histogram<double> UnitDuration = ClvTelemetry.Meter.CreateHistogram(
        "clv.night.unit.duration", "s", "How long units were worked on by the delivery that finished them.", tags: null, Buckets());

    private static readonly Counter<long> Runs = ClvTelemetry.Meter.CreateCounter<long>(
        "clv.night.runs", "{run}", "Runs that ended, by outcome: published, held, failed, or superseded by another run.");

    private static readonly Gauge<double> QuarantineShare = ClvTelemetry.Meter.CreateGauge<double>(
        "clv.night.quarantine.share", "1", "Share of the rows of a kind of file that the last night set aside.");

    /// <summary>Whether anybody wants to know how long phases take.</summary>
    public static bool MeasuresPhases => PhaseDuration.Enabled;

    /// <summary>Tells of a unit that this delivery has finished.</summary>
    public static void UnitDone(RunSettings? settings, Phase phase, int unit, string? result, double seconds)
    {
        UnitDuration.Record(seconds, new KeyValuePair<string, object?>("phase", phase.Code()));
        if (!Rows.Enabled || settings is null || result is null)
        {
            return;
        }

        if (phase == Phase.Ingest)
        {
            var file = NightJson.Read<IngestResult>(result);
            Count(settings, unit, "quarantined", file.Quarantined);
            if (file.Used is { } used)
            {
                Count(settings, unit, "used", used);
                Count(settings, unit, "replaced", file.Read - file.Quarantined - used);
            }
        }
        else if (phase == Phase.Summarise)
        {
            var partition = NightJson.Read<SummariseResult>(result);
            CountAll(settings, "used", partition.Used);
            CountAll(settings, "replaced", partition.Replaced);
            CountAll(settings, "erased", partition.Erased ?? []);
        }
    }

    /// <summary>Tells of a phase whose last unit this delivery has finished.</summary>
    public static void PhaseDone(Phase phase, double seconds) => PhaseDuration.Record(seconds, new KeyValuePair<string, object?>("phase", phase.Code()));

    /// <summary>Tells of a run that has ended by this delivery.</summary>
    public static void Ended(string outcome) => Runs.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>Tells what share of each kind of file was set aside.</summary>
    public static void Checked(RunSettings settings, Books books)
    {
        if (QuarantineShare.Enabled)
        {
            foreach (var kind in books.Files.Select((file, i) => (File: file, Kind: Kind(settings, i))).GroupBy(static file => file.Kind))
            {
                var read = kind.Sum(static file => file.File.Read);
                QuarantineShare.Record(
                    read == 0 ? 0 : (double)kind.Sum(static file => file.File.Quarantined) / read, new KeyValuePair<string, object?>("kind", kind.Key));
            }
        }
    }

    /// <summary>Tells what lookups are served from now.</summary>
    public static void Published(RunSettings settings, Books books)
    {
        Customers.Record(books.Customers);
        Value.Record((double)books.FutureValue, ValueTags("future"));
        Value.Record((double)books.LifetimeValue, ValueTags("lifetime"));

        TagList ValueTags(string kind) => new() { { "kind", kind }, { "currency", settings.Currency ?? "unknown" } };
    }

    private static void CountAll(RunSettings settings, string outcome, IReadOnlyList<long> rows)
    {
        for (var file = 0; file < rows.Count; file++)
        {
            Count(settings, file, outcome, rows[file]);
        }
    }

    private static void Count(RunSettings settings, int file, string outcome, long rows)
    {
        if (rows > 0)
        {
            Rows.Add(rows, new TagList { { "outcome", outcome }, { "kind", Kind(settings, file) } });
        }
    }

    private static string Kind(RunSettings settings, int file) => settings.ContentOf(file).ToString().ToLowerInvariant();

    private static InstrumentAdvice<double> Buckets() => new() { HistogramBucketBoundaries = Seconds };
}
