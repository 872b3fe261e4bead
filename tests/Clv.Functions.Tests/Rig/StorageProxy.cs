using System.Net;
using System.Text;
using Clv.Cli.Emulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace Clv.Functions.Tests.Rig;

/// <summary>
/// Stands between the app and the emulator and passes every request on as it is, so that a test can see each write and decide what
/// happens before it reaches storage, or after it has and before the app learns of it.
/// </summary>
public sealed class StorageProxy : IAsyncDisposable
{
    private readonly List<WebApplication> _fronts = [];
    private readonly HttpClient _client = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None, UseProxy = false });

    /// <summary>The emulator's connection string, by way of this proxy.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>Called before a request is passed on; gives the status to answer instead, or null to pass it on.</summary>
    public Func<StorageRequest, Task<int?>> Before { get; set; } = static _ => Task.FromResult<int?>(null);

    /// <summary>Called when storage has answered, before the app gets the answer; false drops the connection.</summary>
    public Func<StorageRequest, Task<bool>> After { get; set; } = static _ => Task.FromResult(true);

    /// <summary>
    /// Called in place of passing a request on, which it may do by the function it is given; gives what the app is answered, or null to
    /// drop the connection.
    /// </summary>
    public Func<StorageRequest, Func<Task<StorageAnswer>>, Task<StorageAnswer?>> Around { get; set; } = static async (_, pass) => await pass();

    public static async Task<StorageProxy> StartAsync(Azurite azurite)
    {
        var proxy = new StorageProxy();
        var blob = await proxy.ListenAsync(azurite.BlobPort);
        var queue = await proxy.ListenAsync(azurite.QueuePort);
        var table = await proxy.ListenAsync(azurite.TablePort);
        proxy.ConnectionString = azurite.ConnectionString
            .Replace($":{azurite.BlobPort}/", $":{blob}/", StringComparison.Ordinal)
            .Replace($":{azurite.QueuePort}/", $":{queue}/", StringComparison.Ordinal)
            .Replace($":{azurite.TablePort}/", $":{table}/", StringComparison.Ordinal);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var front in _fronts)
        {
            await front.DisposeAsync();
        }

        _client.Dispose();
    }

    private async Task<int> ListenAsync(int target)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var app = builder.Build();
        app.Run(context => ForwardAsync(context, target));
        await app.StartAsync();
        _fronts.Add(app);
        return new Uri(app.Urls.Single()).Port;
    }

    private async Task ForwardAsync(HttpContext context, int target)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var raw = new Uri(context.Request.GetEncodedUrl());
        var request = new StorageRequest(context.Request.Method, raw.PathAndQuery, Encoding.UTF8.GetString(body.ToArray()))
        {
            ClientPort = context.Connection.RemotePort,
            IfMatch = context.Request.Headers.IfMatch.ToString(),
        };
        if (await Before(request) is { } status)
        {
            context.Response.StatusCode = status;
            return;
        }

        var answer = await Around(request, () => PassAsync(context.Request, raw, body.ToArray(), target));
        if (answer is null || !await After(request))
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = answer.Status;
        foreach (var (name, values) in answer.Headers)
        {
            context.Response.Headers[name] = values;
        }

        if (context.Request.Method != "HEAD" && answer.Content.Length > 0)
        {
            await context.Response.Body.WriteAsync(answer.Content);
        }
    }

    private async Task<StorageAnswer> PassAsync(HttpRequest request, Uri raw, byte[] body, int target)
    {
        var to = new UriBuilder(raw) { Host = "127.0.0.1", Port = target }.Uri;
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), to) { Content = new ByteArrayContent(body) };
        foreach (var header in request.Headers)
        {
            if (!header.Key.Equals("Host", StringComparison.OrdinalIgnoreCase)
                && !header.Key.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)
                && !message.Headers.TryAddWithoutValidation(header.Key, header.Value.ToArray()))
            {
                message.Content.Headers.Remove(header.Key);
                message.Content.Headers.TryAddWithoutValidation(header.Key, header.Value.ToArray());
            }
        }

        using var answer = await _client.SendAsync(message);
        return new StorageAnswer((int)answer.StatusCode)
        {
            Headers = answer.Headers.Concat(answer.Content.Headers)
                .Where(static header => !header.Key.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
                .ToDictionary(static header => header.Key, static header => header.Value.ToArray(), StringComparer.OrdinalIgnoreCase),
            Content = await answer.Content.ReadAsByteArrayAsync(),
        };
    }
}

/// <summary>One request on its way to storage.</summary>
public sealed record StorageRequest(string Method, string Target, string Body)
{
    /// <summary>The port that the request comes from, by which its process can be found.</summary>
    public int ClientPort { get; init; }

    /// <summary>The version that the request wants to find, empty without one.</summary>
    public string IfMatch { get; init; } = "";

    public bool IsWrite => Method is "PUT" or "POST" or "DELETE" or "MERGE" or "PATCH";

    public bool Has(string method, string target) => Method == method && Target.Contains(target, StringComparison.Ordinal);

    public bool Marks(string phase) => Method == "POST" && Target.Contains("$batch", StringComparison.Ordinal) && Body.Contains($"unit-", StringComparison.Ordinal)
        && Body.Contains($"-{phase}-", StringComparison.Ordinal);
}

/// <summary>What the app is answered.</summary>
public sealed record StorageAnswer(int Status)
{
    public IReadOnlyDictionary<string, string[]> Headers { get; init; } = new Dictionary<string, string[]>();

    public byte[] Content { get; init; } = [];
}
