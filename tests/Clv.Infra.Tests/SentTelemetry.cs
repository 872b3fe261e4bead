using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Core.Pipeline;
using Azure.Monitor.OpenTelemetry.Exporter;

namespace Clv.Infra.Tests;

/// <summary>What an exporter would send to Application Insights: it is taken, and goes nowhere.</summary>
internal sealed class SentTelemetry : HttpMessageHandler
{
    private readonly ConcurrentQueue<string> _lines = new();

    public SentTelemetry() => Options = new AzureMonitorExporterOptions
    {
        ConnectionString = "InstrumentationKey=00000000-0000-0000-0000-000000000003;IngestionEndpoint=https://ingestion.invalid/",
        DisableOfflineStorage = true,
        Transport = new HttpClientTransport(new HttpClient(this)),
    };

    /// <summary>For an exporter.</summary>
    public AzureMonitorExporterOptions Options { get; }

    /// <summary>All that was sent.</summary>
    public IEnumerable<JsonNode> Items => _lines.Select(static line => JsonNode.Parse(line)!);

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) => Take(request);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(Take(request));

    private HttpResponseMessage Take(HttpRequestMessage request)
    {
        using var sent = request.Content!.ReadAsStream();
        using var body = request.Content.Headers.ContentEncoding.Contains("gzip") ? new GZipStream(sent, CompressionMode.Decompress) : sent;
        using var reader = new StreamReader(body);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var line in lines)
        {
            _lines.Enqueue(line);
        }

        var answer = $$"""{"itemsReceived":{{lines.Length}},"itemsAccepted":{{lines.Length}},"errors":[]}""";
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer, Encoding.UTF8, "application/json"), RequestMessage = request };
    }
}
