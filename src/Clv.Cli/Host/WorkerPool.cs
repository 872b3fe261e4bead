namespace Clv.Cli.Host;

/// <summary>All workers, asked in turn; those without a process that answers are passed over.</summary>
internal sealed class WorkerPool(IReadOnlyList<Worker> workers, TimeProvider time)
{
    private uint _turn;

    public IReadOnlyList<Worker> Workers => workers;

    /// <summary>The next process that answers calls, or null when none does.</summary>
    public HandlerProcess? NextReady()
    {
        var first = Interlocked.Increment(ref _turn);
        for (uint offset = 0; offset < workers.Count; offset++)
        {
            if (workers[(int)((first + offset) % (uint)workers.Count)].Ready is { } process)
            {
                return process;
            }
        }

        return null;
    }

    public async Task<HandlerProcess> WhenAnyReadyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (NextReady() is { } process)
            {
                return process;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(25), time, cancellationToken);
        }
    }
}
