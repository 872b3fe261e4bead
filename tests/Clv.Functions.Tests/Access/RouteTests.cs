using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Clv.Functions.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Clv.Functions.Tests.Access;

public sealed class RouteTests
{
    private static readonly string[] Anonymous = ["/api/healthz", "/api/openapi.json"];

    [Fact]
    public async Task Routes_All_StateWhoMayUseThem()
    {
        await using var rig = await AppRig.StartAsync();

        var routes = ((IEndpointRouteBuilder)rig.App).DataSources.SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>().ToList();

        Assert.True(routes.Count >= 12);
        foreach (var route in routes)
        {
            var path = route.RoutePattern.RawText!;
            var rule = route.Metadata.GetMetadata<AccessRule>();
            Assert.True(rule is not null, $"{path} states no role");
            Assert.Equal(Anonymous.Contains(path), rule.Anyone);
            // Under /api a role; beside it the host's own routes, and nothing else.
            Assert.Equal(!path.StartsWith("/api/", StringComparison.Ordinal), rule.HostOnly);
            Assert.Equal(rule.Anyone || rule.HostOnly, rule.Roles == Roles.None);
        }
    }

    [Theory]
    [InlineData("/api/forgotten")]
    [InlineData("/forgotten")]
    public async Task Route_WithoutARole_IsRefusedToEverybody(string path)
    {
        await using var rig = await AppRig.StartAsync(map: app => app.MapGet(path, static () => "a secret"));

        using var answer = await rig.SendAsync(HttpMethod.Get, path);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.DoesNotContain("secret", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    // What is let through fails at storage, which refuses: 403 is the app's alone.
    [Theory]
    [InlineData("GET", "/api/customers/17", Roles.Agent)]
    [InlineData("GET", "/api/customers?id=17", Roles.Agent)]
    [InlineData("GET", "/api/explanations/17", Roles.Analyst)]
    [InlineData("GET", "/api/portfolio", Roles.Analyst)]
    [InlineData("POST", "/api/scenarios", Roles.Analyst)]
    [InlineData("GET", "/api/runs", Roles.Analyst | Roles.Operator)]
    [InlineData("GET", "/api/runs/r00001", Roles.Analyst | Roles.Operator)]
    [InlineData("GET", "/api/runs/r00001/models", Roles.Analyst | Roles.Operator)]
    [InlineData("POST", "/api/runs", Roles.Operator)]
    public async Task Route_OfEachRole_LetsThatRoleInAndNoOther(string method, string path, Roles roles)
    {
        await using var rig = await AppRig.StartAsync(AppRig.Keys);

        foreach (var (role, key) in ((Roles, string)[])[(Roles.Agent, AppRig.AgentKey), (Roles.Analyst, AppRig.AnalystKey), (Roles.Operator, AppRig.OperatorKey)])
        {
            using var answer = await rig.SendAsync(new HttpMethod(method), path, ("x-api-key", key));
            Assert.Equal(!roles.HasFlag(role), answer.StatusCode == HttpStatusCode.Forbidden);
            if (!roles.HasFlag(role))
            {
                var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
                Assert.Contains($"this caller has {role.ToString().ToLowerInvariant()}", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Healthz_Anonymous_SaysNothingButItsStatus()
    {
        await using var rig = await AppRig.StartAsync(AppRig.Keys);

        // Storage refuses, so health is bad: what matters is that nobody has to say who they are.
        Assert.Equal(HttpStatusCode.InternalServerError, await rig.StatusAsync("/api/healthz"));
        Assert.Equal(HttpStatusCode.Unauthorized, await rig.StatusAsync("/api/nothing"));
        Assert.Equal(HttpStatusCode.NotFound, await rig.StatusAsync("/api/nothing", ("x-api-key", AppRig.AgentKey)));
        Assert.Equal(HttpStatusCode.Unauthorized, await rig.StatusAsync("/API/customers/17"));
        Assert.Equal(HttpStatusCode.OK, await rig.StatusAsync("/"));
    }

    [Theory]
    [InlineData("TRACE")]
    [InlineData("OPTIONS")]
    [InlineData("PUT")]
    [InlineData("PROPFIND")]
    public async Task Method_ThatNothingHas_IsRefused(string method)
    {
        await using var rig = await AppRig.StartAsync();

        var answer = await AppRig.SendRawAsync(rig.Port, $"{method} /api/customers/17 HTTP/1.1\r\nHost: x\r\nX-Echo: no-echo\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 405 ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("no-echo", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Head_OfTheApiAndThePages_IsAnsweredWithoutABody()
    {
        await using var rig = await AppRig.StartAsync();

        using var api = await rig.SendAsync(HttpMethod.Head, "/api/customers/17");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, api.StatusCode);
        using var page = await rig.SendAsync(HttpMethod.Head, "/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Empty(await page.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Change_FromAPageOfAnotherSite_IsRefused()
    {
        await using var rig = await AppRig.StartAsync();

        using var crossed = await rig.SendAsync(HttpMethod.Post, "/api/runs", ("Sec-Fetch-Site", "cross-site"));
        Assert.Equal(HttpStatusCode.Forbidden, crossed.StatusCode);
        Assert.Equal(0, rig.AskedOfStorage);
        using var own = await rig.SendAsync(HttpMethod.Post, "/api/scenarios", ("Sec-Fetch-Site", "same-origin"));
        Assert.NotEqual(HttpStatusCode.Forbidden, own.StatusCode);
    }

    [Theory]
    [InlineData("/api/customers/17", "no-store")]
    [InlineData("/api/nothing", "no-store")]
    [InlineData("/api/portfolio", "no-store")]
    [InlineData("/RunUnit", "no-store")]
    [InlineData("/", "no-cache")]
    [InlineData("/access.js", "no-cache")]
    public async Task Answers_All_CarryTheHeadersThatBrowsersObey(string path, string kept)
    {
        await using var rig = await AppRig.StartAsync(AppRig.Keys);

        foreach (var key in (string[])["", AppRig.AnalystKey])
        {
            using var answer = await rig.SendAsync(HttpMethod.Get, path, ("x-api-key", key));

            Assert.Contains(kept, Header("Cache-Control"), StringComparison.Ordinal);
            Assert.StartsWith("default-src 'none'", Header("Content-Security-Policy"), StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", Header("Content-Security-Policy"), StringComparison.Ordinal);
            Assert.Equal("same-origin", Header("Cross-Origin-Opener-Policy"));
            Assert.Equal("same-origin", Header("Cross-Origin-Resource-Policy"));
            Assert.Contains("geolocation=()", Header("Permissions-Policy"), StringComparison.Ordinal);
            Assert.Equal("no-referrer", Header("Referrer-Policy"));
            Assert.Equal("nosniff", Header("X-Content-Type-Options"));
            Assert.Equal("DENY", Header("X-Frame-Options"));
            Assert.False(answer.Headers.Contains("Server"));

            string Header(string name) => string.Join(", ", answer.Headers.GetValues(name));
        }
    }

    [Fact]
    public async Task Request_BeyondABound_IsRefusedBeforeItIsRead()
    {
        await using var rig = await AppRig.StartAsync();

        Assert.StartsWith("HTTP/1.1 414 ", await RawAsync("GET", "/api/customers?id=" + new string('x', 9_000)), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431 ", await RawAsync("GET", "/api/runs", string.Concat(Enumerable.Range(0, 120).Select(static i => $"X-{i}: 1\r\n"))), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431 ", await RawAsync("GET", "/api/runs", $"X-Long: {new string('x', 70_000)}\r\n"), StringComparison.Ordinal);
        Assert.StartsWith(
            "HTTP/1.1 413 ", await RawAsync("POST", "/api/scenarios", "Content-Type: application/json\r\nContent-Length: 2000000\r\n"), StringComparison.Ordinal);
        using var deep = await rig.Http.PostAsync(
            "/api/scenarios", new StringContent(new string('[', 40) + new string(']', 40), System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, deep.StatusCode);
        Assert.Equal(0, rig.AskedOfStorage);

        Task<string> RawAsync(string method, string target, string headers = "") =>
            AppRig.SendRawAsync(rig.Port, $"{method} {target} HTTP/1.1\r\nHost: x\r\n{headers}Connection: close\r\n\r\n");
    }
}
