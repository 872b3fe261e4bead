using System.Runtime.Versioning;
using System.Text.Json.Nodes;

namespace Clv.Functions.Tests.Package;

/// <summary>
/// A package where nothing may be written but one folder, nobody has rights, and the only network is loopback, with the tools that every Debian
/// has: namespaces of the kernel, entered by unshare and setpriv.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class Sandbox : IDisposable
{
    // Set for a test that runs again within the network of loopback alone: the package's folder.
    private const string InsideOf = "CLV_TEST_OFFLINE_PACKAGE";

    private readonly DirectoryInfo _folder;

    /// <param name="app">The package's folder.</param>
    public Sandbox(string app)
    {
        _folder = Directory.CreateTempSubdirectory("clv-sandbox-");
        App = Path.Combine(_folder.FullName, "app");
        Copy(app, App);
        Temp = _folder.CreateSubdirectory("temp").FullName;
        // Whoever runs the program has to get there.
        File.SetUnixFileMode(_folder.FullName, (UnixFileMode)0b111_101_101);
        Confine = Path.Combine(AppContext.BaseDirectory, "Package", "confine.sh");
        Host = _folder.CreateSubdirectory("host").FullName;
        var host = JsonNode.Parse(File.ReadAllText(Path.Combine(App, "host.json")))!;
        var program = host["customHandler"]!["description"]!.AsObject();
        program["arguments"] = new JsonArray(Confine, Temp, Path.Combine(App, (string)program["defaultExecutablePath"]!));
        program["defaultExecutablePath"] = "/bin/sh";
        program["workingDirectory"] = App;
        File.WriteAllText(Path.Combine(Host, "host.json"), host.ToJsonString());
        foreach (var function in Directory.EnumerateFiles(App, "function.json", SearchOption.AllDirectories))
        {
            var target = Path.Combine(Host, Path.GetRelativePath(App, function));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(function, target);
        }
    }

    /// <summary>The package's folder within the test that runs where there is no network; null outside.</summary>
    public static string? Inside => Environment.GetEnvironmentVariable(InsideOf);

    /// <summary>The package, where everybody may read it.</summary>
    public string App { get; }

    /// <summary>The only folder that can be written to.</summary>
    public string Temp { get; }

    /// <summary>The folder that the Functions host is given: the package's own files, with the program started in the sandbox.</summary>
    public string Host { get; }

    private string Confine { get; }

    /// <summary>Skips a test where there are no namespaces, or nobody may make them.</summary>
    public static async Task SkipUnlessPossibleAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The sandbox is made of Linux namespaces.");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Making the sandbox needs root.");
        var (exitCode, output) = await PublishedPackage.RunAsync("/bin/sh", ["-c", "unshare --net --mount true && command -v setpriv && command -v perl && command -v awk"]);
        Assert.SkipUnless(exitCode == 0, $"This machine gives no namespaces to make the sandbox of: {output}");
    }

    /// <summary>Runs a test of this assembly again where the only network is loopback.</summary>
    public static Task<(int ExitCode, string Output)> RunTestOfflineAsync(string method, string app) => PublishedPackage.RunAsync(
        "/bin/sh",
        [Path.Combine(AppContext.BaseDirectory, "Package", "offline.sh"), Path.Combine(AppContext.BaseDirectory, "Clv.Functions.Tests"), "-method", method],
        new Dictionary<string, string> { [InsideOf] = app });

    /// <summary>Runs a command of the shell in the sandbox, beside the package's program.</summary>
    public Task<(int ExitCode, string Output)> RunAsync(string command) => PublishedPackage.RunAsync(
        "/bin/sh", [Path.Combine(AppContext.BaseDirectory, "Package", "offline.sh"), "/bin/sh", Confine, Temp, "bash", "-c", command], folder: App);

    public void Dispose() => _folder.Delete(recursive: true);

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
