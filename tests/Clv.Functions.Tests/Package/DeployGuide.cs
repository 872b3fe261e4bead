using System.Text.RegularExpressions;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Package;

/// <summary>docs/deploy.md: what it says works as it stands there.</summary>
public sealed partial class DeployGuide
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Folder, "docs", "deploy.md"));

    /// <summary>The commands of `clv` in it.</summary>
    public static IReadOnlyList<string[]> Commands { get; } =
        [.. CommandLine().Matches(Text).Select(static match => match.Groups["arguments"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    // Those that publish are run by the tests of the package.
    [Fact]
    public async Task Commands_ThatDoNotPublish_Work()
    {
        Assert.Equal(["publish", "generate", "publish"], Commands.Select(static command => command[0]));
        var folder = Directory.CreateTempSubdirectory("clv-guide-");
        try
        {
            foreach (var command in Commands.Where(static command => command[0] != "publish"))
            {
                var (exitCode, output) = await PublishedPackage.RunAsync(PublishedPackage.Program, command, folder: folder.FullName);
                Assert.True(exitCode == 0, output);
            }

            // Whoever is asked for by number is somebody of them.
            var number = Assert.Single(Phone().Matches(Text).Cast<Match>()).Groups["number"].Value;
            Assert.Contains(number, await File.ReadAllTextAsync(Path.Combine(folder.FullName, "extracts", "customers.csv"), TestContext.Current.CancellationToken), StringComparison.Ordinal);

            // What is uploaded is what was made: all but the truth, which no CRM knows.
            var made = Directory.EnumerateFiles(Path.Combine(folder.FullName, "extracts")).Select(static file => Path.GetFileName(file)!);
            var patterns = Upload().Matches(Text).Select(static match => match.Groups["pattern"].Value.Replace("*", ".*", StringComparison.Ordinal)).ToList();
            Assert.Equal("manifest.json", patterns[^1]);
            Assert.Equal(["truth.json"], made.Where(file => !patterns.Exists(pattern => Regex.IsMatch(file, $"^{pattern}$", RegexOptions.None, TimeSpan.FromSeconds(1)))));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"^dotnet run --project src/Clv\.Cli -c Release -- (?<arguments>.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CommandLine();

    [GeneratedRegex("\"phone\":\"(?<number>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Phone();

    [GeneratedRegex("^upload '(?<pattern>[^']*)'$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Upload();
}
