using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Clv.Cli.Emulator;

/// <summary>
/// One emulator process that this process started. It runs node directly, not through npx, so that there is one process to stop.
/// Closing its standard input stops it gracefully, which also happens when this process dies in whatever way.
/// </summary>
internal sealed partial class AzuriteProcess
{
    // Azurite saves its queues and tables when told to stop. A Ctrl-C in the terminal reaches it at the same time as its owner,
    // which still needs it for its own stopping, so only the end of standard input counts. Once the owner has died nobody reads the
    // output any more, and a failed write must not keep it from saving.
    private const string Bootstrap =
        """
        const once = process.once.bind(process);
        process.once = (event, listener) => event === 'SIGINT' ? process : once(event, listener);
        process.on('SIGINT', () => {}).on('SIGHUP', () => {});
        process.stdout.on('error', () => {});
        process.stderr.on('error', () => {});
        process.stdin.on('error', () => {}).on('close', () => process.emit('SIGTERM') || process.exit(0)).resume().unref();
        require(process.argv[1]);
        """;

    private static readonly TimeSpan GracefulStop = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly OutputTail _output = new();
    private readonly TaskCompletionSource<AzuriteEndpoints> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _blobPort;
    private int _queuePort;

    private AzuriteProcess(Process process)
    {
        _process = process;
        var output = ReadAsync(process.StandardOutput);
        var errors = ReadAsync(process.StandardError);
        Exited = DescribeEndAsync(output, errors);
    }

    public int Id => _process.Id;

    /// <summary>Completes, with the last output lines, when the process has ended.</summary>
    public Task<string> Exited { get; }

    public static AzuriteProcess Start(string script, AzuriteOptions options, string? folder)
    {
        string[] storage = folder is null ? ["--inMemoryPersistence"] : ["--location", folder];
        string[] arguments =
        [
            "-e", Bootstrap, "--", script, .. AzuriteProgram.Arguments,
            "--blobHost", "127.0.0.1", "--queueHost", "127.0.0.1", "--tableHost", "127.0.0.1",
            "--blobPort", $"{options.BlobPort}", "--queuePort", $"{options.QueuePort}", "--tablePort", $"{options.TablePort}",
            .. storage,
        ];
        var start = new ProcessStartInfo("node", arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        try
        {
            return new AzuriteProcess(Process.Start(start)!);
        }
        catch (Win32Exception exception)
        {
            throw AzuriteProgram.NodeIsMissing(exception);
        }
    }

    /// <summary>Waits until all three services listen and answer.</summary>
    public async Task<AzuriteEndpoints> WaitUntilReadyAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(limit);
        try
        {
            var first = await Task.WhenAny(_listening.Task, Exited).WaitAsync(bound.Token);
            if (first == Exited)
            {
                throw new EmulatorException(ExplainFailedStart(await Exited));
            }

            var endpoints = await _listening.Task;
            while (!await endpoints.AnswerAsync(bound.Token))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(25), bound.Token);
            }

            return endpoints;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EmulatorException($"The storage emulator was not ready within {limit.TotalSeconds} s. Its last lines:\n{_output}", exception);
        }
    }

    /// <summary>Lets the emulator save its data and end; ends it by force when that takes too long.</summary>
    public async Task StopAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already and the pipe is broken.
        }

        try
        {
            await _process.WaitForExitAsync().WaitAsync(GracefulStop);
        }
        catch (TimeoutException)
        {
            _process.Kill();
            await _process.WaitForExitAsync().WaitAsync(GracefulStop);
        }

        await Exited;
        _process.Dispose();
    }

    private static string ExplainFailedStart(string lines)
    {
        var taken = TakenPort().Match(lines);
        if (!taken.Success)
        {
            return $"The storage emulator ended while starting. Its last lines:\n{lines}";
        }

        // The service that was starting last is the one that found its port taken.
        var service = lines.Contains("Table service is starting", StringComparison.Ordinal) ? "table"
            : lines.Contains("Queue service is starting", StringComparison.Ordinal) ? "queue"
            : "blob";
        return $"The storage emulator's {service} port {taken.Groups["port"].Value} is taken by another program. " +
            $"End that program, or set another {service} port, or 0 for a free one.";
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            _output.Add(line);
            var listening = Listening().Match(line);
            if (!listening.Success)
            {
                continue;
            }

            // The services start one after the other, the table service last.
            var port = int.Parse(listening.Groups["port"].ValueSpan);
            switch (listening.Groups["service"].Value)
            {
                case "Blob":
                    _blobPort = port;
                    break;
                case "Queue":
                    _queuePort = port;
                    break;
                default:
                    _listening.TrySetResult(new AzuriteEndpoints(_blobPort, _queuePort, port));
                    break;
            }
        }
    }

    private async Task<string> DescribeEndAsync(Task output, Task errors)
    {
        await Task.WhenAll(output, errors);
        await _process.WaitForExitAsync();
        return _output.ToString();
    }

    [GeneratedRegex(
        @"^Azurite (?<service>Blob|Queue|Table) service is successfully listening at http://127\.0\.0\.1:(?<port>\d+)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listening();

    [GeneratedRegex(@"EADDRINUSE.*:(?<port>\d+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TakenPort();
}
