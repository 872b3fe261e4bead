using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Clv.Cli.Emulator;
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

    // Where nothing is but what the image has by then.
    [Fact]
    public async Task Restore_OfTheImage_NeedsNothingElse()
    {
        const string restore = "RUN dotnet restore ";
        using var folder = new Commands.TempFolder();
        foreach (var words in Dockerfile.TakeWhile(static line => !line.StartsWith(restore, StringComparison.Ordinal)).Where(IsCopy).Select(Words))
        {
            foreach (var source in words[1..^1])
            {
                var target = Path.Combine(folder.Path, words[^1], Path.GetFileName(source));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(Of(source), target);
            }
        }

        var arguments = Words(Assert.Single(Dockerfile, static line => line.StartsWith(restore, StringComparison.Ordinal)))[2..];
        var (exitCode, output) = await RunAsync("dotnet", [arguments[0], Path.Combine(folder.Path, arguments[1]), .. arguments[2..]]);

        Assert.True(exitCode == 0, output);
        Assert.True(Directory.Exists(Path.Combine(folder.Path, "artifacts", "obj", "Clv.Functions")));
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
    }

    [Fact]
    public void Composition_RunsTheEmulatorAsClvDoes()
    {
        var azurite = Parse("infra/selfhost/compose.azurite.yaml")["services"]["azurite"];

        Assert.Equal($"mcr.microsoft.com/azure-storage/azurite:{AzuriteProgram.Version}", azurite["image"].ToString());
        var command = ((YamlSequenceNode)azurite["command"]).Select(static word => word.ToString()).ToList();
        Assert.Equal("azurite", command[0]);
        Assert.Subset(command.ToHashSet(), AzuriteProgram.Arguments.ToHashSet());
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task Secrets_OfTheGuide_AreThoseThatTheServiceLoadsAndKeptWhenItIsFollowedAgain()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "There is no bash.");
        using var folder = new Commands.TempFolder();
        var service = await File.ReadAllLinesAsync(Of("infra/selfhost/clv.service"), TestContext.Current.CancellationToken);
        var loaded = service.Where(static line => line.StartsWith("LoadCredential=", StringComparison.Ordinal)).Select(static line => line["LoadCredential=".Length..].Split(':')).ToList();
        var lines = Markdown.ShellLines(Markdown.Read("docs/self-hosting.md"));
        // Root's files, in a folder of ours.
        var secrets = lines.Where(static line => line.Contains("/etc/clv/secrets", StringComparison.Ordinal))
            .Select(line => line.Replace("/etc/clv", folder.Path, StringComparison.Ordinal).Replace("sudo ", "", StringComparison.Ordinal).Replace("read -rsp ", "read -rp ", StringComparison.Ordinal))
            .ToList();

        Assert.All(lines.Where(static line => line.Contains("/opt/", StringComparison.Ordinal) || line.Contains("/etc/", StringComparison.Ordinal) || line.StartsWith("systemctl", StringComparison.Ordinal)),
            static line => Assert.Contains("sudo ", line, StringComparison.Ordinal));
        // It starts when all that it needs is there.
        Assert.Equal("sudo systemctl enable --now clv", lines[^1]);
        Assert.NotEmpty(loaded);
        var kept = "";
        foreach (var storage in (string[])["UseDevelopmentStorage=true", "AccountName=other"])
        {
            var (exitCode, output) = await RunAsync("/bin/bash", "-ec", $"{{ {string.Join('\n', secrets)}\n}} <<< '{storage}'");
            Assert.True(exitCode == 0, output);
            var files = loaded.ToDictionary(static credential => credential[0], credential => File.ReadAllText(credential[1].Replace("/etc/clv", folder.Path, StringComparison.Ordinal)));
            Assert.Equal(storage, files["AzureWebJobsStorage"].Trim());
            Assert.Matches("^[0-9a-f]{64}$", files["Clv__HashKey"].Trim());
            Assert.Equal(5, files.Values.Distinct(StringComparer.Ordinal).Count());
            Assert.Equal(kept.Length == 0 ? files["Clv__HashKey"] : kept, files["Clv__HashKey"]);
            kept = files["Clv__HashKey"];
        }

        Assert.All(Directory.GetFiles(Path.Combine(folder.Path, "secrets")), static file => Assert.Equal("600", Convert.ToString((int)File.GetUnixFileMode(file), 8)));
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
        .Where(IsCopy)
        .SelectMany(static line => Words(line)[1..^1]);

    private static bool IsCopy(string line) => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from=", StringComparison.Ordinal);

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

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
