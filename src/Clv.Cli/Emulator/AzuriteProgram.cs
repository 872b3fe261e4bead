using System.ComponentModel;
using System.Diagnostics;

namespace Clv.Cli.Emulator;

/// <summary>Where the emulator's program is. The first look-up on a machine installs it through npx.</summary>
internal static class AzuriteProgram
{
    /// <summary>3.36 and later ask for a newer Node than current Debian and Ubuntu carry.</summary>
    public const string Version = "3.35.0";

    /// <summary>What it is told wherever it runs: the storage clients speak a newer version of the API than it knows.</summary>
    public static IReadOnlyList<string> Arguments { get; } = ["--silent", "--disableTelemetry", "--skipApiVersionCheck"];

    private const string NodeMissing =
        "Node.js 20 or later is needed to run the storage emulator: install it, e.g. apt install nodejs npm, then run again.";

    private static readonly TimeSpan InstallTimeout = TimeSpan.FromMinutes(10);
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static string? known;

    /// <summary>The path of azurite.js.</summary>
    /// <exception cref="EmulatorException">Node is missing, or npx cannot install the package.</exception>
    public static async Task<string> ResolveAsync(IProgress<string>? progress, CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken);
        try
        {
            if (known is null || !File.Exists(known))
            {
                // Two npx installs of one package at once leave a broken folder behind.
                var lockFile = Path.Combine(Path.GetTempPath(), $"clv-azurite-{Version}-{Environment.UserName}.lock");
                using var held = await FileLock.AcquireAsync(lockFile, cancellationToken);
                known = await AskNpxAsync(progress, cancellationToken);
            }

            return known;
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>The process start failed because there is no such program.</summary>
    public static EmulatorException NodeIsMissing(Win32Exception exception) => new(NodeMissing, exception);

    private static async Task<string> AskNpxAsync(IProgress<string>? progress, CancellationToken cancellationToken)
    {
        string[] arguments = ["--yes", "--prefer-offline", "--package", $"azurite@{Version}", "-c"];
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("cmd.exe", ["/c", "npx", .. arguments, "where azurite"])
            : new ProcessStartInfo("npx", [.. arguments, "command -v azurite"]);
        start.UseShellExecute = false;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;

        // A project's own node_modules could bring in another version, so look from where there is none.
        start.WorkingDirectory = Path.GetTempPath();

        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(InstallTimeout);
        using var npx = StartNpx(start);
        try
        {
            var output = npx.StandardOutput.ReadToEndAsync(bound.Token);
            var errors = npx.StandardError.ReadToEndAsync(bound.Token);
            var ended = npx.WaitForExitAsync(bound.Token);
            if (await Task.WhenAny(ended, Task.Delay(TimeSpan.FromSeconds(3), bound.Token)) != ended)
            {
                progress?.Report($"Installing the storage emulator (azurite {Version}, about 365 MB, only this once)...");
            }

            await ended;
            var found = FirstLine(await output);
            if (npx.ExitCode != 0 || found is null)
            {
                throw NotInstalled(await errors);
            }

            var script = ScriptOf(found);
            return File.Exists(script)
                ? script
                : throw new EmulatorException(
                    $"npx names {found} as azurite {Version}, but there is no program at {script}. " +
                    "Run npm cache clean --force, then run again.");
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EmulatorException(
                $"npx did not install azurite {Version} within {InstallTimeout.TotalMinutes} minutes. " +
                "Check the network and npm's registry, then run again.",
                exception);
        }
        finally
        {
            if (!npx.HasExited)
            {
                npx.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process StartNpx(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw NodeIsMissing(exception);
        }
    }

    private static string ScriptOf(string found)
    {
        // The program is linked from node_modules/.bin; Windows has a batch file there, which cannot be asked where it leads.
        var beside = Path.Combine(Path.GetDirectoryName(found)!, "..", "azurite", "dist", "src", "azurite.js");
        return Path.GetFullPath(File.Exists(beside) ? beside : new FileInfo(found).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? found);
    }

    private static EmulatorException NotInstalled(string errors)
    {
        var tail = new OutputTail(8);
        foreach (var line in errors.Split('\n').Where(line => !line.Contains(" warn ", StringComparison.Ordinal)))
        {
            tail.Add(line.TrimEnd('\r'));
        }

        return new EmulatorException(
            $"npx could not install azurite {Version}. " +
            $"Check the network, npm's registry (npm config get registry) and the free disk space, then run again.\n{tail}");
    }

    private static string? FirstLine(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();
}
