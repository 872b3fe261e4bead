using System.Text.Json;
using System.Text.RegularExpressions;
using Clv.Cli.Tests.Commands;
using Clv.Core.Extracts;

namespace Clv.Cli.Tests;

/// <summary>What the README shows works as it stands there.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(Commands.Clv.Repository, "README.md"));

    [Fact]
    public async Task Commands_InTheOrderOfTheReadme_Work()
    {
        using var folder = new TempFolder();
        var commands = CommandLine().Matches(Readme).Select(static m => m.Groups["arguments"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        Assert.True(commands.Count >= 5);

        foreach (var arguments in commands)
        {
            // The first command serves until Ctrl-C; here it ends after the night, on a port of its own.
            var ended = await Commands.Clv.RunAsync(folder.Path, arguments.Length == 0 ? ["--once", "--port", "0"] : arguments);
            Assert.True(ended.ExitCode == 0, $"clv {string.Join(' ', arguments)}: {ended.Error}{ended.Output}");
        }

        Assert.True(File.Exists(Path.Combine(folder.Path, "scores.csv")));
        Assert.True(File.Exists(Path.Combine(folder.Path, "fit-report.html")));
    }

    [Fact]
    public async Task Columns_OfScoresWithMarginsAndIntervals_AreThoseOfTheReadme()
    {
        using var folder = new TempFolder();
        folder.Write(
            "t.csv", "customer_id,date,amount,margin\nx,2026-01-01,50,35\nx,2026-02-01,50,35 %\ny,2026-01-01,20,\ny,2026-02-01,30,9\nz,2026-01-05,10,1\n");

        var ended = await Commands.Clv.RunAsync(
            folder.Path, "score", "--transactions", "t.csv", "--model", "auto", "--intervals", "--out", "scores.csv");

        Assert.True(ended.ExitCode == 0, ended.Error);
        // As it says of percentages.
        Assert.Contains("1 rows set aside, the first in line 3, column margin", ended.Error, StringComparison.Ordinal);
        var header = (await File.ReadAllLinesAsync(Path.Combine(folder.Path, "scores.csv")))[0];
        var told = Readme[Readme.IndexOf("`scores.csv` has", StringComparison.Ordinal)..Readme.IndexOf("fit-report", StringComparison.Ordinal)];
        Assert.Equal(header, string.Join(',', ColumnsInCode().Matches(told).Select(static m => m.Groups["columns"].Value)));
    }

    [Fact]
    public void Mapping_OfTheReadme_IsUnderstood()
    {
        var mapping = JsonBlock().Matches(Readme).Select(static m => m.Groups["json"].Value).Single(static j => j.Contains("timeZone", StringComparison.Ordinal));

        Assert.True(ExtractMapping.Parse(System.Text.Encoding.UTF8.GetBytes(mapping)).IsTransactions("Belege_2026.csv"));
    }

    [Fact]
    public void Json_OfTheReadme_IsWellFormed() =>
        Assert.All(JsonBlock().Matches(Readme).Select(static m => m.Groups["json"].Value), static json => JsonSerializer.Deserialize<JsonElement>(json));

    [GeneratedRegex(@"^dotnet run --project src/Clv\.Cli(?: -c Release)?(?: --(?<arguments>.*))?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CommandLine();

    [GeneratedRegex("`(?<columns>[a-z]+_[a-z_,]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ColumnsInCode();

    [GeneratedRegex("```json\n(?<json>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex JsonBlock();
}
