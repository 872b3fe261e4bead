using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Clv.Functions.Tests.Rig;

/// <summary>A run of the app's program that ends by itself, as one with a setting that is wrong does.</summary>
/// <param name="ExitCode">What it ended with.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Error">What it printed as errors, trimmed.</param>
internal sealed record AppProgram(int ExitCode, string Output, string Error)
{
    /// <summary>Runs it with settings, as environment variables, over those that it needs to start.</summary>
    public static async Task<AppProgram> RunAsync(params IEnumerable<(string Name, string Value)> settings)
    {
        var start = new ProcessStartInfo(Path.Combine(NightRig.AppFolder, OperatingSystem.IsWindows() ? "Clv.Functions.exe" : "Clv.Functions"))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        start.Environment["FUNCTIONS_CUSTOMHANDLER_PORT"] = "1";
        start.Environment["AzureWebJobsStorage"] = "UseDevelopmentStorage=true";
        start.Environment["Clv__HashKey"] = NightRig.HashKey;
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        using var program = Process.Start(start)!;
        // A setting that is taken after all lets the program run for ever.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(NightRig.Limit);
        using var end = limit.Token.Register(program.Kill);
        var output = program.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new AppProgram(program.ExitCode, await output, error.Trim());
    }
}
