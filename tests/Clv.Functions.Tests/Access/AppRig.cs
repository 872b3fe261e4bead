using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Clv.Functions.Tests.Rig;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Clv.Functions.Tests.Access;

/// <summary>The app alone on a port of its own, as the Functions host would start it, with a storage that refuses everything and counts who asks.</summary>
internal sealed class AppRig : IAsyncDisposable
{
    public const string AgentKey = "agent-key-of-these-tests-0123456789";
    public const string AnalystKey = "analyst-key-of-these-tests-012345678";
    public const string OperatorKey = "operator-key-of-these-tests-01234567";

    private readonly WebApplication _app;
    private readonly WebApplication _storage;
    private int _asked;

    private AppRig(WebApplication app, WebApplication storage, string connection, LogBook log)
    {
        (_app, _storage, Storage, Log) = (app, storage, connection, log);
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }) { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public int Port => Http.BaseAddress!.Port;

    /// <summary>What the app logs.</summary>
    public LogBook Log { get; }

    /// <summary>The connection string of that storage.</summary>
    public string Storage { get; }

    public HttpClient Http { get; }

    public WebApplication App => _app;

    /// <summary>How many requests have reached storage.</summary>
    public int AskedOfStorage => Volatile.Read(ref _asked);

    public static IReadOnlyDictionary<string, string> Keys { get; } = new Dictionary<string, string>
    {
        ["Clv:Access"] = "ApiKeys",
        ["Clv:ApiKeys:Agent"] = AgentKey,
        ["Clv:ApiKeys:Analyst"] = AnalystKey,
        ["Clv:ApiKeys:Operator"] = OperatorKey,
    };

    public static IReadOnlyDictionary<string, string> AppService { get; } = new Dictionary<string, string>
    {
        ["Clv:Access"] = "AppService",
        ["WEBSITE_AUTH_ENABLED"] = "True",
    };

    public static async Task<AppRig> StartAsync(IReadOnlyDictionary<string, string>? settings = null, Action<WebApplication>? map = null)
    {
        AppRig? rig = null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var storage = builder.Build();
        storage.Run(context =>
        {
            Interlocked.Increment(ref rig!._asked);
            context.Response.StatusCode = 403;
            return Task.CompletedTask;
        });
        await storage.StartAsync();
        var account = storage.Urls.Single();
        var connection = $"AccountName=stub;AccountKey=c3R1Yg==;BlobEndpoint={account}/stub;QueueEndpoint={account}/stub;TableEndpoint={account}/stub";
        var all = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["FUNCTIONS_CUSTOMHANDLER_PORT"] = "1",
            ["AzureWebJobsStorage"] = connection,
            ["Clv:HashKey"] = NightRig.HashKey,
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            all[name] = value;
        }

        var log = new LogBook();
        var app = Functions.App.Build(
            [.. all.Select(static s => $"{s.Key}={s.Value}")],
            services => services
                .AddLogging(logging => logging.ClearProviders().AddProvider(log))
                // A port that is free when it is taken: one that was found free before may be somebody else's by then.
                .Configure<KestrelServerOptions>(static kestrel => kestrel.Listen(IPAddress.Loopback, 0)));
        map?.Invoke(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return rig = new AppRig(app, storage, connection, log);
    }

    /// <summary>Sends a request with some headers, of which a name may occur more than once.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value), name);
        }

        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>The status of a GET.</summary>
    public async Task<HttpStatusCode> StatusAsync(string path, params (string Name, string Value)[] headers)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, headers);
        return answer.StatusCode;
    }

    /// <summary>Sends bytes as they are and gives the answer's status line and the rest.</summary>
    public static async Task<string> SendRawAsync(int port, string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The principal's header as App Service makes it.</summary>
    public static string Principal(params (string Type, string Value)[] claims) => Principal(
        new
        {
            auth_typ = "aad",
            name_typ = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
            role_typ = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role",
            claims = claims.Select(static c => new { typ = c.Type, val = c.Value }),
        });

    public static string Principal(object principal) => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(principal));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        await _storage.DisposeAsync();
    }
}
