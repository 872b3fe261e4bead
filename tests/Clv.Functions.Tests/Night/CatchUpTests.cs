using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Data.Tables;
using Clv.Functions.Night;
using Clv.Functions.Storage;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Night;

/// <summary>Nights that take another's place, follow it, or were missed.</summary>
public sealed class CatchUpTests
{
    private static readonly DateOnly Today = NightRig.Today;

    [Fact]
    public async Task Start_NewerSnapshotDuringARun_TakesItsPlace()
    {
        await using var rig = await NightRig.StartAsync();
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(300));
        await rig.DeliverAsync(NightRig.Tonight.AddDays(1), Customers.Extract(310));
        var (reached, goOn) = HoldAtModels(rig, "r00001");
        using var first = await rig.Api.PostAsJsonAsync("api/runs", new { date = NightRig.Tonight });
        await reached.WaitAsync(NightRig.Limit);

        var started = await StartAsync(rig, NightRig.Tonight.AddDays(1));
        Assert.Equal(new StartedRun("r00002", Started: true), started);
        Assert.Equal(RunState.Failed, (await rig.UntilAsync("r00001", static _ => true)).State);
        goOn();

        Assert.True((await rig.EndOfAsync("r00002")).Published);
        var superseded = await rig.EndOfAsync("r00001");
        Assert.Equal((RunState.Failed, "Superseded by run r00002 of 2026-11-21."), (superseded.State, superseded.Reason));
    }

    [Theory]
    [InlineData(1, false, "recorded")]
    [InlineData(0, true, "queued")]
    [InlineData(0, true, "recorded")]
    [InlineData(0, true, "ended")]
    [InlineData(-1, true, "recorded")]
    public async Task Start_KilledBeforeTheRunWhosePlaceItTakesWasEnded_IsFinishedByTheNewRunsPlan(int days, bool replace, string step)
    {
        await using var rig = await NightRig.StartAsync();
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(300));
        await rig.DeliverAsync(NightRig.Tonight.AddDays(days), Customers.Extract(310));
        var (reached, goOn) = HoldAtModels(rig, "r00001");
        using var first = await rig.Api.PostAsJsonAsync("api/runs", new { date = NightRig.Tonight });
        await reached.WaitAsync(NightRig.Limit);
        var held = rig.Proxy.Before;
        var killed = 0;
        rig.Proxy.Before = async request =>
        {
            // The first write of what ends the run.
            if (step == "ended" && request.IsWrite && request.Target.Contains("r00001", StringComparison.Ordinal) && request.Body.Contains("\"Failed\"", StringComparison.Ordinal)
                && Interlocked.Exchange(ref killed, 1) == 0)
            {
                await rig.KillWorkerAsync();
                return 503;
            }

            return await held(request);
        };
        rig.Proxy.After = async request =>
        {
            var done = request.Queues(Phase.Plan) && request.QueuedText().Contains("r00002", StringComparison.Ordinal) ? "queued"
                : request.Method == "POST" && request.Body.Contains("\"PartitionKey\":\"r00002\"", StringComparison.Ordinal)
                    && request.Body.Contains("StartedAt", StringComparison.Ordinal) ? "recorded"
                : null;
            if (done != step || Interlocked.Exchange(ref killed, 1) == 1)
            {
                return true;
            }

            await rig.KillWorkerAsync();
            return false;
        };
        try
        {
            using var second = await rig.Api.PostAsJsonAsync("api/runs", new { date = NightRig.Tonight.AddDays(days), replace });
        }
        catch (HttpRequestException)
        {
            // Nobody was left to answer.
        }

        // Its work is held, so it cannot end in any other way.
        var replaced = await rig.UntilAsync("r00001", static report => report.IsEnded);
        goOn();

        Assert.Equal(1, killed);
        Assert.Equal(
            (RunState.Failed, days > 0 ? "Superseded by run r00002 of 2026-11-21." : "Given up for run r00002."), (replaced.State, replaced.Reason));
        Assert.True((await rig.EndOfAsync("r00002")).Published);
        Assert.Equal([NightRig.Tonight.AddDays(days)], await PublishedAsync(rig));
    }

    [Fact]
    public async Task Replacement_OfARunThatHasEndedNobodyYet_EndsBoth()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var rig = await NightRig.StartAsync();
        using var app = new InProcess(rig);
        var runs = app.Get<RunTable>();
        await runs.EnsureAsync(stop);
        await runs.CreateAsync("r00001", NightRig.Tonight, until: null, replaces: null, stop);
        await runs.CreateAsync("r00002", NightRig.Tonight, until: null, replaces: "r00001", stop);
        var third = await runs.CreateAsync("r00003", NightRig.Tonight, until: null, replaces: "r00002", stop);

        await app.Get<RunReplacement>().EndAsync(third, third.Replaces, stop);

        foreach (var run in (string[])["r00001", "r00002"])
        {
            var ended = (await runs.FindAsync(run, stop))!;
            Assert.Equal((RunState.Failed, "Given up for run r00003."), (ended.State, ended.Reason));
        }

        Assert.Equal(2, app.Log.Lines.Count(static line => line.Event == 35));
        Assert.Equal(RunState.Running, (await runs.FindAsync("r00003", stop))!.State);
    }

    [Fact]
    public async Task Start_NewerDeltasDuringARun_FollowItByThemselves()
    {
        await using var rig = await NightRig.StartAsync();
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(300));
        await rig.DeliverAsync(NightRig.Tonight.AddDays(1), Delta("D1,first,2026-11-21,5\n"), kind: "delta");
        await rig.DeliverAsync(NightRig.Tonight.AddDays(2), Delta("D2,second,2026-11-22,5\n"), kind: "delta");
        var (reached, goOn) = HoldAtModels(rig, "r00001");
        using var first = await rig.Api.PostAsJsonAsync("api/runs", new { date = NightRig.Tonight });
        await reached.WaitAsync(NightRig.Limit);

        Assert.Equal(new StartedRun("r00001", Started: false), await StartAsync(rig, NightRig.Tonight.AddDays(2)));
        Assert.Equal(new StartedRun("r00001", Started: false), await StartAsync(rig, NightRig.Tonight.AddDays(1)));
        Assert.Equal(new StartedRun("r00001", Started: false), await StartAsync(rig, NightRig.Tonight));
        goOn();

        Assert.Equal(302, (await rig.EndOfAsync("r00003")).Customers);
        Assert.Equal([NightRig.Tonight, NightRig.Tonight.AddDays(1), NightRig.Tonight.AddDays(2)], await PublishedAsync(rig));
        Assert.Equal(HttpStatusCode.OK, (await rig.Api.GetAsync("api/customers/first")).StatusCode);
    }

    [Fact]
    public async Task Timer_MissedDeltas_RunOldestFirstAndKilledAnywhereEachOnce()
    {
        await using var rig = await NightRig.StartAsync(appFolder: ImpatientHost.Folder, settings: NightRig.AtNoon);
        await rig.DeliverAsync(Today.AddDays(-3), Snapshot(300));
        Assert.True((await rig.RunAsync(Today.AddDays(-3))).Published);
        foreach (var ago in (int[])[2, 1, 0])
        {
            await rig.DeliverAsync(Today.AddDays(-ago), Delta($"D{ago},missed{ago},{Today.AddDays(-ago):yyyy-MM-dd},5\n"), kind: "delta");
        }

        // In each step of the chain once: before its message is queued, after it is, and after the run is recorded.
        var kills = new ConcurrentDictionary<string, bool>();
        rig.Proxy.Before = async request =>
        {
            if (request.Queues(Phase.Plan) && request.QueuedText().Contains("r00003", StringComparison.Ordinal) && kills.TryAdd("before the queue", true))
            {
                await rig.KillWorkerAsync();
                return 503;
            }

            return null;
        };
        rig.Proxy.After = async request =>
        {
            var step = request.Queues(Phase.Plan) && request.QueuedText().Contains("r00003", StringComparison.Ordinal) ? "after the queue"
                : request.Method == "POST" && request.Body.Contains("\"PartitionKey\":\"r00004\"", StringComparison.Ordinal)
                    && request.Body.Contains("StartedAt", StringComparison.Ordinal) ? "after the record"
                : null;
            if (step is null || !kills.TryAdd(step, true))
            {
                return true;
            }

            await rig.KillWorkerAsync();
            return false;
        };
        Assert.True((await rig.Host.TriggerTimerAsync("StartNight", TestContext.Current.CancellationToken)).Succeeded);

        var last = await rig.EndOfAsync("r00004");
        Assert.True(last.Published, last.Reason);
        Assert.Equal(303, last.Customers);
        Assert.Equal("r00003", last.Settings!.BaseRun);
        Assert.Equal(3, kills.Count);
        Assert.Equal([Today.AddDays(-3), Today.AddDays(-2), Today.AddDays(-1), Today], await PublishedAsync(rig));
    }

    [Fact]
    public async Task Timer_SnapshotAmongMissedNights_BeginsWithTheNewestOne()
    {
        await using var rig = await NightRig.StartAsync(settings: NightRig.AtNoon);
        await rig.DeliverAsync(Today.AddDays(-4), Snapshot(300));
        Assert.True((await rig.RunAsync(Today.AddDays(-4))).Published);
        await rig.DeliverAsync(Today.AddDays(-3), Delta($"D3,gone,{Today.AddDays(-3):yyyy-MM-dd},5\n"), kind: "delta");
        await rig.DeliverAsync(Today.AddDays(-2), Snapshot(320));
        await rig.DeliverAsync(Today.AddDays(-1), Delta($"D1,late,{Today.AddDays(-30):yyyy-MM-dd},5\n"), kind: "delta");
        // Tonight's has not arrived.
        Assert.True((await rig.Host.TriggerTimerAsync("StartNight", TestContext.Current.CancellationToken)).Succeeded);

        Assert.Equal(321, (await rig.EndOfAsync("r00003")).Customers);
        Assert.Equal([Today.AddDays(-4), Today.AddDays(-2), Today.AddDays(-1)], await PublishedAsync(rig));
        Assert.Equal(HttpStatusCode.NotFound, (await rig.Api.GetAsync("api/customers/gone")).StatusCode);

        // A snapshot of tonight needs nothing before it.
        await rig.DeliverAsync(Today, Snapshot(330));
        Assert.True((await rig.Host.TriggerTimerAsync("StartNight", TestContext.Current.CancellationToken)).Succeeded);
        Assert.Equal(330, (await rig.EndOfAsync("r00004")).Customers);
        Assert.Equal(4, (await PublishedAsync(rig)).Count);
    }

    [Fact]
    public async Task Timer_MissedNightThatFails_StopsTheChainAndIsTriedOnceEachNight()
    {
        await using var rig = await NightRig.StartAsync(workers: 2, settings: NightRig.AtNoon);
        await rig.DeliverAsync(Today.AddDays(-2), Snapshot(300));
        Assert.True((await rig.RunAsync(Today.AddDays(-2))).Published);
        await rig.DeliverAsync(Today.AddDays(-1), new Dictionary<string, string>(Delta("D1,missed,2026-01-02,5\n"))
        {
            ["manifest.json"] = """{"kind":"delta","files":["transactions.csv","more.csv"]}""",
        }, kind: null);
        await rig.DeliverAsync(Today, Delta("D0,tonight,2026-01-02,5\n"), kind: "delta");

        var starting = false;
        rig.Proxy.Before = request => Task.FromResult<int?>(starting && request.Has("GET", "/clv-work/messages") ? 503 : null);
        for (var night = 2; night <= 3; night++)
        {
            // Two timers at once start one run, which does not fail before both have been answered.
            starting = true;
            await Task.WhenAll(StartNightAsync(), StartNightAsync());
            starting = false;
            var failed = await rig.EndOfAsync($"r0000{night}");
            Assert.Equal((RunState.Failed, Today.AddDays(-1)), (failed.State, failed.Date));
            Assert.Contains("lacks more.csv", failed.Reason, StringComparison.Ordinal);
            Assert.Contains($"up to {Today:yyyy-MM-dd}, wait for it", failed.Reason, StringComparison.Ordinal);
        }

        await rig.DeliverAsync(Today.AddDays(-1), Delta("D1,missed,2026-01-02,5\n"), kind: "delta");
        await StartNightAsync();
        Assert.Equal(302, (await rig.EndOfAsync("r00005")).Customers);
        Assert.Equal([Today.AddDays(-2), Today.AddDays(-1), Today], await PublishedAsync(rig));

        async Task StartNightAsync() =>
            Assert.True((await rig.Host.TriggerTimerAsync("StartNight", TestContext.Current.CancellationToken)).Succeeded);
    }

    [Fact]
    public async Task Timer_EarlierNightHeld_WaitsForItAndDoesNotRunItAgain()
    {
        await using var rig = await NightRig.StartAsync(settings: NightRig.AtNoon);
        await rig.DeliverAsync(Today.AddDays(-2), Snapshot(300));
        Assert.True((await rig.RunAsync(Today.AddDays(-2))).Published);
        await rig.DeliverAsync(Today.AddDays(-1), new Dictionary<string, string> { ["transactions.csv"] = "nothing" }, kind: "delta");
        Assert.Equal(RunState.Failed, (await rig.RunAsync(Today.AddDays(-1))).State);
        await rig.Tables.GetTableClient(Names.Runs).UpdateEntityAsync(
            new TableEntity("r00002", "run") { ["State"] = nameof(RunState.Held) }, Azure.ETag.All, TableUpdateMode.Merge);
        await rig.DeliverAsync(Today, Delta("D0,tonight,2026-01-02,5\n"), kind: "delta");

        Assert.True((await rig.Host.TriggerTimerAsync("StartNight", TestContext.Current.CancellationToken)).Succeeded);

        Assert.Equal(Today, (await rig.UntilAsync("r00002", static _ => true)).Until);
        Assert.Equal(2, (await rig.Api.GetFromJsonAsync<JsonElement>("api/runs")).GetProperty("runs").GetArrayLength());

        // A snapshot does not wait.
        await rig.DeliverAsync(Today, Snapshot(310));
        Assert.True((await rig.Host.TriggerTimerAsync("StartNight", TestContext.Current.CancellationToken)).Succeeded);
        Assert.Equal(310, (await rig.EndOfAsync("r00003")).Customers);
    }

    [Fact]
    public async Task Delta_PartitionsChanged_IsRefusedUntilASnapshot()
    {
        await using var rig = await NightRig.StartAsync();
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(300));
        Assert.True((await rig.RunAsync(NightRig.Tonight)).Published);
        await rig.RestartAsync(partitions: 7);
        await rig.DeliverAsync(NightRig.Tonight.AddDays(1), Delta("D1,newcomer,2026-11-21,5\n"), kind: "delta");

        var refused = await rig.RunAsync(NightRig.Tonight.AddDays(1));
        Assert.Equal(RunState.Failed, refused.State);
        Assert.Contains("Clv:Partitions is 7, but the published history has 4", refused.Reason, StringComparison.Ordinal);

        await rig.DeliverAsync(NightRig.Tonight.AddDays(1), Customers.Extract(301));
        Assert.Equal(301, (await rig.RunAsync(NightRig.Tonight.AddDays(1))).Customers);
        await rig.DeliverAsync(NightRig.Tonight.AddDays(2), Delta("D2,newcomer,2026-11-22,5\n"), kind: "delta");
        Assert.Equal(302, (await rig.RunAsync(NightRig.Tonight.AddDays(2))).Customers);
    }

    [Fact]
    public async Task Delta_LateRows_CountAsIfTheyHadBeenInTime()
    {
        const string Header = "transaction_id,customer_id,occurred_at,amount\n";
        await using var rig = await NightRig.StartAsync();
        var rows = Customers.Transactions(300).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(static (row, i) => $"T{i},{row}\n").ToList();
        await rig.DeliverAsync(NightRig.Tonight, new Dictionary<string, string> { ["transactions.csv"] = Header + string.Concat(rows) });
        await rig.RunAsync(NightRig.Tonight);
        await rig.DeliverAsync(NightRig.Tonight.AddDays(1), new Dictionary<string, string> { ["transactions.csv"] = Header + string.Concat(rows) });
        var inTime = await rig.RunAsync(NightRig.Tonight.AddDays(1));

        await using var other = await NightRig.StartAsync();
        // Every seventh row comes a night late, whatever its day.
        await other.DeliverAsync(NightRig.Tonight, new Dictionary<string, string> { ["transactions.csv"] = Header + string.Concat(rows.Where(static (_, i) => i % 7 != 0)) });
        await other.RunAsync(NightRig.Tonight);
        await other.DeliverAsync(
            NightRig.Tonight.AddDays(1),
            new Dictionary<string, string> { ["transactions.csv"] = Header + string.Concat(rows.Where(static (_, i) => i % 7 == 0)) },
            kind: "delta");
        var late = await other.RunAsync(NightRig.Tonight.AddDays(1));

        Assert.True(late.Published, late.Reason);
        // What has changed since the night before differs, and which model comes first to mind when warm-started; the history does not.
        Assert.Equal(inTime.Customers, late.Customers);
        for (var partition = 0; partition < NightRig.Partitions; partition++)
        {
            Assert.Equal(await HistoryAsync(rig, inTime.Run, partition), await HistoryAsync(other, late.Run, partition));
        }
    }

    private static async Task<string> HistoryAsync(NightRig rig, string run, int partition) => Convert.ToHexString(
        (await rig.Blobs.GetBlobContainerClient(Names.History).GetBlobClient(Names.HistoryOf(run, partition)).DownloadContentAsync()).Value.Content);

    // Stops a run where it writes its models, which is one unit, so that others are still worked on, until it may go on.
    private static (Task Reached, Action GoOn) HoldAtModels(NightRig rig, string run)
    {
        var reached = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        rig.Proxy.Before = async request =>
        {
            if (request.Has("PUT", $"/{Names.Models}/{Names.Model(run)}"))
            {
                reached.TrySetResult();
                await goOn.Task;
            }

            return null;
        };
        return (reached.Task, goOn.SetResult);
    }

    private static async Task<StartedRun> StartAsync(NightRig rig, DateOnly date)
    {
        using var answer = await rig.Api.PostAsJsonAsync("api/runs", new { date });
        return (await answer.Content.ReadFromJsonAsync<StartedRun>())!;
    }

    // The dates of published runs in the order in which they were started.
    private static async Task<List<DateOnly>> PublishedAsync(NightRig rig) =>
        [.. (await rig.Api.GetFromJsonAsync<JsonElement>("api/runs")).GetProperty("runs").EnumerateArray().Reverse()
            .Where(static run => run.GetProperty("state").GetString() == "published")
            .Select(static run => DateOnly.Parse(run.GetProperty("date").GetString()!))];

    private static Dictionary<string, string> Snapshot(int customers) =>
        new() { ["transactions.csv"] = Customers.Transactions(customers, until: Today.AddDays(-5)) };

    private static Dictionary<string, string> Delta(string rows) =>
        new() { ["transactions.csv"] = "transaction_id,customer_id,occurred_at,amount\n" + rows };
}
