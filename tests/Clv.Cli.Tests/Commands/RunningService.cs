using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Clv.Cli.Tests.Commands;

/// <summary><c>clv serve --storage account</c> as a process of its own, as systemd or a container starts it, and an operator's client of its API.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    public const string OperatorKey = "a key for an operator of tests alone";

    private const string Serving = "Serving on ";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunningService(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public HttpClient Api { get; } = new(new SocketsHttpHandler { UseProxy = false });

    /// <summary>Where it says that it serves.</summary>
    public Uri Address => _address.Task.Result;

    /// <summary>What it has said so far, a message a line.</summary>
    public string Log => string.Join('\n', _lines);

    /// <param name="storage">The account, as a connection string.</param>
    /// <param name="settings">The environment besides that and the keys.</param>
    /// <param name="arguments">Options besides the storage and the port.</param>
    /// <param name="program">Another program than that of the build.</param>
    public static async Task<RunningService> StartAsync(
        string storage, IReadOnlyDictionary<string, string>? settings = null, string[]? arguments = null, string? program = null)
    {
        var start = new ProcessStartInfo(program ?? Clv.Program, ["serve", "--storage", "account", "--port", "0", .. arguments ?? []])
        {
            // Nothing is read from where it is started, and nothing written there.
            WorkingDirectory = "/",
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        start.Environment["AzureWebJobsStorage"] = storage;
        start.Environment["Clv__HashKey"] = "a key for tests alone, long enough to be one";
        start.Environment["Clv__ApiKeys__Operator"] = OperatorKey.Replace(' ', '-');
        start.Environment["Clv__Schedule"] = start.Environment["Clv__WatchSchedule"] = "0 0 2 1 1 *";
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var service = new RunningService(Process.Start(start)!);
        try
        {
            var address = await service._address.Task.WaitAsync(Limit);
            service.Api.BaseAddress = new UriBuilder(address) { Host = "127.0.0.1" }.Uri;
            service.Api.DefaultRequestHeaders.Add("x-api-key", OperatorKey.Replace(' ', '-'));
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    public async Task<string> StartRunAsync(DateOnly date)
    {
        using var answer = await Api.PostAsJsonAsync("api/runs", new { date });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("run").GetString()!;
    }

    /// <summary>Waits until a run's report satisfies a condition.</summary>
    public async Task<JsonElement> UntilAsync(string run, Func<JsonElement, bool> satisfied)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            using var answer = await Api.GetAsync($"api/runs/{run}");
            if (answer.IsSuccessStatusCode && await answer.Content.ReadFromJsonAsync<JsonElement>() is var report && satisfied(report))
            {
                return report;
            }

            Assert.True(watch.Elapsed < Limit, $"Run {run} did not get there. The service said:\n{Log}");
            await Task.Delay(20);
        }
    }

    public Task<JsonElement> EndOfAsync(string run) =>
        UntilAsync(run, static report => report.GetProperty("state").GetString() is not ("running" or "publishing"));

    /// <summary>Sends SIGTERM and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        using (var signal = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
        {
            await signal.WaitForExitAsync();
        }

        using var limit = new CancellationTokenSource(Limit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            _address.TrySetException(new InvalidOperationException($"The service ended before it served: {Log}"));
            return;
        }

        _lines.Enqueue(line);
        if (line.IndexOf(Serving, StringComparison.Ordinal) is >= 0 and var place)
        {
            _address.TrySetResult(new Uri(line[(place + Serving.Length)..].TrimEnd('.')));
        }
    }
}
