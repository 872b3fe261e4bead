using System.Net;
using System.Text;
using Clv.Functions.Access;
using Clv.Functions.Tests.Rig;
using Clv.Functions.Triggers;

namespace Clv.Functions.Tests.Access;

/// <summary>Triggers are the host's alone. A call that gets through fails at its message, which is none: 500.</summary>
public sealed class HostCallTests
{
    private const string Message = """{"Data":{"unit":"no message"}}""";

    [Theory]
    [InlineData("StartNight")]
    [InlineData("RunUnit")]
    [InlineData("FailUnit")]
    public async Task Trigger_WithoutTheContractsHeaders_IsNotThere(string function)
    {
        await using var rig = await AppRig.StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, await CallAsync(rig, function));
        Assert.Equal(HttpStatusCode.NotFound, await CallAsync(rig, function, ("X-Azure-Functions-InvocationId", Guid.NewGuid().ToString())));
        Assert.Equal(HttpStatusCode.NotFound, await CallAsync(rig, function, ("X-Azure-Functions-HostVersion", "4.0")));
        Assert.Equal(HttpStatusCode.NotFound, await CallAsync(rig, function, ("X-Azure-Functions-InvocationId", "1"), ("X-Azure-Functions-HostVersion", "4.0")));
        // Nor does a wrong method give away that there is something.
        Assert.Equal(HttpStatusCode.NotFound, await rig.StatusAsync($"/{function}"));
        Assert.Equal(0, rig.AskedOfStorage);
    }

    [Fact]
    public async Task Trigger_CalledByTheHost_Runs()
    {
        await using var rig = await AppRig.StartAsync(AppRig.Keys);

        // Its message is no unit of work, which is told and done with.
        Assert.Equal(HttpStatusCode.OK, await CallAsync(rig, "RunUnit", AsHost()));
        // What Application Insights adds to the host's own calls.
        Assert.Equal(
            HttpStatusCode.OK,
            await CallAsync(rig, "RunUnit", AsHost(("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), ("Request-Id", "|1.2."), ("x-ms-request-id", "1"), ("Request-Context", "appId=1"))));
        // The ping that the host starts with.
        Assert.Equal(HttpStatusCode.OK, await rig.StatusAsync("/"));
    }

    // The same line as the isolated worker's (IsolatedTests).
    [Fact]
    public async Task Trigger_ThatFails_IsLoggedOnceWithItsEvent()
    {
        await using var rig = await AppRig.StartAsync(AppRig.Keys);

        Assert.Equal(HttpStatusCode.InternalServerError, await CallAsync(rig, "StartNight", AsHost()));

        var line = Assert.Single(rig.Log.Lines, static line => line.Event == 5);
        Assert.Equal(typeof(CallLog).ToString(), line.Category);
        Assert.StartsWith("Error StartNight failed ", line.Text, StringComparison.Ordinal);
    }

    // Each as the Azure host forwards it: with its own invocation headers, which it adds to what it forwards too.
    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("Forwarded", "for=203.0.113.7")]
    [InlineData("X-Original-URL", "/api/%2e%2e/RunUnit")]
    [InlineData("X-ARR-LOG-ID", "1")]
    [InlineData("X-ARR-SSL", "1")]
    [InlineData("x-functions-key", "a key")]
    [InlineData("x-api-key", "a key")]
    [InlineData("X-MS-CLIENT-PRINCIPAL", "e30=")]
    [InlineData("X-MS-TOKEN-AAD-ID-TOKEN", "e30=")]
    [InlineData("X-HTTP-Method-Override", "POST")]
    [InlineData("DISGUISED-HOST", "clv.azurewebsites.net")]
    [InlineData("Cookie", "a=1")]
    [InlineData("Origin", "https://example.com")]
    [InlineData("Sec-Fetch-Mode", "cors")]
    [InlineData("Host", "clv.azurewebsites.net")]
    [InlineData("Host", "127.0.0.1")]
    [InlineData("Host", "127.0.0.1:1")]
    [InlineData("Host", "localhost.example.com")]
    public async Task Trigger_WithAnySignOfForwarding_IsNotThere(string header, string value)
    {
        await using var rig = await AppRig.StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, await CallAsync(rig, "RunUnit", AsHost((header, value))));
    }

    [Theory]
    [InlineData("/RunUnit?code=key")]
    [InlineData("/RunUnit?")]
    [InlineData("/rununit")]
    [InlineData("/RunUnit/")]
    [InlineData("//RunUnit")]
    [InlineData("/%52unUnit")]
    [InlineData("/api/../RunUnit")]
    [InlineData("/api/%2e%2e/RunUnit")]
    [InlineData("/api/%252e%252e/RunUnit")]
    [InlineData("http://127.0.0.1:{port}/RunUnit")]
    public async Task Trigger_AtAnyOtherSpelling_IsNotThere(string target)
    {
        await using var rig = await AppRig.StartAsync();
        var answer = await AppRig.SendRawAsync(
            rig.Port,
            $"POST {target.Replace("{port}", $"{rig.Port}", StringComparison.Ordinal)} HTTP/1.1\r\nHost: 127.0.0.1:{rig.Port}\r\nX-Azure-Functions-InvocationId: {Guid.NewGuid()}\r\n"
            + $"X-Azure-Functions-HostVersion: 4.0\r\nContent-Type: application/json\r\nContent-Length: {Message.Length}\r\nConnection: close\r\n\r\n{Message}");

        Assert.StartsWith("HTTP/1.1 404 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trigger_WhereTheHostGaveASecret_NeedsIt()
    {
        var secret = new string('s', 64);
        await using var rig = await AppRig.StartAsync(new Dictionary<string, string> { ["CLV_HOST_SECRET"] = secret });

        Assert.Equal(HttpStatusCode.NotFound, await CallAsync(rig, "RunUnit", AsHost()));
        Assert.Equal(HttpStatusCode.NotFound, await CallAsync(rig, "RunUnit", AsHost((HostCalls.SecretHeader, "wrong"))));
        Assert.Equal(HttpStatusCode.NotFound, await CallAsync(rig, "RunUnit", AsHost((HostCalls.SecretHeader, secret), (HostCalls.SecretHeader, secret))));
        Assert.Equal(HttpStatusCode.OK, await CallAsync(rig, "RunUnit", AsHost((HostCalls.SecretHeader, secret))));
    }

    [Fact]
    public async Task Trigger_ByAnyTrickThroughTheHost_IsNotReached()
    {
        await using var rig = await NightRig.StartAsync();
        var port = rig.Host.BaseAddress.Port;

        foreach (var method in (string[])["POST", "GET", "DELETE", "HEAD", "PATCH"])
        {
            foreach (var target in (string[])
                ["/RunUnit", "//RunUnit", "/./RunUnit", "/api/../RunUnit", "/api/%2e%2e/RunUnit", "/api/%252e%252e/RunUnit", "/api/..%2fRunUnit", "/api/..\\RunUnit",
                 "/api/x/../../RunUnit", "/api//../RunUnit", "/RunUnit?x=/api/", "/api;/../RunUnit", $"http://127.0.0.1:{port}/RunUnit", "http://x/api/../RunUnit", "/%52unUnit", "/StartNight"])
            {
                // A client may send whatever the host itself would.
                var answer = await AppRig.SendRawAsync(
                    port,
                    $"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Azure-Functions-InvocationId: {Guid.NewGuid()}\r\nX-Azure-Functions-HostVersion: 4.0\r\n"
                    + $"X-HTTP-Method-Override: POST\r\nX-Clv-Host-Secret: {new string('0', 64)}\r\nContent-Type: application/json\r\nContent-Length: {Message.Length}\r\nConnection: close\r\n\r\n{Message}");
                var status = answer.Split(' ')[1];
                Assert.True(status is "400" or "404" or "405", $"{method} {target}: {answer}");
                Assert.DoesNotContain("Outputs", answer, StringComparison.Ordinal);
            }
        }

        // The host's own call gets through with all this.
        Assert.True((await rig.Host.TriggerTimerAsync("StartNight", TestContext.Current.CancellationToken)).Succeeded);
    }

    private static (string, string)[] AsHost(params (string, string)[] more) =>
        [("X-Azure-Functions-InvocationId", Guid.NewGuid().ToString()), ("X-Azure-Functions-HostVersion", "4.1041.200.0"), ("User-Agent", "Azure-Functions-Host/4.1041.200.0"), .. more];

    private static async Task<HttpStatusCode> CallAsync(AppRig rig, string function, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{function}") { Content = new StringContent(Message, Encoding.UTF8, "application/json") };
        request.Headers.TransferEncodingChunked = true;
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value), name);
        }

        using var answer = await rig.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
