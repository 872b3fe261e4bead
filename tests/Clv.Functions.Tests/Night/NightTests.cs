using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Clv.Core.History;
using Clv.Functions.Night;
using Clv.Functions.Storage;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Night;

public sealed class NightTests
{
    [Fact]
    public async Task Night_SimulatedCustomers_PublishesEveryoneAndAnswersLookups()
    {
        await using var rig = await NightRig.StartAsync();
        var extract = Customers.Extract(400);
        var rows = extract["transactions.csv"].Count(static c => c == '\n') - 1;
        await rig.DeliverAsync(NightRig.Tonight, extract);

        var report = await rig.RunAsync(NightRig.Tonight);

        Assert.True(report.State == RunState.Published, report.Reason);
        Assert.True(report.Published);
        var file = Assert.Single(report.Files);
        Assert.Equal((rows, rows, 0, 0), ((int)file.Read, (int)file.Used, (int)file.Replaced, (int)file.Quarantined));
        Assert.Equal((400, 400), ((int)report.Customers, (int)report.Scored));
        Assert.Equal(400, (await rig.ScoresAsync(report.Run)).Count(static c => c == '\n'));
        var lookup = await rig.Api.GetFromJsonAsync<JsonElement>("api/customers/C17");
        Assert.Equal(report.Run, lookup.GetProperty("run").GetProperty("id").GetString());
        Assert.InRange(lookup.GetProperty("customer").GetProperty("purchases").GetProperty("probabilityAlive").GetDouble(), 0, 1);
        Assert.True(lookup.GetProperty("customer").GetProperty("value").GetProperty("future").GetDecimal() >= 0);
        await rig.UntilWorkIsAsync(static _ => false);
    }

    [Fact]
    public async Task Night_SameInputTwiceAndThreeWorkers_GivesTheSameScores()
    {
        var extract = new Dictionary<string, string>
        {
            ["transactions-1.csv"] = Customers.Transactions(300, seed: 1),
            ["transactions-2.csv"] = Customers.Transactions(300, seed: 2, id: static i => $"C{i + 150}"),
        };
        string first, second, withThree;
        var exported = new List<string>();
        await using (var one = await NightRig.StartAsync(workers: 1))
        {
            await one.DeliverAsync(NightRig.Tonight, extract);
            first = await one.ScoresAsync((await one.RunAsync(NightRig.Tonight)).Run);
            second = await one.ScoresAsync((await one.RunAsync(NightRig.Tonight)).Run);
            exported.Add((await ExportedScores.ReadAsync(one, "r00001"))!.Hashes);
            exported.Add((await ExportedScores.ReadAsync(one, "r00002"))!.Hashes);
        }

        await using (var three = await NightRig.StartAsync(workers: 3))
        {
            await three.DeliverAsync(NightRig.Tonight, extract);
            withThree = await three.ScoresAsync((await three.RunAsync(NightRig.Tonight)).Run);
            exported.Add((await ExportedScores.ReadAsync(three, "r00001"))!.Hashes);
        }

        Assert.Equal(450, first.Count(static c => c == '\n'));
        Assert.Equal(first, second);
        Assert.Equal(first, withThree);
        Assert.Single(exported.Distinct());
    }

    [Fact]
    public async Task Night_OddCustomerIds_AreScoredAndFoundAgain()
    {
        string[] ids =
        [
            "with some spaces", "a/b\\c", "100%", "50%2F50", "a%2Fb", "Jürgen Müßig", "Ju\u0308rgen2", "🙂🚀", "O'Neil & Söhne, \"GmbH\"", "a?b=c#d", "+49 170",
            "..", "C:\\x", new string('x', 300),
        ];
        await using var rig = await NightRig.StartAsync();
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(400, id: i => i <= ids.Length ? ids[i - 1] : $"C{i}"));

        var report = await rig.RunAsync(NightRig.Tonight);

        Assert.True(report.State == RunState.Published, report.Reason);
        Assert.Equal(400, report.Scored);
        var keys = new HashSet<string>();
        foreach (var id in ids)
        {
            var byQuery = await rig.Api.GetFromJsonAsync<JsonElement>($"api/customers?id={Uri.EscapeDataString(id)}");
            keys.Add(byQuery.GetProperty("customer").GetProperty("key").GetString()!);
            if (id != "..")
            {
                var byPath = await rig.Api.GetFromJsonAsync<JsonElement>($"api/customers/{Uri.EscapeDataString(id)}");
                Assert.Equal(byQuery.GetProperty("customer").ToString(), byPath.GetProperty("customer").ToString());
            }
        }

        Assert.Equal(ids.Length, keys.Count);
        // Composed and decomposed spellings are one customer.
        Assert.Equal(HttpStatusCode.OK, (await rig.Api.GetAsync("api/customers?id=" + Uri.EscapeDataString("J\u00fcrgen2"))).StatusCode);
    }

    [Fact]
    public async Task Night_BadRows_AreQuarantinedWithLineColumnAndReason()
    {
        await using var rig = await NightRig.StartAsync();
        var good = Customers.Transactions(400);
        var lines = good.Count(static c => c == '\n');
        await rig.DeliverAsync(NightRig.Tonight, new Dictionary<string, string>
        {
            ["transactions.csv"] = good + "C1,2026-13-01,5\n,2026-01-01,5\nC1,2026-01-01,abc\nC1,2026-01-01,5,6\nC1,2027-01-01,5\n",
        });

        var report = await rig.RunAsync(NightRig.Tonight);

        Assert.True(report.State == RunState.Published, report.Reason);
        var file = Assert.Single(report.Files);
        Assert.Equal(5, file.Quarantined);
        Assert.Equal(file.Read, file.Used + file.Quarantined);
        var quarantine = (await rig.Blobs.GetBlobContainerClient(Names.Quarantine).GetBlobClient($"{report.Run}/transactions.csv.csv").DownloadContentAsync()).Value.Content.ToString();
        Assert.Contains($"\"{lines + 1}\",\"occurred_at\",", quarantine, StringComparison.Ordinal);
        Assert.Contains($"\"{lines + 2}\",\"customer_id\",", quarantine, StringComparison.Ordinal);
        Assert.Contains($"\"{lines + 3}\",\"amount\",", quarantine, StringComparison.Ordinal);
        Assert.Contains($"\"C1,2026-01-01,5,6\"", quarantine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Night_Delta_AddsToHistoryAndReplacesByTransactionId()
    {
        const string Header = "transaction_id,customer_id,occurred_at,amount\n";
        await using var rig = await NightRig.StartAsync();
        var snapshot = Customers.Transactions(400).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(static (row, i) => $"T{i},{row}\n");
        var rows = snapshot.ToList();
        await rig.DeliverAsync(NightRig.Tonight, new Dictionary<string, string> { ["transactions.csv"] = Header + string.Concat(rows) });
        Assert.Equal(RunState.Published, (await rig.RunAsync(NightRig.Tonight)).State);

        // Half of the rows once more, one of them corrected twice, and a new customer.
        var corrected = rows[0].Split(',')[1];
        var delta = Header + string.Concat(rows.Take(rows.Count / 2)) + $"T0,{corrected},2026-11-19,1\nT0,{corrected},2026-11-19,7777.77\nN1,newcomer,2026-11-21,50\n";
        await rig.DeliverAsync(NightRig.Tonight.AddDays(1), new Dictionary<string, string> { ["transactions.csv"] = delta }, kind: "delta");
        var report = await rig.RunAsync(NightRig.Tonight.AddDays(1));

        Assert.True(report.State == RunState.Published, report.Reason);
        Assert.Equal(401, report.Customers);
        var file = Assert.Single(report.Files);
        Assert.Equal(((rows.Count / 2) + 3, 2), ((int)file.Read, (int)file.Replaced));
        var lookup = await rig.Api.GetFromJsonAsync<JsonElement>($"api/customers?id={corrected.Trim('"')}");
        Assert.Equal("2026-11-19", lookup.GetProperty("customer").GetProperty("purchases").GetProperty("last").GetString());
        Assert.True(lookup.GetProperty("customer").GetProperty("value").GetProperty("historic").GetDecimal() > 7777);
    }

    [Fact]
    public async Task Night_DeltaAfterAMissedOne_IsRefusedUntilTheMissedOneWasRun()
    {
        await using var rig = await NightRig.StartAsync();
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(400));
        Assert.Equal(RunState.Published, (await rig.RunAsync(NightRig.Tonight)).State);
        await rig.DeliverAsync(NightRig.Tonight.AddDays(1), Delta("M1,missed,2026-11-21,5\n"), kind: "delta");
        await rig.DeliverAsync(NightRig.Tonight.AddDays(2), Delta("N1,newcomer,2026-11-22,7\n"), kind: "delta");

        var tooEarly = await rig.RunAsync(NightRig.Tonight.AddDays(2));
        Assert.Equal(RunState.Failed, tooEarly.State);
        Assert.Contains("2026-11-21 were delivered and never published", tooEarly.Reason, StringComparison.Ordinal);

        Assert.Equal(RunState.Published, (await rig.RunAsync(NightRig.Tonight.AddDays(1))).State);
        Assert.Equal(402, (await rig.RunAsync(NightRig.Tonight.AddDays(2))).Customers);

        var backwards = await rig.RunAsync(NightRig.Tonight.AddDays(1));
        Assert.Equal(RunState.Failed, backwards.State);
        Assert.Contains("2026-11-22 is published already", backwards.Reason, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await rig.Api.GetAsync("api/customers/newcomer")).StatusCode);
    }

    [Fact]
    public async Task Night_DeltaDeliveredAgainCorrected_ReplacesTheFirstDelivery()
    {
        await using var rig = await NightRig.StartAsync();
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(400));
        Assert.Equal(RunState.Published, (await rig.RunAsync(NightRig.Tonight)).State);
        await rig.DeliverAsync(NightRig.Tonight.AddDays(1), Delta("D1,wrong,2026-11-21,5\n"), kind: "delta");
        Assert.Equal(401, (await rig.RunAsync(NightRig.Tonight.AddDays(1))).Customers);

        await rig.DeliverAsync(NightRig.Tonight.AddDays(1), Delta("D1,right,2026-11-21,5\n"), kind: "delta");
        Assert.Equal(401, (await rig.RunAsync(NightRig.Tonight.AddDays(1))).Customers);

        Assert.Equal(HttpStatusCode.NotFound, (await rig.Api.GetAsync("api/customers/wrong")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await rig.Api.GetAsync("api/customers/right")).StatusCode);
    }

    [Fact]
    public async Task Night_CustomerFiles_GiveSegmentsThatDeltasCarryOnAndSnapshotsReset()
    {
        await using var rig = await NightRig.StartAsync();
        var customers = "customer_id,segment,phone,shoe_size\nC1,tin,,\nP1,gold,,\nP2,gold,,\n,gold,,\nC1,gold,,\nC2,,,\n"
            + string.Concat(Enumerable.Range(3, 298).Select(static i => $"C{i},{(i % 2 == 0 ? "gold" : "silver")},,\n"));
        await rig.DeliverAsync(NightRig.Tonight, With(Customers.Extract(400), customers));
        var first = await rig.RunAsync(NightRig.Tonight);

        Assert.True(first.State == RunState.Published, first.Reason);
        Assert.Equal(["transactions.csv", "customers.csv"], first.Files.Select(static f => f.File));
        var file = first.Files[1];
        Assert.Equal((304, 302, 1, 1), ((int)file.Read, (int)file.Used, (int)file.Replaced, (int)file.Quarantined));
        Assert.Equal(["shoe_size"], file.UnknownColumns);
        Assert.Equal((400, 402, 2), ((int)first.Customers, (int)first.Scored, (int)first.Prospects));
        Assert.Contains($"{first.Run}/customers.csv.csv", await BlobsAsync(rig, Names.Quarantine));
        Assert.Empty(first.Ignored);

        // One prospect buys, one customer moves to another segment, and the night after brings no customers at all.
        await rig.DeliverAsync(NightRig.Tonight.AddDays(1), With(Delta("N1,P1,2026-11-21,5\n"), "customer_id,segment\nC1,platinum\n"), kind: "delta");
        var second = await rig.RunAsync(NightRig.Tonight.AddDays(1));
        Assert.True(second.State == RunState.Published, second.Reason);
        Assert.Equal((401, 1, 1), ((int)second.Customers, (int)second.Prospects, (int)second.Files[1].Used));
        await rig.DeliverAsync(NightRig.Tonight.AddDays(2), Delta("N2,newcomer,2026-11-22,5\n"), kind: "delta");
        var third = await rig.RunAsync(NightRig.Tonight.AddDays(2));
        Assert.Equal((402, 1), ((int)third.Customers, (int)third.Prospects));
        var profiles = await ProfilesAsync(rig, third.Run);
        Assert.Equal(302, profiles.Count);
        Assert.Equal(("platinum", "", "silver", "gold"), (profiles["C1"], profiles["C2"], profiles["C3"], profiles["P2"]));

        // A snapshot starts anew, even one that is cut short and therefore held.
        await rig.DeliverAsync(NightRig.Tonight.AddDays(3), With(Customers.Extract(100), "customer_id,region\nC3,North\nC4,South\nC5,\nnobody,East\n"));
        var fourth = await rig.RunAsync(NightRig.Tonight.AddDays(3));
        Assert.Equal(RunState.Held, fourth.State);
        Assert.Contains("was the delivery cut short?", fourth.Reason, StringComparison.Ordinal);
        Assert.Equal((100, 1), ((int)fourth.Customers, (int)fourth.Prospects));
        profiles = await ProfilesAsync(rig, fourth.Run);
        Assert.Equal(["C3", "C4", "C5", "nobody"], profiles.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("North", "South", ""), (profiles["C3"], profiles["C4"], profiles["C5"]));
    }

    [Fact]
    public async Task Night_CustomerFileThatCannotBeUsed_FailsWithItsReason()
    {
        await using var rig = await NightRig.StartAsync();
        foreach (var (content, reason) in ((string, string)[])
            [
                ("segment\ngold\n", "customers.csv, line 1: no column for customer_id"),
                ("customer_id,segment\n" + string.Concat(Enumerable.Range(0, 1001).Select(static i => $"C{i},s{i}\n")), "customers.csv, line 1002: column segment has more than 1,000"),
            ])
        {
            await rig.DeliverAsync(NightRig.Tonight, With(Customers.Extract(400), content));
            var report = await rig.RunAsync(NightRig.Tonight);

            Assert.Equal(RunState.Failed, report.State);
            Assert.Contains(reason, report.Reason, StringComparison.Ordinal);
        }
    }

    private static Dictionary<string, string> With(IReadOnlyDictionary<string, string> extract, string customers) =>
        new(extract) { ["customers.csv"] = customers };

    // Customer and segment of each profile.
    private static async Task<Dictionary<string, string>> ProfilesAsync(NightRig rig, string run)
    {
        var profiles = new Dictionary<string, string>();
        for (var partition = 0; partition < NightRig.Partitions; partition++)
        {
            var blob = rig.Blobs.GetBlobContainerClient(Names.History).GetBlobClient(Names.ProfilesOf(run, partition));
            var content = (await blob.DownloadContentAsync()).Value.Content;
            var transactions = (await rig.Blobs.GetBlobContainerClient(Names.History).GetBlobClient(Names.HistoryOf(run, partition)).DownloadContentAsync())
                .Value.Content;
            using var reader = new RecordReader(content.ToStream(), 0);
            var records = new CustomerRecords();
            while (reader.MoveNext())
            {
                reader.ReadRows(records, first: true);
                using var history = new HistoryReader(transactions.ToStream(), 0);
                using var again = new RecordReader(content.ToStream(), 0);
                var person = PersonHistory.Find(reader.Key, history, again, contracts: null, interactions: null);
                profiles.Add(Encoding.UTF8.GetString(records.CustomerId), person!.Profile!.Segment ?? "");
            }
        }

        return profiles;
    }

    private static Dictionary<string, string> Delta(string rows) =>
        new() { ["transactions.csv"] = "transaction_id,customer_id,occurred_at,amount\n" + rows };

    internal static async Task<List<string>> BlobsAsync(NightRig rig, string container)
    {
        var names = new List<string>();
        await foreach (var blob in rig.Blobs.GetBlobContainerClient(container).GetBlobsAsync())
        {
            names.Add(blob.Name);
        }

        return names;
    }
}
