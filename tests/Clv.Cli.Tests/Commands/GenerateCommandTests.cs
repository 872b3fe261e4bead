using System.Security.Cryptography;
using System.Text.Json;
using Clv.Core.Industry;

namespace Clv.Cli.Tests.Commands;

public sealed class GenerateCommandTests
{
    [Fact]
    public async Task Generate_Default_WritesTheWholeSetAndCountsItsRows()
    {
        using var folder = new TempFolder();

        var ended = await Clv.RunAsync(folder.Path, "generate", "--customers", "50", "--out", "set", "--until", "2026-11-20");

        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Equal(
            ["contracts.csv", "customers.csv", "interactions.csv", "manifest.json", "mapping.json", "profile.json", "rates.csv", "transactions.csv", "truth.json"],
            Names(folder, "set"));
        var rows = File.ReadLines(Path.Combine(folder.Path, "set", "customers.csv")).Count() - 1;
        Assert.Matches($@"customers\.csv\s*│\s*{rows}\s*│", ended.Output);
    }

    [Fact]
    public async Task Generate_Plain_WritesTransactionsOfTheModelsAlone()
    {
        using var folder = new TempFolder();

        Assert.Equal(0, (await Clv.RunAsync(folder.Path, "generate", "--plain", "--customers", "50", "--out", "set", "--until", "2026-11-20")).ExitCode);

        Assert.Equal(["manifest.json", "transactions.csv", "truth.json"], Names(folder, "set"));
        var lines = await File.ReadAllLinesAsync(Path.Combine(folder.Path, "set", "transactions.csv"));
        Assert.Equal("customer_id,occurred_at,amount", lines[0]);
        Assert.Equal(50, lines[1..].Select(static l => l.Split(',')[0]).Distinct().Count());
        // Measurements that are compared over time are made on these bytes.
        Assert.Equal(
            "c35f7d19307a198e88dd489cfce07b4068a363936a78d55415e8c58fb3926068",
            Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(folder.Path, "set", "transactions.csv")))));
    }

    [Theory]
    [InlineData("own")]
    [InlineData("retail")]
    [InlineData("none")]
    public async Task Generate_WithAProfile_WritesIt(string name)
    {
        using var folder = new TempFolder();

        Assert.Equal(0, (await Clv.RunAsync(folder.Path, "generate", "--customers", "5", "--out", "set", "--until", "2026-11-20", "--profile", name)).ExitCode);

        var file = Path.Combine(folder.Path, "set", IndustryProfile.FileName);
        Assert.Equal(name != "none", File.Exists(file));
        if (name != "none")
        {
            Assert.Equal(name, IndustryProfile.Parse(await File.ReadAllBytesAsync(file)).Name);
        }
    }

    [Fact]
    public async Task Generate_OneOriginOnBothSidesOfANewYear_IsOneWorld()
    {
        using var folder = new TempFolder();
        foreach (var until in (string[])["2026-12-30", "2027-01-06"])
        {
            Assert.Equal(0, (await Clv.RunAsync(folder.Path, "generate", "--customers", "50", "--out", until, "--until", until, "--origin", "2021-01-01")).ExitCode);
        }

        var before = await File.ReadAllLinesAsync(Path.Combine(folder.Path, "2026-12-30", "transactions.csv"));
        var after = await File.ReadAllLinesAsync(Path.Combine(folder.Path, "2027-01-06", "transactions.csv"));
        Assert.Empty(before.Except(after));
    }

    [Fact]
    public async Task Generate_German_IsWrittenInItsEncodingWithAMapping()
    {
        using var folder = new TempFolder();

        Assert.Equal(0, (await Clv.RunAsync(folder.Path, "generate", "--customers", "50", "--out", "set", "--until", "2026-11-20", "--format", "german")).ExitCode);

        var header = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Path.Combine(folder.Path, "set", "Belege.csv"))).Split('\n')[0];
        Assert.Contains(";Währung;", header, StringComparison.Ordinal);
        var mapping = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(Path.Combine(folder.Path, "set", "mapping.json")));
        Assert.Equal("windows-1252", mapping.GetProperty("encoding").GetString());
        Assert.Equal("service_call", mapping.GetProperty("interactions").GetProperty("values").GetProperty("kind").GetProperty("Anruf").GetString());
    }

    [Theory]
    [InlineData("--plain --format german", "--format does not go with --plain")]
    [InlineData("--since 2026-11-20", "must be a day after --since")]
    [InlineData("--origin 2026-11-21", "not before --origin")]
    [InlineData("--since 2025-12-30", "state the --origin of both sets")]
    [InlineData("--flaws 2", "--flaws must be from 0 to 1")]
    public async Task Generate_OptionsThatDoNotFit_SayWhyAndWriteNothing(string options, string reason)
    {
        using var folder = new TempFolder();

        var ended = await Clv.RunAsync(folder.Path, ["generate", "--out", "set", "--until", "2026-11-20", .. options.Split(' ')]);

        Assert.NotEqual(0, ended.ExitCode);
        Assert.Contains(reason, ended.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "set")));
    }

    private static IEnumerable<string> Names(TempFolder folder, string set) =>
        Directory.EnumerateFiles(Path.Combine(folder.Path, set)).Select(static f => Path.GetFileName(f)).Order(StringComparer.Ordinal);
}
