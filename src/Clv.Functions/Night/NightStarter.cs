namespace Clv.Functions.Night;

/// <summary>
/// Starts runs. The only thing a start must achieve is one queued message: all that follows is delivered at least once. Two starters at
/// the same moment arrive at the same run id and so start one run.
/// </summary>
public sealed class NightStarter(RunTable runs, WorkQueue queue, NightBlobs blobs, Pointer pointer, ClvOptions options, TimeProvider time)
{
    /// <summary>A run without any progress for this long does not keep another from starting.</summary>
    private static readonly TimeSpan Stuck = TimeSpan.FromHours(2);

    /// <summary>
    /// Starts tonight's run: for today's extract folder, or for yesterday's when only that one is there and not published yet, since the
    /// evening's extracts arrive before midnight or after. With neither, a run for today says that its extract is missing. Does nothing
    /// when the folder's run is under way or published.
    /// </summary>
    /// <returns>The run, and whether it was started by this call.</returns>
    public async Task<StartedRun> StartTonightAsync(CancellationToken cancellationToken)
    {
        await blobs.EnsureAsync(cancellationToken);
        await runs.EnsureAsync(cancellationToken);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), options.TimeZone).DateTime);
        var published = await pointer.ReadAsync(cancellationToken);
        var date = await IsDeliveredAsync(today) || published?.Date == today.AddDays(-1) || !await IsDeliveredAsync(today.AddDays(-1))
            ? today
            : today.AddDays(-1);
        return published?.Date == date
            ? new StartedRun(published.Run, Started: false)
            : await StartAsync(date, replace: false, cancellationToken);

        async Task<bool> IsDeliveredAsync(DateOnly day) => (await blobs.ListExtractsAsync(day, cancellationToken)).Count > 0;
    }

    /// <summary>Starts a run for a date's extract folder.</summary>
    /// <param name="date">The folder's date.</param>
    /// <param name="replace">Whether a run that is under way is given up for this one; else it is returned instead.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<StartedRun> StartAsync(DateOnly date, bool replace, CancellationToken cancellationToken)
    {
        await runs.EnsureAsync(cancellationToken);
        await queue.EnsureAsync(cancellationToken);
        while (true)
        {
            var last = await runs.LastIdAsync(cancellationToken);
            var id = RunId.After(last);
            if (last is not null && await runs.FindAsync(last, cancellationToken) is { IsActive: true } active)
            {
                var idle = time.GetUtcNow() - await runs.LastProgressAsync(last, cancellationToken);
                if (!replace && !(idle > Stuck))
                {
                    return new StartedRun(active.Id, Started: false);
                }

                await runs.FailAsync(active.Id, replace ? $"Given up for run {id}." : $"Without progress for {Stuck.TotalHours} hours.", cancellationToken);
            }

            await queue.SendAsync([new WorkMessage(id, Phase.Plan, 0, date)], cancellationToken);
            if ((await runs.CreateAsync(id, date, cancellationToken)).Date == date)
            {
                return new StartedRun(id, Started: true);
            }
        }
    }
}

/// <summary>The answer to a start.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="Started">Whether this call started it, rather than finding it under way or published.</param>
public sealed record StartedRun(string Run, bool Started);
