using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using ProtoBuf;

namespace Clv.Cli.Trace;

/// <summary>A collector of spans on a loopback port, for as long as one command runs: the app sends to it as to any other, by OTLP over HTTP.</summary>
internal sealed class TraceReceiver : IAsyncDisposable
{
    private const int MaxBodyBytes = 16 << 20;

    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(50);

    private readonly WebApplication _app;

    // A span that is told twice is the same one.
    private readonly ConcurrentDictionary<(string Trace, string Span), TraceSpan> _spans = new();

    private TraceReceiver(WebApplication app) => _app = app;

    /// <summary>What tells the app to send its spans here, all of them, and nothing else anywhere, whatever the environment says.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["OTEL_SDK_DISABLED"] = "false",
        ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = "",
        ["OTEL_METRICS_EXPORTER"] = "none",
        ["OTEL_LOGS_EXPORTER"] = "none",
        ["OTEL_TRACES_EXPORTER"] = "otlp",
        ["OTEL_TRACES_SAMPLER"] = "always_on",
        ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = $"{_app.Urls.Single()}/v1/traces",
        ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] = "http/protobuf",
    };

    /// <summary>Starts it.</summary>
    public static async Task<TraceReceiver> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var receiver = new TraceReceiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync(cancellationToken);
        return receiver;
    }

    /// <summary>
    /// The spans of a run, when the night's own has come and those of all its units. The app sends each unit's when it ends, so it takes a second
    /// or two; a process that was killed has kept its own for itself.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="units">How many units were done.</param>
    /// <param name="patience">How long to wait for what is missing.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<TraceSpan>> OfRunAsync(string run, int units, TimeSpan patience, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            List<TraceSpan> spans = [.. _spans.Values.Where(span => span.Run == run).OrderBy(static span => span.Start).ThenBy(static span => span.Id, StringComparer.Ordinal)];
            if ((spans.Exists(static span => span.ParentId.Length == 0) && spans.Count(static span => span is { Outcome: "done" } && span.Name.StartsWith("process ", StringComparison.Ordinal)) >= units)
                || waited.Elapsed >= patience)
            {
                return spans;
            }

            await Task.Delay(PollEvery, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using (var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1)))
        {
            await _app.StopAsync(soon.Token);
        }

        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        body.Position = 0;
        try
        {
            foreach (var span in TraceSpan.Of(Serializer.Deserialize<TraceExport>(body)))
            {
                _spans[(span.TraceId, span.Id)] = span;
            }

            context.Response.ContentType = "application/x-protobuf";
        }
        catch (Exception e) when (e is ProtoException or EndOfStreamException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
    }
}
