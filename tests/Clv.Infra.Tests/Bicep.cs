using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Clv.Functions.Tests.Rig;

namespace Clv.Infra.Tests;

/// <summary>The compiler of the package, on a copy of the folder infra; it writes nothing into the repository and asks nobody.</summary>
internal sealed class Bicep : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("clv-infra-");

    public Bicep()
    {
        SkipUnlessThere();
        foreach (var file in Source.EnumerateFiles("*", SearchOption.AllDirectories).Where(static file => file.Extension != ".md"))
        {
            var copy = Path.Combine(_folder.FullName, Path.GetRelativePath(Source.FullName, file.FullName));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            file.CopyTo(copy);
        }
    }

    /// <summary>Whether there is a compiler for this machine.</summary>
    public static bool IsThere { get; } = OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Skips the test where there is no compiler. What tests share cannot skip, so it does without, and each of them skips.</summary>
    public static void SkipUnlessThere() => Assert.SkipUnless(IsThere, "The Bicep compiler that is restored is that of linux-x64.");

    /// <summary>The folder infra of the repository.</summary>
    public static DirectoryInfo Source { get; } = new(Path.Combine(Repository.Folder, "infra"));

    /// <summary>What there is to compile, as paths below the folder.</summary>
    public IEnumerable<string> Files => _folder.EnumerateFiles("*.bicep*", SearchOption.AllDirectories)
        .Where(static file => file.Extension is ".bicep" or ".bicepparam")
        .Select(file => Path.GetRelativePath(_folder.FullName, file.FullName))
        .Order(StringComparer.Ordinal);

    public string Read(string file) => File.ReadAllText(Path.Combine(_folder.FullName, file));

    public void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder.FullName, file), text);

    /// <summary>Runs a command and gives what it says: nothing but the result when there is nothing to find fault with.</summary>
    public async Task<(int ExitCode, string Result, string Complaints)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program.Value, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.FullName };
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        var result = process.StandardOutput.ReadToEndAsync(limit.Token);
        var complaints = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await result, (await complaints).Trim());
    }

    /// <summary>What a deployment with a file of parameters would make, with every expression calculated that needs no resource to be there.</summary>
    public async Task<Deployment> DeployAsync(string parameters)
    {
        var (exitCode, _, complaints) = await RunAsync(
            "snapshot", parameters, "--mode", "overwrite", "--subscription-id", Deployment.Subscription, "--tenant-id", Deployment.Tenant,
            "--resource-group", "clv", "--location", "westeurope", "--deployment-name", "main");
        Assert.True(exitCode == 0 && complaints.Length == 0, complaints);
        return new Deployment(JsonNode.Parse(Read(Path.ChangeExtension(parameters, ".snapshot.json")))!);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static readonly Lazy<string> Program = new(static () =>
    {
        var path = Path.GetFullPath(typeof(Bicep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static data => data.Key == "BicepPath").Value!.Replace('\\', '/'));
        // A package has no permissions of its own: what a restore gives its files is the client's choice and the umask's.
        if (!OperatingSystem.IsWindows() && !File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute))
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute);
        }

        return path;
    });
}
