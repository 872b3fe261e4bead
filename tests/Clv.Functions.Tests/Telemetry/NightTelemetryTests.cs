using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Clv.Cli.Trace;
using Clv.Functions.Night;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Telemetry;

/// <summary>What nights in real processes send to a collector.</summary>
public sealed class NightTelemetryTests
{
    private static readonly string[] Phases = [.. Enum.GetNames<Phase>().Select(static name => name.ToLowerInvariant())];

    [Fact]
    public async Task Night_OfTwoProcesses_IsOneTraceOfItsPhasesAndUnits()
    {
        await using var collector = await Collector.StartAsync();
        await using var rig = await NightRig.StartAsync(workers: 2, settings: collector.Settings);
        await rig.DeliverAsync(NightRig.Tonight, new SmallWorld(customers: 120).Extract(NightRig.Tonight));
        // The host gives a process three units at once: four that have got equally far are work of both.
        var (ingesting, both) = (0, new TaskCompletionSource());
        rig.Proxy.Before = async request =>
        {
            if (request.Has("PUT", "/segments/"))
            {
                if (Interlocked.Increment(ref ingesting) == 4)
                {
                    both.SetResult();
                }

                await both.Task;
            }

            return null;
        };
        var report = await rig.RunAsync(NightRig.Tonight);
        Assert.True(report.State == RunState.Published, report.Reason);
        await collector.UntilAsync(c => IsWhole(c, report), "the whole trace");

        var spans = SpansOf(collector, report.Run);
        Assert.Single(spans.Select(static span => span.TraceId).Distinct());
        var night = Assert.Single(spans, static span => span.ParentId.Length == 0);
        Assert.Equal(("night 2026-11-20", "published"), (night.Name, night.Outcome));
        Assert.Equal(0, (night.Start - report.StartedAt).TotalMilliseconds, 1.0);
        var phases = spans.Where(span => span.ParentId == night.Id).ToDictionary(static span => span.Name);
        Assert.Equal(Phases.Order(), phases.Keys.Order());
        foreach (var phase in report.Phases)
        {
            var of = phases[phase.Phase.Code()];
            Assert.Equal(("done", phase.Units), (of.Outcome, (int)of.Whole("clv.units")!));
            Assert.True(of.Start >= night.Start && of.End <= night.End, $"{of} is not within {night}");
            // Two units that end at the same moment may both queue the next phase: what comes of the second message is a span of its own.
            var units = spans.Where(span => span.ParentId == of.Id && span.Name == $"process {of.Name}" && span.Outcome != "again").ToList();
            Assert.Equal(Enumerable.Range(0, phase.Units), units.Select(static unit => (int)unit.Whole("clv.unit")!).Order());
            Assert.All(units, static unit => Assert.Equal(("done", 1L, "clv-work"), (unit.Outcome, unit.Whole("clv.delivery.count"), unit.Text("messaging.destination.name"))));
            Assert.All(units, static unit => Assert.True(unit.Whole("clv.storage.requests") > 0));
            var send = Assert.Single(spans, span => span.ParentId == of.Id && span.Name == $"send {of.Name}");
            Assert.Equal(phase.Units, send.Whole("messaging.batch.message_count"));
            Assert.All(units, unit => Assert.Contains(Links(collector, unit), link => link == send.Id));
        }

        Assert.Equal(2, spans.Select(static span => span.Process).Distinct().Count());

        // A second night is a trace of its own.
        var later = await rig.RunAsync(NightRig.Tonight);
        await collector.UntilAsync(c => IsWhole(c, later), "the whole second trace");
        Assert.DoesNotContain(collector.Spans, span => span.Run == later.Run && span.TraceId == night.TraceId);
    }

    [Fact]
    public async Task Night_EveryMessageTwice_CountsItsRowsUnitsAndPhasesOnce()
    {
        await using var collector = await Collector.StartAsync();
        await using var rig = await NightRig.StartAsync(workers: 2, settings: new Dictionary<string, string>(NightRig.OpenGate.Concat(collector.Settings)));
        var files = new Dictionary<string, string>(new SmallWorld(customers: 150).Extract(NightRig.Tonight));
        files["transactions.csv"] += "C1,someday,5\nC1,2026-01-01,much\n";
        await rig.DeliverAsync(NightRig.Tonight, files);
        rig.SendEveryMessageTwice();
        var report = await rig.RunAsync(NightRig.Tonight);
        Assert.True(report.State == RunState.Published, report.Reason);
        // Whatever a second message does has happened when none is left.
        await rig.UntilQuietAsync();
        await collector.UntilAsync(
            c => IsWhole(c, report) && c.Totals("clv.published.age").Count > 0 && c.Spans.Any(static span => span.Outcome == "again"), "the night's trace");
        await collector.UntilMeasuredAsync();

        var rows = collector.Totals("clv.night.rows");
        foreach (var kind in report.Files.GroupBy(static file => Kind(file.File)))
        {
            Assert.Equal(kind.Sum(static file => file.Used), rows.GetValueOrDefault($"{kind.Key} used"));
            Assert.Equal(kind.Sum(static file => file.Replaced), rows.GetValueOrDefault($"{kind.Key} replaced"));
            Assert.Equal(kind.Sum(static file => file.Quarantined), rows.GetValueOrDefault($"{kind.Key} quarantined"));
        }

        Assert.Equal(2, rows["transactions quarantined"]);
        var transactions = report.Files.Single(static file => file.File == "transactions.csv");
        Assert.Equal((double)transactions.Quarantined / transactions.Read, collector.Totals("clv.night.quarantine.share")["transactions"], 1e-12);
        Assert.Equal(report.Customers, collector.Totals("clv.night.customers")[""]);
        Assert.Equal((double)report.FutureValue, collector.Totals("clv.night.value")[$"{report.Settings!.Currency} future"], 0.005);
        Assert.Equal((double)report.LifetimeValue, collector.Totals("clv.night.value")[$"{report.Settings!.Currency} lifetime"], 0.005);
        Assert.Equal(1, collector.Totals("clv.night.runs")["published"]);
        Assert.All(report.Phases, phase => Assert.Equal(phase.Units, collector.Totals("clv.night.unit.duration")[phase.Phase.Code()]));
        Assert.All(report.Phases, phase => Assert.Equal(1, collector.Totals("clv.night.phase.duration")[phase.Phase.Code()]));
        Assert.True(collector.Totals("clv.storage.requests")["2xx table"] > 10);
        Assert.True(collector.Totals("clv.storage.requests")["2xx blob"] > 10);
        Assert.True(collector.Totals("clv.storage.requests")["2xx queue"] > 10);
        // Twice told is once told: the parts of the night have one id each.
        var tree = collector.Spans.Where(span => span.Run == report.Run && (span.ParentId.Length == 0 || span.Attributes.ContainsKey("clv.units"))).ToList();
        Assert.Equal(Phases.Length + 1, tree.DistinctBy(static span => span.Id).Count());
        Assert.Equal(Phases.Length + 1, tree.Select(static span => (span.Name, span.Start, span.End)).Distinct().Count());
        Assert.All(collector.Metrics.Where(static m => m.Name == "clv.lookup.duration"), static m => Assert.Equal("s", m.Unit));
    }

    [Fact]
    public async Task Night_WorkerKilledBetweenMarkerAndBarrier_StaysOneTraceWithItsPhase()
    {
        await using var collector = await Collector.StartAsync();
        await using var rig = await NightRig.StartAsync(settings: collector.Settings);
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(100));
        var killed = false;
        rig.Proxy.After = async request =>
        {
            if (killed || !request.Marks("fit"))
            {
                return true;
            }

            killed = true;
            // What it has not sent by then nobody hears of.
            await collector.UntilAsync(static c => c.Spans.Any(static span => span.Name == "process plan"), "the first unit");
            await rig.KillWorkerAsync();
            return false;
        };
        var report = await rig.RunAsync(NightRig.Tonight);
        Assert.True(killed && report.State == RunState.Published, report.Reason);
        await collector.UntilAsync(
            c => SpansOf(c, report.Run) is var come && come.Exists(static span => span.ParentId.Length == 0)
                && come.Exists(static span => span.Name == "process fit" && span.Whole("clv.delivery.count") == 2),
            "the night, and the unit that was delivered again");

        var spans = SpansOf(collector, report.Run);
        Assert.Single(spans.Select(static span => span.TraceId).Distinct());
        var fit = Assert.Single(spans, static span => span.Name == "fit");
        // The one who did the work could not tell; the one who found it done passed the barrier and told.
        var again = spans.Where(static span => span.Name == "process fit").ToList();
        Assert.All(again, span => Assert.Equal(("again", fit.Id), (span.Outcome, span.ParentId)));
        Assert.Contains(again, static span => span.Whole("clv.delivery.count") == 2);
        Assert.Equal(2, spans.Select(static span => span.Process).Distinct().Count());
    }

    [Fact]
    public async Task Night_HeldAndReleased_GoesOnInTheSameTrace()
    {
        await using var collector = await Collector.StartAsync();
        await using var rig = await NightRig.StartAsync(settings: collector.Settings);
        await rig.DeliverAsync(
            NightRig.Tonight,
            new Dictionary<string, string> { ["transactions.csv"] = Customers.Transactions(100) + string.Concat(Enumerable.Repeat("C1,someday,5\n", 400)) });
        rig.SendEveryMessageTwice();
        var held = await rig.RunAsync(NightRig.Tonight);
        Assert.Equal(RunState.Held, held.State);
        // No message from before the release is worked on after it.
        await rig.UntilQuietAsync();
        await collector.UntilAsync(static c => c.Totals("clv.night.runs").ContainsKey("held") && c.Spans.Any(static span => span.ParentId.Length == 0 && span.Run.Length > 0), "the held night");
        using (var answer = await rig.Api.PostAsJsonAsync($"api/runs/{held.Run}:publish", new { reason = "test" }))
        {
            answer.EnsureSuccessStatusCode();
        }

        Assert.Equal(RunState.Published, (await rig.EndOfAsync(held.Run)).State);
        await collector.UntilAsync(
            static c => c.Totals("clv.night.runs").ContainsKey("published")
                && c.Spans.Any(static span => span.Name == "night 2026-11-20, released")
                && c.Spans.Any(static span => span is { Name: "process publish", Outcome: "done" }),
            "the released night");

        var spans = SpansOf(collector, held.Run);
        Assert.Single(spans.Select(static span => span.TraceId).Distinct());
        var night = Assert.Single(spans, static span => span.ParentId.Length == 0);
        var released = Assert.Single(spans, static span => span.Name.EndsWith(", released", StringComparison.Ordinal));
        Assert.Equal(("held", "published", night.Id), (night.Outcome, released.Outcome, released.ParentId));
        Assert.Equal(
            [("held", night.Id), ("done", released.Id)],
            spans.Where(static span => span.Name == "publish").OrderBy(static span => span.Start).Select(static span => (span.Outcome, span.ParentId)));
        Assert.Equal(2, spans.Count(static span => span is { Name: "send publish", Outcome: "queued" }));
        // Every delivery before the release is held, one after it publishes, and the others find that done.
        var processed = spans.Where(static span => span.Name == "process publish").ToLookup(span => span.Start < released.Start, static span => span.Outcome);
        Assert.Equal(["held"], processed[true].Distinct());
        Assert.Single(processed[false], "done");
        Assert.All(processed[false], static outcome => Assert.Contains(outcome, new[] { "done", "again" }));
        Assert.Equal((1, 1), (collector.Totals("clv.night.runs")["held"], collector.Totals("clv.night.runs")["published"]));
    }

    [Fact]
    public async Task Night_ThatCannotBeRun_EndsItsTraceAsFailed()
    {
        await using var collector = await Collector.StartAsync();
        await using var rig = await NightRig.StartAsync(settings: collector.Settings);
        await rig.DeliverAsync(NightRig.Tonight, new Dictionary<string, string> { ["transactions.csv"] = "nothing,that,is,known\n1,2,3,4\n" });

        var failed = await rig.RunAsync(NightRig.Tonight);

        Assert.Equal(RunState.Failed, failed.State);
        await collector.UntilAsync(static c => c.Totals("clv.night.runs").ContainsKey("failed"), "the failed night's metric");
        await collector.UntilAsync(static c => c.Spans.Any(static span => span is { Name: "process ingest", Outcome: "refused" }), "the failed unit");
        var night = Assert.Single(SpansOf(collector, failed.Run), static span => span.ParentId.Length == 0);
        Assert.Equal(("failed", true), (night.Outcome, night.Failed));
        Assert.Contains(collector.Spans, span => span is { Name: "ingest", Outcome: "failed" } && span.ParentId == night.Id);
    }

    [Fact]
    public async Task Logs_OfUnits_CarryRunPhaseAndUnitAndTheTrace()
    {
        await using var collector = await Collector.StartAsync();
        await using var rig = await NightRig.StartAsync(settings: collector.Settings);
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(100));
        var report = await rig.RunAsync(NightRig.Tonight);
        await collector.UntilAsync(c => IsWhole(c, report) && c.Logs.Any(static log => Text(log, "Phase") == "Announce"), "the log");

        var score = collector.Logs.First(static log => Text(log, "Phase") == "Score" && log.Body?.Text?.Contains("done in", StringComparison.Ordinal) == true);
        Assert.StartsWith($"Run {report.Run}: Score ", score.Body!.Text, StringComparison.Ordinal);
        Assert.Equal((report.Run, "score"), (Text(score, "clv.run"), Text(score, "clv.phase")));
        Assert.Equal(Text(score, "Unit"), Text(score, "clv.unit"));
        Assert.Equal(collector.Spans.First(span => span.Run == report.Run).TraceId, Convert.ToHexStringLower(score.TraceId));
    }

    [Theory]
    [InlineData("hangs")]
    [InlineData("answers 500")]
    [InlineData("is away")]
    public async Task Collector_InTrouble_FailsNoNightAndNoLookup(string trouble)
    {
        var collector = await Collector.StartAsync();
        await using var stopped = collector;
        collector.Status = trouble == "hangs" ? null : 500;
        var settings = collector.Settings;
        if (trouble == "is away")
        {
            await collector.DisposeAsync();
        }

        await using var rig = await NightRig.StartAsync(settings: settings);
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(100));

        var report = await rig.RunAsync(NightRig.Tonight);
        using var found = await rig.Api.GetAsync("api/customers/C1");

        Assert.True(report.State == RunState.Published, report.Reason);
        Assert.True(found.IsSuccessStatusCode);
        if (trouble != "is away")
        {
            await collector.UntilAsync(static c => c.Requests > 0, "anything at all");
        }
    }

    [Fact]
    public async Task Console_WithTheStandardSetting_WritesJson()
    {
        var log = new LogBook();
        await using var rig = await NightRig.StartAsync(settings: new Dictionary<string, string> { ["Logging__Console__FormatterName"] = "json" }, log: log);
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(50));
        var report = await rig.RunAsync(NightRig.Tonight);

        // What a process prints is read while it goes on.
        string? line;
        var watch = Stopwatch.StartNew();
        while ((line = log.Lines.Select(static line => line.Text).FirstOrDefault(static line =>
            line.Contains("\"Phase\":\"Ingest\"", StringComparison.Ordinal) && line.Contains("\"Seconds\"", StringComparison.Ordinal))) is null)
        {
            Assert.True(watch.Elapsed < NightRig.Limit, "No line of a unit was printed.");
            await Task.Delay(50);
        }

        var state = JsonSerializer.Deserialize<JsonElement>(line[line.IndexOf('{', StringComparison.Ordinal)..(line.LastIndexOf('}') + 1)]).GetProperty("State");
        Assert.Equal(report.Run, state.GetProperty("Run").GetString());
    }

    private static bool IsWhole(Collector collector, RunReport report)
    {
        var spans = SpansOf(collector, report.Run);
        return spans.Exists(static span => span.ParentId.Length == 0)
            && report.Phases.All(phase => phase.Phase.Code() is var name
                && spans.Exists(span => span.Name == name)
                && spans.Exists(span => span.Name == $"send {name}")
                && spans.Count(span => span.Outcome == "done" && span.Name == $"process {name}") >= phase.Units);
    }

    // What is told twice is one span.
    private static List<TraceSpan> SpansOf(Collector collector, string run) => [.. collector.Spans.Where(span => span.Run == run).DistinctBy(static span => span.Id)];

    private static IEnumerable<string> Links(Collector collector, TraceSpan span) => collector.Received
        .Where(static export => export.Path == "/v1/traces")
        .Select(static export => ProtoBuf.Serializer.Deserialize<TraceExport>(new ReadOnlyMemory<byte>(export.Body)))
        .SelectMany(static export => export.Resources)
        .SelectMany(static resource => resource.Scopes)
        .SelectMany(static scope => scope.Spans)
        .Where(found => Convert.ToHexStringLower(found.Id) == span.Id)
        .SelectMany(static found => found.Links)
        .Select(static link => Convert.ToHexStringLower(link.SpanId));

    private static string? Text(OtlpLog log, string attribute) => log.Attributes.Find(a => a.Key == attribute)?.Value?.Value?.ToString();

    private static string Kind(string file) => Enum.GetNames<FileContent>().Select(static kind => kind.ToLowerInvariant()).Single(kind => file.StartsWith(kind, StringComparison.Ordinal));
}
