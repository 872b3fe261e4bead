using System.Net;
using System.Runtime.Versioning;
using Clv.Cli.Emulator;
using Clv.Functions.Night;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Package;

/// <summary>The package asks for nothing that a locked-down host does not give: it writes in the temp folder alone, and reaches storage alone.</summary>
[SupportedOSPlatform("linux")]
public sealed class SandboxTests(PublishedPackage packages)
{
    [Fact]
    public async Task Night_ReadOnlyWithoutRightsAndNetwork_IsPublished()
    {
        if (Sandbox.Inside is { } inside)
        {
            await RunNightAsync(inside);
            return;
        }

        await Sandbox.SkipUnlessPossibleAsync();
        var package = await packages.GetAsync();
        // The emulator's program is fetched while there still is a network to fetch it from.
        await (await Azurite.StartAsync(new AzuriteOptions { InMemory = true }, TestContext.Current.CancellationToken)).DisposeAsync();

        var (exitCode, output) = await Sandbox.RunTestOfflineAsync(
            $"{typeof(SandboxTests).FullName}.{nameof(Night_ReadOnlyWithoutRightsAndNetwork_IsPublished)}", package.Folder);

        Assert.True(exitCode == 0, output);
        Assert.Contains("Total: 1", output, StringComparison.Ordinal);
        Assert.Contains("Skipped: 0", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo x > beside", "Read-only file system")]
    [InlineData("echo x > wwwroot/index.html", "Read-only file system")]
    [InlineData("echo x > /var/tmp/x", "Read-only file system")]
    [InlineData("echo x > /dev/shm/x", "Read-only file system")]
    [InlineData("mount -o remount,rw /", "must be superuser")]
    [InlineData("kill -0 1", "Operation not permitted")]
    [InlineData("exec 3<>/dev/tcp/192.0.2.1/443", "Network is unreachable")]
    [InlineData("test -n \"$HOME\" || { echo no home; false; }", "no home")]
    public async Task Program_ThatDoesMore_IsRefused(string command, string refusal)
    {
        await Sandbox.SkipUnlessPossibleAsync();
        using var sandbox = new Sandbox((await packages.GetAsync()).Folder);

        var (exitCode, output) = await sandbox.RunAsync(command);

        Assert.NotEqual(0, exitCode);
        Assert.Contains(refusal, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_ThatWritesToTheTempFolder_IsNotRefused()
    {
        await Sandbox.SkipUnlessPossibleAsync();
        using var sandbox = new Sandbox((await packages.GetAsync()).Folder);

        var (exitCode, output) = await sandbox.RunAsync("echo x > \"$TMPDIR/x\"");

        Assert.True(exitCode == 0, output);
    }

    private static async Task RunNightAsync(string app)
    {
        Assert.Equal("lo", Assert.Single((await File.ReadAllLinesAsync("/proc/net/dev")).Skip(2)).Split(':')[0].Trim());
        using var sandbox = new Sandbox(app);
        await using var rig = await NightRig.StartAsync(appFolder: sandbox.Host, settings: NightRig.OpenGate);
        await rig.DeliverAsync(NightRig.Tonight, new SmallWorld(200).Extract(NightRig.Tonight));

        var report = await rig.RunAsync(NightRig.Tonight);

        Assert.True(report.State == RunState.Published, report.Reason);
        foreach (var path in (string[])["api/customers/1", "api/explanations/1", "api/portfolio", "api/healthz", "", "nights.html", "desk.css"])
        {
            using var answer = await rig.Api.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode}");
        }

        AssertConfined(rig.Host.WorkerProcessIds.Single(), sandbox);
    }

    // The process that did all that, as the kernel sees it.
    private static void AssertConfined(int process, Sandbox sandbox)
    {
        var proc = $"/proc/{process}";
        Assert.Equal(sandbox.App, new FileInfo($"{proc}/cwd").LinkTarget);
        Assert.Equal(Path.Combine(sandbox.App, "Clv.Functions"), new FileInfo($"{proc}/exe").LinkTarget);
        var status = File.ReadLines($"{proc}/status").Select(static line => line.Split(':', 2)).ToDictionary(static p => p[0], static p => p[1].Trim());
        Assert.All(status["Uid"].Split('\t'), static id => Assert.Equal("65534", id));
        Assert.All((string[])["CapEff", "CapPrm", "CapBnd"], set => Assert.Equal("0000000000000000", status[set]));
        Assert.Equal("1", status["NoNewPrivs"]);
        // Fields five and six: where it is mounted, and how. A mount that another one covers cannot be reached.
        var writable = File.ReadLines($"{proc}/mountinfo")
            .Select(static line => line.Split(' '))
            .GroupBy(static mount => mount[4], static mount => mount[5], StringComparer.Ordinal)
            .Where(static mounts => !mounts.Last().Split(',').Contains("ro"));
        Assert.Equal([sandbox.Temp], writable.Select(static mounts => mounts.Key));
        // Nothing of the night stays there: only what the runtime opens for debuggers.
        Assert.All(
            Directory.EnumerateFileSystemEntries($"{proc}/root{sandbox.Temp}").Select(static file => Path.GetFileName(file)),
            static name => Assert.Matches("^(dotnet-diagnostic|clr-debug-pipe)-", name));
    }
}
