namespace Clv.Cli.Host;

/// <summary>Calls one function at the times of its schedule, never twice at once, on one of the workers.</summary>
internal sealed class TimerListener(
    FunctionDefinition function,
    TimerTrigger trigger,
    WorkerPool workers,
    Invoker invoker,
    PollPause pauses,
    FunctionsHostOptions options)
{
    // The system's timers cannot wait for months, and a laptop's sleep must not shift the schedule.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private DateTimeOffset _last = DateTimeOffset.MinValue;

    private DateTimeOffset Now => options.TimeProvider.GetUtcNow();

    /// <summary>Follows the schedule until cancelled; then waits for the call that runs.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            if (trigger.RunOnStartup)
            {
                await CallAsync(manually: false, stop);
            }

            while (trigger.Schedule.After(Now) is { } next)
            {
                options.Logger.TimerWaits(function.Name, next);
                while (next - Now is { Ticks: > 0 } wait)
                {
                    await Task.Delay(wait < LongestWait ? wait : LongestWait, options.TimeProvider, stop);
                }

                await CallAsync(manually: false, stop);
                _last = next;
            }

            options.Logger.TimerEnds(function.Name);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // That is how it stops.
        }
    }

    /// <summary>Calls the function now. A failed call is not tried again.</summary>
    public async Task<InvocationResult> CallAsync(bool manually, CancellationToken cancellationToken)
    {
        var process = await workers.WhenAnyReadyAsync(cancellationToken);
        var now = Now;
        var status = trigger.Schedule.IsShorterThanAMinute(now)
            ? null
            : new TimerStatus(_last, trigger.Schedule.After(now) ?? DateTimeOffset.MinValue, _last);
        var body = InvocationBody.ForTimer(function.Name, trigger.Binding, status, manually, now);
        var result = await invoker.InvokeAsync(process, function.Name, body);
        pauses.WakeAll();
        return result;
    }
}
