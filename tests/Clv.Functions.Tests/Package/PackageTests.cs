using System.IO.Compression;
using System.Net;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Clv.Functions.Night;
using Clv.Functions.Tests.Access;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Package;

/// <summary>What is deployed: the self-contained, ready-to-run publish, under the host's contract.</summary>
[SupportedOSPlatform("linux")]
public sealed partial class PackageTests(PublishedPackage packages)
{
    [Fact]
    public async Task Custom_Published_RunsANight()
    {
        var package = await packages.GetAsync();

        await using var rig = await NightRig.StartAsync(appFolder: package.Folder);
        await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(400));
        var report = await rig.RunAsync(NightRig.Tonight);

        Assert.True(report.State == RunState.Published, report.Reason);
        Assert.Equal(400, report.Scored);
    }

    [Fact]
    public async Task Custom_Published_HasWhatTheHostNeedsAndNothingElse()
    {
        var package = await packages.GetAsync();

        var host = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(package.Folder, "host.json")))!;
        Assert.Equal("Clv.Functions", (string?)host["customHandler"]!["description"]!["defaultExecutablePath"]);
        Assert.Equal("Microsoft.Azure.Functions.ExtensionBundle", (string?)host["extensionBundle"]!["id"]);
        Assert.Equal(
            ["Api/function.json", "Desk/function.json", "FailUnit/function.json", "RunUnit/function.json", "StartNight/function.json", "Watch/function.json"],
            package.Files.Where(static file => file.EndsWith("function.json", StringComparison.Ordinal)));
        Assert.Contains("libcoreclr.so", package.Files);
        Assert.Contains("wwwroot/index.html", package.Files);
        Assert.DoesNotContain(package.Files, static file => ForPeople().IsMatch(file));
        Assert.Contains($"{package.Files.Count} files", package.Told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Custom_PublishedForAnybody_AsksForKeysOfItsOwnAlone()
    {
        var package = await packages.GetAsync(options: ["--api", "anonymous"]);
        var level = (await packages.GetAsync()).Files.Where(static file => file.EndsWith("function.json", StringComparison.Ordinal)).ToList();
        Assert.Equal(level, package.Files.Where(static file => file.EndsWith("function.json", StringComparison.Ordinal)));
        foreach (var file in level)
        {
            var expected = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine((await packages.GetAsync()).Folder, file)))!;
            if (file == "Api/function.json")
            {
                Assert.Equal("function", (string?)expected["bindings"]![0]!["authLevel"]);
                expected["bindings"]![0]!["authLevel"] = "anonymous";
            }

            Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(package.Folder, file)))), file);
        }

        // Where the host would have been the one that asks, nobody would.
        var (exitCode, output) = await PublishedPackage.RunAsync(Path.Combine(package.Folder, "Clv.Functions"), [], new Dictionary<string, string>
        {
            ["FUNCTIONS_CUSTOMHANDLER_PORT"] = "1",
            ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
            ["Clv__HashKey"] = NightRig.HashKey,
        });
        Assert.Equal(1, exitCode);
        Assert.Contains("Clv:Access is FunctionKeys", output, StringComparison.Ordinal);
        Assert.Contains("--api anonymous", output, StringComparison.Ordinal);

        await using var rig = await NightRig.StartAsync(appFolder: package.Folder, settings: AppRig.Keys);
        using var stranger = await rig.Api.GetAsync("api/runs", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
    }

    [Fact]
    public async Task Zip_OfThePackage_HasItsFilesAndWhatMayBeExecuted()
    {
        var package = await packages.GetAsync();

        using var zip = ZipFile.OpenRead(package.Zip);

        Assert.Equal(package.Files, zip.Entries.Select(static entry => entry.FullName));
        Assert.All(zip.Entries, entry =>
        {
            var mode = (UnixFileMode)((entry.ExternalAttributes >> 16) & 0x1FF);
            Assert.Equal(entry.FullName is "Clv.Functions" or "createdump", mode.HasFlag(UnixFileMode.OtherExecute));
            Assert.Equal(mode, File.GetUnixFileMode(Path.Combine(package.Folder, entry.FullName)));
            Assert.True(mode.HasFlag(UnixFileMode.OtherRead));
        });
        var unzipped = Directory.CreateTempSubdirectory("clv-unzipped-");
        try
        {
            await ZipFile.ExtractToDirectoryAsync(package.Zip, unzipped.FullName);
            Assert.True(File.GetUnixFileMode(Path.Combine(unzipped.FullName, "Clv.Functions")).HasFlag(UnixFileMode.UserExecute));
        }
        finally
        {
            unzipped.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Publish_Twice_GivesTheSameBytes()
    {
        var first = await packages.GetAsync();
        var second = await packages.GetAsync(build: 2);

        Assert.Equal(first.Files, second.Files);
        Assert.All(first.Files, file => Assert.True(Hash(Path.Combine(first.Folder, file)).SequenceEqual(Hash(Path.Combine(second.Folder, file))), file));
        Assert.Equal(Hash(first.Zip), Hash(second.Zip));
    }

    [Fact]
    public async Task Publish_IntoAFolderOfOthers_IsRefusedAndTouchesNothing()
    {
        var folder = Directory.CreateTempSubdirectory("clv-others-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "thesis.txt"), "mine");

            var (exitCode, output) = await PublishedPackage.RunAsync(PublishedPackage.Program, ["publish", "--out", folder.FullName]);

            Assert.Equal(1, exitCode);
            Assert.Contains($"{folder.FullName} has files that are no package", output, StringComparison.Ordinal);
            Assert.Equal("thesis.txt", Assert.Single(folder.GetFileSystemInfos()).Name);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Publish_AwayFromTheSource_SaysWhatItNeeds()
    {
        var installed = Directory.CreateTempSubdirectory("clv-installed-");
        try
        {
            var from = Path.GetDirectoryName(PublishedPackage.Program)!;
            foreach (var file in Directory.EnumerateFiles(from))
            {
                File.Copy(file, Path.Combine(installed.FullName, Path.GetFileName(file)));
            }

            var (exitCode, output) = await PublishedPackage.RunAsync(
                Path.Combine(installed.FullName, "clv"), ["publish", "--out", Path.Combine(installed.FullName, "app")], folder: installed.FullName);

            Assert.Equal(1, exitCode);
            Assert.Contains("built from the source", output, StringComparison.Ordinal);
            Assert.Contains("clone the repository", output, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        }
        finally
        {
            installed.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Publish_ZipInsideTheFolder_IsRefused()
    {
        var (exitCode, output) = await PublishedPackage.RunAsync(PublishedPackage.Program, ["publish", "--out", "x/app", "--zip", "x/app/app.zip"]);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("--zip is inside --out", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(Repository.Folder, "x")));
    }

    [Theory]
    [InlineData("Clv__HashKey", "short", "Clv:HashKey")]
    [InlineData("Clv__Partitions", "none", "Clv:Partitions")]
    [InlineData("Clv__TimeZone", "Mars/Olympus", "Clv:TimeZone")]
    [InlineData("AzureWebJobsStorage", "AccountName=x;AccountKey=c2VjcmV0LXNlY3JldA==;Nonsense", "AzureWebJobsStorage")]
    public async Task Start_WrongSetting_EndsWithItsNameAndNothingSecret(string name, string value, string named)
    {
        var ended = await AppProgram.RunAsync((name, value));

        Assert.Equal(1, ended.ExitCode);
        var said = ended.Output + ended.Error;
        Assert.Contains(named, said, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    private static byte[] Hash(string file) => SHA256.HashData(File.ReadAllBytes(file));

    /// <summary>What is only for people who read or run the source.</summary>
    [GeneratedRegex(@"\.pdb$|\.xml$|local\.settings|appsettings|staticwebassets|web\.config|^functions/|\.http$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    internal static partial Regex ForPeople();
}
