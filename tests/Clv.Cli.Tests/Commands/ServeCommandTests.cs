using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Clv.Cli.Tests.Commands;

public sealed class ServeCommandTests
{
    [Fact]
    public async Task Serve_SigTerm_EndsByItself()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        using var folder = new TempFolder();
        var start = new ProcessStartInfo(Clv.Program, ["serve", "--port", "0"]) { WorkingDirectory = folder.Path, RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        using var serving = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            string? line;
            while ((line = await serving.StandardOutput.ReadLineAsync(limit.Token)) is not null && !line.StartsWith("Serving", StringComparison.Ordinal))
            {
            }

            using var signal = Process.Start("kill", ["-TERM", $"{serving.Id}"]);
            await serving.WaitForExitAsync(limit.Token);

            Assert.Equal(0, serving.ExitCode);
            Assert.Contains("Stopping", await serving.StandardOutput.ReadToEndAsync(limit.Token), StringComparison.Ordinal);
        }
        finally
        {
            if (!serving.HasExited)
            {
                serving.Kill(entireProcessTree: true);
            }
        }
    }
}
