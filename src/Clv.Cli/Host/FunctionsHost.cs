namespace Clv.Cli.Host;

/// <summary>
/// Plays the Azure Functions host for a published custom-handler app on this machine: starts the handler's processes, fires timers,
/// polls queues and forwards HTTP, over the same contract as the real one. No keys are asked for, as with the Core Tools.
/// </summary>
public sealed class FunctionsHost : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopPolling = new();
    private readonly CancellationTokenSource _stopWorkers = new();
    private readonly WorkerPool _workers;
    private readonly HttpFront _front;
    private readonly IReadOnlyDictionary<string, TimerListener> _timers;
    private readonly TimeProvider _time;
    private readonly Task _working;
    private Task _listening = Task.CompletedTask;
    private int _disposed;

    private FunctionsHost(WorkerPool workers, HttpFront front, IReadOnlyDictionary<string, TimerListener> timers, TimeProvider time)
    {
        _time = time;
        _workers = workers;
        _front = front;
        _timers = timers;
        BaseAddress = front.Address;
        _working = KeepWorkersAsync([.. workers.Workers.Select(worker => worker.RunAsync(_stopWorkers.Token))]);
        Completion = _working;
    }

    /// <summary>Where the HTTP functions are reached.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The handler processes that answer calls at this moment.</summary>
    public IReadOnlyList<int> WorkerProcessIds => [.. _workers.Workers.Select(worker => worker.Ready?.Id).OfType<int>()];

    /// <summary>The names of the functions that a timer starts.</summary>
    public IReadOnlyList<string> TimerFunctions => [.. _timers.Keys];

    /// <summary>
    /// Completes when the host has ended: with a <see cref="FunctionsHostException"/> when a handler could not be started three times in a row,
    /// successfully after a disposal, or when every handler left by itself with exit code 0.
    /// </summary>
    public Task Completion { get; private set; }

    /// <summary>Reads the app's files, starts everything, and returns when every handler process answers.</summary>
    /// <exception cref="FunctionsHostException">A file, setting or route is missing or wrong, the port is taken, or the handler cannot be started.</exception>
    public static async Task<FunctionsHost> StartAsync(FunctionsHostOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        var appFolder = Path.GetFullPath(options.AppFolder);
        var hostJson = HostJson.Read(appFolder);
        var settings = new AppSettings(options.Settings);
        var functions = FunctionDefinition.ReadAll(appFolder, hostJson, settings);

        var program = new HandlerProgram(hostJson, appFolder, settings);
        var workers = new WorkerPool(
            [.. Enumerable.Range(0, options.Workers).Select(number => new Worker(number, program, options))], options.TimeProvider);
        var pauses = new PollPause(options.TimeProvider);
        var invoker = new Invoker(options, hostJson.FunctionTimeout);
        var timers = functions
            .Where(function => function.Trigger is TimerTrigger)
            .ToDictionary(
                function => function.Name,
                function => new TimerListener(function, (TimerTrigger)function.Trigger, workers, invoker, pauses, options),
                StringComparer.OrdinalIgnoreCase);

        var front = await HttpFront.StartAsync(functions, workers, pauses, hostJson.FunctionTimeout, options, cancellationToken);
        var host = new FunctionsHost(workers, front, timers, options.TimeProvider);
        try
        {
            await host.WhenAllReadyAsync(cancellationToken);
            var queues =
                from function in functions
                let trigger = function.Trigger as QueueTrigger
                where trigger is not null
                from worker in workers.Workers
                select new QueueListener(function, trigger, worker, hostJson.Queues, invoker, pauses, options).RunAsync(host._stopPolling.Token);
            host._listening = host.KeepAsync([.. timers.Values.Select(timer => timer.RunAsync(host._stopPolling.Token)), .. queues]);
            host.Completion = Task.WhenAll(host._working, host._listening);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Calls a timer function now, as the admin API of the real host does, and waits for its end.</summary>
    /// <exception cref="ArgumentException">There is no timer function of that name.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or the host ended, before a handler process was ready for the call.</exception>
    public async Task<InvocationResult> TriggerTimerAsync(string functionName, CancellationToken cancellationToken = default)
    {
        if (!_timers.TryGetValue(functionName, out var timer))
        {
            throw new ArgumentException(
                $"There is no timer function \"{functionName}\"; there is {string.Join(", ", _timers.Keys)}.", nameof(functionName));
        }

        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopPolling.Token);
        return await timer.CallAsync(manually: true, bound.Token);
    }

    /// <summary>
    /// Takes no more messages and fires no more timers, waits for the calls that run while HTTP goes on being served, and ends the handlers.
    /// </summary>
    /// <param name="limit">How long to wait; what runs on then is delivered again.</param>
    /// <returns>Whether every call had ended.</returns>
    public async Task<bool> StopAsync(TimeSpan limit)
    {
        await _stopPolling.CancelAsync();
        var over = Task.Delay(limit, _time);
        var ended = await Task.WhenAny(_listening, over) == _listening;
        await _front.StopAsync();
        await DisposeAsync();
        return ended;
    }

    /// <summary>
    /// Stops polling, then kills the handlers without asking, as the real host does. Calls that run then count as failed, so their messages
    /// are delivered again.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopPolling.CancelAsync();
        await _stopWorkers.CancelAsync();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _front.DisposeAsync();
        _stopPolling.Dispose();
        _stopWorkers.Dispose();
    }

    private async Task WhenAllReadyAsync(CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ready = Task.WhenAll(_workers.Workers.Select(worker => worker.WhenReadyAsync(bound.Token)));
        try
        {
            if (await Task.WhenAny(ready, _working) == ready)
            {
                await ready;
                return;
            }

            await bound.CancelAsync();
            await _working;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && !_working.IsFaulted)
        {
            // Said below.
        }

        throw new FunctionsHostException(
            "A handler process ended by itself, with exit code 0, right after its first answer. A handler has to go on running.");
    }

    private async Task KeepWorkersAsync(IReadOnlyList<Task> workers)
    {
        await KeepAsync(workers);

        // Nobody is left to call, so there is nothing to poll for.
        await _stopPolling.CancelAsync();
    }

    /// <summary>Waits for the end of all workers, or all listeners; when one fails, everything else is stopped as well.</summary>
    private async Task KeepAsync(IReadOnlyList<Task> parts)
    {
        var left = parts.ToList();
        while (left.Count > 0)
        {
            var ended = await Task.WhenAny(left);
            left.Remove(ended);
            if (ended.IsFaulted)
            {
                await _stopPolling.CancelAsync();
                await _stopWorkers.CancelAsync();
            }
        }

        // The rest was cancelled, as it was meant to be.
        await (parts.FirstOrDefault(part => part.IsFaulted) ?? Task.CompletedTask);
    }
}
