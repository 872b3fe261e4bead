using Clv.Core.History;
using Clv.Functions.Privacy;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>What became of one partition's rows.</summary>
/// <param name="Persons">People of whom anything is known.</param>
/// <param name="Customers">Those among them who bought or signed anything.</param>
/// <param name="Prospects">Those among them who may become customers.</param>
/// <param name="HistoryRows">Transactions in the history.</param>
/// <param name="HistoryReplaced">Transactions of yesterday's history that one of tonight's replaced.</param>
/// <param name="Contracts">Contracts in the history.</param>
/// <param name="Interactions">Contacts in the history.</param>
/// <param name="ContactsWithoutCost">Contacts whose cost nobody knows; they count as costing nothing.</param>
/// <param name="Used">Per file of the plan that goes to partitions, the rows that are part of the history now.</param>
/// <param name="Replaced">Per such file, the rows that a later one of tonight replaced.</param>
/// <param name="Erased">Per such file, the rows of people who are erased; null before anybody could be.</param>
public sealed record SummariseResult(
    long Persons,
    long Customers,
    long Prospects,
    long HistoryRows,
    long HistoryReplaced,
    long Contracts,
    long Interactions,
    long ContactsWithoutCost,
    IReadOnlyList<long> Used,
    IReadOnlyList<long> Replaced,
    IReadOnlyList<long>? Erased = null);

/// <summary>
/// Merges a partition's slices of tonight's files into its history, as a new version, and makes the facts of its people. Whoever is erased is left
/// out of both.
/// </summary>
public sealed class SummariseWork(NightBlobs blobs, NightKnowledge knowledge, NightRates rates, Tombstones tombstones) : IPhaseWork
{
    /// <inheritdoc/>
    public Phase Phase => Phase.Summarise;

    /// <inheritdoc/>
    public async Task<string> RunAsync(Run run, RunSettings settings, int unit, CancellationToken cancellationToken)
    {
        var plan = await knowledge.PlanAsync(run.Id, cancellationToken);
        if (unit == 0)
        {
            await rates.WriteAsync(run.Id, await rates.ReadAsync(run, plan, NightKnowledge.MappingOf(plan), cancellationToken), cancellationToken);
        }

        var erased = await tombstones.TakeDownAsync(run.Id, cancellationToken);
        var opened = new List<IDisposable>();
        try
        {
            using var history = blobs.Stage(Names.History, Names.HistoryOf(run.Id, unit));
            using var profiles = blobs.Stage(Names.History, Names.ProfilesOf(run.Id, unit));
            using var contracts = blobs.Stage(Names.History, Names.ContractsOf(run.Id, unit));
            using var interactions = blobs.Stage(Names.History, Names.InteractionsOf(run.Id, unit));
            using var people = blobs.Stage(Names.Work, Names.Facts(run.Id, unit));
            using var ids = settings.ExportScores ? blobs.Stage(Names.Work, Names.Ids(run.Id, unit)) : null;
            var facts = new FactsWriter(people);
            var ages = new RepeatAges();
            var builder = new FactsBuilder(
                run.Date.DayNumber, await knowledge.BacktestWeeksAsync(run, settings, cancellationToken) * 7, NightKnowledge.ProfileOf(plan));
            var books = FactsMerge.Run(
                await FilesAsync(FileContent.Transactions, Names.HistoryOf, history, static (stream, source) => new HistoryReader(stream, source)),
                await RecordsAsync(FileContent.Customers, Names.ProfilesOf, profiles),
                await RecordsAsync(FileContent.Contracts, Names.ContractsOf, contracts),
                await RecordsAsync(FileContent.Interactions, Names.InteractionsOf, interactions),
                builder,
                facts.Write,
                ages,
                erased,
                ids);
            // Once: a second delivery of the unit may come to its end when somebody has been erased from what the first one wrote.
            foreach (var output in (StagedBlob[])[history, profiles, contracts, interactions])
            {
                await output.CommitOnceAsync(cancellationToken);
            }

            await people.CommitAsync(cancellationToken);
            if (ids is not null)
            {
                await ids.CommitAsync(cancellationToken);
            }

            using var counted = new MemoryStream();
            ages.Write(counted);
            await blobs.PutAsync(Names.Work, Names.Ages(run.Id, unit), new BinaryData(counted.ToArray()), cancellationToken);
            PartitionBooks[] kinds = [books.Transactions, books.Profiles, books.Contracts, books.Interactions];
            return NightJson.Write(new SummariseResult(
                books.Persons,
                books.Customers,
                books.Prospects,
                books.Transactions.HistoryRows,
                books.Transactions.HistoryReplaced,
                books.Contracts.HistoryRows,
                books.Interactions.HistoryRows,
                books.ContactsWithoutCost,
                [.. kinds.SelectMany(static kind => kind.Used)],
                [.. kinds.SelectMany(static kind => kind.Replaced)],
                [.. kinds.SelectMany(static kind => kind.Erased)]));
        }
        finally
        {
            opened.ForEach(static file => file.Dispose());
        }

        Task<KeyedFiles<CustomerRecords>> RecordsAsync(FileContent content, Func<string, int, string> name, Stream output) =>
            FilesAsync<CustomerRecords>(content, name, output, static (stream, source) => new RecordReader(stream, source));

        // In the order of delivery: what there was, then tonight's files.
        async Task<KeyedFiles<T>> FilesAsync<T>(FileContent content, Func<string, int, string> name, Stream output, Func<Stream, int, KeyedReader<T>> open)
            where T : KeyedRows<T>, new()
        {
            var readers = new List<KeyedReader<T>>();
            void Add(Stream stream, int source)
            {
                readers.Add(open(stream, source));
                opened.Add(readers[^1]);
            }

            if (settings.BaseRun is { } yesterday)
            {
                Add(await blobs.OpenAsync(Names.History, name(yesterday, unit), cancellationToken), PartitionBooks.FromHistory);
            }

            var (first, count) = settings.Range(content);
            for (var file = 0; file < count; file++)
            {
                foreach (var slice in await blobs.ReadSlicesAsync(run.Id, first + file, unit, cancellationToken))
                {
                    Add(slice, file);
                }
            }

            return new KeyedFiles<T>(readers, count, output);
        }
    }
}
