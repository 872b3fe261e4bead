using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Clv.Cli.Trace;
using Clv.Functions.Tests.Rig;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ProtoBuf;

namespace Clv.Functions.Tests.Telemetry;

/// <summary>A collector on a loopback port, which keeps every byte that the app's processes send.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();
    private readonly CancellationTokenSource _stop = new();

    private Collector(WebApplication app) => _app = app;

    /// <summary>What the collector answers with; null for never.</summary>
    public int? Status { get; set; } = 200;

    /// <summary>How many requests have come.</summary>
    public int Requests { get; private set; }

    public string Address => _app.Urls.Single();

    /// <summary>All that has come, as it came.</summary>
    public IReadOnlyList<(string Path, byte[] Body)> Received => [.. _received];

    /// <summary>The app's settings to send here.</summary>
    public Dictionary<string, string> Settings => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
    };

    public IReadOnlyList<TraceSpan> Spans => [.. Of<TraceExport>("traces").SelectMany(TraceSpan.Of)];

    public IReadOnlyList<OtlpLog> Logs => [.. Of<LogExport>("logs").SelectMany(static e => e.Resources).SelectMany(static r => r.Scopes).SelectMany(static s => s.Records)];

    public IReadOnlyList<OtlpMetric> Metrics => [.. Of<MetricExport>("metrics").SelectMany(static e => e.Resources).SelectMany(static r => r.Scopes).SelectMany(static s => s.Metrics)];

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new Collector(builder.Build());
        collector._app.Run(collector.TakeAsync);
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>
    /// What each process says last of each series of a metric (the exporter's sums go on and on), added up over the processes, by the values of its tags.
    /// Of a gauge, which more than one may tell, the largest.
    /// </summary>
    public IReadOnlyDictionary<string, double> Totals(string metric)
    {
        var last = new Dictionary<(long Process, string Tags), double>();
        var isGauge = false;
        foreach (var resource in Of<MetricExport>("metrics").SelectMany(static export => export.Resources))
        {
            var process = ProcessOf(resource);
            foreach (var found in resource.Scopes.SelectMany(static scope => scope.Metrics).Where(found => found.Name == metric))
            {
                isGauge |= found.Gauge is not null;
                foreach (var point in (found.Sum ?? found.Gauge)?.Points ?? [])
                {
                    last[(process, Tags(point.Attributes))] = point.Double ?? point.Whole ?? 0;
                }

                foreach (var point in found.Histogram?.Points ?? [])
                {
                    last[(process, Tags(point.Attributes))] = point.Count;
                }
            }
        }

        return last.GroupBy(static series => series.Key.Tags).ToDictionary(static series => series.Key, series => isGauge ? series.Max(static value => value.Value) : series.Sum(static value => value.Value));

        static string Tags(List<OtlpAttribute> attributes) => string.Join(
            ' ', attributes.OrderBy(static a => a.Key, StringComparer.Ordinal).Select(static a => string.Create(CultureInfo.InvariantCulture, $"{a.Value?.Value}")));
    }

    /// <summary>Waits until what has come satisfies a condition.</summary>
    public async Task UntilAsync(Func<Collector, bool> satisfied, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!satisfied(this))
        {
            Assert.True(watch.Elapsed < NightRig.Limit, $"The collector did not get {what}.");
            await Task.Delay(100);
        }
    }

    /// <summary>Waits until every process that has sent metrics has told of all that it had measured when this was called.</summary>
    public async Task UntilMeasuredAsync()
    {
        // What comes next may have been on its way; what comes after that was read since.
        var before = Exports();
        await UntilAsync(c => before.All(process => c.Exports()[process.Key] >= process.Value + 2), "another two exports of each process's metrics");
    }

    private Dictionary<long, int> Exports() =>
        Of<MetricExport>("metrics").SelectMany(static export => export.Resources).Select(ProcessOf).CountBy(static process => process).ToDictionary();

    private static long ProcessOf(ResourceMetrics resource) => resource.Resource!.Attributes.Single(static a => a.Key == "process.pid").Value!.Whole!.Value;

    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync();
            await _app.DisposeAsync();
        }
    }

    private IEnumerable<T> Of<T>(string signal) => _received.Where(export => export.Path == $"/v1/{signal}").Select(static export =>
    {
        using var body = new MemoryStream(export.Body);
        return Serializer.Deserialize<T>(body);
    });

    private async Task TakeAsync(HttpContext context)
    {
        Requests++;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (Status is not { } status)
        {
            await Task.Delay(Timeout.Infinite, CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, context.RequestAborted).Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        _received.Enqueue((context.Request.Path, body.ToArray()));
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/x-protobuf";
    }
}
