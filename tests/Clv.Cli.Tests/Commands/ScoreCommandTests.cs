using System.Globalization;
using System.Text.Json;

namespace Clv.Cli.Tests.Commands;

public sealed class ScoreCommandTests
{
    // Fader, Hardie and Lee 2005 and Fader and Hardie 2013 for the sample; the master as the known packages fit it. Four significant digits.
    [Theory]
    [InlineData("cdnow_sample_tx.csv", 2357, -9582.429, -4055.92, "r=.242594 alpha=4.413602 a=.792920 b=2.425888", "p=6.2493 q=3.7443 v=15.4443")]
    [InlineData("cdnow_master_tx.csv", 23570, -95368.444, -40763.48, "r=.251624 alpha=4.78895 a=.72343 b=2.16108", "p=6.27534 q=3.62444 v=14.9837")]
    public async Task Score_CdnowCalibration_ReproducesThePublishedFits(
        string file, int customers, double transactionsLl, double spendLl, string transactions, string spend)
    {
        using var folder = new TempFolder();
        var report = (await Clv.RunAsync(folder.Path, "score", "--transactions", Clv.Shared(file), "--calibrate-until", "1997-09-30", "--json")).Json();

        Assert.Equal(customers, report.GetProperty("customers").GetInt32());
        var model = report.GetProperty("model");
        Check(model.GetProperty("transactions"), transactions, transactionsLl);
        Check(model.GetProperty("spend"), spend, spendLl);

        static void Check(JsonElement model, string expected, double logLikelihood)
        {
            Assert.Equal(logLikelihood, model.GetProperty("logLikelihood").GetDouble(), 0.01);
            foreach (var pair in expected.Split(' ').Select(static p => p.Split('=')))
            {
                var value = model.GetProperty("parameters").GetProperty(pair[0]).GetDouble();
                var published = double.Parse(pair[1], CultureInfo.InvariantCulture);
                var unit = Math.Pow(10, Math.Floor(Math.Log10(published)) - 3);
                Assert.True(Math.Abs(value - published) <= 0.5 * unit, $"{pair[0]}: {value}, published {published}");
            }
        }
    }

    [Fact]
    public async Task Score_CdnowSample_WritesThePublishedPointValues()
    {
        using var folder = new TempFolder();
        var output = Path.Combine(folder.Path, "scores.csv");
        var ended = await Clv.RunAsync(
            folder.Path, "score", "--transactions", Clv.Shared("cdnow_sample_tx.csv"), "--calibrate-until", "1997-09-30", "--horizon-weeks", "39",
            "--discount-rate", "0", "--out", output);
        Assert.True(ended.ExitCode == 0, ended.Error);

        var lines = await File.ReadAllLinesAsync(output);
        Assert.Equal("customer_id,frequency,recency,age,p_alive,expected_transactions,expected_value,future_value", lines[0]);
        Assert.Equal(2358, lines.Length);
        var first = lines[1].Split(',');
        Assert.Equal(("0001", "2"), (first[0], first[1]));
        Assert.Equal("30.43", Number(first[2], "F2"));
        Assert.Equal("38.86", Number(first[3], "F2"));
        Assert.Equal(".7266", Number(first[4], "F4")[1..]);
        Assert.Equal("1.2260", Number(first[5], "F4"));
        // Without discounting, the future value is the expected occasions times the expected value of one.
        Assert.Equal(Parse(first[5]) * Parse(first[6]), Parse(first[7]), 1e-9);
        string[] published = ["24.65", "18.91", "35.17", "35.17", "35.17", "71.46", "18.91", "35.17", "27.28", "35.17"];
        Assert.Equal(published, lines[1..11].Select(static line => Number(line.Split(',')[6], "F2")));

        static double Parse(string text) => double.Parse(text, CultureInfo.InvariantCulture);
        static string Number(string text, string format) => Parse(text).ToString(format, CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public async Task Score_FiftyThousandGeneratedCustomers_GivesTheirParametersBack(int seed)
    {
        using var folder = new TempFolder();
        Assert.Equal(0, (await Clv.RunAsync(folder.Path, "generate", "--plain", "--customers", "50000", "--seed", $"{seed}", "--out", "set")).ExitCode);
        var truth = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(Path.Combine(folder.Path, "set", "truth.json")));
        var report = (await Clv.RunAsync(folder.Path, "score", "--transactions", "set/transactions.csv", "--calibrate-until", truth.GetProperty("until").GetString()!, "--json")).Json();

        Check(truth.GetProperty("bgNbd"), report.GetProperty("model").GetProperty("transactions"));
        Check(truth.GetProperty("gammaGamma"), report.GetProperty("model").GetProperty("spend"));

        static void Check(JsonElement truth, JsonElement model)
        {
            foreach (var parameter in truth.EnumerateObject())
            {
                var estimate = model.GetProperty("parameters").GetProperty(parameter.Name).GetDouble();
                var error = model.GetProperty("standardErrors").GetProperty(parameter.Name).GetDouble();
                Assert.True(
                    Math.Abs(estimate - parameter.Value.GetDouble()) < 3 * error,
                    $"{parameter.Name}: true {parameter.Value}, estimated {estimate} with a standard error of {error}");
            }
        }
    }

    [Fact]
    public async Task Score_OneThreadOrTwo_GivesTheSameBytes()
    {
        using var folder = new TempFolder();
        Assert.Equal(0, (await Clv.RunAsync(folder.Path, "generate", "--plain", "--customers", "20000", "--out", "set")).ExitCode);
        Assert.Equal(0, (await Clv.RunAsync(folder.Path, "score", "--transactions", "set/transactions.csv", "--threads", "1", "--out", "1.csv")).ExitCode);
        Assert.Equal(0, (await Clv.RunAsync(folder.Path, "score", "--transactions", "set/transactions.csv", "--threads", "2", "--out", "2.csv")).ExitCode);

        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(folder.Path, "1.csv")), await File.ReadAllBytesAsync(Path.Combine(folder.Path, "2.csv")));
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("a,b,c\n1,2,3\n", "no column for customer_id, occurred_at, amount")]
    [InlineData("customer_id,date,amount\nx,yesterday,5\n", "has no usable row: 1 were read and 1 could not be used")]
    [InlineData("customer_id,date,amount\nx,2026-01-01,5\n", "cannot be estimated")]
    public async Task Score_UnusableFile_SaysWhyWithoutAStackTrace(string content, string reason)
    {
        using var folder = new TempFolder();
        folder.Write("t.csv", content);

        var ended = await Clv.RunAsync(folder.Path, "score", "--transactions", "t.csv");

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(reason, ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_MissingFileOrWrongOption_SaysWhy()
    {
        using var folder = new TempFolder();

        Assert.Contains("nowhere.csv", (await Clv.RunAsync(folder.Path, "score", "--transactions", "nowhere.csv")).Error, StringComparison.Ordinal);
        Assert.Contains("--horizon-weeks", (await Clv.RunAsync(folder.Path, "score", "--transactions", "x", "--horizon-weeks", "-1")).Error, StringComparison.Ordinal);
        Assert.Contains("--calibrate-until", (await Clv.RunAsync(folder.Path, "score", "--transactions", "x", "--calibrate-until", "soon")).Error, StringComparison.Ordinal);
        Assert.Contains("--model", (await Clv.RunAsync(folder.Path, "score", "--transactions", "x", "--model", "oracle")).Error + (await Clv.RunAsync(folder.Path, "score", "--transactions", "x", "--model", "oracle")).Output, StringComparison.Ordinal);
    }
}
