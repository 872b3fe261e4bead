using Clv.Core.History;
using Clv.Functions.Night;
using Clv.Functions.Storage;

namespace Clv.Functions.Privacy;

/// <summary>
/// Erases people: from every run that holds anything, whether it is served, can be rolled back to, is held, or failed.
/// </summary>
/// <remarks>
/// A night may be under way meanwhile. The tombstone is written first, and runs are listed after it, so of a run there are these cases.
/// It is listed later than the tombstone was written, and recorded later too: all its units see the tombstone, and its history leaves the person out.
/// It is recorded, and is not to be published before its unit Publish has looked for tombstones: the erasure leaves it alone and stays requested, so
/// Publish finds it (<see cref="EraseFromAsync"/>) and removes the person from the run before the pointer moves. Its Publish has looked already:
/// the erasure stays requested all the same, since the run is still active, and is gone on with when the run has told its events
/// (<see cref="ResumeAsync"/>), or by the timer when it has failed. What the run under way is built on or compared with keeps its history and standings
/// until then: all deliveries of the run's units are to read the same. Whoever had a tombstone when its units began to read is left out of what they
/// read, so nothing of them depends on when the file loses them. It is published, held or failed: the person is removed here, whichever run the
/// pointer is at and wherever it is moved meanwhile, because every run is cleaned and not only the served one. A held run that is released
/// goes through Publish again. A delivery that still writes when its run has ended takes out itself whom it put back, or its message's next one does
/// (<see cref="IPhaseWork.ForgetAsync"/>). So an erasure is done only when every run was at rest before and after, and the same; until then it is requested, and
/// whatever is published has it applied before or after.
/// </remarks>
public sealed class Eraser(StorageAccount storage, NightBlobs blobs, RunTable runs, RunErasure runErasure, Tombstones tombstones, ClvOptions options)
{
    private const int ReceiptsAtOnce = 8;

    /// <summary>Erases a person, or goes on with it.</summary>
    /// <param name="key">The person.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="source">Where.</param>
    /// <param name="cancellationToken">Ends the work; the erasure is finished by <see cref="ResumeAsync"/>.</param>
    /// <returns>
    /// The tombstone with the receipt: done, or still requested while a night is under way that may hold the person. An earlier erasure's when that
    /// is done.
    /// </returns>
    public async Task<Tombstone> EraseAsync(CustomerKey key, string by, string source, CancellationToken cancellationToken)
    {
        var tombstone = await tombstones.RequestAsync(key, by, source, cancellationToken);
        if (tombstone.State == ErasureState.Done)
        {
            return tombstone;
        }

        await EraseAsync(new HashSet<CustomerKey> { key }, cancellationToken);
        return await tombstones.FindAsync(key, cancellationToken) ?? tombstone;
    }

    /// <summary>Finishes what was asked for and is not done: for the end of a night and for the timer. Each file is written once for all of them.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        var requested = await tombstones.RequestedAsync(cancellationToken);
        if (requested.Count > 0)
        {
            await EraseAsync(requested, cancellationToken);
        }
    }

    /// <summary>
    /// For the timer: goes on with what was asked for, unless a night is under way: then nothing could be done with, and at its end it is gone on
    /// with anyway.
    /// </summary>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        await runs.EnsureAsync(cancellationToken);
        if (await runs.LastIdAsync(cancellationToken) is not { } last || await runs.FindAsync(last, cancellationToken) is not { IsActive: true })
        {
            await ResumeAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Removes from a run that is about to be published whoever asked for it since the run took down whom it leaves out, and of those whom it does
    /// leave out the rows that were set aside before.
    /// </summary>
    public async Task EraseFromAsync(Run run, RunSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);

        // Whoever asked since then is not done, because this run has been active.
        var requested = await tombstones.RequestedAsync(cancellationToken);
        if (requested.Count > 0)
        {
            await EraseAndNoteAsync(run, settings, requested, await tombstones.TakenDownAsync(run.Id, cancellationToken), isRead: false, cancellationToken);
        }
    }

    private async Task EraseAsync(IReadOnlySet<CustomerKey> people, CancellationToken cancellationToken)
    {
        await runs.EnsureAsync(cancellationToken);
        var before = await HoldersAsync(cancellationToken);
        var notes = new List<string>();
        var failures = new List<Exception>();
        var read = before.Where(static holder => holder.Run.IsActive)
            .SelectMany(static holder => new[] { holder.Run.Settings?.BaseRun, holder.Run.Settings?.ComparedRun })
            .ToHashSet();
        foreach (var (run, _) in before)
        {
            if (run is { IsActive: false, Settings: { } settings })
            {
                if (settings.HashKeyFingerprint != options.HashKeyFingerprint)
                {
                    notes.Add($"Run {run.Id} was made with another hash key, so nobody can be found in it by today's pseudonym; it was not searched.");
                    continue;
                }

                if (run.State != RunState.Failed && settings.HistoryFormat != RunSettings.CurrentHistoryFormat)
                {
                    notes.Add($"Run {run.Id} was made by an earlier version of this program: its history was removed whole.");
                }

                // One run that cannot be read keeps nobody in the others.
                try
                {
                    await EraseAndNoteAsync(run, settings, people, new HashSet<CustomerKey>(), read.Contains(run.Id), cancellationToken);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    failures.Add(e);
                }
            }
        }

        if (failures.Count > 0)
        {
            throw new AggregateException(failures);
        }

        var after = await HoldersAsync(cancellationToken);
        var done = before.All(static holder => holder.AtRest) && before.All(holder =>
            after.FirstOrDefault(now => now.Run.Id == holder.Run.Id) is not { Run: not null } now || now.Run.State == holder.Run.State);
        await ForEachAsync(
            people,
            (key, token) => tombstones.UpdateAsync(key, receipt => notes.Aggregate(receipt, static (sum, note) => sum.Note(note)), done, token),
            cancellationToken);
    }

    // Taken down run by run, so that the receipt lacks little of what a process had removed that died.
    private async Task EraseAndNoteAsync(
        Run run,
        RunSettings settings,
        IReadOnlySet<CustomerKey> people,
        IReadOnlySet<CustomerKey> leftOut,
        bool isRead,
        CancellationToken cancellationToken)
    {
        var removed = await runErasure.RunAsync(run, settings, people, leftOut, isRead, cancellationToken);
        await ForEachAsync(
            removed, (of, token) => tombstones.UpdateAsync(of.Key, receipt => receipt.Add(run.Id, of.Value), done: false, token), cancellationToken);
    }

    // The runs that hold anything of anybody, oldest first, and whether all is over that could still write or publish it.
    private async Task<IReadOnlyList<(Run Run, bool AtRest)>> HoldersAsync(CancellationToken cancellationToken)
    {
        var ids = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var container in (string[])[Names.Work, Names.History, Names.Quarantine, Names.Exports])
        {
            ids.UnionWith(await blobs.ListRunsAsync(container, cancellationToken));
        }

        await foreach (var table in storage.Tables.QueryAsync(cancellationToken: cancellationToken))
        {
            foreach (var prefix in (string[])[Names.Scores(""), Names.Callers("")])
            {
                if (table.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                {
                    ids.Add(table.Name[prefix.Length..]);
                }
            }
        }

        var holders = new List<(Run, bool)>();
        foreach (var id in ids.Where(RunId.IsValid))
        {
            if (await runs.FindAsync(id, cancellationToken) is { } run)
            {
                // Of a published run the file of events may still be written, from what was read before.
                var told = run.State != RunState.Published || await runs.Units.ProgressAsync(id, Phase.Announce, cancellationToken) is null or { IsDone: true };
                holders.Add((run, !run.IsActive && told));
            }
        }

        return holders;
    }

    private static Task ForEachAsync<T>(IEnumerable<T> all, Func<T, CancellationToken, Task> body, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            all,
            new ParallelOptions { MaxDegreeOfParallelism = ReceiptsAtOnce, CancellationToken = cancellationToken },
            async (item, token) => await body(item, token));
}
