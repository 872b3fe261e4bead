using System.Collections.Concurrent;
using System.Diagnostics;
using Clv.Functions.Tests.Package;
using Clv.Functions.Tests.Rig;

[assembly: AssemblyFixture(typeof(PublishedPackage))]

namespace Clv.Functions.Tests.Package;

/// <summary>What `clv publish` makes, by the commands of docs/deploy.md, built once for all tests that look at it.</summary>
public sealed class PublishedPackage : IDisposable
{
    private static readonly SemaphoreSlim OneBuild = new(1, 1);

    private readonly ConcurrentDictionary<string, Lazy<Task<Published>>> _built = new();
    private readonly Lazy<DirectoryInfo> _folder = new(static () => Directory.CreateTempSubdirectory("clv-published-"));

    /// <summary>The command line beside the app that is tested.</summary>
    public static string Program { get; } = Path.Combine(NightRig.BuiltFolder("Clv.Cli"), "clv");

    /// <summary>The package of a head, with its zip.</summary>
    /// <param name="head">What `--head` names.</param>
    /// <param name="build">Which of several builds.</param>
    /// <param name="options">What the command is given besides.</param>
    public Task<Published> GetAsync(string head = "custom", int build = 1, params string[] options)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The package is built for linux-x64.");
        return _built.GetOrAdd($"{head}{build}{string.Concat(options)}", name => new(() => BuildAsync(head, name, options))).Value;
    }

    public void Dispose()
    {
        if (_folder.IsValueCreated)
        {
            _folder.Value.Delete(recursive: true);
        }
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Repository.Folder,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        // A program finds the runtime where this process has it.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(20));
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output + await error);
    }

    private async Task<Published> BuildAsync(string head, string name, string[] options)
    {
        // A build takes all cores; two at once only wait for each other.
        await OneBuild.WaitAsync();
        try
        {
            var folder = _folder.Value.CreateSubdirectory(name).FullName;
            var command = DeployGuide.Commands.Single(command => command[0] == "publish" && command.Contains("isolated") == (head == "isolated"));
            var (exitCode, output) = await RunAsync(Program, [.. command, .. options], folder: folder);
            Assert.True(exitCode == 0, output);
            return new Published(Path.Combine(folder, After(command, "--out")), Path.Combine(folder, After(command, "--zip")), output);
        }
        finally
        {
            OneBuild.Release();
        }
    }

    private static string After(IReadOnlyList<string> command, string option) => command[command.ToList().IndexOf(option) + 1];
}

/// <summary>A package.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Zip">Its zip.</param>
/// <param name="Told">What the command said.</param>
public sealed record Published(string Folder, string Zip, string Told)
{
    /// <summary>Its files, from the folder.</summary>
    public IReadOnlyList<string> Files =>
        [.. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Folder, file)).Order(StringComparer.Ordinal)];
}
