using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Clv.Functions.Night;
using Clv.Functions.Tests.Access;
using Clv.Functions.Tests.Isolated.Messages;
using Clv.Functions.Tests.Rig;
using Clv.Functions.Tests.Telemetry;
using Clv.Functions.Triggers;

namespace Clv.Functions.Tests.Isolated;

/// <summary>The isolated worker is the same app as the custom handler: its functions, its nights, its answers.</summary>
public sealed partial class IsolatedTests
{
    private static readonly string[] NotCompared = ["Date", "Transfer-Encoding", "Content-Length", "Server"];

    [Fact]
    public async Task Functions_OfTheWorker_AreThoseOfTheCustomHandler()
    {
        var custom = Directory.GetFiles(Path.Combine(Repository.Folder, "src", "Clv.Functions", "functions"), "function.json", SearchOption.AllDirectories)
            .ToDictionary(
                static file => Path.GetFileName(Path.GetDirectoryName(file)!),
                static file => Bindings(JsonNode.Parse(File.ReadAllText(file))!["bindings"]!.AsArray().Select(static node => node!.AsObject())));
        await using var host = await WorkerHost.StartAsync(Settings("UseDevelopmentStorage=true"));

        var file = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(WorkerHost.AppFolder, "functions.metadata")))!.AsArray()
            .ToDictionary(static f => (string)f!["name"]!, static f => Bindings(f!["bindings"]!.AsArray().Select(static node => node!.AsObject())));
        var told = host.Functions.ToDictionary(static f => f.Key, static f => Bindings(f.Value.RawBindings.Select(static text => JsonNode.Parse(text)!.AsObject())));

        Assert.Equal(6, custom.Count);
        foreach (var (name, bindings) in custom)
        {
            Assert.Equal(bindings, file[name]);
            Assert.Equal(bindings, told[name]);
        }

        Assert.Equal(custom.Keys.Order(), file.Keys.Order());
        Assert.Equal(custom.Keys.Order(), told.Keys.Order());
    }

    [Fact]
    public void HostJson_OfTheWorker_IsTheCustomHandlersWithoutWhatIsItsAlone()
    {
        var custom = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Folder, "host.json")))!.AsObject();
        Assert.True(custom.Remove("customHandler") && custom.Remove("extensionBundle"));

        var isolated = JsonNode.Parse(File.ReadAllText(Path.Combine(WorkerHost.AppFolder, "host.json")));

        Assert.True(JsonNode.DeepEquals(custom, isolated), isolated?.ToJsonString());
        Assert.Empty(Directory.GetFiles(WorkerHost.AppFolder, "function.json", SearchOption.AllDirectories));
        Assert.False(File.Exists(Path.Combine(WorkerHost.AppFolder, "Clv.Functions")));
    }

    [Fact]
    public async Task Night_OfTheWorker_GivesTheSameScoresAndAnswers()
    {
        var extract = new SmallWorld(200).Extract(NightRig.Tonight);
        string scores;
        IReadOnlyList<string> events;
        await using (var custom = await NightRig.StartAsync(settings: NightRig.OpenGate))
        {
            await custom.DeliverAsync(NightRig.Tonight, extract);
            var report = await custom.RunAsync(NightRig.Tonight);
            Assert.True(report.State == RunState.Published, report.Reason);
            scores = await custom.ScoresAsync(report.Run);
            events = await custom.EventsAsync(report.Run);
        }

        await using var rig = await NightRig.StartAsync(settings: NightRig.OpenGate);
        // Nobody but the worker takes the messages.
        await rig.Host.DisposeAsync();
        await rig.DeliverAsync(NightRig.Tonight, extract);
        await using var collector = await Collector.StartAsync();
        await using var host = await WorkerHost.StartAsync(Settings(rig.Storage, NightRig.OpenGate.Concat(collector.Settings).ToDictionary()));
        using var start = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/runs", UriKind.Relative)) { Content = JsonContent.Create(new { date = NightRig.Tonight }) };
        using var started = await host.SendAsync(start);
        Assert.True(started.IsSuccessStatusCode, await started.Content.ReadAsStringAsync());
        var run = (await started.Content.ReadFromJsonAsync<StartedRun>())!.Run;
        await host.WorkAsync(rig.Storage, async () =>
        {
            using var asked = new HttpRequestMessage(HttpMethod.Get, new Uri($"/api/runs/{run}", UriKind.Relative));
            using var answer = await host.SendAsync(asked);
            var report = await answer.Content.ReadFromJsonAsync<RunReport>(NightJson.Options);
            Assert.True(report!.State is RunState.Running or RunState.Published, report.Reason);
            return report.IsEnded;
        });
        await collector.UntilAsync(
            static c => c.Spans.Any(static span => span.Name == "process publish" && span.Attributes.ContainsKey("clv.delivery.count")), "a unit and its delivery");
        Assert.Equal(scores, await rig.ScoresAsync(run));
        Assert.Equal(events, await rig.EventsAsync(run));
        Assert.Equal(StatusResult.Types.Status.Success, (await host.CallTimerAsync("Watch")).Status);
        // No folder of the worker's own day has been delivered, which is no error.
        Assert.Equal(StatusResult.Types.Status.Success, (await host.CallTimerAsync("StartNight")).Status);
        Assert.Equal(StatusResult.Types.Status.Success, (await host.CallQueueAsync("FailUnit", "not a unit")).Status);
        Assert.Contains(host.Lines, static line => line.Contains("FailUnit: a message is no unit of work", StringComparison.Ordinal));

        // The custom handler on what the worker has published.
        await rig.RestartAsync(NightRig.AppFolder);
        foreach (var (method, path, body) in Requests())
        {
            using var toWorker = Request(method, path, body);
            using var toCustom = Request(method, path, body);
            using var worker = await host.SendAsync(toWorker);
            using var custom = await rig.Api.SendAsync(toCustom);
            Assert.Equal(await TellAsync(custom), await TellAsync(worker));
        }
    }

    [Fact]
    public async Task Call_ThatFails_IsLoggedWithItsEventAndFails()
    {
        await using var rig = await NightRig.StartAsync();
        var wrongKey = AccountKey().Replace(rig.Storage, $"AccountKey={Convert.ToBase64String(new byte[64])}");
        await using var host = await WorkerHost.StartAsync(Settings(wrongKey));

        var result = await host.CallTimerAsync("StartNight");

        Assert.Equal(StatusResult.Types.Status.Failure, result.Status);
        Assert.Contains(host.Lines, static line => line.StartsWith($"{typeof(CallLog)}: StartNight failed", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Access_InEveryMode_IsTheCustomHandlers(string mode)
    {
        var settings = mode switch
        {
            "ApiKeys" => AppRig.Keys,
            "AppService" => AppRig.AppService,
            _ => new Dictionary<string, string> { ["Clv:RequestsPerMinute"] = "1" },
        };
        await using var custom = await AppRig.StartAsync(settings);
        await using var host = await WorkerHost.StartAsync(Settings(custom.Storage, settings));
        (string Name, string Value)[][] callers =
        [
            [],
            [("x-api-key", AppRig.AgentKey)],
            [("x-api-key", AppRig.AnalystKey)],
            [("X-MS-CLIENT-PRINCIPAL", AppRig.Principal(("oid", "11111111-2222-3333-4444-555555555555"), ("roles", "Clv.Analyst")))],
            [("X-MS-CLIENT-PRINCIPAL", "junk")],
            [("X-Forwarded-For", "198.51.100.1, 203.0.113.9"), ("X-Forwarded-Host", "elsewhere.example"), ("X-Forwarded-Proto", "https")],
            // Only the last entry is the host's: the caller above, again, who has used up what there is.
            [("X-Forwarded-For", "198.51.100.2, 203.0.113.9")],
        ];
        foreach (var headers in callers)
        {
            foreach (var path in (string[])["/api/healthz", "/api/scenarios", "/api/audit?day=nonsense", "/"])
            {
                using var toWorker = Request(HttpMethod.Get, path, null, headers);
                using var toCustom = Request(HttpMethod.Get, path, null, headers);
                using var worker = await host.SendAsync(toWorker);
                using var answer = await custom.Http.SendAsync(toCustom);
                Assert.Equal(await TellAsync(answer), await TellAsync(worker));
            }
        }
    }

    [Theory]
    [InlineData("/x/../api/healthz")]
    [InlineData("/API/healthz")]
    public async Task Desk_PathOfTheApi_IsRefused(string path)
    {
        await using var host = await WorkerHost.StartAsync(Settings("UseDevelopmentStorage=true"));
        using var request = Request(HttpMethod.Get, path, null);

        using var answer = await host.SendAsync(request, "Desk");

        Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Start_WrongSetting_EndsWithItsName()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            static () => WorkerHost.StartAsync(Settings("UseDevelopmentStorage=true", new Dictionary<string, string> { ["Clv__HashKey"] = "short" })));

        Assert.Contains("Error: Setting Clv:HashKey", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", failure.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Modes => ["FunctionKeys", "ApiKeys", "AppService"];

    private static Dictionary<string, string> Settings(string storage, IReadOnlyDictionary<string, string>? more = null)
    {
        var settings = new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = storage,
            ["Clv__HashKey"] = NightRig.HashKey,
            ["Clv__Partitions"] = $"{NightRig.Partitions}",
            ["Clv__RequestsPerMinute"] = "0",
        };
        foreach (var (name, value) in more ?? new Dictionary<string, string>())
        {
            settings[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return settings;
    }

    // What a trigger is, in one line; the custom handler's http output has a name of its own.
    private static string Bindings(IEnumerable<JsonObject> bindings) => string.Join(
        "; ",
        bindings.Select(static binding =>
        {
            var type = (string)binding["type"]!;
            var name = type == "http" ? "" : (string)binding["name"]!;
            var rest = binding
                .Where(static p => p.Key is not ("type" or "name" or "properties" or "dataType" or "Properties" or "cardinality"))
                .OrderBy(static p => p.Key, StringComparer.OrdinalIgnoreCase)
                .Select(static p => $"{p.Key}={p.Value!.ToJsonString()}");
            return $"{type} {name} {string.Join(' ', rest)}".ToLowerInvariant();
        }).Order(StringComparer.Ordinal));

    private static IEnumerable<(HttpMethod Method, string Path, string? Body)> Requests() =>
    [
        (HttpMethod.Get, "/", null),
        (HttpMethod.Get, "/portfolio.html", null),
        (HttpMethod.Get, "/desk.css", null),
        (HttpMethod.Get, "/nowhere.html", null),
        (HttpMethod.Get, "/api/healthz", null),
        (HttpMethod.Get, "/api/openapi.json", null),
        (HttpMethod.Get, "/api/customers/1", null),
        (HttpMethod.Get, "/api/customers?id=2", null),
        (HttpMethod.Get, "/api/customers/no%20such%2Fone", null),
        (HttpMethod.Get, "/api/explanations/1", null),
        (HttpMethod.Get, "/api/portfolio", null),
        (HttpMethod.Get, "/api/runs", null),
        (HttpMethod.Get, "/api/nowhere", null),
        (HttpMethod.Delete, "/api/portfolio", null),
        (HttpMethod.Post, "/api/customers:find", """{"id":"1"}"""),
        (HttpMethod.Post, "/api/customers:find", """{"id":"""),
        (HttpMethod.Post, "/api/customers:find", """{"id":17}"""),
        (HttpMethod.Post, "/api/customers:batchGet", """{"ids":["1","2","nobody"]}"""),
        (HttpMethod.Post, "/api/scenarios", """{"changes":[{"lever":"price","percent":3}]}"""),
        (HttpMethod.Post, "/api/scenarios", """{"changes":[{"lever":"luck","percent":3}]}"""),
    ];

    private static HttpRequestMessage Request(HttpMethod method, string path, string? body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.Add("Accept-Language", "de");
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value), name);
        }

        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return request;
    }

    // Status, headers and body; ages and the ids of traces are of the moment.
    private static async Task<string> TellAsync(HttpResponseMessage answer)
    {
        var headers = answer.Headers.Concat(answer.Content.Headers)
            .Where(static header => !NotCompared.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
            .OrderBy(static header => header.Key, StringComparer.OrdinalIgnoreCase)
            .Select(static header => $"{header.Key}: {string.Join(',', header.Value)}");
        return $"{(int)answer.StatusCode}\n{string.Join('\n', headers)}\n{OfTheMoment().Replace(await answer.Content.ReadAsStringAsync(), "")}";
    }

    [GeneratedRegex("AccountKey=[^;]*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AccountKey();

    [GeneratedRegex("\"(ageHours\":[0-9.eE+-]+|traceId\":\"[^\"]*\"),?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OfTheMoment();
}
