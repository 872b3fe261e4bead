using System.Globalization;
using System.Xml.Linq;

namespace Clv.Cli.Tests.Commands;

public sealed class FitReportCommandTests
{
    private static readonly XNamespace Html = "http://www.w3.org/1999/xhtml";
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    // Fader, Hardie and Lee 2005 for the parameters, Fader and Hardie 2013 for spend; the counts and the error of the sample's 39 weeks of
    // holdout as the known packages give them.
    [Fact]
    public async Task FitReport_CdnowSample_ShowsThePublishedFitAndItsHoldout()
    {
        using var folder = new TempFolder();
        var page = await WriteAsync(folder, "report.html", Clv.Shared("cdnow_sample_tx.csv"), "--calibrate-until", "1997-09-30", "--model", "bg-nbd");

        Assert.Equal("en", (string?)page.Root!.Attribute("lang"));
        Assert.Equal(
            ["r 0.24259", "alpha 4.4136", "a 0.79292", "b 2.4259"],
            Rows(Captioned(page, "How often: BG/NBD")).Select(static row => $"{row[0]} {row[1]}"));
        var spend = Rows(Captioned(page, "How much: Gamma-Gamma")).ToDictionary(static row => row[0], static row => double.Parse(row[1], CultureInfo.InvariantCulture));
        Assert.Equal((6.25, 3.744, 15.44), (Math.Round(spend["p"], 2), Math.Round(spend["q"], 3), Math.Round(spend["v"], 2)));
        Assert.Contains("−9,582.429", page.Root.Value, StringComparison.Ordinal);

        // 39 weeks that the model saw and 39 that it did not.
        var weeks = Figure(page, "Tracking per week");
        Assert.Equal(78, weeks.Count);
        Assert.Equal("30 Sep 1997", weeks[38][0]);
        Assert.Equal(2457, weeks.Take(39).Sum(static row => Number(row[1])));
        Assert.Equal(1882, weeks.Skip(39).Sum(static row => Number(row[1])));
        var cumulative = Figure(page, "Tracking, cumulative");
        Assert.Equal(2457 + 1882, Number(cumulative[^1][1]));
        Assert.Equal(weeks.Sum(static row => Number(row[2])), Number(cumulative[^1][2]), 0.05 * weeks.Count);

        var frequency = Figure(page, "Customers by repeat occasions");
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7+"], frequency.Select(static row => row[0]));
        Assert.Equal((2357, 1411), (frequency.Sum(static row => Number(row[1])), Number(frequency[0][1])));
        Assert.Equal(2357, frequency.Sum(static row => Number(row[2])), 0.5);

        var scores = page.Descendants(Html + "div").Single(static d => (string?)d.Element(Html + "h3") == "After the window: 39 weeks until 30 Jun 1998");
        Assert.Equal(0.7855, Number(Rows(scores.Descendants(Html + "table").Single()).Single(static row => row[0] == "BG/NBD")[3]));

        Assert.Equal(946, Figure(page, "Mean value of a repeat occasion").Sum(static row => Number(row[1])));
        Assert.Equal(946, Figure(page, "Mean value of a repeat occasion").Sum(static row => Number(row[2])), 2.0);

        // A customer who bought last month lives; of those who fell silent early, the busiest is the most certainly gone.
        var alive = Figure(page, "P(alive)");
        Assert.Equal(1, Number(alive[^1][1]));
        Assert.InRange(Number(alive[0][^1]), 0.9, 1);
        Assert.InRange(Number(alive[^2][^1]), 0, 0.01);
    }

    [Fact]
    public async Task FitReport_WindowOfWholeFile_ShowsTheBacktestOfEveryCandidate()
    {
        using var folder = new TempFolder();
        var page = await WriteAsync(folder, "report.html", Clv.Shared("cdnow_sample_tx.csv"));

        Assert.DoesNotContain(page.Descendants(Html + "h3"), static h => h.Value.StartsWith("After the window", StringComparison.Ordinal));
        Assert.DoesNotContain(page.Descendants(Svg + "rect"), static r => (string?)r.Attribute("class") == "later");
        var scores = page.Descendants(Html + "div").Single(static d => (string?)d.Element(Html + "h3") == "Backtest: the last 25 weeks of the window");
        var names = Rows(scores.Descendants(Html + "table").Single()).Select(static row => row[0]).ToList();
        Assert.All(["BG/NBD", "MBG/NBD", "Pareto/NBD", "Baseline: last year again", "Baseline: average times retention"], name => Assert.Contains(name, names));
        Assert.Equal(10, Figure(page, "Calibration by tenths").Count);
        Assert.Equal(2357, Figure(page, "Held-out occasions by frequency").Sum(static row => Number(row[1])));
        Assert.Single(page.Descendants(Html + "tr"), static r => (string?)r.Attribute("class") == "used");
    }

    [Fact]
    public async Task FitReport_German_HasGermanWordsAndNumbers()
    {
        using var folder = new TempFolder();
        var page = await WriteAsync(
            folder, "bericht.html", Clv.Shared("cdnow_sample_tx.csv"), "--calibrate-until", "1997-09-30", "--model", "bg-nbd", "--language", "de");

        Assert.Equal("de", (string?)page.Root!.Attribute("lang"));
        Assert.Equal("0,24259", Rows(Captioned(page, "Wie oft: BG/NBD"))[0][1]);
        Assert.Equal("30.09.1997", Figure(page, "Verlauf je Woche")[38][0]);
        Assert.Contains("2.457", page.Root.Value, StringComparison.Ordinal);
        Assert.DoesNotContain(page.Descendants(Html + "summary"), static s => s.Value != "Zahlen als Tabelle");
    }

    [Fact]
    public async Task FitReport_HostileFileNameAndIds_BecomeNeitherMarkupNorContent()
    {
        using var folder = new TempFolder();
        const string Name = "<img src=x onerror=alert(1)> &amp; \"x\" \u0001.csv";
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such file names");
        folder.Write(Name, Sales(static i => $"secret-{i}"));

        var page = await WriteAsync(folder, "report.html", Name, "--backtest-weeks", "8");

        Assert.Equal("Fit report: <img src=x onerror=alert(1)> &amp; \"x\" \uFFFD.csv", page.Descendants(Html + "h1").Single().Value);
        var text = await File.ReadAllTextAsync(Path.Combine(folder.Path, "report.html"));
        Assert.DoesNotContain("<img", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secret-", text, StringComparison.Ordinal);
        Assert.DoesNotContain(folder.Path, text, StringComparison.Ordinal);
        // Nothing on the page is fetched from anywhere.
        Assert.DoesNotContain(page.Descendants().Attributes(), static a => a.Name.LocalName is "src" or "href" or "xlink" or "onload" or "onclick");
        Assert.DoesNotContain("url(", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FitReport_Plots_AreNamedAndStayInTheirFrames()
    {
        using var folder = new TempFolder();
        folder.Write("t.csv", Sales(static i => $"c{i}"));
        var page = await WriteAsync(folder, "report.html", "t.csv", "--backtest-weeks", "8", "--calibrate-until", "2026-08-31");

        var plots = page.Descendants(Svg + "svg").ToList();
        Assert.True(plots.Count >= 8);
        Assert.All(plots, static plot =>
        {
            Assert.Equal("img", (string?)plot.Attribute("role"));
            Assert.NotEmpty((string?)plot.Attribute("aria-label") ?? "");
            var frame = ((string?)plot.Attribute("viewBox"))!.Split(' ').Select(static n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray();
            foreach (var shape in plot.Descendants().Where(static e => e.Name.LocalName is "rect" or "text"))
            {
                var (x, y) = ((double)shape.Attribute("x")!, (double)shape.Attribute("y")!);
                Assert.InRange(x + ((double?)shape.Attribute("width") ?? 0), 0, frame[2] + 0.2);
                Assert.InRange(y + ((double?)shape.Attribute("height") ?? 0), 0, frame[3] + 0.2);
            }

            Assert.DoesNotContain("NaN", plot.ToString(), StringComparison.Ordinal);
        });
        // Each plot's figures are there to read, too.
        Assert.All(page.Descendants(Html + "figure"), static figure => Assert.NotEmpty(Rows(figure.Descendants(Html + "table").Single())));
    }

    [Fact]
    public async Task FitReport_HeatMaps_HaveNoSeamsBetweenTheirCells()
    {
        using var folder = new TempFolder();
        folder.Write("t.csv", Sales(static i => $"c{i}"));
        var page = await WriteAsync(folder, "report.html", "t.csv", "--model", "bg-nbd", "--backtest-weeks", "0");

        var maps = page.Descendants(Svg + "g").Where(static g => (string?)g.Attribute("class") == "heat").ToList();
        Assert.NotEmpty(maps);
        Assert.All(maps, static map =>
        {
            // Where one cell ends the next begins: two edges are the same, or a cell apart.
            foreach (var (at, length) in (ReadOnlySpan<(string, string)>)[("x", "width"), ("y", "height")])
            {
                var starts = map.Elements().Select(cell => (decimal)cell.Attribute(at)!).ToList();
                var ends = map.Elements().Select(cell => (decimal)cell.Attribute(at)! + (decimal)cell.Attribute(length)!);
                var edges = starts.Concat(ends).Distinct().Order().ToList();
                Assert.All(edges.Zip(edges.Skip(1)), static pair => Assert.True(pair.Second - pair.First > 2, $"a seam from {pair.First} to {pair.Second}"));
            }
        });
    }

    [Fact]
    public async Task FitReport_TwiceAndWithAnyThreads_IsTheSameBytes()
    {
        using var folder = new TempFolder();
        folder.Write("t.csv", Sales(static i => $"c{i}"));
        await WriteAsync(folder, "1.html", "t.csv", "--backtest-weeks", "8", "--threads", "1");
        await WriteAsync(folder, "2.html", "t.csv", "--backtest-weeks", "8", "--threads", "2");

        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(folder.Path, "1.html")), await File.ReadAllBytesAsync(Path.Combine(folder.Path, "2.html")));
    }

    [Fact]
    public async Task FitReport_RowsWithMargins_ShowsTheirShare()
    {
        using var folder = new TempFolder();
        folder.Write("t.csv", "customer_id,date,amount,margin\nx,2026-01-01,50,10\ny,2026-01-01,20,18\ny,2026-02-01,30,\nx,2026-03-01,,\n");

        var page = await WriteAsync(folder, "report.html", "t.csv");

        // 28 of the 70 whose margin is known.
        var fact = page.Descendants(Html + "dl").Single().Elements().Single(static d => d.Value.StartsWith("Contribution margin", StringComparison.Ordinal));
        Assert.Equal("Contribution margin40.0%of revenue", fact.Value);
        Assert.Contains("4 rows read, 1 set aside: 1 × the cell is empty", page.Root!.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("customer_id,date,amount\nx,2026-01-01,5\n")]
    [InlineData("customer_id,date,amount\nx,2026-01-01,0\ny,2026-01-02,0\ny,2026-02-02,0\n")]
    [InlineData("customer_id,date,amount\nx,0001-01-01,5\ny,2026-01-02,1000000000\ny,2026-02-02,1000000000\n")]
    [InlineData("customer_id,date,amount\nx,2026-01-01,5\nx,2026-01-02,-5\ny,2026-01-02,-9\n")]
    public async Task FitReport_HardlyAnyData_StillMakesAPage(string content)
    {
        using var folder = new TempFolder();
        folder.Write("t.csv", content);

        var page = await WriteAsync(folder, "report.html", "t.csv");

        Assert.NotEmpty(page.Descendants(Svg + "svg"));
        Assert.DoesNotContain("NaN", page.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("customer_id,date,amount\nx,yesterday,5\n", "has no usable row: 1 were read and 1 could not be used")]
    [InlineData("customer_id,date,amount\nx,2026-01-01,-5\n", "No customer in t.csv has a purchase by 2026-01-01")]
    public async Task FitReport_UnusableFile_SaysWhyAndWritesNothing(string content, string reason)
    {
        using var folder = new TempFolder();
        folder.Write("t.csv", content);

        var ended = await Clv.RunAsync(folder.Path, "fit-report", "t.csv", "--out", "report.html");

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(reason, ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder.Path, "report.html")));
    }

    [Fact]
    public async Task FitReport_WrongArguments_SaysWhy()
    {
        using var folder = new TempFolder();
        folder.Write("t.csv", Sales(static i => $"c{i}"));

        Assert.Contains("nowhere.csv", (await Clv.RunAsync(folder.Path, "fit-report", "nowhere.csv")).Error, StringComparison.Ordinal);
        Assert.Contains("--language", await FailAsync("t.csv", "--language", "fr"), StringComparison.Ordinal);
        Assert.Contains("none", await FailAsync("t.csv", "--out", "none/report.html"), StringComparison.Ordinal);
        Assert.Contains("No customer in t.csv has a purchase by 1999-12-31", await FailAsync("t.csv", "--calibrate-until", "1999-12-31"), StringComparison.Ordinal);
        async Task<string> FailAsync(params string[] arguments)
        {
            var ended = await Clv.RunAsync(folder.Path, ["fit-report", .. arguments]);
            Assert.NotEqual(0, ended.ExitCode);
            return ended.Error + ended.Output;
        }
    }

    private static async Task<XDocument> WriteAsync(TempFolder folder, string output, params string[] arguments)
    {
        var ended = await Clv.RunAsync(folder.Path, ["fit-report", .. arguments, "--out", output]);
        Assert.True(ended.ExitCode == 0, ended.Error);
        return XDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder.Path, output)));
    }

    /// <summary>300 customers of 2026 who buy at their own pace and some of whom stop.</summary>
    private static string Sales(Func<int, string> id)
    {
        var random = new Random(7);
        var rows = new List<string> { "customer_id,date,amount" };
        for (var customer = 0; customer < 300; customer++)
        {
            var (day, pace) = (random.Next(120), 5 + random.Next(60));
            do
            {
                rows.Add($"{id(customer)},{new DateOnly(2026, 1, 1).AddDays(day):yyyy-MM-dd},{10 + random.Next(90)}.50");
                day += 1 + (int)(-pace * Math.Log(1 - random.NextDouble()));
            }
            while (day < 300 && random.NextDouble() < 0.8);
        }

        return string.Join('\n', rows) + "\n";
    }

    private static XElement Captioned(XDocument page, string caption) =>
        page.Descendants(Html + "table").Single(t => (string?)t.Element(Html + "caption") == caption);

    /// <summary>The table of a figure.</summary>
    private static List<string[]> Figure(XDocument page, string title) => Rows(
        page.Descendants(Html + "figure").First(f => (string?)f.Element(Html + "figcaption")?.Element(Html + "h3") == title).Descendants(Html + "table").Single());

    private static List<string[]> Rows(XElement table) =>
        [.. table.Element(Html + "tbody")!.Elements(Html + "tr").Select(static row => row.Elements(Html + "td").Select(static cell => cell.Value).ToArray())];

    private static double Number(string text) => double.Parse(text, NumberStyles.Number, CultureInfo.InvariantCulture);
}
