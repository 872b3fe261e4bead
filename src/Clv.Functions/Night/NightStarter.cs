using Clv.Functions.Telemetry;

namespace Clv.Functions.Night;

/// <summary>
/// Starts runs. The only thing a start must achieve is one queued message: all that follows is delivered at least once. Two starters at
/// the same moment arrive at the same run id and so start one run.
/// </summary>
public sealed class NightStarter(
    RunTable runs,
    RunReplacement replacement,
    WorkQueue queue,
    NightBlobs blobs,
    Deliveries deliveries,
    Pointer pointer,
    ClvOptions options,
    TimeProvider time,
    ILogger<NightStarter> logger)
{
    /// <summary>
    /// Starts tonight's run, and lets it catch up. Nights that were delivered and never published come first, oldest first, each published before
    /// the next starts; a snapshot needs none of those before it, so the newest one is where it begins. When nothing is there to be run, a
    /// run for today says that its extract is missing. Does nothing when today's folder is published.
    /// </summary>
    /// <returns>The run, and whether it was started by this call; a held run that the others wait for, as not started.</returns>
    public async Task<StartedRun> StartTonightAsync(CancellationToken cancellationToken)
    {
        await blobs.EnsureAsync(cancellationToken);
        await runs.EnsureAsync(cancellationToken);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), options.TimeZone).DateTime);
        var published = await pointer.ReadAsync(cancellationToken);
        if (published?.Date >= today)
        {
            return new StartedRun(published.Run, Started: false);
        }

        var since = await RunsAfterAsync(await runs.IdsAsync(cancellationToken), published?.Run, cancellationToken);
        // What was published and rolled back is somebody's decision, and not published again by itself.
        var missed = (await deliveries.ListAsync(published?.Date, today, cancellationToken))
            .Where(delivery => !since.Exists(run => run.State == RunState.Published && run.Date == delivery.Date))
            .ToList();
        // The evening's extracts arrive before midnight or after.
        var isDelivered = missed.Count == 0 || (await blobs.ListExtractsAsync(today, cancellationToken)).Count > 0;
        var last = isDelivered ? today : missed[^1].Date;
        var first = missed.LastOrDefault(static delivery => delivery.Snapshot)?.Date ?? (published is null || missed.Count == 0 ? last : missed[0].Date);
        if (since.LastOrDefault(run => run.Date == first) is { State: RunState.Held } held
            && await runs.Course.RaiseUntilAsync(held.Id, last, cancellationToken))
        {
            return new StartedRun(held.Id, Started: false);
        }

        return await StartAsync(new Start(first, last > first ? last : null, Tonight: true), cancellationToken);
    }

    /// <summary>
    /// Starts a run for a date's extract folder. While the run of an earlier date is under way, a snapshot takes its place; after a delta the
    /// earlier run goes on, and the date follows it by itself. While a run of the same date or a later one is under way, that one is returned.
    /// </summary>
    /// <param name="date">The folder's date.</param>
    /// <param name="replace">Whether a run that is under way is given up for this one, whatever its date.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public Task<StartedRun> StartAsync(DateOnly date, bool replace, CancellationToken cancellationToken) =>
        StartAsync(new Start(date, Until: null, Replace: replace), cancellationToken);

    /// <summary>Starts the next of the nights that follow a published run, if one does and was not started before.</summary>
    public async Task FollowAsync(Run run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Until is not { } until || until <= run.Date || (await pointer.ReadAsync(cancellationToken))?.Date >= until)
        {
            return;
        }

        var waiting = await deliveries.ListAsync(run.Date, until, cancellationToken);
        var next = waiting.LastOrDefault(static delivery => delivery.Snapshot)?.Date ?? (waiting.Count > 0 ? waiting[0].Date : until);
        var started = await StartAsync(new Start(next, until > next ? until : null, After: run.Id), cancellationToken);
        Log.Follows(logger, run.Id, run.Date, next, started.Run);
    }

    private async Task<StartedRun> StartAsync(Start start, CancellationToken cancellationToken)
    {
        await blobs.EnsureAsync(cancellationToken);
        await runs.EnsureAsync(cancellationToken);
        await queue.EnsureAsync(cancellationToken);
        while (true)
        {
            var ids = await runs.IdsAsync(cancellationToken);
            if (start.After is { } after
                && (await RunsAfterAsync(ids, after, cancellationToken)).Find(run => run.Date == start.Date && run.State != RunState.Failed) is { } before)
            {
                return new StartedRun(before.Id, Started: false);
            }

            var active = ids is [.., var last] && await runs.FindAsync(last, cancellationToken) is { IsActive: true } found ? found : null;
            // What waited for the run whose place this one takes waits for this one.
            var (date, until) = (start.Date, start.Replace && active?.Until > start.Date && !(start.Until >= active.Until) ? active.Until : start.Until);
            if (active is not null && !start.Replace)
            {
                var target = until ?? date;
                if (target <= active.Date)
                {
                    return new StartedRun(active.Id, Started: false);
                }

                if (active.State == RunState.Running
                    && (await deliveries.ListAsync(active.Date, target, cancellationToken)).LastOrDefault(static delivery => delivery.Snapshot) is { } snapshot)
                {
                    (date, until) = (snapshot.Date, target > snapshot.Date ? target : null);
                }
                else if (await runs.Course.RaiseUntilAsync(active.Id, target, cancellationToken))
                {
                    return new StartedRun(active.Id, Started: false);
                }
                else
                {
                    // It has ended in between.
                    continue;
                }
            }

            // Another starter's run may have been published since this one looked, and then it is under way no more.
            if (start.Tonight && active is null && await pointer.ReadAsync(cancellationToken) is { } published && published.Date >= (until ?? date))
            {
                return new StartedRun(published.Run, Started: false);
            }

            var id = RunId.After(ids is [.., var newest] ? newest : null);
            var sent = time.GetUtcNow();
            await queue.SendAsync([new WorkMessage(id, Phase.Plan, 0, date, until, active?.Id)], cancellationToken);
            var run = await runs.CreateAsync(id, date, until, active?.Id, cancellationToken);
            if (run.Date == date)
            {
                NightTrace.Of(run)?.StartSend(Phase.Plan, units: 1, sent)?.Dispose();
                // The new one first: killed in between, its plan ends the other.
                await replacement.EndAsync(run, active?.Id, cancellationToken);
                return new StartedRun(id, Started: true);
            }
        }
    }

    private async Task<List<Run>> RunsAfterAsync(IReadOnlyList<string> ids, string? after, CancellationToken cancellationToken)
    {
        var later = new List<Run>();
        foreach (var id in ids.Where(id => after is null || RunId.IsLater(id, than: after)))
        {
            if (await runs.FindAsync(id, cancellationToken) is { } run)
            {
                later.Add(run);
            }
        }

        return later;
    }

    /// <summary>What is to be started.</summary>
    /// <param name="Date">The folder's date.</param>
    /// <param name="Until">The date up to which later nights follow; null for none.</param>
    /// <param name="Replace">Whether a run that is under way is given up for this one.</param>
    /// <param name="After">The run that this one follows: nothing is started when a later run of the date exists.</param>
    /// <param name="Tonight">Whether the timer starts it: nothing is started when the date is published.</param>
    private sealed record Start(DateOnly Date, DateOnly? Until, bool Replace = false, string? After = null, bool Tonight = false);
}

/// <summary>The answer to a start.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="Started">Whether this call started it, rather than finding it under way or published.</param>
public sealed record StartedRun(string Run, bool Started);
