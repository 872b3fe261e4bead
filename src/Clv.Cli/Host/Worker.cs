using Microsoft.Extensions.Logging;

namespace Clv.Cli.Host;

/// <summary>A handler that is kept alive: when its process ends it is started again, unless it cannot be started or left by itself.</summary>
internal sealed class Worker(int number, HandlerProgram program, FunctionsHostOptions options)
{
    private const int Attempts = 3;

    // A handler that answers and then crashes at once would otherwise keep a core busy.
    private static readonly TimeSpan RestartPause = TimeSpan.FromMilliseconds(100);

    private readonly ILogger _logger = options.Logger;
    private TaskCompletionSource<HandlerProcess> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The process that answers calls, or null while there is none.</summary>
    public HandlerProcess? Ready =>
        Volatile.Read(ref _ready).Task is { IsCompletedSuccessfully: true } ready && !ready.Result.Exited.IsCompleted ? ready.Result : null;

    /// <summary>Waits for a process that answers calls.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, or the process left by itself and there will be no other.</exception>
    public async Task<HandlerProcess> WhenReadyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Ready is { } ready)
            {
                return ready;
            }

            var process = await Volatile.Read(ref _ready).Task.WaitAsync(cancellationToken);
            if (process.Exited.IsCompleted)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), options.TimeProvider, cancellationToken);
            }
        }
    }

    /// <summary>Keeps a process running until cancelled; then kills it.</summary>
    /// <exception cref="FunctionsHostException">The program cannot be started, or three starts in a row failed.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        while (true)
        {
            await using var process = HandlerProcess.Start(program, _logger);
            var started = options.TimeProvider.GetTimestamp();
            var problem = await process.WaitUntilAnsweringAsync(options.HandlerStartLimit, options.TimeProvider, cancellationToken);
            if (problem is not null)
            {
                failures++;
                _logger.WorkerStartFailed(number, failures, Attempts, problem);
                if (failures == Attempts)
                {
                    throw new FunctionsHostException(
                        $"The handler {program.FileName} could not be started {Attempts} times in a row: {problem}. " +
                        $"Its last lines on standard error:\n{process.LastErrors}");
                }

                continue;
            }

            failures = 0;
            _logger.WorkerReady(number, process.Id, (long)options.TimeProvider.GetElapsedTime(started).TotalMilliseconds);
            _ready.SetResult(process);
            int exitCode;
            try
            {
                exitCode = await process.Exited.WaitAsync(cancellationToken);
            }
            finally
            {
                Volatile.Write(ref _ready, new TaskCompletionSource<HandlerProcess>(TaskCreationOptions.RunContinuationsAsynchronously));
            }

            if (exitCode == 0)
            {
                _logger.WorkerLeft(number, process.Id);
                _ready.SetCanceled(CancellationToken.None);
                return;
            }

            _logger.WorkerRestarts(number, process.Id, exitCode);
            await Task.Delay(RestartPause, options.TimeProvider, cancellationToken);
        }
    }
}
