using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Clv.Core.History;
using Clv.Functions.Night;
using Clv.Functions.Privacy;
using Clv.Functions.Storage;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Privacy;

/// <summary>Whoever is erased is nowhere, comes back by no extract, and nobody else's scores change; whatever happens meanwhile.</summary>
public sealed class ErasureTests
{
    [Fact]
    public async Task Delete_AfterTwoNights_LeavesNothingOfThePersonAndNobodyElseChanged()
    {
        const int Erased = 7;
        await using var rig = await NightRig.StartAsync(settings: NightRig.OpenGate);
        var first = await PublishAsync(rig, SmallWorld.Before, MarkedPerson.Extract(SmallWorld.Before));
        var second = await PublishAsync(rig, NightRig.Tonight, MarkedPerson.Extract(NightRig.Tonight));
        Assert.Contains(second.Files, static file => file.Quarantined > 0);
        var others = (await MarkedPerson.OthersScoresAsync(rig, first.Run, Erased), await MarkedPerson.OthersScoresAsync(rig, second.Run, Erased));
        Assert.Equal(HttpStatusCode.OK, await MarkedPerson.LookUpAsync(rig, Erased));

        var receipt = await MarkedPerson.EraseAsync(rig, Erased);

        Assert.Equal((ErasureState.Done, "functions-key", "api"), (receipt.State, receipt.RequestedBy, receipt.Source));
        Assert.Equal([first.Run, second.Run], receipt.Runs.Select(static run => run.Run));
        foreach (var (_, removed, _) in receipt.Runs)
        {
            Assert.Equal((1, 1, 1, 1, 1, 2), (removed.Scores, removed.Profiles, removed.Contracts, removed.Interactions, removed.Standings, removed.Quarantined));
            Assert.Equal(1, removed.Exported);
            Assert.True(removed.Transactions > 0);
        }

        foreach (var run in (string[])[first.Run, second.Run])
        {
            Assert.Equal(MarkedPerson.People - 1, (await ExportedScores.ReadAsync(rig, run))!.Rows.Count);
        }

        Assert.DoesNotContain(MarkedPerson.Id(Erased), JsonSerializer.Serialize(receipt), StringComparison.Ordinal);
        await MarkedPerson.AssertGoneAsync(rig, Erased);
        Assert.Equal(others, (await MarkedPerson.OthersScoresAsync(rig, first.Run, Erased), await MarkedPerson.OthersScoresAsync(rig, second.Run, Erased)));
        Assert.Equal(others.Item1, (await rig.ScoresAsync(first.Run)));
        Assert.Equal(HttpStatusCode.NotFound, await MarkedPerson.LookUpAsync(rig, Erased));
        Assert.Equal(HttpStatusCode.NotFound, (await rig.Api.GetAsync($"api/explanations/{MarkedPerson.Id(Erased)}")).StatusCode);
        await PointAtAsync(rig, first);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK), (await MarkedPerson.LookUpAsync(rig, Erased), await MarkedPerson.LookUpAsync(rig, 9)));
        await PointAtAsync(rig, second);

        Assert.Equal(NightJson.Write(receipt), NightJson.Write(await MarkedPerson.EraseAsync(rig, Erased)));
        var unknown = await MarkedPerson.EraseAsync(rig, 100_000);
        Assert.Equal((ErasureState.Done, 0, Removed.Nothing), (unknown.State, unknown.Runs.Count, unknown.Removed));
        var listed = (await rig.Api.GetFromJsonAsync<JsonElement>("api/erasures")).GetProperty("erasures").EnumerateArray().ToList();
        Assert.Equal(2, listed.Count);
        Assert.Contains(listed, erasure => erasure.GetProperty("key").GetString() == receipt.Key);

        // What the CRM goes on delivering: a delta, a snapshot, and the same once the tombstone is lifted.
        var delta = await PublishAsync(rig, NightRig.Tonight.AddDays(1), MarkedPerson.Delta(NightRig.Tonight.AddDays(1)), "delta");
        Assert.Equal((MarkedPerson.People, MarkedPerson.People - 1, 1), (delta.Files[0].Read, delta.Files[0].Used, delta.Files[0].Erased));
        await MarkedPerson.AssertGoneAsync(rig, Erased);
        var snapshot = await PublishAsync(rig, NightRig.Tonight.AddDays(2), MarkedPerson.Extract(NightRig.Tonight.AddDays(2)));
        Assert.All(snapshot.Files, static file => Assert.True(file.Erased > 0, file.File));
        Assert.All(snapshot.Files, static file => Assert.Equal(file.Read, file.Used + file.Replaced + file.Quarantined + file.Erased));
        Assert.Equal(MarkedPerson.People - 1, snapshot.Customers);
        await MarkedPerson.AssertGoneAsync(rig, Erased);

        Assert.Equal(HttpStatusCode.NoContent, (await rig.Api.DeleteAsync($"api/erasures/{receipt.Key}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await rig.Api.DeleteAsync($"api/erasures/{receipt.Key}")).StatusCode);
        var back = await PublishAsync(rig, NightRig.Tonight.AddDays(3), MarkedPerson.Extract(NightRig.Tonight.AddDays(3)));
        Assert.Equal(MarkedPerson.People, back.Customers);
        Assert.Equal(HttpStatusCode.OK, await MarkedPerson.LookUpAsync(rig, Erased));

        var audited = await AuditedAsync(rig);
        Assert.Equal(3, audited.Count(static row => row is ("erase", "requested", _)));
        Assert.Equal(2, audited.Count(row => row == ("lift", "requested", receipt.Key)));
    }

    [Fact]
    public async Task Extract_ThatErasesTooMany_IsRefusedAndErasesNobody()
    {
        await using var rig = await NightRig.StartAsync();
        await PublishAsync(rig, NightRig.Tonight, MarkedPerson.Extract(NightRig.Tonight));
        var next = NightRig.Tonight.AddDays(1);
        var erasures = "customer_id\n" + string.Concat(Enumerable.Range(1, 20).Select(static i => MarkedPerson.Id(i) + "\n"));

        await rig.DeliverAsync(next, new Dictionary<string, string> { ["erasures.csv"] = erasures }, "delta");
        var refused = await rig.RunAsync(next);

        Assert.Equal(RunState.Failed, refused.State);
        Assert.Contains("it names 20 people to erase, more than 10 % of the 120 of run r00001 (Clv:MaximumErasedShare)", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await rig.Api.GetAsync($"api/customers/{MarkedPerson.Id(1)}")).StatusCode);
        Assert.Empty((await rig.Api.GetFromJsonAsync<JsonElement>("api/erasures")).GetProperty("erasures").EnumerateArray());
    }

    [Fact]
    public async Task Extract_WhoseFilesTogetherEraseTooMany_IsRefusedAndErasesNobody()
    {
        await using var rig = await NightRig.StartAsync();
        await PublishAsync(rig, NightRig.Tonight, MarkedPerson.Extract(NightRig.Tonight));
        var next = NightRig.Tonight.AddDays(1);

        // Ten in each, of whom each names five that the one before does.
        await rig.DeliverAsync(
            next,
            Enumerable.Range(0, 3).ToDictionary(
                static file => $"erasures-{file}.csv",
                static file => "customer_id\n" + string.Concat(Enumerable.Range(1 + (5 * file), 10).Select(static i => MarkedPerson.Id(i) + "\n"))),
            "delta");
        var refused = await rig.RunAsync(next);

        Assert.Equal(RunState.Failed, refused.State);
        Assert.Contains(
            "it names 10 people to erase, all 3 erasures files 20, more than 10 % of the 120 of run r00001 (Clv:MaximumErasedShare)", refused.Reason, StringComparison.Ordinal);
        await rig.UntilQuietAsync();
        Assert.Empty((await rig.Api.GetFromJsonAsync<JsonElement>("api/erasures")).GetProperty("erasures").EnumerateArray());

        // Nor when one of them is not what the manifest promises.
        await rig.DeliverAsync(
            next,
            new Dictionary<string, string>
            {
                ["erasures-0.csv"] = $"customer_id\n{MarkedPerson.Id(1)}\n",
                ["erasures-1.csv"] = $"customer_id\n{MarkedPerson.Id(2)}\n",
                ["erasures-2.csv"] = "customer_id\n",
                ["manifest.json"] = """{"kind":"delta","files":["erasures-0.csv",{"name":"erasures-1.csv","rows":2}]}""",
            },
            kind: null);
        refused = await rig.RunAsync(next);
        Assert.Contains("erasures-1.csv: the manifest promises 2 rows, the file has 1", refused.Reason, StringComparison.Ordinal);
        await rig.UntilQuietAsync();
        Assert.Empty((await rig.Api.GetFromJsonAsync<JsonElement>("api/erasures")).GetProperty("erasures").EnumerateArray());
    }

    [Fact]
    public async Task Record_OfAPerson_HoldsEverythingAndIsAudited()
    {
        await using var rig = await NightRig.StartAsync(settings: NightRig.OpenGate);
        await PublishAsync(rig, SmallWorld.Before, MarkedPerson.Extract(SmallWorld.Before));
        var run = await PublishAsync(rig, NightRig.Tonight, MarkedPerson.Extract(NightRig.Tonight));
        var id = MarkedPerson.Id(8);

        var text = await rig.Api.GetStringAsync($"api/customers/{id}/record");

        var record = JsonDocument.Parse(text).RootElement;
        Assert.Equal(
            record.GetProperty("transactions").GetRawText(),
            (await rig.Api.GetFromJsonAsync<JsonElement>($"api/records?id={id}")).GetProperty("transactions").GetRawText());
        Assert.Equal((id, run.Run), (record.GetProperty("customerId").GetString(), record.GetProperty("run").GetProperty("id").GetString()));
        Assert.Equal("gold", record.GetProperty("profile").GetProperty("segment").GetString());
        Assert.Equal($"K-{id}", record.GetProperty("contracts")[0].GetProperty("id").GetString());
        Assert.Equal("serviceCall", record.GetProperty("interactions")[0].GetProperty("kind").GetString());
        Assert.True(record.GetProperty("transactions").GetArrayLength() > 0);
        Assert.True(record.GetProperty("standing").GetProperty("historic").GetDecimal() > 0);
        Assert.Equal(record.GetProperty("key").GetString(), record.GetProperty("score").GetProperty("key").GetString());
        Assert.True(record.GetProperty("events").GetArrayLength() > 0);
        Assert.Equal(
            (await ExportedScores.ReadAsync(rig, run.Run))!.Rows.Single(row => row["customer_id"] == id).Where(static cell => cell.Value.Length > 0),
            record.GetProperty("exported").EnumerateObject().Select(static cell => KeyValuePair.Create(cell.Name, cell.Value.GetString()!)));
        Assert.Equal(["interactions.csv.csv", "transactions.csv.csv"], record.GetProperty("setAside").EnumerateArray()
            .Select(static row => row.GetProperty("file").GetString()![7..]).Order(StringComparer.Ordinal));
        Assert.Equal(HttpStatusCode.NotFound, (await rig.Api.GetAsync("api/customers/nobody/record")).StatusCode);
        // An id that ends like the path of the record.
        Assert.Equal(HttpStatusCode.NotFound, (await rig.Api.GetAsync($"api/customers/{id}%2Frecord")).StatusCode);
        Assert.Contains(await AuditedAsync(rig), row => row == ("record", "found", $"{MarkedPerson.Key(id)}"));

        await MarkedPerson.EraseAsync(rig, 8);
        record = await rig.Api.GetFromJsonAsync<JsonElement>($"api/customers/{id}/record");
        Assert.Equal("done", record.GetProperty("erasure").GetProperty("state").GetString());
        Assert.False(record.TryGetProperty("customerId", out _));
        Assert.Equal((0, 0), (record.GetProperty("transactions").GetArrayLength(), record.GetProperty("setAside").GetArrayLength()));
    }

    [Fact]
    public async Task Extract_OfErasures_ErasesInASnapshotInADeltaAndAlone()
    {
        await using var rig = await NightRig.StartAsync(settings: NightRig.OpenGate);
        await PublishAsync(rig, SmallWorld.Before, MarkedPerson.Extract(SmallWorld.Before));
        var snapshot = MarkedPerson.Extract(NightRig.Tonight);
        snapshot["erasures.csv"] = $"customer_id,why\n{MarkedPerson.Id(7)},asked\n\"\",nobody\n{MarkedPerson.Id(7)},asked twice\n{MarkedPerson.Id(100_000)},unknown\n";

        var report = await PublishAsync(rig, NightRig.Tonight, snapshot);

        var file = Assert.Single(report.Files, static file => file.File == "erasures.csv");
        Assert.Equal((4, 2, 1, 1, 0), (file.Read, file.Used, file.Replaced, file.Quarantined, file.Erased));
        Assert.Equal(HttpStatusCode.NotFound, await MarkedPerson.LookUpAsync(rig, 7));
        Assert.Equal(report.Run, (await MarkedPerson.UntilDoneAsync(rig, 7)).Source);
        await MarkedPerson.AssertGoneAsync(rig, 7);

        var delta = MarkedPerson.Delta(NightRig.Tonight.AddDays(1));
        delta["erasures-1.csv"] = $"customer_id\n{MarkedPerson.Id(8)}\n";
        report = await PublishAsync(rig, NightRig.Tonight.AddDays(1), delta, "delta");
        Assert.Equal((2, MarkedPerson.People - 2), (report.Files.Single(static file => file.File == "transactions.csv").Erased, report.Customers));
        var receipt = await MarkedPerson.UntilDoneAsync(rig, 8);
        Assert.True(receipt.Removed.Transactions > 0);
        await MarkedPerson.AssertGoneAsync(rig, 8);

        var alone = new Dictionary<string, string> { ["erasures.csv"] = $"customer_id\n{MarkedPerson.Id(9)}\n{MarkedPerson.Id(10)}\n" };
        report = await PublishAsync(rig, NightRig.Tonight.AddDays(2), alone, "delta");
        Assert.Equal(MarkedPerson.People - 4, report.Customers);
        foreach (var person in (int[])[9, 10])
        {
            await MarkedPerson.UntilDoneAsync(rig, person);
            await MarkedPerson.AssertGoneAsync(rig, person);
            Assert.Equal(HttpStatusCode.NotFound, await MarkedPerson.LookUpAsync(rig, person));
        }

        Assert.Equal(HttpStatusCode.OK, await MarkedPerson.LookUpAsync(rig, 11));
    }

    [Theory]
    [InlineData("clvscores")]
    [InlineData("/standing/")]
    [InlineData("/profiles/")]
    [InlineData("DELETE /devstoreaccount1/clv-exports/r00001/manifest.json")]
    [InlineData("PUT /devstoreaccount1/clv-exports/r00001/manifest.json")]
    public async Task Delete_WorkerKilledOnTheWay_IsFinishedByAskingAgainOrByTheNextNight(string write)
    {
        await using var rig = await NightRig.StartAsync(settings: NightRig.OpenGate);
        await PublishAsync(rig, SmallWorld.Before, MarkedPerson.Extract(SmallWorld.Before));
        foreach (var (person, after) in ((int, bool)[])[(7, false), (8, true)])
        {
            // Before the write reaches storage, and when it has but the app does not know.
            var killed = false;
            rig.Proxy.Before = async request => await KillAsync(request, when: !after) ? 503 : null;
            rig.Proxy.After = async request => !await KillAsync(request, when: after);
            async Task<bool> KillAsync(StorageRequest request, bool when)
            {
                if (!when || killed || !request.IsWrite || !$"{request.Method} {request.Target}".Contains(write, StringComparison.Ordinal))
                {
                    return false;
                }

                killed = true;
                await rig.KillWorkerAsync();
                return true;
            }

            var watch = Stopwatch.StartNew();
            while (!killed && watch.Elapsed < NightRig.Limit)
            {
                try
                {
                    using var answer = await rig.Api.DeleteAsync($"api/customers/{MarkedPerson.Id(person)}");
                    Assert.False(answer.IsSuccessStatusCode);
                }
                catch (HttpRequestException)
                {
                    // Nobody was left to answer.
                }

                await Task.Delay(250);
            }

            Assert.True(killed);
        }

        Assert.Equal(ErasureState.Done, (await RetryAsync(() => MarkedPerson.EraseAsync(rig, 7))).State);
        await MarkedPerson.AssertGoneAsync(rig, 7);
        await PublishAsync(rig, NightRig.Tonight, MarkedPerson.Extract(NightRig.Tonight));
        await MarkedPerson.UntilDoneAsync(rig, 8);
        await MarkedPerson.AssertGoneAsync(rig, 8);
        await MarkedPerson.AssertGoneAsync(rig, 7);
        Assert.Equal(MarkedPerson.People - 2, (await ExportedScores.ReadAsync(rig, "r00001"))!.Rows.Count);
        Assert.Equal(MarkedPerson.People - 2, (await ExportedScores.ReadAsync(rig, "r00002"))!.Rows.Count);
    }

    [Theory]
    [InlineData("-ranking.json", "", 1)]
    [InlineData("/books.json", "", 1)]
    [InlineData("clvruns", "PublishedAt", 1)]
    [InlineData("/events.csv", "", 2)]
    [InlineData("r00002/manifest.json", "", 2)]
    public async Task Delete_WhileANightIsUnderWay_IsAppliedToItWhereverItIs(string target, string body, int runsAtOnce)
    {
        await using var rig = await NightRig.StartAsync(settings: NightRig.OpenGate);
        await PublishAsync(rig, SmallWorld.Before, MarkedPerson.Extract(SmallWorld.Before));
        await rig.DeliverAsync(NightRig.Tonight, MarkedPerson.Extract(NightRig.Tonight));
        var reached = new TaskCompletionSource();
        var erased = new TaskCompletionSource();
        var held = 0;
        rig.Proxy.Before = async request =>
        {
            // Every such write, since a unit's message may be delivered twice, and a try may be given up for another; but of the manifest the first
            // alone: the erasure writes it too.
            if (request.IsWrite
                && request.Target.Contains(target, StringComparison.Ordinal)
                && request.Body.Contains(body, StringComparison.Ordinal)
                && (request.Target + request.Body).Contains("r00002", StringComparison.Ordinal)
                && (Interlocked.Increment(ref held) == 1 || !target.EndsWith("/manifest.json", StringComparison.Ordinal)))
            {
                reached.TrySetResult();
                await erased.Task;
            }

            return null;
        };
        using var started = await rig.Api.PostAsJsonAsync("api/runs", new { date = NightRig.Tonight });
        await reached.Task.WaitAsync(NightRig.Limit);

        var answer = await MarkedPerson.EraseAsync(rig, 8, HttpStatusCode.Accepted);
        Assert.Equal(ErasureState.Requested, answer.State);
        // A second delivery of Publish may have taken the person out of its run by then.
        Assert.InRange(answer.Runs.Count, runsAtOnce, 2);
        erased.SetResult();

        var report = await rig.EndOfAsync("r00002");
        Assert.True(report.State == RunState.Published, report.Reason);
        var receipt = await MarkedPerson.UntilDoneAsync(rig, 8);
        Assert.Equal(["r00001", "r00002"], receipt.Runs.Select(static run => run.Run));
        Assert.Equal((2, 2, 2, 2), (receipt.Removed.Scores, receipt.Removed.Exported, receipt.Removed.Profiles, receipt.Removed.Standings));
        Assert.All(
            await Task.WhenAll(receipt.Runs.Select(run => ExportedScores.ReadAsync(rig, run.Run))),
            static exported => Assert.Equal(MarkedPerson.People - 1, exported!.Rows.Count));
        Assert.Equal(HttpStatusCode.NotFound, await MarkedPerson.LookUpAsync(rig, 8));
        await MarkedPerson.AssertGoneAsync(rig, 8);
    }

    [Fact]
    public async Task Delta_WhoseHistoryIsWrittenAnewEachTimeItIsRead_IsPublishedAsIfItHadNotBeen()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var rig = await NightRig.StartAsync(settings: NightRig.OpenGate);
        await PublishAsync(rig, NightRig.Tonight, MarkedPerson.Extract(NightRig.Tonight));
        // More than a unit has tries.
        var people = OfPartition(1).Take(12).ToArray();
        using var app = new InProcess(rig);
        foreach (var person in people)
        {
            await app.Get<Tombstones>().RequestAsync(MarkedPerson.Key(MarkedPerson.Id(person)), "operator", "api", stop);
        }

        // Erasures that found no night under way when they looked; each goes on between the unit's look at the file and its reading.
        var history = rig.Blobs.GetBlobContainerClient(Names.History).GetBlobClient(Names.HistoryOf("r00001", 1));
        using var one = new SemaphoreSlim(1);
        var erased = 0;
        rig.Proxy.Before = async request =>
        {
            if (request.Has("GET", $"/{Names.History}/{Names.HistoryOf("r00001", 1)}"))
            {
                await one.WaitAsync();
                try
                {
                    if (erased < people.Length)
                    {
                        var key = MarkedPerson.Key(MarkedPerson.Id(people[erased++]));
                        using var rows = new HistoryReader((await history.DownloadContentAsync()).Value.Content.ToStream(), PartitionBooks.FromHistory);
                        using var others = new MemoryStream();
                        Assert.NotEmpty(HistoryErasure.Copy(rows, new HashSet<CustomerKey> { key }, others));
                        await history.UploadAsync(new BinaryData(others.ToArray()), overwrite: true);
                    }
                }
                finally
                {
                    one.Release();
                }
            }

            return null;
        };

        var disturbed = await PublishAsync(rig, NightRig.Tonight.AddDays(1), MarkedPerson.Delta(NightRig.Tonight.AddDays(1)), "delta");

        Assert.Equal(people.Length, erased);
        Assert.Empty(disturbed.Problems);
        Assert.Equal(MarkedPerson.People - people.Length, disturbed.Customers);
        Assert.Equal((MarkedPerson.People - people.Length, people.Length), (disturbed.Files[0].Used, disturbed.Files[0].Erased));
        Assert.Equal(await rig.ScoresAsync(disturbed.Run), await rig.ScoresAsync((await rig.RunAsync(NightRig.Tonight.AddDays(1))).Run));
        await MarkedPerson.UntilDoneAsync(rig, people[0]);
        await MarkedPerson.AssertGoneAsync(rig, people[0]);
    }

    [Fact]
    public async Task Delete_BetweenTwoDeliveriesOfADeltasUnit_LeavesBothTheSameHistoryUntilTheNightEnds()
    {
        await using var rig = await NightRig.StartAsync(settings: NightRig.OpenGate);
        await PublishAsync(rig, NightRig.Tonight, MarkedPerson.Extract(NightRig.Tonight));
        var person = OfPartition(1).First();
        var history = rig.Blobs.GetBlobContainerClient(Names.History).GetBlobClient(Names.HistoryOf("r00001", 1));
        var before = (await history.GetPropertiesAsync()).Value.ETag;
        // The first delivery has written all but its marker; the second one is at the same point before the first may go on.
        var (reached, second, marked) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        var isErased = false;
        StorageRequest? marker = null;
        rig.Proxy.Before = async request =>
        {
            if (!request.Marks("summarise") || !request.Body.Contains("-summarise-00001", StringComparison.Ordinal))
            {
                return null;
            }

            if (!isErased)
            {
                marker ??= request;
                reached.TrySetResult();
                await second.Task;
            }
            else
            {
                second.TrySetResult();
                await marked.Task;
            }

            return null;
        };
        rig.Proxy.After = request =>
        {
            if (ReferenceEquals(request, marker))
            {
                marked.TrySetResult();
            }

            return Task.FromResult(true);
        };
        var other = MarkedPerson.Id(OfPartition(2).First());
        await rig.DeliverAsync(
            NightRig.Tonight.AddDays(1),
            new Dictionary<string, string> { ["transactions.csv"] = $"customer_id,occurred_at,amount,transaction_id\n{other},2026-11-21,50,T1\n" },
            "delta");
        using var started = await rig.Api.PostAsJsonAsync("api/runs", new { date = NightRig.Tonight.AddDays(1) });
        await reached.Task.WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(ErasureState.Requested, (await MarkedPerson.EraseAsync(rig, person, HttpStatusCode.Accepted)).State);
        Assert.Equal(HttpStatusCode.NotFound, await MarkedPerson.LookUpAsync(rig, person));
        Assert.Equal(before, (await history.GetPropertiesAsync()).Value.ETag);
        isErased = true;
        await rig.Queue().SendMessageAsync(new WorkMessage("r00002", Phase.Summarise, 1).ToJson());

        var report = await rig.EndOfAsync("r00002");
        Assert.True(report.State == RunState.Published, report.Reason);
        Assert.Equal(["r00001", "r00002"], (await MarkedPerson.UntilDoneAsync(rig, person)).Runs.Select(static run => run.Run));
        await MarkedPerson.AssertGoneAsync(rig, person);
        Assert.NotEqual(before, (await history.GetPropertiesAsync()).Value.ETag);
    }

    [Fact]
    public async Task Delete_ManyOfOnePartitionAtOnce_AllHold()
    {
        await using var rig = await NightRig.StartAsync(workers: 2, settings: NightRig.OpenGate);
        var run = await PublishAsync(rig, NightRig.Tonight, MarkedPerson.Extract(NightRig.Tonight));
        var people = OfPartition(1).Take(8).ToArray();
        var others = await MarkedPerson.OthersScoresAsync(rig, run.Run, people);

        var receipts = await Task.WhenAll(people.Select(person => MarkedPerson.EraseAsync(rig, person)));

        Assert.All(receipts, static receipt => Assert.Equal(
            (ErasureState.Done, 1, 1, 1, 1), (receipt.State, receipt.Removed.Scores, receipt.Removed.Profiles, receipt.Removed.Standings, receipt.Removed.Contracts)));
        foreach (var person in people)
        {
            await MarkedPerson.AssertGoneAsync(rig, person);
        }

        Assert.Equal(others, await rig.ScoresAsync(run.Run));
        var exported = (await ExportedScores.ReadAsync(rig, run.Run))!;
        Assert.Equal(MarkedPerson.People - people.Length, exported.Rows.Count);
    }

    [Fact]
    public async Task Delete_WhileAUnitsOtherDeliveryIsStillWriting_IsNotUndoneByIt()
    {
        await using var rig = await NightRig.StartAsync(workers: 2);
        await rig.DeliverAsync(NightRig.Tonight, MarkedPerson.Extract(NightRig.Tonight));
        rig.SendEveryMessageTwice();
        var part = Names.ExportedScores("r00001", MarkedPerson.Key(MarkedPerson.Id(8)).Partition(NightRig.Partitions));
        var (commits, erased, late) = (0, new TaskCompletionSource(), new TaskCompletionSource<int>());
        rig.Proxy.Around = async (request, pass) =>
        {
            // One delivery writes its part; the other waits with it, and so do further tries of either. The erasure's own write asks for a version.
            if (request.Has("PUT", part) && request.Target.Contains("comp=blocklist", StringComparison.Ordinal) && request.IfMatch.Length == 0
                && Interlocked.Increment(ref commits) != 2)
            {
                await erased.Task;
                var answer = await pass();
                late.TrySetResult(answer.Status);
                return answer;
            }

            return await pass();
        };
        var report = await rig.RunAsync(NightRig.Tonight);
        Assert.True(report.State == RunState.Published, report.Reason);

        var receipt = await MarkedPerson.EraseAsync(rig, 8);
        Assert.Equal((ErasureState.Done, 1), (receipt.State, receipt.Removed.Exported));
        erased.SetResult();

        Assert.Contains(await late.Task.WaitAsync(TimeSpan.FromMinutes(3)), (int[])[409, 412]);
        await MarkedPerson.AssertGoneAsync(rig, 8);
        Assert.Equal(MarkedPerson.People - 1, (await ExportedScores.ReadAsync(rig, "r00001"))!.Rows.Count);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("clvcallers")]
    [InlineData("comp=blocklist")]
    public async Task Delete_WhileAUnitsOtherDeliveryIsAboutToWriteItsRows_IsNotUndoneByIt(string? diesAt)
    {
        await using var rig = await NightRig.StartAsync();
        await rig.DeliverAsync(NightRig.Tonight, MarkedPerson.Extract(NightRig.Tonight));
        var key = MarkedPerson.Key(MarkedPerson.Id(8));
        var partition = key.Partition(NightRig.Partitions);
        var message = new WorkMessage("r00001", Phase.Score, partition);
        using var app = new InProcess(rig);
        var copy = new Lazy<Task>(() => app.Get<UnitRunner>().RunAsync(message, TestContext.Current.CancellationToken));
        var (batches, putBack, reached, erased, dead) = (0, false, new TaskCompletionSource(), new TaskCompletionSource(), false);
        rig.Proxy.Before = async request =>
        {
            if (request.Has("POST", "$batch") && request.Body.Contains($"{Names.Scores("r00001")}(PartitionKey='{Names.Partition(partition)}'", StringComparison.Ordinal))
            {
                // The app's own unit waits until its copy has come as far; the copy waits until the person is erased, and so does any further try of it.
                if (Interlocked.Increment(ref batches) == 1)
                {
                    _ = copy.Value;
                    await reached.Task;
                }
                else
                {
                    reached.TrySetResult();
                    await erased.Task;
                    putBack = true;
                }
            }

            // It ends there as if it were killed: nothing of it comes after.
            dead |= diesAt is not null && erased.Task.IsCompleted && request.IsWrite && (request.Target + request.Body).Contains(diesAt, StringComparison.Ordinal);
            return dead ? 403 : null;
        };
        var report = await rig.RunAsync(NightRig.Tonight);
        Assert.True(report.State == RunState.Published, report.Reason);
        await rig.UntilQuietAsync();
        Assert.Equal(ErasureState.Done, (await MarkedPerson.EraseAsync(rig, 8)).State);
        erased.SetResult();

        if (diesAt is not null)
        {
            await Assert.ThrowsAnyAsync<RequestFailedException>(() => copy.Value);
            (dead, diesAt) = (false, null);
            Assert.True((await rig.Tables.GetTableClient(Names.Scores("r00001")).GetEntityIfExistsAsync<TableEntity>(Names.Partition(partition), $"{key}")).HasValue);
            // The same message, delivered again.
            await app.Get<UnitRunner>().RunAsync(message, TestContext.Current.CancellationToken);
        }
        else
        {
            await copy.Value;
        }

        Assert.True(putBack);
        await MarkedPerson.AssertGoneAsync(rig, 8);
        Assert.Equal(MarkedPerson.People - 1, (await rig.ScoresAsync("r00001")).Split('\n').Count(static row => row.Length > 0));
    }

    [Theory]
    [InlineData(RunState.Running)]
    [InlineData(RunState.Publishing)]
    [InlineData(RunState.Held)]
    public async Task Delete_OfSomebodyWhomADeliveryPutsBackThatDies_IsDoneAgainByTheNextOne(RunState state)
    {
        await using var rig = await NightRig.StartAsync();
        await PublishAsync(rig, NightRig.Tonight, MarkedPerson.Extract(NightRig.Tonight));
        var key = MarkedPerson.Key(MarkedPerson.Id(8));
        var rows = new List<(TableClient Table, TableEntity Row)>();
        foreach (var table in (TableClient[])[rig.Tables.GetTableClient(Names.Scores("r00001")), rig.Tables.GetTableClient(Names.Callers("r00001"))])
        {
            rows.AddRange(await table.QueryAsync<TableEntity>().Where(row => row.RowKey.EndsWith($"{key}", StringComparison.Ordinal)).Select(row => (table, row)).ToListAsync());
        }

        // The score, a phone number and an e-mail address.
        Assert.Equal(3, rows.Count);
        Assert.Equal(ErasureState.Done, (await MarkedPerson.EraseAsync(rig, 8)).State);
        foreach (var (table, row) in rows)
        {
            await table.AddEntityAsync(row);
        }

        // A run that an operator released after it had been held, one that is just being published, and one that is held.
        await rig.Tables.GetTableClient(Names.Runs).UpdateEntityAsync(
            new TableEntity("r00001", "run") { ["State"] = $"{state}", ["ReleasedAt"] = state == RunState.Running ? DateTimeOffset.UtcNow : null }, ETag.All, TableUpdateMode.Merge);
        using var app = new InProcess(rig);
        await app.Get<UnitRunner>().RunAsync(new WorkMessage("r00001", Phase.Score, key.Partition(NightRig.Partitions)), TestContext.Current.CancellationToken);

        foreach (var (table, row) in rows)
        {
            Assert.False((await table.GetEntityIfExistsAsync<TableEntity>(row.PartitionKey, row.RowKey)).HasValue);
        }
    }

    [Fact]
    public async Task Delete_WhileAFailedRunsUnitSetsRowsAsideAndIsKilled_IsNotUndoneByIt()
    {
        await using var rig = await NightRig.StartAsync(appFolder: ImpatientHost.Folder);
        await rig.DeliverAsync(
            NightRig.Tonight,
            new Dictionary<string, string>(MarkedPerson.Extract(NightRig.Tonight))
            {
                ["manifest.json"] = """{"kind":"snapshot","files":["transactions.csv",{"name":"customers.csv","rows":1}]}""",
            },
            kind: null);
        var (reached, erased, killed) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        rig.Proxy.Before = async request =>
        {
            if (IsSetAside(request))
            {
                reached.TrySetResult();
                await erased.Task;
            }
            else if (request.Has("GET", $"/{Names.Extracts}/") && request.Target.Contains("/customers.csv", StringComparison.Ordinal))
            {
                // The run does not fail before.
                await reached.Task;
            }

            return null;
        };
        rig.Proxy.After = async request =>
        {
            if (!IsSetAside(request) || killed.Task.IsCompleted)
            {
                return true;
            }

            await rig.KillWorkerAsync();
            killed.TrySetResult();
            return false;
        };
        var failed = await rig.RunAsync(NightRig.Tonight);
        Assert.Contains("customers.csv: the manifest promises 1 rows", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(ErasureState.Done, (await MarkedPerson.EraseAsync(rig, 8)).State);
        erased.SetResult();
        await killed.Task.WaitAsync(NightRig.Limit);
        await rig.UntilQuietAsync();

        Assert.NotEmpty(await Night.NightTests.BlobsAsync(rig, Names.Quarantine));
        await MarkedPerson.AssertGoneAsync(rig, 8);

        static bool IsSetAside(StorageRequest request) =>
            request.Has("PUT", $"/{Names.Quarantine}/r00001/transactions") && request.Target.Contains("comp=blocklist", StringComparison.Ordinal) && request.IfMatch.Length == 0;
    }

    private static IEnumerable<int> OfPartition(int partition) => Enumerable.Range(1, MarkedPerson.People)
        .Where(person => MarkedPerson.Key(MarkedPerson.Id(person)).Partition(NightRig.Partitions) == partition);

    private static async Task<RunReport> PublishAsync(NightRig rig, DateOnly date, Dictionary<string, string> files, string kind = "snapshot")
    {
        await rig.DeliverAsync(date, files, kind);
        var report = await rig.RunAsync(date);
        Assert.True(report.State == RunState.Published, report.Reason);
        return report;
    }

    private static async Task PointAtAsync(NightRig rig, RunReport run)
    {
        var table = rig.Tables.GetTableClient(Names.Runs);
        var pointer = (await table.GetEntityAsync<TableEntity>("pointer", "pointer")).Value;
        pointer["Run"] = run.Run;
        await table.UpdateEntityAsync(pointer, ETag.All, TableUpdateMode.Replace);
    }

    // A killed process takes a moment to be replaced.
    private static async Task<T> RetryAsync<T>(Func<Task<T>> attempt)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await attempt();
            }
            catch (Exception e) when (watch.Elapsed < NightRig.Limit && e is HttpRequestException or Xunit.Sdk.EqualException)
            {
                await Task.Delay(250);
            }
        }
    }

    private static async Task<List<(string Action, string Outcome, string Customer)>> AuditedAsync(NightRig rig)
    {
        var rows = new List<(string, string, string)>();
        await foreach (var row in rig.Tables.GetTableClient(Names.Audit).QueryAsync<TableEntity>())
        {
            rows.Add((row.GetString("Action")!, row.GetString("Outcome")!, row.GetString("Customer") ?? ""));
        }

        return rows;
    }
}
