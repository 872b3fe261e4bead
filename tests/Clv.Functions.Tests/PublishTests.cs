using System.Diagnostics;
using Clv.Functions.Night;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests;

/// <summary>What is deployed: the self-contained, ready-to-run publish, under the host's contract.</summary>
public sealed class PublishTests
{
    [Fact]
    public async Task Publish_SelfContained_RunsANight()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The package is built for linux-x64.");
        var folder = Directory.CreateTempSubdirectory("clv-publish-");
        try
        {
            // An artifacts folder of its own: nothing is shared with the build that runs this test.
            var app = Path.Combine(folder.FullName, "app");
            var publish = await RunAsync(
                "dotnet", "publish", Path.Combine(Repository.Folder, "src", "Clv.Functions"), "-c", "Release", "-r", "linux-x64", "--self-contained",
                "--artifacts-path", Path.Combine(folder.FullName, "artifacts"), "-o", app);
            Assert.True(publish.ExitCode == 0, publish.Output);

            await using var rig = await NightRig.StartAsync(appFolder: app);
            await rig.DeliverAsync(NightRig.Tonight, Customers.Extract(400));
            var report = await rig.RunAsync(NightRig.Tonight);

            Assert.True(report.State == RunState.Published, report.Reason);
            Assert.Equal(400, report.Scored);
            Assert.True(new FileInfo(Path.Combine(app, "Clv.Functions")).Exists);
            Assert.False(Directory.Exists(Path.Combine(app, "functions")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("Clv__HashKey", "short", "Clv:HashKey")]
    [InlineData("Clv__Partitions", "none", "Clv:Partitions")]
    [InlineData("Clv__TimeZone", "Mars/Olympus", "Clv:TimeZone")]
    [InlineData("AzureWebJobsStorage", "AccountName=x;AccountKey=c2VjcmV0LXNlY3JldA==;Nonsense", "AzureWebJobsStorage")]
    public async Task Start_WrongSetting_EndsWithItsNameAndNothingSecret(string name, string value, string named)
    {
        var ended = await RunAsync(
            Path.Combine(NightRig.AppFolder, "Clv.Functions"),
            new Dictionary<string, string>
            {
                ["FUNCTIONS_CUSTOMHANDLER_PORT"] = "1",
                ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
                ["Clv__HashKey"] = "a key for tests alone, long enough to be one",
                [name] = value,
            });

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(named, ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Output, StringComparison.Ordinal);
    }

    private static Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments) =>
        RunAsync(program, new Dictionary<string, string>(), arguments);

    private static async Task<(int ExitCode, string Output)> RunAsync(
        string program, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output + await error);
    }
}
