using Azure.Storage.Blobs.Models;
using Clv.Functions.Audit;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>
/// Drops what is not needed any more. Kept whole are the newest published runs, the served one, those to roll back to, and what any of the
/// nights that are served, under way or held is built on. Of the others stay the record, the plan, the books, the portfolio and the models, which
/// hold nothing personal. Killed anywhere, it goes on at the next call; two calls at once do no harm.
/// </summary>
public sealed class Retention(
    RunTable runs, NightBlobs blobs, StorageAccount storage, Pointer pointer, AuditTable audit, ClvOptions options, ILogger<Retention> logger)
{
    /// <summary>A unit of an ended run may still write: the last runs are looked at again and again.</summary>
    private const int RecentRuns = 10;

    private const int Named = 10;

    /// <summary>Does all there is to do: what ended runs left, runs that are not kept, days of the audit.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await runs.EnsureAsync(cancellationToken);
        await blobs.EnsureAsync(cancellationToken);
        await SweepAsync(cancellationToken);
        await RetireAsync(cancellationToken);
        var today = DateOnly.FromDateTime((await runs.ServiceTimeAsync(cancellationToken)).UtcDateTime);
        await audit.DropAsync(today.AddDays(-options.AuditDays), cancellationToken);
        await ReportStraysAsync(cancellationToken);
    }

    /// <summary>
    /// Drops what ended runs need no more: the work of all, and all of a failed one but its quarantine, which tells what was wrong with its rows.
    /// </summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var open = await runs.OpenAsync(cancellationToken);
        var recent = new List<Run>();
        foreach (var id in (await runs.IdsAsync(cancellationToken)).TakeLast(RecentRuns).Where(id => open.All(run => run.Id != id)))
        {
            if (await runs.FindAsync(id, cancellationToken) is { } run)
            {
                recent.Add(run);
            }
        }

        var ended = open.Concat(recent).ToList();
        // A unit of a run that was given up while it was being published may still be about to move the pointer.
        var fenced = ended.Exists(static run => run.State == RunState.Failed) && await pointer.FenceAsync(cancellationToken);

        var served = (await pointer.ReadAsync(cancellationToken))?.Run;
        foreach (var run in ended)
        {
            if (run.RemovingAt is not null)
            {
                await RemoveAsync(run.Id, withQuarantine: true, cancellationToken);
            }
            else if (run.State == RunState.Failed && run.Id != served && !await MayBeServedAsync(run, fenced, runs.Units, cancellationToken))
            {
                await RemoveAsync(run.Id, withQuarantine: false, cancellationToken);
            }
            else if (run.State == RunState.Held)
            {
                // Once more, for what a unit's late delivery wrote.
                await blobs.RemoveSpentAsync(run.Id, cancellationToken);
            }
            else if (run.State == RunState.Published && await IsAnnouncedAsync(run.Id, cancellationToken))
            {
                await blobs.RemoveAsync(Names.Work, $"{run.Id}/", cancellationToken);
            }
        }
    }

    private async Task RetireAsync(CancellationToken cancellationToken)
    {
        var open = await runs.OpenAsync(cancellationToken);
        if (await KeptAsync(open, cancellationToken) is not { } kept)
        {
            return;
        }

        foreach (var run in open.Where(run => !run.IsActive && !kept.Contains(run.Id) && run.RetiredAt is null))
        {
            if (run.State == RunState.Held)
            {
                await runs.Course.FailAsync(
                    run.Id, $"It was held and never released, and {options.RetainedRuns} later nights were published. Held for: {run.Reason}", cancellationToken, RunState.Held, superseded: true);
            }

            await runs.Retirement.MarkAsync(run.Id, cancellationToken);
        }

        foreach (var run in (await runs.OpenAsync(cancellationToken)).Where(static run => run.RetiredAt is not null))
        {
            if (!await runs.Retirement.SettleAsync(run.Id, () => IsNeededAsync(run.Id, cancellationToken), cancellationToken))
            {
                continue;
            }

            await RemoveAsync(run.Id, withQuarantine: true, cancellationToken);
            await runs.Units.RemoveUnitsAsync(run.Id, cancellationToken);
            await runs.Retirement.RemovedAsync(run.Id, cancellationToken);
            await runs.ClearAsync(run.Id, cancellationToken);
            Log.Retired(logger, run.Id, run.Date);
        }
    }

    private async Task<bool> IsNeededAsync(string run, CancellationToken cancellationToken)
    {
        await pointer.FenceAsync(cancellationToken);
        return await KeptAsync(await runs.OpenAsync(cancellationToken), cancellationToken) is not { } kept || kept.Contains(run);
    }

    // The runs that are kept whole; null while a run is under way that has not said yet what it is built on.
    private async Task<HashSet<string>?> KeptAsync(IReadOnlyList<Run> open, CancellationToken cancellationToken)
    {
        if (open.Any(static run => run is { IsActive: true, Settings: null }))
        {
            return null;
        }

        var published = open.Where(static run => run is { State: RunState.Published, RetiredAt: null }).Select(static run => run.Id).ToList();
        var kept = published.TakeLast(options.RetainedRuns).ToHashSet(StringComparer.Ordinal);
        if (await pointer.ReadAsync(cancellationToken) is { Run: var served } moved)
        {
            // What lookups came from may be an older one than the one before: they had been rolled back to it.
            kept.Add(served);
            Keep(published.LastOrDefault(id => RunId.IsLater(served, than: id)), moved.MovedFrom);
            Keep(BuiltOn((await runs.FindAsync(served, cancellationToken))?.Settings));
        }

        foreach (var id in published)
        {
            if (!await IsAnnouncedAsync(id, cancellationToken))
            {
                kept.Add(id);
            }
        }

        // What failed or is held stays as long as any night before it does: it tells why there is a gap.
        var oldest = published.Find(kept.Contains);
        foreach (var run in open)
        {
            if (run.IsActive || run.State == RunState.Held)
            {
                Keep(BuiltOn(run.Settings));
            }

            if (run.State is RunState.Failed or RunState.Held && (oldest is null || RunId.IsLater(run.Id, than: oldest)))
            {
                kept.Add(run.Id);
            }
        }

        return kept;

        void Keep(params IEnumerable<string?> needed) => kept.UnionWith(needed.OfType<string>());
    }

    private static IEnumerable<string?> BuiltOn(RunSettings? settings) => [settings?.BaseRun, settings?.ComparedRun, settings?.LastPublished];

    // A run of an earlier version had nothing to announce.
    private async Task<bool> IsAnnouncedAsync(string run, CancellationToken cancellationToken) =>
        await runs.Units.ProgressAsync(run, Phase.Announce, cancellationToken) is not { NextQueued: false };

    /// <summary>
    /// Whether lookups may be moved to a failed run after all, by a unit that is about to: before the first night no fence keeps it from that, so a run
    /// that is complete stays so.
    /// </summary>
    internal static async Task<bool> MayBeServedAsync(Run run, bool fenced, RunUnits units, CancellationToken cancellationToken) =>
        !fenced && await units.ProgressAsync(run.Id, Phase.Score, cancellationToken) is { IsDone: true };

    private async Task RemoveAsync(string run, bool withQuarantine, CancellationToken cancellationToken)
    {
        foreach (var table in (string[])[Names.Scores(run), Names.Callers(run)])
        {
            await storage.Tables.DeleteTableAsync(table, cancellationToken);
        }

        foreach (var container in (string[])[Names.History, Names.Work, Names.Exports])
        {
            await blobs.RemoveAsync(container, $"{run}/", cancellationToken);
        }

        if (withQuarantine)
        {
            await blobs.RemoveAsync(Names.Quarantine, $"{run}/", cancellationToken);
        }
    }

    // Whose they are is not known, so they are somebody's to look at: the table of runs may have been lost, or be another app's.
    private async Task ReportStraysAsync(CancellationToken cancellationToken)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var prefix in (string[])[Names.Scores("r"), Names.Callers("r")])
        {
            await foreach (var table in storage.Tables.QueryAsync($"TableName ge '{prefix}' and TableName lt '{prefix}~'", cancellationToken: cancellationToken))
            {
                found.Add(table.Name[(prefix.Length - 1)..]);
            }
        }

        foreach (var container in (string[])[Names.History, Names.Work, Names.Exports, Names.Quarantine])
        {
            await foreach (var item in storage.Blobs.GetBlobContainerClient(container)
                .GetBlobsByHierarchyAsync(new GetBlobsByHierarchyOptions { Delimiter = "/" }, cancellationToken))
            {
                if (item.IsPrefix)
                {
                    found.Add(item.Prefix.TrimEnd('/'));
                }
            }
        }

        // Looked at last: a run's record is there before anything else of it.
        found.ExceptWith(await runs.IdsAsync(cancellationToken));
        if (found.Count > 0)
        {
            Log.Strays(logger, found.Count, string.Join(", ", found.Order(StringComparer.Ordinal).Take(Named)));
        }
    }
}
