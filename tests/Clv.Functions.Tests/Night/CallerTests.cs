using System.Text;
using Azure.Data.Tables;
using Clv.Core.Callers;
using Clv.Core.History;
using Clv.Functions.Night;
using Clv.Functions.Storage;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Night;

/// <summary>The index of callers: who is in it, what becomes of it from night to night, and what never leaves the extracts.</summary>
public sealed class CallerTests
{
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes(NightRig.HashKey);

    [Fact]
    public async Task Nights_SnapshotThenDeltas_IndexEverybodyAsLastDelivered()
    {
        await using var rig = await NightRig.StartAsync();
        var (first, second, third) = (NightRig.Tonight, NightRig.Tonight.AddDays(1), NightRig.Tonight.AddDays(2));
        // C1 and C2 share a number, C3 has two and an address, C4 none that can be read, and P1 has bought nothing.
        await rig.DeliverAsync(first, Files(
            first,
            "C1,+49 30 23125001,customer1@example.com\nC2,0049 30 23125001,\nC3,+49 30 23125003; +49 171 3920003,Customer3@Example.com\n"
            + "C4,unbekannt,nobody\nP1,+49 30 23125099,\nC5,030/23125005,\n"));
        var snapshot = await PublishedAsync(rig, first);

        Assert.Equal(
            Index(("+493023125001", "C1"), ("+493023125001", "C2"), ("+493023125003", "C3"), ("+491713920003", "C3"), ("+493023125099", "P1"),
                ("customer1@example.com", "C1"), ("customer3@example.com", "C3")),
            await RowsAsync(rig, snapshot.Run));
        Assert.Equal(7, snapshot.Callers);
        var file = snapshot.Files.Single(static f => f.File == "customers.csv");
        // Without a region, a number without a country cannot be read.
        Assert.Equal((2, 1, 0), (file.UnusablePhones, file.UnusableEmails, file.Quarantined));

        // A night without a customer file carries everybody on; one with a row replaces that person's numbers alone.
        await rig.DeliverAsync(second, new Dictionary<string, string> { ["transactions.csv"] = $"transaction_id,customer_id,occurred_at,amount\nt1,C9,{second:yyyy-MM-dd},50\n" }, "delta");
        var carried = await PublishedAsync(rig, second);
        Assert.Equal(await RowsAsync(rig, snapshot.Run), await RowsAsync(rig, carried.Run));

        await rig.DeliverAsync(third, new Dictionary<string, string> { ["customers.csv"] = "customer_id,phone,email\nC1,+49 30 23125042,\nC3,,\n" }, "delta");
        var replaced = await PublishedAsync(rig, third);
        Assert.Equal(
            Index(("+493023125042", "C1"), ("+493023125001", "C2"), ("+493023125099", "P1")), await RowsAsync(rig, replaced.Run));
        Assert.Equal(3, replaced.Callers);
    }

    [Fact]
    public async Task Night_OfASimulatedFirm_IndexesAllThatItsCrmKnowsAndTheSameEveryTime()
    {
        await using var rig = await NightRig.StartAsync(workers: 2);
        var files = new SmallWorld(300).Extract(NightRig.Tonight);
        await rig.DeliverAsync(NightRig.Tonight, files);
        var once = await PublishedAsync(rig, NightRig.Tonight);
        var again = await PublishedAsync(rig, NightRig.Tonight);

        var expected = files["customers.csv"].Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(static row => row.Split(','))
            .SelectMany(static cells => cells[9].Split(';').Append(cells[10]).Where(static text => text.Length > 0)
                .Select(text => (text.Replace(" ", "", StringComparison.Ordinal), cells[0])));
        var rows = await RowsAsync(rig, once.Run);
        Assert.Equal(Index([.. expected]), rows);
        Assert.True(rows.GroupBy(static row => row.Split(' ')[1][..32]).Count(static sharing => sharing.Count() > 1) > 10);
        Assert.Equal(rows, await RowsAsync(rig, again.Run));
        Assert.Equal(once.Callers, again.Callers);
        Assert.NotEqual(once.Run, again.Run);
    }

    [Fact]
    public async Task Night_UnitsOfScoreWhoseAnswerIsLost_LeaveTheSameIndex()
    {
        await using var rig = await NightRig.StartAsync();
        await rig.DeliverAsync(NightRig.Tonight, Files(NightRig.Tonight, string.Concat(Enumerable.Range(1, 300).Select(static i => $"C{i},+49 30 23125{i % 200:000},\n"))));
        var lost = 0;
        rig.Proxy.After = request => Task.FromResult(!(request.Body.Contains("clvcallers", StringComparison.Ordinal) && Interlocked.Increment(ref lost) % 2 == 1));

        var report = await PublishedAsync(rig, NightRig.Tonight);

        Assert.True(lost >= NightRig.Partitions);
        Assert.Equal(
            Index([.. Enumerable.Range(1, 300).Select(static i => ($"+493023125{i % 200:000}", $"C{i}"))]), await RowsAsync(rig, report.Run));
    }

    [Fact]
    public async Task Night_NumbersAndAddresses_AreWrittenNowhereInClear()
    {
        await using var rig = await NightRig.StartAsync();
        var written = new System.Collections.Concurrent.ConcurrentQueue<string>();
        rig.Proxy.Before = request =>
        {
            if (request.IsWrite && !request.Target.Contains(Names.Extracts, StringComparison.Ordinal))
            {
                written.Enqueue($"{request.Target} {request.Body}");
            }

            return Task.FromResult<int?>(null);
        };
        // The last row is set aside, raw as it is: the quarantine alone has it.
        await rig.DeliverAsync(NightRig.Tonight, Files(
            NightRig.Tonight,
            string.Concat(Enumerable.Range(1, 100).Select(static i => $"C{i},+49 30 23125{i:000},caller{i}@example.com\n")) + "C101,junk23125junk,caller@@example.com\n,+49 30 23125999,caller999@example.com\n"));
        var report = await PublishedAsync(rig, NightRig.Tonight);

        Assert.True(report.Callers >= 200);
        string[] personal = ["23125", "example.com", "caller1"];
        var quarantined = written.Where(static text => text.Contains(Names.Quarantine, StringComparison.Ordinal)).ToList();
        Assert.Contains(quarantined, static text => text.Contains("caller999@example.com", StringComparison.Ordinal));
        var others = written.Where(static text => !text.Contains(Names.Quarantine, StringComparison.Ordinal)).ToList();
        Assert.Contains(others, static text => text.Contains("clvcallers", StringComparison.Ordinal));
        Assert.Contains(others, static text => text.Contains("/profiles/", StringComparison.Ordinal));
        Assert.All(others, text => Assert.All(personal, mark => Assert.DoesNotContain(mark, text, StringComparison.OrdinalIgnoreCase)));
        // Intermediate files go away by themselves; each was seen when it was written.
        foreach (var container in Names.Containers.Except([Names.Extracts, Names.Quarantine, Names.Work]))
        {
            foreach (var name in await NightTests.BlobsAsync(rig, container))
            {
                var content = Encoding.Latin1.GetString((await rig.Blobs.GetBlobContainerClient(container).GetBlobClient(name).DownloadContentAsync()).Value.Content);
                Assert.All(personal, mark => Assert.DoesNotContain(mark, content, StringComparison.OrdinalIgnoreCase));
            }
        }
    }

    private static async Task<RunReport> PublishedAsync(NightRig rig, DateOnly date)
    {
        var report = await rig.RunAsync(date);
        Assert.True(report.State == RunState.Published, report.Reason);
        return report;
    }

    private static Dictionary<string, string> Files(DateOnly until, string customers) => new()
    {
        ["transactions.csv"] = Customers.Transactions(300, until: until),
        ["customers.csv"] = "customer_id,phone,email\n" + customers,
    };

    private static List<string> Index(params (string Contact, string Customer)[] callers) =>
        [.. callers.Select(static of =>
        {
            var contact = new ContactPoint(of.Contact.StartsWith('+') ? ContactKind.Phone : ContactKind.Email, of.Contact);
            var caller = CallerKey.Of(contact, Secret);
            return $"{Names.Partition(caller.Partition(NightRig.Partitions))} {caller}-{CustomerKey.Of(Encoding.UTF8.GetBytes(of.Customer), Secret)}";
        }).Distinct().Order(StringComparer.Ordinal)];

    private static async Task<List<string>> RowsAsync(NightRig rig, string run)
    {
        var rows = new List<string>();
        await foreach (var row in rig.Tables.GetTableClient(Names.Callers(run)).QueryAsync<TableEntity>())
        {
            // The keys, and what the service adds: no row says when it was written or by whom.
            Assert.Equal(["PartitionKey", "RowKey", "Timestamp", "odata.etag"], row.Keys.Order(StringComparer.Ordinal));
            rows.Add($"{row.PartitionKey} {row.RowKey}");
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }
}
