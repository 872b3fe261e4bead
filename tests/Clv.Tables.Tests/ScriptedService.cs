using System.Net;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace Clv.Tables.Tests;

/// <summary>Stands in for the service where a test needs an answer that Azurite never gives, or wants to see exactly what was sent.</summary>
internal sealed class ScriptedService(Func<ScriptedService.Seen, HttpResponseMessage> answer) : HttpMessageHandler
{
    public const string Account = "contoso";
    public const string Key = "c2VjcmV0IGtleSBvZiBjb250b3Nv";

    public static readonly Uri Endpoint = new("https://contoso.table.core.windows.net");

    public List<Seen> Requests { get; } = [];

    public static ScriptedService Answering(HttpStatusCode status, string body = "", string contentType = "application/json") =>
        new(_ => Answer(status, body, contentType));

    public static HttpResponseMessage Answer(HttpStatusCode status, string body = "", string contentType = "application/json")
    {
        var content = new StringContent(body);
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(contentType);
        return new(status) { Content = content };
    }

    public TableClientOptions Options(int retries = 0) => new()
    {
        Transport = new HttpClientTransport(new HttpClient(this)),
        Retry = { MaxRetries = retries, Delay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(1) },
    };

    public TableClient Table(int retries = 0) => new(Endpoint, "scores", new TableSharedKeyCredential(Account, Key), Options(retries));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var headers = request.Headers.Concat(request.Content?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>())
            .ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase);
        var seen = new Seen(request.Method.Method, request.RequestUri!, headers, body);
        Requests.Add(seen);
        if (Requests.Count > 100)
        {
            throw new InvalidOperationException("The client never stops asking.");
        }

        return answer(seen);
    }

    internal sealed record Seen(string Verb, Uri Uri, Dictionary<string, string> Headers, string Body);
}
