using System.Net;
using System.Net.Http.Json;
using System.Text;
using Clv.Cli.Trace;
using Clv.Functions.Night;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Telemetry;

/// <summary>What requests to the API tell, and what they never do.</summary>
public sealed class RequestTelemetryTests
{
    private const string Id = "MARKED-17-X";
    private const string Phone = "3023125017";
    private const string Email = "marked17@example.com";

    [Fact]
    public async Task Requests_FromATrace_JoinItByRouteWithOutcomeAndRole()
    {
        await using var collector = await Collector.StartAsync();
        await using var rig = await PublishedAsync(collector);

        var parent = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
        Assert.Equal(HttpStatusCode.OK, await SendAsync(rig, HttpMethod.Get, $"api/customers/{Id}", parent));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(rig, HttpMethod.Get, "api/customers/nobody"));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(rig, HttpMethod.Get, "api/customers?phone=none"));
        rig.Proxy.Before = static request => Task.FromResult<int?>(request.Target.Contains("clvscores", StringComparison.Ordinal) ? 403 : null);
        Assert.Equal(HttpStatusCode.InternalServerError, await SendAsync(rig, HttpMethod.Get, $"api/customers/{Id}"));
        await collector.UntilAsync(
            static c => Requests(c).Count() >= 4 && c.Totals("clv.lookup.duration").Count >= 4 && c.Totals("clv.published.age").Count > 0, "the requests");

        var spans = Requests(collector).OrderBy(static span => span.Start).ToList();
        var found = spans.First(static span => span.Whole("http.response.status_code") == 200 && span.Text("http.route") == "/api/customers/{**id}");
        Assert.Equal(parent, (found.TraceId, found.ParentId));
        Assert.Equal(("GET /api/customers/{**id}", "found", "agent analyst operator"), (found.Name, found.Outcome, found.Text("clv.role")));
        Assert.True(found.Whole("clv.storage.requests") >= 2);
        var failed = Assert.Single(spans, static span => span.Whole("http.response.status_code") == 500);
        Assert.Equal((true, "failed", ""), (failed.Failed, failed.Outcome, failed.ParentId));
        Assert.Equal(1, collector.Totals("clv.lookup.duration")["found"]);
        Assert.Equal(1, collector.Totals("clv.lookup.duration")["unknown"]);
        Assert.Equal(1, collector.Totals("clv.lookup.duration")["refused"]);
        Assert.Equal(1, collector.Totals("clv.lookup.duration")["failed"]);
        var duration = collector.Metrics.Last(static metric => metric.Name == "clv.lookup.duration");
        Assert.Equal(13, duration.Histogram!.Points[0].Bounds.Length);
        Assert.InRange(collector.Totals("clv.published.age")[""], 0, 600);
    }

    [Fact]
    public async Task Exports_OfRequestsAboutAPerson_HaveNothingOfThePersonInAnyByte()
    {
        await using var collector = await Collector.StartAsync();
        await using var rig = await PublishedAsync(collector);

        foreach (var path in (string[])
            [
                $"api/customers/{Id}", $"api/customers?id={Id}", $"api/customers?phone=%2B49{Phone}", $"api/customers?email={Email}", $"api/customers/{Id}/record",
                $"api/explanations/{Id}", $"api/nothing/{Id}", $"API/Customers/{Id}", $"api/customers/{Id}%2F..%2F{Id}?phone=+49{Phone}&email={Email}", $"{Id}?email={Email}",
            ])
        {
            await SendAsync(rig, HttpMethod.Get, path);
        }

        await SendAsync(rig, HttpMethod.Post, "api/customers:find", body: new { id = Id });
        await SendAsync(rig, HttpMethod.Post, "api/customers:find", body: new { phone = $"+49 {Phone}" });
        await SendAsync(rig, HttpMethod.Post, "api/customers:find", body: new { email = Email });
        await SendAsync(rig, HttpMethod.Post, "api/customers:find", body: new { query = Email, other = Id });
        await SendAsync(rig, HttpMethod.Post, "api/customers:find", body: new[] { Email });
        await SendAsync(rig, HttpMethod.Post, "api/customers:batchGet", body: new { ids = new[] { Id, Email } });
        await SendAsync(rig, new HttpMethod("GETMARKED-17-X"), $"api/customers/{Id}");
        rig.Proxy.Before = static request => Task.FromResult<int?>(request.Target.Contains("clvscores", StringComparison.Ordinal) ? 403 : null);
        await SendAsync(rig, HttpMethod.Get, $"api/customers/{Id}");
        rig.Proxy.Before = static _ => Task.FromResult<int?>(null);
        await SendAsync(rig, HttpMethod.Delete, $"api/customers/{Id}");
        // The last of the spans, and what it makes of metrics and logs.
        await collector.UntilAsync(static c => Requests(c).Any(static span => span.Name.StartsWith("DELETE ", StringComparison.Ordinal)), "the erasure");
        await collector.UntilMeasuredAsync();
        await collector.UntilAsync(static c => c.Logs.Any(static log => log.Body?.Text?.StartsWith("GET ", StringComparison.Ordinal) == true), "the log of the request that failed");

        Assert.Contains(collector.Received, static export => export.Path == "/v1/traces");
        Assert.Contains(collector.Received, static export => export.Path == "/v1/metrics");
        Assert.Contains(collector.Received, static export => export.Path == "/v1/logs");
        foreach (var (path, body) in collector.Received)
        {
            var text = Encoding.UTF8.GetString(body);
            Assert.All((string[])[Id, "MARKED", Phone, Email], mark => Assert.False(text.Contains(mark, StringComparison.OrdinalIgnoreCase), $"{path} has {mark}: {text}"));
        }
    }

    private static IEnumerable<TraceSpan> Requests(Collector collector) => collector.Spans
        .Where(static span => span.Attributes.ContainsKey("http.request.method") && !span.Text("http.route").StartsWith("/api/runs", StringComparison.Ordinal));

    private static async Task<NightRig> PublishedAsync(Collector collector)
    {
        var rig = await NightRig.StartAsync(settings: new Dictionary<string, string>(NightRig.OpenGate.Concat(collector.Settings)) { ["Clv__PhoneRegion"] = "DE" });
        var customers = new StringBuilder("customer_id,segment,phone,email,status\n");
        for (var i = 1; i <= 100; i++)
        {
            customers.Append($"MARKED-{i}-X,gold,+493023125{i:D3},marked{i}@example.com,customer\n");
        }

        customers.Append($"{Id},gold,{Phone} {Email},{Email} {Phone},what is this {Id}\n");
        await rig.DeliverAsync(NightRig.Tonight, new Dictionary<string, string>
        {
            ["transactions.csv"] = Customers.Transactions(100, id: static i => $"MARKED-{i}-X") + $"{Id},not a day,{Email}\n",
            ["customers.csv"] = customers.ToString(),
        });
        var report = await rig.RunAsync(NightRig.Tonight);
        Assert.True(report.State == RunState.Published, report.Reason);
        return rig;
    }

    // With everything personal in the headers that tracing has, too.
    private static async Task<HttpStatusCode> SendAsync(NightRig rig, HttpMethod method, string path, (string Trace, string Span)? parent = null, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (parent is { } from)
        {
            request.Headers.Add("traceparent", $"00-{from.Trace}-{from.Span}-01");
        }
        else if (body is not null)
        {
            request.Headers.Add("traceparent", $"00-{Guid.NewGuid():N}-00f067aa0ba902b7-01");
        }

        request.Headers.Add("tracestate", $"crm={Id}");
        request.Headers.Add("baggage", $"customer={Id},mail={Email}");
        using var answer = await rig.Api.SendAsync(request);
        return answer.StatusCode;
    }
}
