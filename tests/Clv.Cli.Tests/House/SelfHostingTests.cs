using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using YamlDotNet.RepresentationModel;

namespace Clv.Cli.Tests.House;

/// <summary>The image, its composition and the service fit the sources that they are built from.</summary>
public sealed partial class SelfHostingTests
{
    private static readonly string[] Dockerfile = [.. File.ReadLines(Of("infra/selfhost/Dockerfile")).Where(static line => line.Length > 0 && line[0] != '#')];

    private static readonly string[] Ignored = File.ReadAllLines(Of(".dockerignore"));

    [Fact]
    public void Copies_OfTheImage_AreThereAndNotIgnored()
    {
        var sources = Copies().ToList();

        Assert.True(sources.Count > 10);
        Assert.All(sources, static source => Assert.True(Path.Exists(Of(source)), $"The Dockerfile copies {source}, which is not there."));
        // Everything is ignored but for what is named.
        Assert.Contains("*", Ignored);
        var kept = Ignored.Where(static line => line.StartsWith('!')).Select(static line => line[1..]).ToList();
        Assert.All(sources, source => Assert.True(
            kept.Exists(path => source == path || source.StartsWith(path + "/", StringComparison.Ordinal)), $"The Dockerfile copies {source}, which .dockerignore keeps out."));
        Assert.All(kept, static path => Assert.True(Path.Exists(Of(path)), $".dockerignore keeps {path}, which is not there."));
    }

    [Fact]
    public void Restore_OfTheImage_HasEveryProjectWithItsLockFile()
    {
        var projects = new SortedSet<string>(StringComparer.Ordinal);
        Follow("src/Clv.Cli/Clv.Cli.csproj", projects);

        Assert.Equal(
            projects.SelectMany(static project => (string[])[project, Path.GetDirectoryName(project) + "/packages.lock.json"]).Order(StringComparer.Ordinal),
            Copies().Where(static source => source.EndsWith(".csproj", StringComparison.Ordinal) || source.EndsWith("packages.lock.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

        static void Follow(string project, SortedSet<string> found)
        {
            if (found.Add(project))
            {
                foreach (var reference in XDocument.Load(Of(project)).Descendants("ProjectReference"))
                {
                    var path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Of(project))!, reference.Attribute("Include")!.Value));
                    Follow(Path.GetRelativePath(Commands.Clv.Repository, path), found);
                }
            }
        }
    }

    [Fact]
    public void Image_RunsWithoutPrivilegesAndAsksItself()
    {
        Assert.All(Dockerfile.Where(static line => line.StartsWith("FROM ", StringComparison.Ordinal)), static line => Assert.Matches(@"^FROM mcr\.microsoft\.com/dotnet/(sdk|aspnet):10\.0", line));
        var last = Dockerfile[Array.FindLastIndex(Dockerfile, static line => line.StartsWith("FROM ", StringComparison.Ordinal))..];
        var user = Assert.Single(last, static line => line.StartsWith("USER ", StringComparison.Ordinal))["USER ".Length..];
        Assert.True(int.Parse(user, System.Globalization.CultureInfo.InvariantCulture) > 0);
        // There is no shell in it.
        Assert.DoesNotContain(last, static line => line.StartsWith("RUN ", StringComparison.Ordinal));
        Assert.Contains("CMD [\"/clv/clv\", \"health\"]", Assert.Single(last, static line => line.StartsWith("HEALTHCHECK ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.StartsWith("ENTRYPOINT [\"/clv/clv\", \"serve\", \"--storage\", \"account\"", Assert.Single(last, static line => line.StartsWith("ENTRYPOINT ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain(Dockerfile, static line => line.Contains("Clv__HashKey", StringComparison.Ordinal) || line.Contains("AccountKey", StringComparison.Ordinal));
    }

    [Fact]
    public void Composition_RunsTheImageReadOnlyAndWaitsLongerThanItsUnits()
    {
        var clv = (YamlMappingNode)Parse("infra/selfhost/compose.yaml")["services"]["clv"];

        Assert.Equal("true", clv["read_only"].ToString());
        Assert.Equal("/tmp", Assert.Single((YamlSequenceNode)clv["tmpfs"]).ToString());
        Assert.Equal("ALL", Assert.Single((YamlSequenceNode)clv["cap_drop"]).ToString());
        Assert.All((YamlSequenceNode)clv["ports"], static port => Assert.StartsWith("127.0.0.1:", port.ToString(), StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(Of("infra/selfhost"), clv["build"]["context"].ToString(), clv["build"]["dockerfile"].ToString())));
        Assert.True(Seconds(clv["stop_grace_period"].ToString()) > Seconds(string.Join(' ', ((YamlSequenceNode)clv["command"]).Select(static word => word.ToString()))));
        Assert.Contains("azurite", ((YamlMappingNode)Parse("infra/selfhost/compose.azurite.yaml")["services"]).Children.Keys.Select(static key => key.ToString()));
    }

    [Fact]
    public async Task Unit_OfSystemd_IsVerifiedAndHardened()
    {
        const string analyse = "/usr/bin/systemd-analyze";
        Assert.SkipUnless(File.Exists(analyse), $"There is no {analyse}.");
        var text = await File.ReadAllTextAsync(Of("infra/selfhost/clv.service"), TestContext.Current.CancellationToken);
        Assert.True(Seconds(TimeoutStop().Match(text).Value) > Seconds(Start().Match(text).Value));
        using var folder = new Commands.TempFolder();
        // The verification wants a program that is there.
        var unit = folder.Write("clv.service", text.Replace("ExecStart=/opt/clv/clv", $"ExecStart={Commands.Clv.Program}", StringComparison.Ordinal));

        var verified = await RunAsync(analyse, "verify", "--man=no", unit);
        Assert.True(verified.ExitCode == 0 && verified.Output.Length == 0, verified.Output);
        var (exitCode, output) = await RunAsync(analyse, "security", "--no-pager", "--offline=yes", "--threshold=20", unit);
        Assert.True(exitCode == 0, output);
    }

    private static IEnumerable<string> Copies() => Dockerfile
        .Where(static line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from=", StringComparison.Ordinal))
        .SelectMany(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..^1]);

    private static string Of(string path) => Path.Combine(Commands.Clv.Repository, path);

    private static int Seconds(string text) => int.Parse(Number().Match(text).Value, System.Globalization.CultureInfo.InvariantCulture);

    private static YamlMappingNode Parse(string file)
    {
        using var reader = File.OpenText(Of(file));
        var yaml = new YamlStream();
        yaml.Load(reader);
        return (YamlMappingNode)Assert.Single(yaml.Documents).RootNode;
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }

    [GeneratedRegex(@"\d+(?!.*\d)", RegexOptions.Singleline, 1000)]
    private static partial Regex Number();

    [GeneratedRegex("^TimeoutStopSec=.*$", RegexOptions.Multiline, 1000)]
    private static partial Regex TimeoutStop();

    [GeneratedRegex("^ExecStart=.*$", RegexOptions.Multiline, 1000)]
    private static partial Regex Start();
}
