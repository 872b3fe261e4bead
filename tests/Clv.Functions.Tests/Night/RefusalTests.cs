using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Clv.Functions.Night;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Night;

/// <summary>Whatever is wrong with tonight's extracts: the run says what, and yesterday's scores are still served.</summary>
public sealed class RefusalTests
{
    public static TheoryData<string, string?, string?, string> Broken => new()
    {
        { "no folder", null, null, "There is no extract for 2026-11-21" },
        { "no manifest", "customer_id,date,amount\nC1,2026-01-01,5\n", null, "neither manifest.json nor _SUCCESS" },
        { "empty file", "", "snapshot", "transactions.csv: the file is empty" },
        { "not CSV", "\u0001\u0002PK\u0003\u0004 binary \u0000\u0000", "snapshot", "transactions.csv, line 1" },
        { "wrong headers", "kunde_alt,wann,wieviel\nC1,2026-01-01,5\n", "snapshot", "no column for customer_id, occurred_at, amount" },
        { "only the header", "customer_id,date,amount\n", "snapshot", "The night has no customer" },
        { "unclosed quote", "customer_id,date,amount\nC1,2026-01-01,5\n\"C2,2026-01-01,5\nC3,2026-01-01,5\n", "snapshot", "line 3" },
        { "cut short", "customer_id,date,amount\nC1,2026-01-01,5\nC2,2026-01-02,5\nC2,2026-03-02,5\n", "snapshot", "was the delivery cut short?" },
        { "nobody comes back", OnePurchaseEach(400), "snapshot", "0 of 400 customers came back" },
    };

    // Of amounts that leave the total about where it was, so that nothing but the models is out of the ordinary.
    private static string OnePurchaseEach(int customers) =>
        "customer_id,date,amount\n" + string.Concat(Enumerable.Range(1, customers).Select(static i => $"C{i},2026-0{(i % 9) + 1}-01,{(i % 160) + 1}\n"));

    [Fact]
    public async Task Night_BrokenExtract_FailsWithItsReasonAndYesterdayIsServed()
    {
        await using var rig = await NightRig.StartAsync();
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(400));
        var yesterday = await rig.RunAsync(NightRig.Tonight);
        Assert.True(yesterday.State == RunState.Published, yesterday.Reason);

        foreach (var (name, content, kind, reason) in Broken.Select(static row => row.Data))
        {
            var files = new Dictionary<string, string>();
            if (content is not null)
            {
                files["transactions.csv"] = content;
            }

            await rig.DeliverAsync(NightRig.Tonight.AddDays(1), files, kind);
            var report = await rig.RunAsync(NightRig.Tonight.AddDays(1));

            // Models that tonight's customers cannot support are no failure: last night's are kept, and the run says so.
            var kept = name == "nobody comes back";
            // Nor is a delivery that only looks wrong: it waits for somebody to look at it.
            var expected = kept ? RunState.Published : name == "cut short" ? RunState.Held : RunState.Failed;
            Assert.True(report.State == expected, $"{name}: {report.State} {report.Reason}");
            Assert.Contains(reason, kept ? string.Join(" ", report.Model!.Refused.Values) : report.Reason!, StringComparison.Ordinal);
            if (kept)
            {
                Assert.Contains("last accepted", report.Model!.Choice, StringComparison.Ordinal);
                Assert.Equal(yesterday.Run, report.Model.Transactions.FittedIn);
                var run = (await rig.Api.GetFromJsonAsync<JsonElement>("api/customers/C5")).GetProperty("run");
                Assert.Equal(report.Run, run.GetProperty("id").GetString());
                Assert.True(run.GetProperty("model").GetProperty("kept").GetBoolean());
                Assert.Equal(yesterday.Run, run.GetProperty("model").GetProperty("fittedIn").GetString());
            }
            else
            {
                Assert.False(report.Published);
                var lookup = await rig.Api.GetFromJsonAsync<JsonElement>("api/customers/C5");
                Assert.NotEqual(report.Run, lookup.GetProperty("run").GetProperty("id").GetString());
            }
        }

        var list = await rig.Api.GetFromJsonAsync<JsonElement>("api/runs");
        Assert.Equal(Broken.Count + 1, list.GetProperty("runs").GetArrayLength());
    }

    [Theory]
    [InlineData("""{"kind":"snapshot","files":["transactions.csv","more.csv"]}""", "lacks more.csv")]
    [InlineData("""{"kind":"delta","files":["transactions.csv"]}""", "deliver a snapshot first")]
    [InlineData("""{"kind":"snapshot","files":[{"name":"transactions.csv","rows":7}]}""", "promises 7 rows")]
    [InlineData("""{"kind":"snapshot","files":[{"name":"transactions.csv","sha256":"00"}]}""", "SHA-256")]
    [InlineData("""{"kind":"snapshot","files":[{"name":"transactions.csv","sha256":"0000000000000000000000000000000000000000000000000000000000000000"}]}""", "transactions.csv: its SHA-256 is not the manifest's")]
    [InlineData("""{"kind":"snapshot","files":[]}""", "no file of transactions")]
    [InlineData("""{"kind":"weekly"}""", "manifest.json, line 1")]
    [InlineData("not json", "manifest.json, line 1")]
    public async Task Night_BrokenManifest_FailsWithItsReason(string manifest, string reason)
    {
        await using var rig = await NightRig.StartAsync();
        await rig.DeliverAsync(NightRig.Tonight, new Dictionary<string, string>(Customers.Extract(50)) { ["manifest.json"] = manifest }, kind: null);

        var report = await rig.RunAsync(NightRig.Tonight);

        Assert.Equal(RunState.Failed, report.State);
        Assert.Contains(reason, report.Reason, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await rig.Api.GetAsync("api/customers/C1")).StatusCode);
    }

    [Fact]
    public async Task Night_FileOfTheHashThatTheManifestPromises_IsPublished()
    {
        await using var rig = await NightRig.StartAsync();
        var rows = Customers.Transactions(50);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(rows)));
        await rig.DeliverAsync(
            NightRig.Tonight,
            new Dictionary<string, string>
            {
                ["transactions.csv"] = rows,
                ["manifest.json"] = $$"""{"kind":"snapshot","files":[{"name":"transactions.csv","sha256":"{{hash}}"}]}""",
            },
            kind: null);

        var report = await rig.RunAsync(NightRig.Tonight);

        Assert.True(report.Published, report.Reason);
    }
}
