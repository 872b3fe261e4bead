using System.Collections.Concurrent;
using Azure;
using Clv.Core.Callers;
using Clv.Core.Extracts;
using Clv.Core.History;
using Clv.Core.Relationship;
using Clv.Functions.Night;
using Clv.Functions.Storage;

namespace Clv.Functions.Privacy;

/// <summary>
/// Removes people from everything that one run holds. Every step may be done again, and by several at once: a row is deleted by whoever comes first,
/// and a file is written once more on condition that nobody else has.
/// </summary>
public sealed class RunErasure(
    StorageAccount storage, NightBlobs blobs, RunTable runs, Pointer pointer, NightKnowledge knowledge, ScoreExport export, ClvOptions options)
{
    private const int AtOnce = 4;

    /// <summary>Removes people from a run that is not worked on, or that is about to be published.</summary>
    /// <param name="run">The run, which was planned.</param>
    /// <param name="settings">What it ran with.</param>
    /// <param name="people">The people.</param>
    /// <param name="leftOut">Those among them, if any, whom the run's history has left out, so that only a row set aside may be theirs.</param>
    /// <param name="isRead">Whether a night under way reads the run's history and standings, which stay as they are then.</param>
    /// <param name="cancellationToken">Ends the work, which is then done in part.</param>
    /// <returns>What was removed of whom; nobody of whom there was nothing.</returns>
    public async Task<IReadOnlyDictionary<CustomerKey, Removed>> RunAsync(
        Run run,
        RunSettings settings,
        IReadOnlySet<CustomerKey> people,
        IReadOnlySet<CustomerKey> leftOut,
        bool isRead,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(people);
        ArgumentNullException.ThrowIfNull(leftOut);
        var total = new ConcurrentDictionary<CustomerKey, Removed>();
        if (run.State == RunState.Failed
            && !await Retention.MayBeServedAsync(run, fenced: await pointer.ReadAsync(cancellationToken) is not null, runs.Units, cancellationToken))
        {
            await blobs.RemoveAsync(Names.Work, $"{run.Id}/", cancellationToken);
            await RemoveHistoryAsync(run.Id, cancellationToken);
        }
        else if (settings.HistoryFormat != RunSettings.CurrentHistoryFormat)
        {
            await RemoveHistoryAsync(run.Id, cancellationToken);
        }
        else if (!run.IsActive)
        {
            // What nobody reads any more. The rest is for telling the events, and for a run that is held.
            await blobs.RemoveSpentAsync(run.Id, cancellationToken);
        }

        await RemoveQuarantinedAsync(run, people, Count, cancellationToken);
        var held = people.Where(key => !leftOut.Contains(key)).ToHashSet();
        if (held.Count == 0)
        {
            return total;
        }

        // The history comes last, and of it the profile: whoever goes on where this was interrupted still finds what leads to the rest.
        await Parallel.ForEachAsync(
            held.GroupBy(key => key.Partition(settings.Partitions)),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (group, token) => await RemoveFromPartitionAsync(run.Id, settings.Partitions, group.Key, group.ToHashSet(), isRead, Count, token));

        // Behind the parts that it is made of.
        Count(
            OneEach(await blobs.RewriteAsync(Names.Exports, Names.Events(run.Id), (from, to) => EventFile.Copy(from, held, to), cancellationToken)),
            static events => new Removed { Events = events });
        await export.RestoreAsync(run.Id, cancellationToken);
        return total;

        void Count(IEnumerable<KeyValuePair<CustomerKey, int>>? removed, Func<int, Removed> of)
        {
            foreach (var (key, rows) in removed ?? [])
            {
                total.AddOrUpdate(key, _ => of(rows), (_, before) => before.Add(of(rows)));
            }
        }
    }

    private async Task RemoveFromPartitionAsync(
        string run,
        int partitions,
        int partition,
        HashSet<CustomerKey> people,
        bool isRead,
        Action<IEnumerable<KeyValuePair<CustomerKey, int>>?, Func<int, Removed>> count,
        CancellationToken cancellationToken)
    {
        count(
            await CallerRows.RemoveAsync(storage.Tables, run, await CallersAsync(run, partition, people, cancellationToken), partitions, cancellationToken),
            static rows => new Removed { Callers = rows });
        count(await ScoreRows.RemoveAsync(storage.Tables, run, partition, people, cancellationToken), static rows => new Removed { Scores = rows });
        count(OneEach(await export.EraseAsync(run, partition, people, cancellationToken)), static rows => new Removed { Exported = rows });
        count(
            OneEach(await blobs.RewriteAsync(Names.Work, Names.EventsPart(run, partition), (from, to) => CopyEvents(from, people, to), cancellationToken)),
            static events => new Removed { Events = events });
        if (isRead)
        {
            return;
        }

        count(
            OneEach(await blobs.RewriteAsync(
                Names.History, Names.StandingOf(run, partition), (from, to) => StandingErasure.Copy(from, people, to), cancellationToken)),
            static standings => new Removed { Standings = standings });
        count(
            await blobs.RewriteAsync(Names.History, Names.HistoryOf(run, partition), CopyTransactions, cancellationToken),
            static rows => new Removed { Transactions = rows });
        count(
            await blobs.RewriteAsync(Names.History, Names.ContractsOf(run, partition), CopyRecords, cancellationToken),
            static rows => new Removed { Contracts = rows });
        count(
            await blobs.RewriteAsync(Names.History, Names.InteractionsOf(run, partition), CopyRecords, cancellationToken),
            static rows => new Removed { Interactions = rows });
        count(
            await blobs.RewriteAsync(Names.History, Names.ProfilesOf(run, partition), CopyRecords, cancellationToken),
            static rows => new Removed { Profiles = rows });

        IReadOnlyDictionary<CustomerKey, int> CopyTransactions(Stream from, Stream to)
        {
            using var rows = new HistoryReader(from, PartitionBooks.FromHistory);
            return HistoryErasure.Copy(rows, people, to);
        }

        IReadOnlyDictionary<CustomerKey, int> CopyRecords(Stream from, Stream to)
        {
            using var rows = new RecordReader(from, PartitionBooks.FromHistory);
            return HistoryErasure.Copy(rows, people, to);
        }
    }

    // The callers go with it: only the profiles say whose they are.
    private async Task RemoveHistoryAsync(string run, CancellationToken cancellationToken)
    {
        await storage.Tables.DeleteTableAsync(Names.Callers(run), cancellationToken);
        await blobs.RemoveAsync(Names.History, $"{run}/", cancellationToken);
    }

    // Read before the profiles are written without them.
    private async Task<IReadOnlyList<(CallerKey Caller, CustomerKey Customer)>> CallersAsync(
        string run, int partition, HashSet<CustomerKey> people, CancellationToken cancellationToken)
    {
        try
        {
            using var profiles = new RecordReader(
                await blobs.OpenAsync(Names.History, Names.ProfilesOf(run, partition), cancellationToken), PartitionBooks.FromHistory);
            return [.. PersonHistory.CallersOf(profiles, people)];
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return [];
        }
    }

    private async Task RemoveQuarantinedAsync(
        Run run,
        IReadOnlySet<CustomerKey> people,
        Action<IEnumerable<KeyValuePair<CustomerKey, int>>?, Func<int, Removed>> count,
        CancellationToken cancellationToken)
    {
        var files = await blobs.ListAsync(Names.Quarantine, $"{run.Id}/", cancellationToken);
        if (files.Count == 0)
        {
            return;
        }

        using var owner = new RawRowOwner(options.HashKey, NightKnowledge.MappingOf(await knowledge.PlanAsync(run.Id, cancellationToken)));
        foreach (var file in files)
        {
            count(
                await blobs.RewriteAsync(Names.Quarantine, file, (from, to) => QuarantineCsv.Copy(from, owner, people, to), cancellationToken),
                static rows => new Removed { Quarantined = rows });
        }
    }

    private static List<CustomerKey> CopyEvents(Stream from, HashSet<CustomerKey> people, Stream to)
    {
        var events = NightJson.Read<List<EventMessage>>(BinaryData.FromStream(from));
        var names = people.Select(static key => key.ToString()).ToHashSet(StringComparer.Ordinal);
        to.Write(NightJson.WriteBytes(events.Where(message => !names.Contains(message.Customer)).ToList()).ToMemory().Span);
        return [.. events.Where(message => names.Contains(message.Customer)).Select(static message => CustomerKey.Read(Convert.FromHexString(message.Customer)))];
    }

    private static IEnumerable<KeyValuePair<CustomerKey, int>>? OneEach(IEnumerable<CustomerKey>? keys) =>
        keys?.CountBy(static key => key);
}
