using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Clv.Functions.Night;
using Clv.Functions.Storage;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Night;

/// <summary>Nights that differ too much from the last one are held; an operator releases them, or serves an earlier run again.</summary>
public sealed class GateTests
{
    private const string DeltaHeader = "transaction_id,customer_id,occurred_at,amount\n";

    private static readonly DateOnly Next = NightRig.Tonight.AddDays(1);

    [Fact]
    public async Task Night_TooDifferentFromTheLast_IsHeldForEachReasonAndTheLastIsServed()
    {
        await using var rig = await NightRig.StartAsync();
        var tonight = Customers.Transactions(400);
        await PublishedAsync(rig, NightRig.Tonight, Files(tonight));
        var rows = tonight.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var bad = string.Concat(Enumerable.Repeat("C1,someday,5\n", rows.Length / 8));
        var dear = string.Join('\n', rows.Select(static row => row.EndsWith("amount", StringComparison.Ordinal) ? row : row.Insert(row.LastIndexOf(',') + 1, "9")));

        foreach (var (date, content, reasons) in ((DateOnly, string, string[])[])
            [
                (Next, Customers.Transactions(100), ["The run has 100 customers, the published run r00001 has 400: less than 50 % of them", "300 are not there any more"]),
                (Next, Customers.Transactions(900), ["The run has 900 customers, the published run r00001 has 400: more than 200 % of them"]),
                (Next, Customers.Transactions(400, id: static i => $"K{i}"), ["Of the 400 people of run r00001 of 2026-11-20, 400 are not there any more"]),
                (Next, dear, ["The total future value is "]),
                (Next, tonight + bad, [$"rows of transactions.csv, {rows.Length / 8:N0} were set aside, more than 10 %"]),
                (NightRig.Tonight.AddDays(40), OnePurchaseEach(400), ["The model of purchases is that of run r00001 of 2026-11-20, 40 days ago"]),
            ])
        {
            await rig.DeliverAsync(date, Files(content));
            var held = await rig.RunAsync(date);

            Assert.True(held.State == RunState.Held, $"{held.State}: {held.Reason} instead of {reasons[0]}");
            Assert.All(reasons, reason => Assert.Contains(reason, held.Reason!, StringComparison.Ordinal));
            Assert.Contains($"POST /api/runs/{held.Run}:publish", held.Reason, StringComparison.Ordinal);
            Assert.Equal("r00001", await ServedAsync(rig));
            var listed = (await ListAsync(rig)).Runs[0];
            Assert.Equal((held.Run, RunState.Held, true, held.Reason), (listed.Run, listed.State, listed.CanPublish, listed.Reason));
            Assert.NotNull(listed.EndedAt);
            // What neither publishing nor telling events needs is gone: customers' ids stand in clear in it.
            await rig.UntilWorkIsAsync(static name => name.Contains("/portfolio/", StringComparison.Ordinal)
                || name.Contains("/events/", StringComparison.Ordinal) || name.EndsWith("/erased", StringComparison.Ordinal));

            Assert.Contains(await NightTests.BlobsAsync(rig, Names.Work), name => name.StartsWith($"{held.Run}/events/", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task FirstNight_WithManyRowsSetAside_IsHeldAndReleased()
    {
        await using var rig = await NightRig.StartAsync();
        await rig.DeliverAsync(NightRig.Tonight, Files(Customers.Transactions(300) + string.Concat(Enumerable.Repeat("C1,someday,5\n", 400))));

        var held = await rig.RunAsync(NightRig.Tonight);

        Assert.True(held.State == RunState.Held, held.Reason);
        Assert.Contains("Nothing is published yet.", held.Reason, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await rig.Api.GetAsync("api/customers/C1")).StatusCode);
        Assert.Equal("released", await PublishAsync(rig, held.Run));
        Assert.Equal(RunState.Published, (await rig.EndOfAsync(held.Run)).State);
        Assert.Equal(HttpStatusCode.OK, (await rig.Api.GetAsync("api/customers/C1")).StatusCode);
    }

    [Fact]
    public async Task Release_OfAHeldNight_PublishesWhatItWouldHaveBeenAndTellsItsEventsOnce()
    {
        await using var rig = await NightRig.StartAsync();
        var held = await HeldWorldAsync(rig);
        await rig.ToldAsync();

        Assert.Equal("released", await PublishAsync(rig, held.Run, "The shop's test orders, as every autumn."));
        var released = await rig.EndOfAsync(held.Run);

        Assert.True(released.State == RunState.Published, released.Reason);
        Assert.Equal((true, "functions-key"), (released.Published, released.ReleasedBy));
        Assert.NotNull(released.ReleasedAt);
        var events = await rig.EventsAsync(held.Run);
        Assert.NotEmpty(events);
        var told = await rig.ToldAsync();
        // A message that is delivered twice may tell an event twice, in the same words.
        Assert.Equal(events.Count, told.Select(static message => NightJson.Write(message)).Distinct().Count());
        Assert.Equal(events.Count, told.Select(static message => message.Id).Distinct().Count());
        await rig.UntilWorkIsAsync(static _ => false);
        var audited = Assert.Single(await AuditAsync(rig));
        Assert.Equal(
            ("functions-key", "publish", "released", held.Run, "The shop's test orders, as every autumn."),
            (Text(audited, "who"), Text(audited, "action"), Text(audited, "outcome"), Text(audited, "run"), Text(audited, "detail")));

        // Without the rows that were set aside the night is not held, and says the same.
        var undisturbed = await PublishedAsync(rig, NightRig.Tonight, World.Extract(NightRig.Tonight));
        Assert.Equal(await rig.ScoresAsync(undisturbed.Run), await rig.ScoresAsync(held.Run));
        Assert.Equal(await rig.EventsAsync(undisturbed.Run), events);
    }

    [Fact]
    public async Task Release_KilledBetweenItsRecordAndItsMessage_IsFinishedByASecondCall()
    {
        await using var rig = await NightRig.StartAsync();
        var held = await HeldWorldAsync(rig);
        await rig.UntilQuietAsync();
        var killed = false;
        rig.Proxy.Before = async request =>
        {
            if (killed || !request.Has("POST", "/clv-work/messages"))
            {
                return null;
            }

            killed = true;
            await rig.KillWorkerAsync();
            return 503;
        };

        Assert.NotEqual("released", await PublishAsync(rig, held.Run));
        Assert.True(killed);
        var between = await rig.UntilAsync(held.Run, static _ => true);
        Assert.Equal((RunState.Running, "functions-key", (DateTimeOffset?)null), (between.State, between.ReleasedBy, between.EndedAt));
        Assert.Equal("released", await PublishAsync(rig, held.Run));

        Assert.Equal(RunState.Published, (await rig.EndOfAsync(held.Run)).State);
        Assert.Equal(held.Run, (await ListAsync(rig)).Served!.Run);
    }

    [Fact]
    public async Task Release_ManyAtOnce_MakesOnePublication()
    {
        await using var rig = await NightRig.StartAsync(workers: 2);
        var held = await HeldWorldAsync(rig);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => PublishAsync(rig, held.Run)));

        Assert.All(answers, static answer => Assert.True(answer is "released" or "served", answer));
        var released = await rig.EndOfAsync(held.Run);
        Assert.Equal(RunState.Published, released.State);
        Assert.All(released.Phases, static phase => Assert.Equal(phase.Units, phase.Done));
        Assert.Equal((held.Run, "night", "r00001"), ((await ListAsync(rig)).Served!.Run, (await ListAsync(rig)).Served!.MovedBy, (await ListAsync(rig)).Served!.MovedFrom));
        Assert.Equal(6, (await AuditAsync(rig)).Count);
    }

    [Fact]
    public async Task Held_WhenALaterRunIsPublished_IsSuperseded()
    {
        await using var rig = await NightRig.StartAsync();
        await PublishedAsync(rig, NightRig.Tonight, Customers.Extract(400));
        await rig.DeliverAsync(Next, Customers.Extract(100));
        var held = await rig.RunAsync(Next);
        Assert.Equal(RunState.Held, held.State);

        await PublishedAsync(rig, Next, Customers.Extract(390));

        var superseded = await rig.EndOfAsync(held.Run);
        Assert.Equal(RunState.Failed, superseded.State);
        Assert.Contains("Superseded: run r00003 was published since. It had been held: The run has 100 customers", superseded.Reason, StringComparison.Ordinal);
        Assert.Equal("refused", await PublishAsync(rig, held.Run));
        Assert.Equal("r00003", await ServedAsync(rig));
    }

    [Fact]
    public async Task RollBack_AndForward_AreServedAtOnceAndTheNextNightMovesOn()
    {
        await using var rig = await NightRig.StartAsync();
        await PublishedAsync(rig, SmallWorld.Before, World.Extract(SmallWorld.Before));
        var id = await KnownAsync(rig);
        var (first, firstServed) = (await SeenAsync(rig, id), (await ListAsync(rig)).Served!);
        await PublishedAsync(rig, NightRig.Tonight, World.Extract(NightRig.Tonight));
        var second = await SeenAsync(rig, id);
        Assert.NotEqual(first, second);

        Assert.Equal("rolledBack", await PublishAsync(rig, "r00001", "Prices of the wrong shop."));

        Assert.Equal(first, await SeenAsync(rig, id));
        var list = await ListAsync(rig);
        Assert.Equal(("r00001", "functions-key", "r00002"), (list.Served!.Run, list.Served.MovedBy, list.Served.MovedFrom));
        // The scores are as old as they are.
        Assert.InRange((list.Served.PublishedAt - firstServed.PublishedAt).TotalSeconds, 0, 10);
        Assert.True(list.Served.MovedAt > firstServed.MovedAt);
        Assert.Equal([("r00002", false, true), ("r00001", true, false)], list.Runs.Select(static run => (run.Run, run.Published, run.CanPublish)));
        Assert.Equal("served", await PublishAsync(rig, "r00001"));

        Assert.Equal("rolledForward", await PublishAsync(rig, "r00002"));
        Assert.Equal(second, await SeenAsync(rig, id));
        Assert.Equal("rolledBack", await PublishAsync(rig, "r00001"));

        // A night of other files is published as ever, and compared with what was served.
        var next = await PublishedAsync(rig, Next, World.Extract(Next));
        Assert.Equal(("r00001", "r00003"), (next.Settings!.ComparedRun, await ServedAsync(rig)));
        Assert.Equal("r00001", (await ListAsync(rig)).Served!.MovedFrom);

        var audit = await AuditAsync(rig);
        Assert.Equal(["rolled-back", "served", "rolled-forward", "rolled-back"], audit.Select(static row => Text(row, "outcome")));
        Assert.Equal("Prices of the wrong shop.", Text(audit[0], "detail"));
    }

    [Fact]
    public async Task RollBack_ThenDeltas_LackNoRowsUntilTheDayIsPublishedAgain()
    {
        await using var rig = await NightRig.StartAsync();
        await PublishedAsync(rig, NightRig.Tonight, Customers.Extract(400));
        await PublishedAsync(rig, Next, Files(DeltaHeader + "M1,middle,2026-11-21,5\n"), kind: "delta");
        Assert.Equal("rolledBack", await PublishAsync(rig, "r00001"));
        await rig.DeliverAsync(Next.AddDays(1), Files(DeltaHeader + "N1,newcomer,2026-11-22,7\n"), kind: "delta");

        var early = await rig.RunAsync(Next.AddDays(1));
        Assert.Equal(RunState.Failed, early.State);
        Assert.Contains("2026-11-21 were delivered and never published", early.Reason, StringComparison.Ordinal);

        // The same files again would bring back what was rolled back, so nobody's timer does that.
        var again = await rig.RunAsync(Next);
        Assert.Equal(RunState.Held, again.State);
        Assert.Contains("the very files and settings of run r00002, from which lookups were rolled back to run r00001", again.Reason, StringComparison.Ordinal);
        Assert.Equal("r00001", await ServedAsync(rig));

        // Corrected, the day is published, and the next delta adds to it.
        Assert.Equal(401, (await PublishedAsync(rig, Next, Files(DeltaHeader + "M1,corrected,2026-11-21,5\n"), kind: "delta")).Customers);
        Assert.Equal(402, (await PublishedAsync(rig, Next.AddDays(1), Files(DeltaHeader + "N1,newcomer,2026-11-22,7\n"), kind: "delta")).Customers);
        Assert.Equal(HttpStatusCode.OK, (await rig.Api.GetAsync("api/customers/corrected")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await rig.Api.GetAsync("api/customers/middle")).StatusCode);
    }

    [Fact]
    public async Task RollBack_WhileADeltaIsAddedToTheRunRolledBack_HoldsTheDelta()
    {
        await using var rig = await NightRig.StartAsync();
        await PublishedAsync(rig, NightRig.Tonight, Customers.Extract(400));
        await PublishedAsync(rig, Next, Customers.Extract(400, seed: 2));
        await rig.DeliverAsync(Next.AddDays(1), Files(DeltaHeader + "N1,newcomer,2026-11-22,7\n"), kind: "delta");
        var (reached, moved) = (new TaskCompletionSource(), new TaskCompletionSource());
        rig.Proxy.Before = async request =>
        {
            if (request.Method == "POST" && request.Body.Contains("clvscoresr00003", StringComparison.Ordinal))
            {
                reached.TrySetResult();
                await moved.Task;
            }

            return null;
        };
        using var started = await rig.Api.PostAsJsonAsync("api/runs", new { date = Next.AddDays(1) });
        await reached.Task.WaitAsync(NightRig.Limit);
        Assert.Equal("refused", await PublishAsync(rig, "r00003"));
        Assert.Equal("rolledBack", await PublishAsync(rig, "r00001"));
        moved.SetResult();

        var held = await rig.EndOfAsync("r00003");

        Assert.Equal(RunState.Held, held.State);
        Assert.Contains("history of run r00002, from which lookups were rolled back to run r00001", held.Reason, StringComparison.Ordinal);
        Assert.Equal("r00001", await ServedAsync(rig));
    }

    [Fact]
    public async Task Publish_OfARunThatCannotBeServed_IsRefusedAndAudited()
    {
        await using var rig = await NightRig.StartAsync();
        await PublishedAsync(rig, NightRig.Tonight, Customers.Extract(300));
        await PublishedAsync(rig, Next, Customers.Extract(300));
        var failed = await rig.RunAsync(Next.AddDays(5));
        Assert.Equal(RunState.Failed, failed.State);
        var runs = rig.Tables.GetTableClient(Names.Runs);
        var whole = (await runs.GetEntityAsync<TableEntity>("r00001", RunRecord.Row)).Value;
        var settings = whole.GetString("Settings")!;

        await RefusedAsync(failed.Run, $"Run {failed.Run} failed and has no scores");
        await WithAsync("RetiredAt", DateTimeOffset.UnixEpoch, "not kept any more (Clv:RetainedRuns)");
        await WithAsync("Settings", NightJson.Write(NightJson.Read<RunSettings>(settings) with { HashKeyFingerprint = "another" }), "made with another Clv:HashKey");
        await WithAsync("Settings", NightJson.Write(NightJson.Read<RunSettings>(settings) with { HistoryFormat = 1 }), "made by an earlier version of this program");

        // Retired in the very moment in which lookups are moved to it.
        using var app = new InProcess(rig);
        rig.Proxy.Before = async request =>
        {
            if (request.Body.Contains("PublishedAt", StringComparison.Ordinal) && request.Body.Contains("r00001", StringComparison.Ordinal))
            {
                await runs.UpdateEntityAsync(new TableEntity("r00001", RunRecord.Row) { ["RetiredAt"] = DateTimeOffset.UnixEpoch }, ETag.All, TableUpdateMode.Merge);
                await app.Get<Pointer>().FenceAsync(TestContext.Current.CancellationToken);
            }

            return null;
        };
        await RefusedAsync("r00001", "not kept any more");
        rig.Proxy.Before = static _ => Task.FromResult<int?>(null);
        Assert.Equal(["rolled-back", "refused"], (await AuditAsync(rig)).TakeLast(2).Select(static row => Text(row, "outcome")));
        Assert.Equal(("r00002", "night", "r00001"), ((await ListAsync(rig)).Served!.Run, (await ListAsync(rig)).Served!.MovedBy, (await ListAsync(rig)).Served!.MovedFrom));
        await runs.UpdateEntityAsync(whole, ETag.All, TableUpdateMode.Replace);

        await rig.Tables.DeleteTableAsync(Names.Scores("r00001"));
        await RefusedAsync("r00001", "not kept any more");

        Assert.Equal("Unknown run", await PublishAsync(rig, "r00099"));
        Assert.Equal("unknown", Text((await AuditAsync(rig))[^1], "outcome"));
        var before = (await AuditAsync(rig)).Count;
        Assert.Equal("The request is malformed", await PublishAsync(rig, "r1"));
        Assert.Equal("The request is malformed", await PublishAsync(rig, "r00001", new string('x', 501)));
        Assert.Equal(before, (await AuditAsync(rig)).Count);

        async Task WithAsync(string column, object value, string reason)
        {
            await runs.UpdateEntityAsync(new TableEntity("r00001", RunRecord.Row) { [column] = value }, ETag.All, TableUpdateMode.Merge);
            await RefusedAsync("r00001", reason);
            Assert.False((await ListAsync(rig)).Runs.Single(static run => run.Run == "r00001").CanPublish);
            await runs.UpdateEntityAsync(whole, ETag.All, TableUpdateMode.Replace);
        }

        async Task RefusedAsync(string run, string reason)
        {
            using var answer = await rig.Api.PostAsync($"api/runs/{run}:publish", null);
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Contains(reason, Text(problem, "detail"), StringComparison.Ordinal);
            var audited = (await AuditAsync(rig))[^1];
            Assert.Equal(("refused", run), (Text(audited, "outcome"), Text(audited, "run")));
            Assert.Contains(reason, Text(audited, "detail"), StringComparison.Ordinal);
            Assert.Equal("r00002", (await ListAsync(rig)).Served!.Run);
        }
    }

    [Fact]
    public async Task Publish_ThatCannotBeAudited_DoesNothing()
    {
        await using var rig = await NightRig.StartAsync();
        await PublishedAsync(rig, NightRig.Tonight, Customers.Extract(300));
        await PublishedAsync(rig, Next, Customers.Extract(300));
        rig.Proxy.Before = static request => Task.FromResult<int?>(request.IsWrite && request.Target.Contains(Names.Audit, StringComparison.Ordinal) ? 403 : null);

        using var answer = await rig.Api.PostAsync("api/runs/r00001:publish", null);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("r00002", await ServedAsync(rig));
    }

    [Fact]
    public async Task Audit_OfADay_IsReadPageByPage()
    {
        await using var rig = await NightRig.StartAsync();
        Assert.Empty(await AuditAsync(rig));
        for (var i = 1; i <= 5; i++)
        {
            await PublishAsync(rig, $"r0000{i}");
        }

        var seen = new List<string?>();
        var next = "";
        do
        {
            var page = await rig.Api.GetFromJsonAsync<JsonElement>($"api/audit?day={DateTime.UtcNow:yyyy-MM-dd}&limit=2{(next.Length > 0 ? $"&after={next}" : "")}");
            Assert.InRange(page.GetProperty("entries").GetArrayLength(), 1, 2);
            seen.AddRange(page.GetProperty("entries").EnumerateArray().Select(static row => Text(row, "run")));
            next = page.TryGetProperty("next", out var more) ? more.GetString()! : "";
        }
        while (next.Length > 0);

        Assert.Equal(["r00001", "r00002", "r00003", "r00004", "r00005"], seen);
        foreach (var query in (string[])["", "?day=yesterday", $"?day=2026-11-20&limit=0", $"?day=2026-11-20&limit=1001", "?day=2026-11-20&after=" + new string('x', 65)])
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await rig.Api.GetAsync("api/audit" + query)).StatusCode);
        }
    }

    private static SmallWorld World { get; } = new(customers: 120);

    // A night a week after the first, with everything that it should have and many rows that cannot be read.
    private static async Task<RunReport> HeldWorldAsync(NightRig rig)
    {
        await PublishedAsync(rig, SmallWorld.Before, World.Extract(SmallWorld.Before));
        var files = new Dictionary<string, string>(World.Extract(NightRig.Tonight));
        var columns = files["transactions.csv"].Split('\n')[0].Count(static c => c == ',');
        files["transactions.csv"] += string.Concat(Enumerable.Repeat($"x{new string(',', columns)}\n", files["transactions.csv"].Count(static c => c == '\n') / 5));
        await rig.DeliverAsync(NightRig.Tonight, files);
        var held = await rig.RunAsync(NightRig.Tonight);
        Assert.True(held.State == RunState.Held, $"{held.State}: {held.Reason}");
        Assert.Contains("rows of transactions.csv", held.Reason, StringComparison.Ordinal);
        return held;
    }

    private static async Task<RunReport> PublishedAsync(NightRig rig, DateOnly date, IReadOnlyDictionary<string, string> files, string kind = "snapshot")
    {
        await rig.DeliverAsync(date, files, kind);
        var report = await rig.RunAsync(date);
        Assert.True(report.State == RunState.Published, $"{report.State}: {report.Reason}");
        return report;
    }

    // The outcome, or a problem's title.
    private static async Task<string> PublishAsync(NightRig rig, string run, string? reason = null)
    {
        using var answer = await (reason is null ? rig.Api.PostAsync($"api/runs/{run}:publish", null) : rig.Api.PostAsJsonAsync($"api/runs/{run}:publish", new { reason }));
        if (answer.Content.Headers.ContentType?.MediaType is not ("application/json" or "application/problem+json"))
        {
            return answer.StatusCode.ToString();
        }

        var content = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var outcome = content.TryGetProperty("outcome", out var of) ? of.GetString()! : Text(content, "title")!;
        Assert.Equal(
            outcome switch
            {
                "released" => HttpStatusCode.Accepted,
                "rolledBack" or "rolledForward" or "served" => HttpStatusCode.OK,
                "Unknown run" => HttpStatusCode.NotFound,
                "The run cannot be published" => HttpStatusCode.Conflict,
                _ => answer.StatusCode,
            },
            answer.StatusCode);
        return outcome == "The run cannot be published" ? "refused" : outcome;
    }

    private static async Task<string?> ServedAsync(NightRig rig) =>
        Text(await rig.Api.GetFromJsonAsync<JsonElement>("api/healthz"), "run");

    private static async Task<RunList> ListAsync(NightRig rig) => (await rig.Api.GetFromJsonAsync<RunList>("api/runs", NightJson.Options))!;

    private static async Task<List<JsonElement>> AuditAsync(NightRig rig) =>
        [.. (await rig.Api.GetFromJsonAsync<JsonElement>($"api/audit?day={DateTime.UtcNow:yyyy-MM-dd}")).GetProperty("entries").EnumerateArray()
            .Where(static row => Text(row, "action") == "publish")];

    // An id that the published run knows.
    private static async Task<int> KnownAsync(NightRig rig)
    {
        for (var id = 1; id <= 60; id++)
        {
            using var answer = await rig.Api.GetAsync($"api/customers/{id}");
            if (answer.IsSuccessStatusCode && (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("customer").TryGetProperty("value", out _))
            {
                return id;
            }
        }

        throw new InvalidOperationException("The world has no customer.");
    }

    // What an agent and an analyst see of a customer and of all.
    private static async Task<(string? Run, string Customer, string Explanation, string Portfolio)> SeenAsync(NightRig rig, int id)
    {
        var lookup = await rig.Api.GetFromJsonAsync<JsonElement>($"api/customers/{id}");
        var portfolio = await rig.Api.GetFromJsonAsync<JsonElement>("api/portfolio");
        Assert.Equal(Text(lookup.GetProperty("run"), "id"), Text(portfolio, "run"));
        return (
            Text(lookup.GetProperty("run"), "id"),
            lookup.GetProperty("customer").ToString(),
            await rig.Api.GetStringAsync($"api/explanations/{id}"),
            portfolio.GetProperty("portfolio").ToString());
    }

    private static Dictionary<string, string> Files(string transactions) => new() { ["transactions.csv"] = transactions };

    private static string OnePurchaseEach(int customers) =>
        "customer_id,date,amount\n" + string.Concat(Enumerable.Range(1, customers).Select(static i => $"C{i},2026-0{(i % 9) + 1}-01,{i}\n"));

    private static string? Text(JsonElement of, string property) => of.TryGetProperty(property, out var value) ? value.GetString() : null;
}
