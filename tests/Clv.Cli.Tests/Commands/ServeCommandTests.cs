using System.Diagnostics;
using System.Net;
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Serve_Api_AsksForTheKeyOfTheLinkUnlessItIsOpen(bool open)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has neither file modes nor /proc.");
        using var folder = new TempFolder();
        var start = new ProcessStartInfo(Clv.Program, open ? ["serve", "--port", "0", "--open"] : ["serve", "--port", "0"])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        // Whatever the environment says, the commands get in.
        start.Environment["Clv__ApiKeys__Agent"] = new string('e', 40);
        using var serving = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            string? line;
            while ((line = await serving.StandardOutput.ReadLineAsync(limit.Token)) is not null && !line.StartsWith("Open http", StringComparison.Ordinal))
            {
            }

            var link = new Uri(line!["Open ".Length..]);
            using var http = new HttpClient { BaseAddress = new Uri(link.GetLeftPart(UriPartial.Authority)) };
            Assert.Equal(open ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, (await http.GetAsync("api/runs", limit.Token)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("", limit.Token)).StatusCode);
            var (data, key) = (Path.Combine(folder.Path, ".clv"), "");
            if (open)
            {
                Assert.Equal("", link.Fragment);
                Assert.False(File.Exists(Path.Combine(data, "api.key")));
            }
            else
            {
                Assert.StartsWith("#key=", link.Fragment, StringComparison.Ordinal);
                key = link.Fragment["#key=".Length..];
                Assert.Equal(await File.ReadAllTextAsync(Path.Combine(data, "api.key"), limit.Token), key);
                if (!OperatingSystem.IsWindows())
                {
                    Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(data, "api.key")));
                }

                http.DefaultRequestHeaders.Add("x-api-key", key);
                Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("api/runs", limit.Token)).StatusCode);
                Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("api/customers/17", limit.Token)).StatusCode);
                Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("api/portfolio", limit.Token)).StatusCode);
            }

            // Nobody finds a secret in the list of processes or in the log.
            var hashKey = await File.ReadAllTextAsync(Path.Combine(data, "hash.key"), limit.Token);
            string[] secrets = [hashKey, .. key.Length > 0 ? [key] : Array.Empty<string>(), "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq", "AccountKey"];
            var commands = CommandLines(serving.Id);
            Assert.True(commands.Count >= 3, string.Join('\n', commands));
            Assert.All(commands, command => Assert.DoesNotContain(secrets, secret => command.Contains(secret, StringComparison.Ordinal)));
            await using var log = new FileStream(Path.Combine(data, "host.log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(log);
            var said = await reader.ReadToEndAsync(limit.Token);
            Assert.DoesNotContain(secrets, secret => said.Contains(secret, StringComparison.Ordinal));
        }
        finally
        {
            using var signal = Process.Start("kill", ["-TERM", $"{serving.Id}"]);
            await serving.WaitForExitAsync(limit.Token);
        }
    }

    // Of a process and all that it started.
    private static List<string> CommandLines(int root)
    {
        var parents = new Dictionary<int, int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var id))
            {
                try
                {
                    // pid (name) state parent ...
                    parents[id] = int.Parse(File.ReadAllText(Path.Combine(folder, "stat")).Split(')')[^1].Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture);
                }
                catch (IOException)
                {
                    // It ended while it was read.
                }
            }
        }

        return [.. parents.Keys.Where(IsOurs).Select(CommandLine).OfType<string>()];

        static string? CommandLine(int id)
        {
            try
            {
                return File.ReadAllText($"/proc/{id}/cmdline");
            }
            catch (IOException)
            {
                // It has ended since.
                return null;
            }
        }

        bool IsOurs(int id) => id == root || (parents.TryGetValue(id, out var parent) && parent > 1 && IsOurs(parent));
    }
}
