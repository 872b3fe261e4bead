using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Clv.Core;
using Clv.Functions.Night;
using Clv.Functions.Storage;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Night;

/// <summary>The scores that a night writes for analysts: complete when their manifest is there, and what lookups answer.</summary>
public sealed partial class ScoreExportTests
{
    // Where an answer of GET /api/customers/{id} has what a column holds.
    private static readonly Dictionary<string, string> InAnswer = new()
    {
        ["customer_key"] = "key",
        ["segment"] = "segment",
        ["phase"] = "phase.code",
        ["phase_since"] = "phase.since",
        ["tier"] = "tier.code",
        ["tier_since"] = "tier.since",
        ["first_purchase"] = "purchases.first",
        ["last_purchase"] = "purchases.last",
        ["frequency"] = "purchases.frequency",
        ["recency_weeks"] = "purchases.recencyWeeks",
        ["age_weeks"] = "purchases.ageWeeks",
        ["p_alive"] = "value.probabilityAlive",
        ["p_no_purchase"] = "purchases.noPurchase",
        ["expected_purchases"] = "purchases.expected",
        ["expected_purchases_whole"] = "purchases.whole",
        ["expected_spend"] = "purchases.spend",
        ["running_contracts"] = "runningContracts",
        ["currency"] = "currency",
        ["basis"] = "value.basis",
        ["revenue"] = "value.revenue",
        ["contribution"] = "value.contribution",
        ["costs"] = "costs.total",
        ["historic_value"] = "value.historic",
        ["future_value"] = "value.future",
        ["future_value_low"] = "value.low",
        ["future_value_high"] = "value.high",
        ["lifetime_value"] = "value.lifetime",
        ["lifetime_value_change"] = "change.total",
        ["plain_value"] = "value.plain.value",
        ["prospect_conversion"] = "prospect.conversion",
        ["prospect_value_if_won"] = "prospect.valueIfWon",
        ["prospect_value"] = "prospect.expected",
        ["next_action"] = "action.code",
        ["next_action_category"] = "action.category",
        ["next_action_due"] = "action.due",
    };

    // What a lookup does not answer: the record of what is held does, the run, or the models' input.
    private static readonly string[] Besides = ["customer_id", "date", "kind", "region", "acquisition_channel", "monetary_value"];

    [Fact]
    public async Task Export_OfANight_HasEverybodyAsLookupsAnswerThem()
    {
        await using var rig = await NightRig.StartAsync(settings: NightRig.OpenGate);
        var world = new SmallWorld(customers: 150);
        foreach (var date in (DateOnly[])[SmallWorld.Before, NightRig.Tonight])
        {
            await rig.DeliverAsync(date, world.Extract(date));
            var night = await rig.RunAsync(date);
            Assert.True(night.State == RunState.Published, night.Reason);
        }

        var report = await rig.UntilAsync("r00002", static _ => true);
        var exported = (await ExportedScores.ReadAsync(rig, "r00002"))!;

        Assert.Equal(InAnswer.Keys.Concat(Besides).Order(StringComparer.Ordinal), exported.Columns.Order(StringComparer.Ordinal));
        Assert.Equal((report.Scored, report.Scored), (report.Exported, exported.Manifest.Rows));
        Assert.Equal(NightRig.Partitions, exported.Manifest.Files.Count);
        Assert.Equal(
            ("r00002", NightRig.Tonight, report.Settings!.Currency, report.Settings.HorizonWeeks, report.Settings.DiscountRate),
            (exported.Manifest.Run, exported.Manifest.Date, exported.Manifest.Currency, exported.Manifest.HorizonWeeks, exported.Manifest.DiscountRate));
        Assert.Equal((report.Model!.Transactions.Kind, report.Model.Transactions.FittedIn), (exported.Manifest.Models!.Purchases, exported.Manifest.Models.FittedIn));
        Assert.Equal(report.FutureValue, exported.Rows.Where(static row => row["kind"] == "customer").Sum(static row => Number(row["future_value"])));
        Assert.Equal(report.LifetimeValue, exported.Rows.Where(static row => row["kind"] == "customer").Sum(static row => Number(row["lifetime_value"])));
        Assert.Equal((report.Customers, report.Prospects, report.Others), (Count("customer"), Count("prospect"), Count("other")));
        // A column in which nobody has anything would be compared in vain.
        Assert.All(exported.Columns, column => Assert.Contains(exported.Rows, row => row[column].Length > 0));
        foreach (var row in exported.Rows)
        {
            var answer = (await rig.Api.GetFromJsonAsync<JsonElement>($"api/customers?id={Uri.EscapeDataString(row["customer_id"])}")).GetProperty("customer");
            Assert.Equal($"{NightRig.Tonight:yyyy-MM-dd}", row["date"]);
            foreach (var (column, path) in InAnswer)
            {
                AssertSame(Find(answer, path), row[column], $"{column} of customer {row["customer_id"]}");
            }
        }

        // Where lookups do not say it, the record of what is held does.
        foreach (var row in exported.Rows.Take(20))
        {
            var profile = (await rig.Api.GetFromJsonAsync<JsonElement>($"api/records?id={row["customer_id"]}")).GetProperty("profile");
            AssertSame(Find(profile, "region"), row["region"], "region");
            AssertSame(Find(profile, "acquisitionChannel"), row["acquisition_channel"], "acquisition_channel");
        }

        long Count(string kind) => exported.Rows.Count(row => row["kind"] == kind);
    }

    [Fact]
    public async Task Export_TextsThatASpreadsheetRuns_AreMarkedAndOthersStayWhenOneIsErased()
    {
        string[] ids = ["=1+1", "+49 170", "-5", "@home", "'quoted", "\uFF1Dwide", "a,\"b\"", "semi;colon", "J\u00fcrgen"];
        await using var rig = await NightRig.StartAsync();
        var customers = new StringBuilder("customer_id,segment,region,acquisition_channel\n");
        foreach (var id in ids)
        {
            customers.Append(CultureInfo.InvariantCulture, $"\"{id.Replace("\"", "\"\"", StringComparison.Ordinal)}\",=SUM(A1),@north,-web\n");
        }

        await rig.DeliverAsync(NightRig.Tonight, new Dictionary<string, string>(Customers.Extract(300, id: i => i <= ids.Length ? ids[i - 1] : $"C{i}"))
        {
            ["customers.csv"] = customers.ToString(),
        });
        var report = await rig.RunAsync(NightRig.Tonight);
        Assert.True(report.State == RunState.Published, report.Reason);

        var exported = (await ExportedScores.ReadAsync(rig, report.Run))!;
        var named = exported.Rows.Where(static row => row["segment"].Length > 0).ToList();
        Assert.Equal(ids.Order(StringComparer.Ordinal), named.Select(static row => Original(row["customer_id"])).Order(StringComparer.Ordinal));
        Assert.Equal(6, named.Count(static row => row["customer_id"][0] == '\''));
        Assert.All(named, static row => Assert.Equal(("'=SUM(A1)", "'@north", "'-web"), (row["segment"], row["region"], row["acquisition_channel"])));
        Assert.All(exported.Rows, static row => Assert.DoesNotContain(row["customer_id"][0], "=+-@"));

        var before = await ExportedScores.TextAsync(rig, report.Run);
        var erased = before.Split("\r\n").Single(static row => row.StartsWith("'+49 170,", StringComparison.Ordinal));
        Assert.True((await rig.Api.DeleteAsync($"api/customers?id={Uri.EscapeDataString("+49 170")}")).IsSuccessStatusCode);

        Assert.Equal(before.Replace(erased + "\r\n", "", StringComparison.Ordinal), await ExportedScores.TextAsync(rig, report.Run));
        Assert.Equal(299, (await ExportedScores.ReadAsync(rig, report.Run))!.Rows.Count);
    }

    [Fact]
    public async Task Export_OfAHeldNight_IsCompleteWhenItIsReleased()
    {
        await using var rig = await NightRig.StartAsync();
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(400));
        Assert.Equal(RunState.Published, (await rig.RunAsync(NightRig.Tonight)).State);
        await rig.DeliverAsync(NightRig.Tonight.AddDays(1), Customers.Extract(100));
        Assert.Equal(RunState.Held, (await rig.RunAsync(NightRig.Tonight.AddDays(1))).State);

        Assert.Null(await ExportedScores.ReadAsync(rig, "r00002"));
        Assert.Equal(100 + NightRig.Partitions, (await ExportedScores.TextAsync(rig, "r00002")).Count(static c => c == '\n'));
        // Of somebody who is erased meanwhile nothing is there when it is complete.
        Assert.True((await rig.Api.DeleteAsync("api/customers/C1")).IsSuccessStatusCode);
        Assert.Null(await ExportedScores.ReadAsync(rig, "r00002"));
        using var answer = await rig.Api.PostAsJsonAsync("api/runs/r00002:publish", new { reason = "Meant so." });
        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal(RunState.Published, (await rig.UntilAsync("r00002", static report => report is { State: RunState.Published, IsEnded: true })).State);

        Assert.Equal(99, (await ExportedScores.ReadAsync(rig, "r00002"))!.Rows.Count);
        Assert.Equal(399, (await ExportedScores.ReadAsync(rig, "r00001"))!.Rows.Count);
    }

    [Fact]
    public async Task Export_TurnedOff_WritesNothingOfItAnywhere()
    {
        await using var rig = await NightRig.StartAsync(settings: new Dictionary<string, string> { ["Clv__ExportScores"] = "false" });
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(300));
        var written = 0;
        rig.Proxy.Before = request =>
        {
            written += request.IsWrite && request.Target.Contains("/ids/", StringComparison.Ordinal) ? 1 : 0;
            return Task.FromResult<int?>(null);
        };

        var report = await rig.RunAsync(NightRig.Tonight);

        Assert.True(report.State == RunState.Published, report.Reason);
        Assert.Equal(["r00001/events.csv"], await NightTests.BlobsAsync(rig, Names.Exports));
        Assert.Equal((0, null), (written, report.Exported));
        Assert.True((await rig.Api.DeleteAsync("api/customers/C1")).IsSuccessStatusCode);
        Assert.Equal(["r00001/events.csv"], await NightTests.BlobsAsync(rig, Names.Exports));
    }

    [Fact]
    public async Task Manifest_OfAnErasureThatDiedBeforeItWasBack_IsRestoredByTheNext()
    {
        await using var rig = await NightRig.StartAsync();
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(300));
        Assert.Equal(RunState.Published, (await rig.RunAsync(NightRig.Tonight)).State);
        using var app = new InProcess(rig);
        // What is left of an erasure whose process died: the part is written, the manifest is not.
        var key = Clv.Core.History.CustomerKey.Of("C1"u8, Encoding.UTF8.GetBytes(NightRig.HashKey));
        var removed = await app.Get<ScoreExport>().EraseAsync(
            "r00001", key.Partition(NightRig.Partitions), new HashSet<Clv.Core.History.CustomerKey> { key }, TestContext.Current.CancellationToken);
        Assert.Equal([key], removed!);
        Assert.Null(await ExportedScores.ReadAsync(rig, "r00001"));

        Assert.True((await rig.Api.DeleteAsync("api/customers/C1")).IsSuccessStatusCode);

        Assert.Equal(299, (await ExportedScores.ReadAsync(rig, "r00001"))!.Rows.Count);

        // An export that is not whole any more is not said to be, and keeps nobody from being erased.
        var other = Clv.Core.History.CustomerKey.Of("C2"u8, Encoding.UTF8.GetBytes(NightRig.HashKey)).Partition(NightRig.Partitions);
        await rig.Blobs.GetBlobContainerClient(Names.Exports).DeleteBlobAsync(Names.ExportedScores("r00001", (other + 1) % NightRig.Partitions));
        Assert.Equal(System.Net.HttpStatusCode.OK, (await rig.Api.DeleteAsync("api/customers/C2")).StatusCode);
        Assert.Null(await ExportedScores.ReadAsync(rig, "r00001"));
    }

    [Fact]
    public async Task Manifest_ThatNobodyIsToBringBack_IsRestoredByTheWatch()
    {
        await using var rig = await NightRig.StartAsync();
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(300));
        Assert.Equal(RunState.Published, (await rig.RunAsync(NightRig.Tonight)).State);
        await rig.UntilQuietAsync();
        // What is left when two have erased the same person at once, and the slower one died: the other has ended the erasure.
        await rig.Blobs.GetBlobContainerClient(Names.Exports).DeleteBlobAsync(Names.ExportManifest("r00001"));

        Assert.True((await rig.Host.TriggerTimerAsync("Watch", TestContext.Current.CancellationToken)).Succeeded);

        Assert.Equal(300, (await ExportedScores.ReadAsync(rig, "r00001"))!.Rows.Count);
    }

    [Fact]
    public void Books_WhenNotEverybodyWasExported_DoNotBalance()
    {
        var books = new Books([], 10, 10, 0, 10, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0);

        Assert.Null(books.Imbalance());
        Assert.Null((books with { Exported = 10 }).Imbalance());
        Assert.Equal("10 people were scored, but 9 exported", (books with { Exported = 9 }).Imbalance());
    }

    [Fact]
    public void Columns_OfTheDocs_AreThoseOfTheFile()
    {
        var docs = File.ReadAllText(Path.Combine(Repository.Folder, "docs", "exports.md"));
        var table = docs[docs.IndexOf("| column |", StringComparison.Ordinal)..];
        table = table[..table.IndexOf("\n\n", StringComparison.Ordinal)];

        Assert.Equal(ScoreExportFile.Columns, Column().Matches(table).Select(static row => row.Groups["name"].Value));
    }

    private static string Original(string cell) => Encoding.UTF8.GetString(SpreadsheetText.Original(Encoding.UTF8.GetBytes(cell)));

    private static decimal Number(string cell) => decimal.Parse(cell, CultureInfo.InvariantCulture);

    private static JsonElement? Find(JsonElement json, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (!json.TryGetProperty(name, out json))
            {
                return null;
            }
        }

        return json;
    }

    private static void AssertSame(JsonElement? answered, string cell, string what)
    {
        var same = answered switch
        {
            null or { ValueKind: JsonValueKind.Null } => cell.Length == 0,
            { ValueKind: JsonValueKind.Number } number when cell.Length > 0 =>
                number.GetDouble() == double.Parse(cell, CultureInfo.InvariantCulture) && (!cell.Contains('.', StringComparison.Ordinal) || cell.Contains('E', StringComparison.Ordinal) || number.GetDecimal() == Number(cell)),
            { } other => other.ToString() == Original(cell),
        };
        Assert.True(same, $"{what} is {cell}, but {answered} is answered.");
    }

    [GeneratedRegex("^\\| `(?<name>[a-z_]+)` \\|", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Column();
}
