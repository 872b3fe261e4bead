using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Clv.Functions.Night;
using Clv.Functions.Storage;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Night;

/// <summary>What is not needed any more is dropped, and nothing else.</summary>
public sealed class RetentionTests
{
    [Fact]
    public async Task Nights_FiveWithTwoKept_LeaveTheServedOneAndTheOneToRollBackTo()
    {
        await using var rig = await NightRig.StartAsync(settings: new Dictionary<string, string> { ["Clv__RetainedRuns"] = "2", ["Clv__AuditDays"] = "30" });
        await AuditAsync(rig, daysAgo: 31, rows: 5_205);
        await AuditAsync(rig, daysAgo: 29, rows: 1);
        var first = await NightAsync(rig, 0, 300);
        await rig.DeliverAsync(NightRig.Tonight.AddDays(1), new Dictionary<string, string> { ["transactions.csv"] = "customer_id,occurred_at,amount\nC1,never,5\n" });
        Assert.Equal(RunState.Failed, (await rig.RunAsync(NightRig.Tonight.AddDays(1))).State);
        for (var night = 1; night < 4; night++)
        {
            await NightAsync(rig, night, 300 + night);
        }

        await rig.DeliverAsync(NightRig.Tonight.AddDays(4), new Dictionary<string, string> { ["transactions.csv"] = "customer_id,occurred_at,amount\nC1,never,5\n" });
        Assert.Equal(RunState.Failed, (await rig.RunAsync(NightRig.Tonight.AddDays(4))).State);
        await NightAsync(rig, 4, 304);
        await WatchAsync(rig);

        // r00002 and r00006 failed.
        Assert.Equal(["r00005", "r00007"], await TablesAsync(rig));
        Assert.Equal(["r00005", "r00007"], await RunsAsync(rig, Names.History));
        Assert.Equal(["r00005", "r00007"], await RunsAsync(rig, Names.Exports));
        Assert.Empty(await RunsAsync(rig, Names.Work));
        // What was wrong with rows is told as long as the nights around it are kept.
        Assert.Equal(["r00005", "r00006", "r00007"], await RunsAsync(rig, Names.Quarantine));
        // Beside the rows of tonight's starts.
        Assert.Equal(1, await rig.Tables.GetTableClient(Names.Audit).QueryAsync<TableEntity>().CountAsync(static row => row.GetString("Action") != "start"));

        // Of the others, what nobody can be known by.
        var dropped = await rig.UntilAsync("r00001", static _ => true);
        Assert.NotNull(dropped.RetiredAt);
        Assert.Equal((RunState.Published, 300, first.FutureValue, first.Files.Count), (dropped.State, (int)dropped.Customers, dropped.FutureValue, dropped.Files.Count));
        Assert.Equal(first.Model!.Choice, dropped.Model!.Choice);
        Assert.Equal(first.Phases.Select(static phase => phase.Done), dropped.Phases.Select(static phase => phase.Done));
        Assert.Equal(HttpStatusCode.OK, (await rig.Api.GetAsync("api/runs/r00001/models")).StatusCode);
        Assert.Contains("The night has no customer", (await rig.UntilAsync("r00002", static _ => true)).Reason!, StringComparison.Ordinal);
        Assert.Equal(0, await rig.Tables.GetTableClient(Names.Runs).QueryAsync<TableEntity>("PartitionKey eq 'r00001' and RowKey ge 'unit-' and RowKey lt 'unit.'").CountAsync());
        Assert.Equal("r00007", await ServedAsync(rig));

        // A message of a dropped run, found again: the folder of the CRM is still there.
        using var app = new InProcess(rig);
        foreach (var phase in (Phase[])[Phase.Ingest, Phase.Summarise, Phase.Score])
        {
            await app.Get<UnitRunner>().RunAsync(new WorkMessage("r00001", phase, 0), TestContext.Current.CancellationToken);
        }

        Assert.Empty(await RunsAsync(rig, Names.Work));
        Assert.Equal(["r00005", "r00006", "r00007"], await RunsAsync(rig, Names.Quarantine));
    }

    [Fact]
    public async Task Retention_RolledBackWhileTheNextNightRan_KeepsWhatLookupsCameFrom()
    {
        await using var rig = await NightRig.StartAsync(settings: new Dictionary<string, string> { ["Clv__RetainedRuns"] = "2" });
        await NightAsync(rig, 0, 300);
        await NightAsync(rig, 1, 301);
        var rolledBack = new Lazy<Task<HttpResponseMessage>>(() => rig.Api.PostAsJsonAsync("api/runs/r00001:publish", new { reason = "test" }));
        rig.Proxy.Before = async request =>
        {
            if (request.Has("PUT", "/clv-models/r00003"))
            {
                (await rolledBack.Value).EnsureSuccessStatusCode();
            }

            return null;
        };

        await NightAsync(rig, 2, 302);

        Assert.True(rolledBack.IsValueCreated);
        Assert.Equal("r00003", await ServedAsync(rig));
        Assert.Equal(["r00001", "r00002", "r00003"], await TablesAsync(rig));
        using var back = await rig.Api.PostAsJsonAsync("api/runs/r00001:publish", new { reason = "test" });
        Assert.Equal((HttpStatusCode.OK, "r00001"), (back.StatusCode, await ServedAsync(rig)));
    }

    [Fact]
    public async Task Retention_RolledBackFarther_KeepsTheServedOneAndTheOneBeforeIt()
    {
        await using var rig = await NightRig.StartAsync();
        for (var night = 0; night < 5; night++)
        {
            await NightAsync(rig, night, 300 + night);
        }

        await PointToAsync(rig, "r00002");
        using var app = new InProcess(rig, static options => options with { RetainedRuns = 2 });
        await app.Get<Retention>().RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["r00001", "r00002", "r00004", "r00005"], await TablesAsync(rig));
        Assert.Equal(["r00001", "r00002", "r00004", "r00005"], await RunsAsync(rig, Names.History));
        Assert.Equal("r00002", await ServedAsync(rig));
    }

    [Fact]
    public async Task Retention_RolledBackToTheRunThatIsBeingRetired_LeavesItWhole()
    {
        await using var rig = await NightRig.StartAsync();
        for (var night = 0; night < 4; night++)
        {
            await NightAsync(rig, night, 300 + night);
        }

        using var app = new InProcess(rig, static options => options with { RetainedRuns = 2 });
        rig.Proxy.After = async request =>
        {
            // The moment in which it is marked.
            if (request.IsWrite && request.Target.Contains("r00001", StringComparison.Ordinal) && request.Body.Contains("RetiredAt", StringComparison.Ordinal))
            {
                await PointToAsync(rig, "r00001");
            }

            return true;
        };
        await app.Get<Retention>().RunAsync(TestContext.Current.CancellationToken);
        rig.Proxy.After = static _ => Task.FromResult(true);

        Assert.Equal("r00001", await ServedAsync(rig));
        Assert.Equal(["r00001", "r00003", "r00004"], await TablesAsync(rig));
        Assert.Equal(["r00001", "r00003", "r00004"], await RunsAsync(rig, Names.History));
        Assert.Null((await rig.UntilAsync("r00001", static _ => true)).RetiredAt);
    }

    [Fact]
    public async Task RollBack_ToARunThatIsDroppedInTheSameMomentAndKilledBehindIt_IsNeverServed()
    {
        await using var rig = await NightRig.StartAsync();
        for (var night = 0; night < 4; night++)
        {
            await NightAsync(rig, night, 300 + night);
        }

        using var app = new InProcess(rig, static options => options with { RetainedRuns = 2 });
        // The roll-back has found the run whole; all of retention comes before its next write.
        var killed = KilledBehindTheMoveAsync(rig, "r00001", () => app.Get<Retention>().RunAsync(TestContext.Current.CancellationToken));
        try
        {
            using var answer = await rig.Api.PostAsync("api/runs/r00001:publish", content: null);
        }
        catch (HttpRequestException)
        {
            // Nobody was left to answer.
        }

        await killed.WaitAsync(NightRig.Limit);
        rig.Proxy.Before = static _ => Task.FromResult<int?>(null);
        Assert.NotNull((await rig.UntilAsync("r00001", static _ => true)).RetiredAt);
        Assert.Equal("r00004", await ServedAsync(rig));
        Assert.Equal(["r00003", "r00004"], await TablesAsync(rig));
        using var again = await rig.Api.PostAsync("api/runs/r00001:publish", content: null);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);

        // A run that stays is rolled back to although another one is dropped in the same moment.
        var fenced = new Lazy<Task>(() => app.Get<Pointer>().FenceAsync(TestContext.Current.CancellationToken));
        rig.Proxy.Before = async request =>
        {
            if (MovesTo(request, "r00003"))
            {
                await fenced.Value;
            }

            return null;
        };
        using var moved = await rig.Api.PostAsync("api/runs/r00003:publish", content: null);
        Assert.Equal((HttpStatusCode.OK, true), (moved.StatusCode, fenced.IsValueCreated));
        Assert.Equal("r00003", await ServedAsync(rig));
    }

    [Fact]
    public async Task Publish_OfARunThatIsGivenUpAndDroppedInTheSameMomentAndKilledBehindIt_IsNeverServed()
    {
        await using var rig = await NightRig.StartAsync();
        await NightAsync(rig, 0, 300);
        using var app = new InProcess(rig);
        var killed = KilledBehindTheMoveAsync(rig, "r00002", () => GiveUpAsync(app, "r00002"));
        await rig.DeliverAsync(NightRig.Tonight.AddDays(1), new Dictionary<string, string> { ["transactions.csv"] = Customers.Transactions(301) });
        var report = await rig.RunAsync(NightRig.Tonight.AddDays(1));
        await killed.WaitAsync(NightRig.Limit);
        await rig.UntilAsync("r00001", static _ => true);
        await WatchAsync(rig);

        Assert.Equal((RunState.Failed, "It took too long."), (report.State, report.Reason));
        Assert.Equal((RunState.Failed, "r00001"), ((await rig.UntilAsync("r00002", static _ => true)).State, await ServedAsync(rig)));
        Assert.Equal(["r00001"], await TablesAsync(rig));
    }

    [Fact]
    public async Task Publish_OfTheFirstRunThatIsGivenUpInTheSameMomentAndKilledBehindIt_IsServedWhole()
    {
        await using var rig = await NightRig.StartAsync();
        using var app = new InProcess(rig);
        var killed = KilledBehindTheMoveAsync(rig, "r00001", async () =>
        {
            await GiveUpAsync(app, "r00001");
            // Somebody is erased, and nobody else.
            Assert.True((await rig.Api.DeleteAsync("api/customers/C7")).IsSuccessStatusCode);
        });
        await rig.DeliverAsync(NightRig.Tonight, new Dictionary<string, string> { ["transactions.csv"] = Customers.Transactions(300) });
        var report = await rig.RunAsync(NightRig.Tonight);
        Assert.Equal((RunState.Failed, "It took too long."), (report.State, report.Reason));
        await killed.WaitAsync(NightRig.Limit);
        await rig.UntilAsync("r00001", static _ => true);
        await WatchAsync(rig);

        Assert.Equal((RunState.Published, "r00001"), ((await rig.UntilAsync("r00001", static _ => true)).State, await ServedAsync(rig)));
        Assert.Equal(["r00001"], await TablesAsync(rig));
        Assert.Equal(["r00001"], await RunsAsync(rig, Names.History));
        Assert.Equal(HttpStatusCode.NotFound, (await rig.Api.GetAsync("api/customers/C7")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await rig.Api.GetAsync("api/explanations/C6")).StatusCode);
    }

    [Fact]
    public async Task Retention_EndedAtEveryWrite_GoesOnAndNeverTouchesWhatIsKept()
    {
        await using var rig = await NightRig.StartAsync();
        for (var night = 0; night < 4; night++)
        {
            await NightAsync(rig, night, 300 + night);
        }

        var (before, served) = (await rig.ScoresAsync("r00003"), await rig.ScoresAsync("r00004"));
        using var app = new InProcess(rig, static options => options with { RetainedRuns = 2 });
        var seen = new HashSet<string>();
        var ended = false;
        rig.Proxy.Before = request =>
        {
            // Each write ends the call once, in the place of it; what a dead process would have written after does not happen either.
            // Several come at a time.
            lock (seen)
            {
                ended |= ChangesWhatIsKept(request) is { } write && seen.Add(write);
                return Task.FromResult<int?>(ended && request.IsWrite && !IsLookup(request) ? 403 : null);
            }
        };
        while (true)
        {
            try
            {
                ended = false;
                await app.Get<Retention>().RunAsync(TestContext.Current.CancellationToken);
                break;
            }
            catch (RequestFailedException e) when (e.Status == 403)
            {
                Assert.Equal("r00004", await ServedAsync(rig));
            }
        }

        rig.Proxy.Before = static _ => Task.FromResult<int?>(null);
        Assert.True(seen.Count > 60, $"{seen.Count} writes");
        Assert.Equal(["r00003", "r00004"], await TablesAsync(rig));
        Assert.Equal(["r00003", "r00004"], await RunsAsync(rig, Names.History));
        Assert.Equal((before, served), (await rig.ScoresAsync("r00003"), await rig.ScoresAsync("r00004")));
        Assert.Equal(300, (await rig.UntilAsync("r00001", static _ => true)).Customers);

        // The row in the audit that a lookup leaves.
        static bool IsLookup(StorageRequest request) => request.Method != "DELETE" && request.Target.Contains($"/{Names.Audit}(", StringComparison.Ordinal);

        // Which write it is, in whichever call; null for what makes sure that containers and tables exist.
        static string? ChangesWhatIsKept(StorageRequest request) =>
            !request.IsWrite || IsLookup(request) || request.Target.Contains("restype=container", StringComparison.Ordinal) || request.Has("POST", "/Tables") ? null
            : request.Target.Contains("$batch", StringComparison.Ordinal) ? request.Body.Split('\n').First(static line => line.StartsWith("DELETE", StringComparison.Ordinal))
            : $"{request.Method} {request.Target} {string.Concat(((string[])["RetiredAt", "RemovingAt", "RemovedAt"]).Where(name => request.Body.Contains(name, StringComparison.Ordinal)))}";
    }

    [Fact]
    public async Task Night_KilledWhileItsEndDropsARun_IsFinishedByTheWatch()
    {
        await using var rig = await NightRig.StartAsync(settings: new Dictionary<string, string> { ["Clv__RetainedRuns"] = "2" });
        await NightAsync(rig, 0, 300);
        await NightAsync(rig, 1, 301);
        var killed = new TaskCompletionSource();
        rig.Proxy.After = async request =>
        {
            if (!killed.Task.IsCompleted && request.Has("DELETE", Names.Scores("r00001")))
            {
                await rig.KillWorkerAsync();
                killed.SetResult();
                return false;
            }

            return true;
        };
        await NightAsync(rig, 2, 302);
        await killed.Task.WaitAsync(NightRig.Limit);
        Assert.Equal(["r00001", "r00002", "r00003"], await RunsAsync(rig, Names.History));

        await WatchAsync(rig);

        Assert.Equal(["r00002", "r00003"], await RunsAsync(rig, Names.History));
        Assert.Equal(["r00002", "r00003"], await TablesAsync(rig));
    }

    [Fact]
    public async Task Retention_LateUnitOfAFailedRun_IsCleanedUpAfter()
    {
        await using var rig = await NightRig.StartAsync();
        await NightAsync(rig, 0, 300);
        await rig.DeliverAsync(NightRig.Tonight.AddDays(1), new Dictionary<string, string> { ["transactions.csv"] = "nothing" });
        Assert.Equal(RunState.Failed, (await rig.RunAsync(NightRig.Tonight.AddDays(1))).State);
        await WatchAsync(rig);
        Assert.Equal(["r00001"], await RunsAsync(rig, Names.History));

        // What a unit leaves that was under way when its run failed.
        await rig.Blobs.GetBlobContainerClient(Names.History).GetBlobClient("r00002/00000").UploadAsync(BinaryData.FromString("late"));
        await rig.Blobs.GetBlobContainerClient(Names.Work).GetBlobClient("r00002/facts/00000").UploadAsync(BinaryData.FromString("late"));
        await rig.Tables.CreateTableAsync(Names.Scores("r00002"));
        await WatchAsync(rig);

        Assert.Equal(["r00001"], await RunsAsync(rig, Names.History));
        Assert.Empty(await RunsAsync(rig, Names.Work));
        Assert.Equal(["r00001"], await TablesAsync(rig));

        // And of one that is held: what it needs for its publication stays.
        await rig.Tables.GetTableClient(Names.Runs).UpdateEntityAsync(new TableEntity("r00002", "run") { ["State"] = nameof(RunState.Held) }, ETag.All, TableUpdateMode.Merge);
        foreach (var name in Names.SpentBeforePublishing("r00002").Select(static spent => $"{spent}00000").Append(Names.EventsPart("r00002", 0)))
        {
            await rig.Blobs.GetBlobContainerClient(Names.Work).GetBlobClient(name).UploadAsync(BinaryData.FromString("late"));
        }

        await WatchAsync(rig);
        Assert.Equal([Names.EventsPart("r00002", 0)], await NightTests.BlobsAsync(rig, Names.Work));
    }

    [Fact]
    public async Task Retention_FilesOfARunThatNobodyKnows_AreToldAndLeft()
    {
        await using var rig = await NightRig.StartAsync();
        using var app = new InProcess(rig);
        await app.Get<NightBlobs>().EnsureAsync(TestContext.Current.CancellationToken);
        await rig.Blobs.GetBlobContainerClient(Names.History).GetBlobClient("r04711/00000").UploadAsync(BinaryData.FromString("somebody's"));
        await rig.Tables.CreateTableAsync(Names.Scores("r04712"));

        await app.Get<Retention>().RunAsync(TestContext.Current.CancellationToken);

        var line = Assert.Single(app.Log.Lines, static line => line.Event == 38);
        Assert.Contains("r04711, r04712", line.Text, StringComparison.Ordinal);
        Assert.Equal(["r04711"], await RunsAsync(rig, Names.History));
    }

    private static async Task<RunReport> NightAsync(NightRig rig, int night, int customers)
    {
        var rows = Customers.Transactions(customers) + "C1,never,5\n";
        await rig.DeliverAsync(NightRig.Tonight.AddDays(night), new Dictionary<string, string> { ["transactions.csv"] = rows });
        var report = await rig.RunAsync(NightRig.Tonight.AddDays(night));
        Assert.True(report.Published, report.Reason);
        // The night's own end drops what it may.
        await rig.UntilQuietAsync();
        return report;
    }

    // Something comes right before lookups are moved to a run, however often that is tried; the process is killed right behind it. Ends with that.
    private static Task KilledBehindTheMoveAsync(NightRig rig, string run, Func<Task> before)
    {
        var come = new Lazy<Task>(before);
        var killed = new TaskCompletionSource();
        rig.Proxy.Before = async request =>
        {
            if (MovesTo(request, run))
            {
                await come.Value;
            }

            return null;
        };
        rig.Proxy.After = async request =>
        {
            if (!MovesTo(request, run) || killed.Task.IsCompleted)
            {
                return true;
            }

            await rig.KillWorkerAsync();
            killed.TrySetResult();
            return false;
        };
        return killed.Task;
    }

    private static async Task GiveUpAsync(InProcess app, string run)
    {
        await app.Get<UnitRunner>().GiveUpAsync(new WorkMessage(run, Phase.Publish, 0), "It took too long.", TestContext.Current.CancellationToken);
        await app.Get<Retention>().RunAsync(TestContext.Current.CancellationToken);
    }

    private static bool MovesTo(StorageRequest request, string run) =>
        request.IsWrite && request.Body.Contains("\"PublishedAt\"", StringComparison.Ordinal) && request.Body.Contains($"\"Run\":\"{run}\"", StringComparison.Ordinal);

    private static async Task WatchAsync(NightRig rig) =>
        Assert.True((await rig.Host.TriggerTimerAsync("Watch", TestContext.Current.CancellationToken)).Succeeded);

    private static async Task PointToAsync(NightRig rig, string run)
    {
        var table = rig.Tables.GetTableClient(Names.Runs);
        var pointer = (await table.GetEntityAsync<TableEntity>("pointer", "pointer")).Value;
        pointer["Run"] = run;
        pointer["Date"] = (await table.GetEntityAsync<TableEntity>(run, "run")).Value.GetString("Date");
        await table.UpdateEntityAsync(pointer, ETag.All, TableUpdateMode.Replace);
    }

    private static async Task AuditAsync(NightRig rig, int daysAgo, int rows)
    {
        var table = rig.Tables.GetTableClient(Names.Audit);
        await table.CreateIfNotExistsAsync();
        var day = $"{DateTime.UtcNow.AddDays(-daysAgo):yyyyMMdd}";
        foreach (var some in Enumerable.Range(0, rows).Chunk(100))
        {
            await table.SubmitTransactionAsync(
                some.Select(row => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity(day, $"{row:D5}") { ["Who"] = "host" })));
        }
    }

    private static async Task<string> ServedAsync(NightRig rig) =>
        (await rig.Api.GetFromJsonAsync<JsonElement>("api/customers/C5")).GetProperty("run").GetProperty("id").GetString()!;

    private static async Task<List<string>> TablesAsync(NightRig rig) =>
        [.. await rig.Tables.QueryAsync().Select(static table => table.Name).Where(static name => name.StartsWith(Names.Scores(""), StringComparison.Ordinal))
            .Select(static name => name[Names.Scores("").Length..]).Order().ToListAsync()];

    private static async Task<List<string>> RunsAsync(NightRig rig, string container) =>
        [.. (await NightTests.BlobsAsync(rig, container)).Select(static name => name.Split('/')[0]).Distinct().Order(StringComparer.Ordinal)];
}
