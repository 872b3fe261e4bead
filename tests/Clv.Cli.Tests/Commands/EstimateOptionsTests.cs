using System.Xml.Linq;

namespace Clv.Cli.Tests.Commands;

/// <summary>What the commands that estimate on a file have in common.</summary>
public sealed class EstimateOptionsTests
{
    private static readonly XNamespace Html = "http://www.w3.org/1999/xhtml";

    [Theory]
    [InlineData("./t.csv", "--out is the file of transactions itself: t.csv")]
    [InlineData("a/../c.csv", "--out is the file of customers itself: c.csv")]
    [InlineData("m.json", "--out is the mapping itself: m.json")]
    [InlineData("link.csv", "--out is the file of customers itself: c.csv")]
    public async Task Out_AFileThatIsRead_IsRefusedAndLeftAsItIs(string output, string reason)
    {
        using var folder = new TempFolder();
        var before = new Dictionary<string, string>
        {
            ["t.csv"] = "customer_id,date,amount\nx,2026-01-01,50\ny,2026-01-01,20\ny,2026-02-01,30\n",
            ["c.csv"] = "customer_id,segment\nx,gold\n",
            ["m.json"] = "{}",
        };
        foreach (var (name, content) in before)
        {
            folder.Write(name, content);
        }

        if (output == "link.csv")
        {
            Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows lets not everybody make links");
            File.CreateSymbolicLink(Path.Combine(folder.Path, output), Path.Combine(folder.Path, "c.csv"));
        }

        foreach (var arguments in (string[][])[["score", "--transactions", "t.csv"], ["score", "--json", "--transactions", "t.csv"], ["fit-report", "t.csv"]])
        {
            var ended = await Clv.RunAsync(folder.Path, [.. arguments, "--customers", "c.csv", "--mapping", "m.json", "--out", output]);

            Assert.Equal(1, ended.ExitCode);
            Assert.StartsWith(reason, ended.Error, StringComparison.Ordinal);
        }

        Assert.All(before, file => Assert.Equal(file.Value, File.ReadAllText(Path.Combine(folder.Path, file.Key))));
    }

    [Fact]
    public async Task Customers_RowsOfTheirFile_AreBookedApartFromTheTransactions()
    {
        using var folder = new TempFolder();
        folder.Write("t.csv", "customer_id,date,amount\nx,2026-01-01,50\ny,2026-01-01,20\ny,2026-02-01,30\nx,2026-03-01,\n");
        folder.Write("c.csv", $"customer_id,segment,shoe_size\nx,gold,1\ny,{new string('z', 200)},2\n,gold,3\nprospect,tin,4\n");
        string[] files = ["t.csv", "--customers", "c.csv"];

        var report = (await Clv.RunAsync(folder.Path, ["score", "--json", "--model", "auto", "--transactions", .. files])).Json();
        Assert.Equal((4, 1), (report.GetProperty("rowsRead").GetInt32(), report.GetProperty("rowsQuarantined").GetInt32()));
        Assert.Equal("empty", Assert.Single(report.GetProperty("quarantined").EnumerateObject()).Name);
        var customers = report.GetProperty("customerFile");
        Assert.Equal("c.csv", customers.GetProperty("file").GetString());
        Assert.Equal((4, 2), (customers.GetProperty("rowsRead").GetInt32(), customers.GetProperty("rowsQuarantined").GetInt32()));
        Assert.Equal(["empty", "labelTooLong"], customers.GetProperty("quarantined").EnumerateObject().Select(static q => q.Name));
        Assert.Equal("shoe_size", Assert.Single(customers.GetProperty("unknownColumns").EnumerateArray()).GetString());
        Assert.Equal(1, customers.GetProperty("withoutTransactions").GetInt32());
        Assert.Equal("segment", customers.GetProperty("segmentColumn").GetString());

        var text = (await Clv.RunAsync(folder.Path, ["score", "--model", "auto", "--transactions", .. files])).Error;
        Assert.Contains("2 customers from 4 rows (1 quarantined, 0 replaced)", text, StringComparison.Ordinal);
        Assert.Contains("c.csv: 4 rows of customers (2 quarantined, 1 without transactions), segments from segment\n", text, StringComparison.Ordinal);
        Assert.Contains("1 rows set aside, the first in line 3, column segment: the name is longer", text, StringComparison.Ordinal);

        Assert.Equal(0, (await Clv.RunAsync(folder.Path, ["fit-report", .. files])).ExitCode);
        var lines = XDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder.Path, "fit-report.html"))).Descendants(Html + "p").Take(2).ToList();
        Assert.Equal("4 rows read, 1 set aside: 1 × the cell is empty", lines[0].Value);
        Assert.Equal(
            "Customers, c.csv: 4 rows read, 2 set aside: 1 × the cell is empty; 1 × the name is longer than 100 characters"
            + "; 1 of customers without transactions; segments from segment",
            lines[1].Value);
        Assert.DoesNotContain(lines.Elements(), static e => e.Attribute("lang") is not null);

        // What the engine says in English is marked as that on a German page.
        Assert.Equal(0, (await Clv.RunAsync(folder.Path, ["fit-report", .. files, "--language", "de"])).ExitCode);
        lines = [.. XDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder.Path, "fit-report.html"))).Descendants(Html + "p").Take(2)];
        Assert.Equal("4 Zeilen gelesen, 1 ausgesondert: 1 × the cell is empty", lines[0].Value);
        Assert.Equal(
            ["the cell is empty", "the cell is empty", "the name is longer than 100 characters"],
            lines.Elements().Where(static e => (string?)e.Attribute("lang") == "en").Select(static e => e.Value));
    }

    [Fact]
    public async Task Customers_RegionOfTooManyValues_AreScoredAndTheReportSaysSo()
    {
        using var folder = new TempFolder();
        folder.Write("t.csv", "customer_id,date,amount\nx,2026-01-01,50\ny,2026-01-01,20\ny,2026-02-01,30\n");
        folder.Write("c.csv", "customer_id,region\n" + string.Concat(Enumerable.Range(1, 1003).Select(static i => $"c{i},r{i}\n")));

        var ended = await Clv.RunAsync(folder.Path, "score", "--model", "auto", "--transactions", "t.csv", "--customers", "c.csv");

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("segments from region, which has more than 1,000 different values: 3 rows give none", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-02-01", 0)]
    [InlineData("2026-02-02", 1)]
    [InlineData("2027-02-02", 366)]
    [InlineData("2027-02-03", 367)]
    public async Task CalibrateUntil_AfterTheLastRow_IsWarnedOfAndRefusedAfterAYear(string day, int beyond)
    {
        using var folder = new TempFolder();
        folder.Write("t.csv", "customer_id,date,amount\nx,2026-01-01,50\ny,2026-01-01,20\ny,2026-02-01,30\n");
        string[] until = ["--model", "auto", "--calibrate-until", day];

        var score = await Clv.RunAsync(folder.Path, ["score", "--json", "--transactions", "t.csv", .. until]);
        var page = await Clv.RunAsync(folder.Path, ["fit-report", "t.csv", .. until]);

        if (beyond > 366)
        {
            Assert.Equal((1, 1), (score.ExitCode, page.ExitCode));
            Assert.All([score, page], e => Assert.StartsWith($"--calibrate-until {day} is 367 days after the last row of t.csv, of 2026-02-01: ", e.Error, StringComparison.Ordinal));
            Assert.False(File.Exists(Path.Combine(folder.Path, "fit-report.html")));
            return;
        }

        var warnings = score.Json().GetProperty("warnings").EnumerateArray().Select(static w => w.GetString()!).ToList();
        Assert.Equal(
            beyond == 0 ? [] : [$"The last row of t.csv is of 2026-02-01: until {day} the models see {beyond} days on which nobody bought anything."], warnings);
        Assert.Equal(0, page.ExitCode);
        Assert.All([score, page], e => Assert.Equal(string.Concat(warnings.Select(static w => $"Warning: {w}\n")), e.Error));
    }
}
