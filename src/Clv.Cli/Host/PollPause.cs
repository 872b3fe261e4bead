namespace Clv.Cli.Host;

/// <summary>
/// Wakes the queue listeners out of their pauses. A call that has just ended may have sent messages, so looking at once saves the pause;
/// without it every phase of a night would begin with the longest one.
/// </summary>
internal sealed class PollPause(TimeProvider time)
{
    private TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What to pass to <see cref="WaitAsync"/>; taken before looking into the queue, so that no wake-up in between is lost.</summary>
    public Task NextWakeUp => Volatile.Read(ref _woken).Task;

    public void WakeAll() =>
        Interlocked.Exchange(ref _woken, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>Waits for a time, or until woken.</summary>
    /// <returns>Whether it was woken.</returns>
    public async Task<bool> WaitAsync(Task wakeUp, TimeSpan pause, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var delay = Task.Delay(pause, time, enough.Token);
        var first = await Task.WhenAny(delay, wakeUp);
        await enough.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return first == wakeUp;
    }
}
