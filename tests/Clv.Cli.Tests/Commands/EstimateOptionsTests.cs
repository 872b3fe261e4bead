namespace Clv.Cli.Tests.Commands;

/// <summary>What the commands that estimate on a file have in common.</summary>
public sealed class EstimateOptionsTests
{
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
}
