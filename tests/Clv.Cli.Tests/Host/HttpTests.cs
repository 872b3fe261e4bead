using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Clv.Cli.Host;

namespace Clv.Cli.Tests.Host;

public sealed class HttpTests : IAsyncDisposable
{
    private readonly TestApp _app;
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });

    public HttpTests(Storage storage)
    {
        _app = new TestApp(storage.ConnectionString);
        _app.AddHttp("Api", "api/{*path}");
        _app.AddHttp("Desk", "{*path}", "get", "head");
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("/api/customers/a%2Fb")]
    [InlineData("/api/customers/100%25?x=%25&y=a%2Bb+c")]
    [InlineData("/api/customers/J%C3%BCrgen%20%F0%9F%A6%8A?q=%C3%A4&q=%c3%b6")]
    [InlineData("/api/customers:batchGet")]
    [InlineData("/api/a//b/./c/../d")]
    [InlineData("/api/a%2e%2e/b;v=1/(c)'d!*~")]
    [InlineData("/api/?")]
    [InlineData("/api?a=b?c#")]
    [InlineData("/api/customers?phone=+49%20170&empty=&flag")]
    [InlineData("/")]
    [InlineData("/anything%20else/%E2%82%AC")]
    public async Task Request_WithAnyTarget_ArrivesByteForByte(string target)
    {
        var host = await _app.StartAsync();
        Assert.Contains(" 200 ", await SendRawAsync(host, $"GET {target} HTTP/1.1\r\nHost: desk.example:81\r\nX-Test: 1\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
        var call = Assert.Single(_app.Calls("http"));
        Assert.Equal(target, call.Target);
        Assert.Equal("desk.example:81", call.Header("Host"));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(3_000_000, false)]
    [InlineData(3_000_000, true)]
    public async Task Request_WithABody_ArrivesWholeAndItsAnswerComesBackAsItIs(int size, bool chunked)
    {
        var host = await _app.StartAsync();
        var content = new byte[size];
        new Random(1).NextBytes(content);
        using var request = new HttpRequestMessage(HttpMethod.Delete, new Uri(host.BaseAddress, "/api/teapot"));
        request.Content = new ByteArrayContent(content);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-odd; a=b");
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.TryAddWithoutValidation("Accept-Language", "de, en;q=0.5");
        request.Headers.TryAddWithoutValidation("Cookie", "session=1");
        request.Headers.TryAddWithoutValidation("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        using var answer = await _client.SendAsync(request, Cancelled);
        Assert.Equal((HttpStatusCode)418, answer.StatusCode);
        Assert.Equal(["a=1", "b=2"], answer.Headers.GetValues("Set-Cookie"));
        var call = Assert.Single(_app.Calls("http"));
        Assert.Equal("DELETE", call.Method);
        Assert.Equal(SHA256.HashData(content), SHA256.HashData(call.Bytes));
        Assert.Equal("application/x-odd; a=b", call.Header("Content-Type"));
        Assert.Equal("de, en;q=0.5", call.Header("Accept-Language"));
        Assert.Equal("session=1", call.Header("Cookie"));
        Assert.Equal("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", call.Header("traceparent"));
        // The one thing that is added, as by the front of Azure; the host's secret is for its own calls alone.
        Assert.Equal("127.0.0.1", call.Header("X-Forwarded-For"));
        Assert.Null(call.Header("X-Clv-Host-Secret"));
        Assert.Equal(call.Pid.ToString(), Assert.Single(answer.Headers.GetValues("X-Handler")));
    }

    [Theory]
    [InlineData("127.0.0.1/32", "203.0.113.9", "203.0.113.9")]
    [InlineData("127.0.0.0/8", "198.51.100.1, 203.0.113.9, 127.0.0.7", "203.0.113.9")]
    [InlineData("192.0.2.0/24", "203.0.113.9", "127.0.0.1")]
    [InlineData(null, "203.0.113.9", "127.0.0.1")]
    public async Task ForwardedFor_OfARequest_IsBelievedOfKnownProxiesAlone(string? proxy, string says, string expected)
    {
        var host = await _app.StartAsync(options => options with { Proxies = proxy is null ? [] : [IPNetwork.Parse(proxy)] });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.BaseAddress, "/api/runs"));
        request.Headers.Add("X-Forwarded-For", says);
        using var answer = await _client.SendAsync(request, Cancelled);
        // What stands last is what the app goes by.
        Assert.Equal(expected, Assert.Single(_app.Calls("http")).Headers!.Chunk(2).Last(pair => pair[0] == "X-Forwarded-For")[1].Split(',')[^1].Trim());
    }

    [Theory]
    [InlineData("/RunUnit")]
    [InlineData("/nothing")]
    public async Task Post_OutsideTheFunctionsRoutes_NeverReachesTheHandler(string path)
    {
        var host = await _app.StartAsync();
        using var answer = await _client.PostAsJsonAsync(new Uri(host.BaseAddress, path), new { }, Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Empty(_app.Calls("http"));
        Assert.Empty(_app.Calls());
    }

    [Fact]
    public async Task Route_WithThePrefixOfHostJson_IsServedUnderIt()
    {
        _app.HostJson["extensions"]!["http"]!["routePrefix"] = "v1";
        var host = await _app.StartAsync();
        using var within = await _client.GetAsync(new Uri(host.BaseAddress, "/v1/api/x"), Cancelled);
        Assert.Equal(HttpStatusCode.OK, within.StatusCode);
        using var outside = await _client.GetAsync(new Uri(host.BaseAddress, "/api/x"), Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, outside.StatusCode);
    }

    [Fact]
    public async Task Requests_WithTwoWorkers_TakeTurnsAndPassADeadOne()
    {
        var host = await _app.StartAsync(options => options with { Workers = 2 });
        var seen = new HashSet<int>();
        for (var i = 0; i < 4; i++)
        {
            seen.Add(await AskAsync(host));
        }

        Assert.Equal(host.WorkerProcessIds.ToHashSet(), seen);
        using (var process = Process.GetProcessById(host.WorkerProcessIds[0]))
        {
            process.Kill();
            await process.WaitForExitAsync(Cancelled);
        }

        // Both again, as soon as the dead one has been replaced.
        await _app.WhenAsync(() => Task.FromResult(host.WorkerProcessIds.Count == 2 && !host.WorkerProcessIds.ToHashSet().SetEquals(seen)), "a new process");
        for (var i = 0; i < 4; i++)
        {
            Assert.Contains(await AskAsync(host), host.WorkerProcessIds);
        }
    }

    [Fact]
    public async Task Request_WhileNoProcessIsReady_IsAnsweredWithAProblem()
    {
        var host = await _app.StartAsync();
        // Until a request comes before the next process does.
        await _app.WhenAsync(
            async () =>
            {
                if (host.WorkerProcessIds is not [var id])
                {
                    return false;
                }

                using var process = Process.GetProcessById(id);
                process.Kill();
                await process.WaitForExitAsync(Cancelled);
                using var answer = await _client.GetAsync(new Uri(host.BaseAddress, "/api/x"), Cancelled);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return false;
                }

                Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.BadGateway, HttpStatusCode.ServiceUnavailable });
                Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
                var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
                Assert.Equal((int)answer.StatusCode, problem.GetProperty("status").GetInt32());
                return true;
            },
            "a problem");
        await _app.WhenAsync(async () => (await _client.GetAsync(new Uri(host.BaseAddress, "/api/x"), Cancelled)).StatusCode == HttpStatusCode.OK, "the next process's answer");
    }

    [Fact]
    public async Task StartAsync_OnATakenPort_NamesThePortAndTheOption()
    {
        using var squatter = new TcpListener(IPAddress.Loopback, 0);
        squatter.Start();
        var port = ((IPEndPoint)squatter.LocalEndpoint).Port;
        var exception = await Assert.ThrowsAsync<FunctionsHostException>(() => _app.StartAsync(options => options with { HttpPort = port }));
        Assert.Contains($"port {port}", exception.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(FunctionsHostOptions.HttpPort), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BaseAddress_IsLoopback()
    {
        var host = await _app.StartAsync();
        Assert.True(host.BaseAddress.IsLoopback);
        Assert.NotEqual(0, host.BaseAddress.Port);
    }

    private static async Task<string> SendRawAsync(FunctionsHost host, string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(host.BaseAddress.Host, host.BaseAddress.Port, Cancelled);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Cancelled);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Cancelled);
    }

    private async Task<int> AskAsync(FunctionsHost host)
    {
        using var answer = await _client.GetAsync(new Uri(host.BaseAddress, "/api/x"), Cancelled);
        return int.Parse(Assert.Single(answer.Headers.GetValues("X-Handler")));
    }
}
