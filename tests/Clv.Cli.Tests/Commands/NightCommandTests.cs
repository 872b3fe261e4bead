using System.Globalization;
using System.Text.RegularExpressions;

namespace Clv.Cli.Tests.Commands;

public sealed class NightCommandTests
{
    // Requests, and the further tries that some of them took.
    private const string Storage = @"[0-9,]+(\+[0-9,]+)?";

    // Seconds, or minutes on a slow machine.
    private const string Took = "[0-9.:]+ [sm]";

    [Fact]
    public async Task Night_CdnowMaster_PublishesEveryCustomerAndALaterProcessFindsThem()
    {
        using var folder = new TempFolder();
        var extracts = Path.Combine(folder.Path, "extracts");
        Directory.CreateDirectory(extracts);
        File.Copy(Clv.Shared("cdnow_master_tx.csv"), Path.Combine(extracts, "cdnow_master_tx.csv"));
        foreach (var file in (string[])["mapping.json", "manifest.json"])
        {
            File.Copy(Path.Combine(Clv.Repository, "docs", "examples", "cdnow", file), Path.Combine(extracts, file));
        }

        var report = (await Clv.RunAsync(folder.Path, "night", "--extracts", "extracts", "--date", "1998-06-30", "--json")).Json();

        Assert.True(report.GetProperty("published").GetBoolean());
        Assert.Equal((23570, 23570), (report.GetProperty("customers").GetInt32(), report.GetProperty("scored").GetInt32()));
        var rows = report.GetProperty("files")[0];
        Assert.Equal((69659, 69659), (rows.GetProperty("read").GetInt32(), rows.GetProperty("used").GetInt32() + rows.GetProperty("replaced").GetInt32() + rows.GetProperty("quarantined").GetInt32()));
        Assert.Equal("BG/NBD with novelty", report.GetProperty("model").GetProperty("transactions").GetProperty("name").GetString());
        Assert.Equal(9, report.GetProperty("phases").GetArrayLength());

        // What the night served is what the same file scores without storage.
        var customer = (await Clv.RunAsync(folder.Path, "lookup", "00002", "--json")).Json().GetProperty("customer");
        var (lookup, value) = (customer.GetProperty("purchases"), customer.GetProperty("value"));
        Assert.Equal(0, (await Clv.RunAsync(folder.Path, "score", "--transactions", "extracts/cdnow_master_tx.csv", "--calibrate-until", "1998-06-30", "--model", "auto", "--intervals", "--out", "s.csv")).ExitCode);
        var row = File.ReadLines(Path.Combine(folder.Path, "s.csv")).Skip(2).First().Split(',');
        Assert.Equal("00002", row[0]);
        Assert.Equal(double.Parse(row[4], CultureInfo.InvariantCulture), lookup.GetProperty("probabilityAlive").GetDouble());
        Assert.Equal(double.Parse(row[7], CultureInfo.InvariantCulture), lookup.GetProperty("futureValue").GetDouble());
        Assert.Equal(int.Parse(row[8], CultureInfo.InvariantCulture), lookup.GetProperty("whole").GetInt32());
        Assert.Equal(decimal.Round((decimal)double.Parse(row[10], CultureInfo.InvariantCulture), 2), value.GetProperty("high").GetDecimal());

        var unknown = await Clv.RunAsync(folder.Path, "lookup", "nobody");
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("Run r00001 of 1998-06-30 has no customer with this id", unknown.Error, StringComparison.Ordinal);

        // A broken night ends with its reason and a non-zero exit, and the scores are still there.
        File.Delete(Path.Combine(extracts, "manifest.json"));
        var broken = await Clv.RunAsync(folder.Path, "night", "--extracts", "extracts", "--date", "1998-07-01");
        Assert.Equal(1, broken.ExitCode);
        Assert.Contains("neither manifest.json nor _SUCCESS", Flat(broken.Output), StringComparison.Ordinal);
        Assert.Equal("r00001", (await Clv.RunAsync(folder.Path, "lookup", "00002", "--json")).Json().GetProperty("run").GetProperty("id").GetString());
    }

    [Fact]
    public async Task Night_WithTrace_ShowsEveryPhaseItsUnitsAndTheProcesses()
    {
        using var folder = new TempFolder();
        Assert.Equal(0, (await Clv.RunAsync(folder.Path, "generate", "--customers", "150", "--out", "extracts", "--until", "2026-11-20")).ExitCode);
        // Whatever the environment says of telemetry: this night's spans come here.
        var environment = new Dictionary<string, string> { ["OTEL_SDK_DISABLED"] = "true", ["OTEL_TRACES_EXPORTER"] = "none" };

        var night = await Clv.RunAsync(folder.Path, environment, "night", "--extracts", "extracts", "--date", "2026-11-20", "--workers", "2", "--trace");

        Assert.True(night.ExitCode == 0, night.Error + night.Output);
        Shows($"Night of 2026-11-20, run r00001: published after {Took}");
        foreach (var phase in (string[])["plan", "ingest × 5", "summarise × 16", "fit", "value × 16", "rank", "score × 16", "publish", "announce × 16"])
        {
            Shows($"(?m)^{phase}( +{Took}){{3}} +{Storage} +░*█");
        }

        Shows($"(?m)^├ unit [0-9]+, process [12]( +{Took}){{2}} +{Storage} +━+");
        Shows("(?m)^process 1 +[0-9]+ units");
        Shows("(?m)^process 2 +[0-9]+ units");

        // The whole night with it, since its figures are the machine's.
        void Shows(string line) => Assert.True(Regex.IsMatch(night.Output, line, RegexOptions.None, TimeSpan.FromSeconds(10)), $"Nothing matches {line} in {night.Output}");
    }

    [Fact]
    public async Task Runs_AHeldNight_IsShownReleasedAndRolledBack()
    {
        using var folder = new TempFolder();
        var extracts = Path.Combine(folder.Path, "extracts");
        var held = new Dictionary<string, string> { ["Clv__MaximumQuarantineShare"] = "0.1" };
        Assert.Equal(0, (await Clv.RunAsync(folder.Path, "generate", "--customers", "150", "--out", "extracts", "--until", "2026-11-20")).ExitCode);
        File.Delete(Path.Combine(extracts, "manifest.json"));
        folder.Write("extracts/_SUCCESS", "");
        Assert.Equal(0, (await Clv.RunAsync(folder.Path, held, "night", "--extracts", "extracts", "--date", "2026-11-20")).ExitCode);
        // A fifth of the rows once more, without their customers.
        var transactions = Path.Combine(extracts, "transactions.csv");
        var lines = await File.ReadAllLinesAsync(transactions);
        await File.AppendAllLinesAsync(transactions, lines.Skip(1).Take(lines.Length / 5).Select(static line => $",{line[(line.IndexOf(',', StringComparison.Ordinal) + 1)..]}"));

        var night = await Clv.RunAsync(folder.Path, held, "night", "--extracts", "extracts", "--date", "2026-11-21");

        Assert.Equal(1, night.ExitCode);
        Assert.Contains("Held: run r00002 of 2026-11-21", night.Output, StringComparison.Ordinal);
        Assert.Contains("rows of transactions.csv", Flat(night.Output), StringComparison.Ordinal);
        Assert.Contains("clv runs publish r00002", night.Output, StringComparison.Ordinal);
        var runs = await Clv.RunAsync(folder.Path, "runs");
        Assert.True(runs.ExitCode == 0, runs.Error);
        Assert.Matches("r00002 +│ 2026-11-21 │ held +│ can be │", runs.Output);
        Assert.Matches("r00001 +│ 2026-11-20 │ published +│ yes", runs.Output);

        var released = await Clv.RunAsync(folder.Path, "runs", "publish", "r00002", "--reason", "Test rows of the shop.");
        Assert.True(released.ExitCode == 0, released.Error + released.Output);
        Assert.Contains("Published run r00002 of 2026-11-21", released.Output, StringComparison.Ordinal);
        Assert.Contains("released by command-line", released.Output, StringComparison.Ordinal);

        var back = await Clv.RunAsync(folder.Path, "runs", "publish", "r00001");
        Assert.True(back.ExitCode == 0, back.Error);
        Assert.Contains("Lookups are served from run r00001 of 2026-11-20, before from run r00002", back.Output, StringComparison.Ordinal);
        var served = (await Clv.RunAsync(folder.Path, "runs", "--json")).Json().GetProperty("served");
        Assert.Equal(("r00001", "command-line", "r00002"), (served.GetProperty("run").GetString(), served.GetProperty("movedBy").GetString(), served.GetProperty("movedFrom").GetString()));

        var unknown = await Clv.RunAsync(folder.Path, "runs", "publish", "r00009");
        Assert.Equal((1, "There is no run r00009."), (unknown.ExitCode, unknown.Error.Trim()));
        Assert.Contains("such as r00001", (await Clv.RunAsync(folder.Path, "runs", "publish", "9")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lookup_WithoutAnyNight_SaysWhatToDo()
    {
        using var folder = new TempFolder();

        var ended = await Clv.RunAsync(folder.Path, "lookup", "1");

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("run `clv` or `clv night` first", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_DataFolderThatCannotBeWritten_SaysWhatToDo()
    {
        using var folder = new TempFolder();
        var file = folder.Write("taken", "a file where the folder should be");

        var ended = await Clv.RunAsync(folder.Path, "--once", "--port", "0", "--data", file);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("choose another with --data", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_WithoutNode_SaysWhatToInstall()
    {
        using var folder = new TempFolder();
        var ended = await Clv.RunAsync(folder.Path, new Dictionary<string, string> { ["PATH"] = folder.Path }, "--once", "--port", "0");

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("Node.js 20 or later", ended.Error, StringComparison.Ordinal);
    }

    private static string Flat(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
