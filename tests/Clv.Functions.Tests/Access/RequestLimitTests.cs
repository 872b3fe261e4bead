using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Clv.Functions.Access;
using Microsoft.AspNetCore.Http;

namespace Clv.Functions.Tests.Access;

public sealed class RequestLimitTests
{
    [Fact]
    public async Task Requests_BeyondTheLimit_Are429ForThatCallerAndAddressAlone()
    {
        await using var rig = await AppRig.StartAsync(new Dictionary<string, string>(AppRig.Keys) { ["Clv:RequestsPerMinute"] = "3" });
        var (agent, here) = (("x-api-key", AppRig.AgentKey), ("X-Forwarded-For", "10.0.0.9, 203.0.113.7:51234"));

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.NotFound, await rig.StatusAsync("/api/nothing", agent, here));
        }

        using var refused = await rig.SendAsync(HttpMethod.Get, "/api/customers/17", agent, here);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 20);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal("Too many requests", problem.GetProperty("title").GetString());
        Assert.Equal(0, rig.AskedOfStorage);

        // What the client itself says of where it is does not count, another address and another caller do.
        Assert.Equal(HttpStatusCode.TooManyRequests, await rig.StatusAsync("/api/nothing", agent, ("X-Forwarded-For", "1.2.3.4, 203.0.113.7:1")));
        Assert.Equal(HttpStatusCode.NotFound, await rig.StatusAsync("/api/nothing", agent, ("X-Forwarded-For", "203.0.113.8")));
        Assert.Equal(HttpStatusCode.NotFound, await rig.StatusAsync("/api/nothing", ("x-api-key", AppRig.AnalystKey), here));
        for (var i = 0; i < 10; i++)
        {
            Assert.NotEqual(HttpStatusCode.TooManyRequests, await rig.StatusAsync("/api/healthz", agent, here));
        }
    }

    [Fact]
    public async Task Flood_OfNobody_IsSlowedDownAndReachesNoStorage()
    {
        await using var rig = await AppRig.StartAsync(AppRig.Keys);
        var from = ("X-Forwarded-For", "203.0.113.7");
        var statuses = new List<HttpStatusCode>();

        for (var i = 0; i < RequestLimits.FailuresPerMinute * 4; i++)
        {
            statuses.Add(await rig.StatusAsync($"/api/customers/{i}", ("x-api-key", $"wrong {i}"), from));
        }

        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests], statuses.Distinct());
        Assert.InRange(statuses.Count(static status => status == HttpStatusCode.Unauthorized), RequestLimits.FailuresPerMinute, RequestLimits.FailuresPerMinute * 2);
        Assert.Equal(0, rig.AskedOfStorage);
        // Whoever has a key and shares the address still gets in.
        Assert.Equal(HttpStatusCode.NotFound, await rig.StatusAsync("/api/nothing", ("x-api-key", AppRig.AgentKey), from));

        // Health is for anybody, and asked of storage once a second whoever asks.
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => rig.StatusAsync("/api/healthz")));
        Assert.InRange(rig.AskedOfStorage, 1, 40);
    }

    [Fact]
    public async Task Requests_WithALimitOfZero_AreNotLimited()
    {
        await using var rig = await AppRig.StartAsync(new Dictionary<string, string> { ["Clv:RequestsPerMinute"] = "0" });

        for (var i = 0; i < 700; i++)
        {
            Assert.Equal(HttpStatusCode.NotFound, await rig.StatusAsync("/api/nothing"));
        }
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("203.0.113.7:51234", "203.0.113.7")]
    [InlineData("spoofed, 203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData("[2001:db8:1:2:ffff:4:5:6]:443", "2001:db8:1:2::")]
    [InlineData("junk", "127.0.0.1")]
    [InlineData("", "127.0.0.1")]
    public void Address_OfARequest_IsTheLastThatTheHostAppended(string header, string expected)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        context.Request.Headers["X-Forwarded-For"] = header;

        Assert.Equal(expected, RequestLimits.AddressOf(context));
    }
}
