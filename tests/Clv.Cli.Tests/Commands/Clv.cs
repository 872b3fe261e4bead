using System.Diagnostics;
using System.Text.Json;

namespace Clv.Cli.Tests.Commands;

/// <summary>The command line as a process of its own, as a user starts it.</summary>
internal static class Clv
{
    private static readonly string Output = AppContext.BaseDirectory.TrimEnd('/');

    public static string Program { get; } = Path.Combine(
        Path.GetDirectoryName(Path.GetDirectoryName(Output))!, "Clv.Cli", Path.GetFileName(Output), OperatingSystem.IsWindows() ? "clv.exe" : "clv");

    public static string Repository { get; } = FindRepository();

    /// <summary>The public research data beside the repository, where it is there.</summary>
    public static string Shared(string file)
    {
        var path = Path.Combine(Repository, "..", "shared", "data", file);
        Assert.SkipUnless(File.Exists(path), $"{file} is not beside the repository (../shared/data)");
        return path;
    }

    public static Task<Ended> RunAsync(string folder, params string[] arguments) => RunAsync(folder, new Dictionary<string, string>(), arguments);

    public static async Task<Ended> RunAsync(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        // The program finds the runtime where this process has it, whatever the PATH it is given.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(15));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"clv {string.Join(' ', arguments)} did not end: {await error}", e);
        }

        return new Ended(process.ExitCode, await output, await error);
    }

    private static string FindRepository()
    {
        var folder = Output;
        while (!File.Exists(Path.Combine(folder, "Clv.Functions.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run below the repository.");
        }

        return folder;
    }
}

/// <summary>How a command ended.</summary>
internal sealed record Ended(int ExitCode, string Output, string Error)
{
    public JsonElement Json()
    {
        Assert.True(ExitCode == 0, $"exit {ExitCode}: {Error} {Output}");
        return JsonSerializer.Deserialize<JsonElement>(Output);
    }
}

/// <summary>An empty folder for one test, gone afterwards.</summary>
internal sealed class TempFolder : IDisposable
{
    public TempFolder() => Path = Directory.CreateTempSubdirectory("clv-test-").FullName;

    public string Path { get; }

    public string Write(string name, string content)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
