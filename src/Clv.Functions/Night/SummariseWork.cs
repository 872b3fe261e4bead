using Clv.Core.History;
using Clv.Core.Industry;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>What became of one partition's rows.</summary>
/// <param name="Customers">Customers with transactions in the window.</param>
/// <param name="HistoryRows">Rows in its history.</param>
/// <param name="HistoryReplaced">Rows of yesterday's history that one of tonight's replaced.</param>
/// <param name="Used">Per file of the plan, the rows that are part of the history now.</param>
/// <param name="Replaced">Per file of the plan, the rows that a later one of tonight replaced.</param>
/// <param name="WithoutTransactions">Customers of customer files, of tonight or before, who have no transactions.</param>
public sealed record SummariseResult(
    long Customers,
    long HistoryRows,
    long HistoryReplaced,
    IReadOnlyList<long> Used,
    IReadOnlyList<long> Replaced,
    long WithoutTransactions = 0);

/// <summary>Merges a partition's slices of tonight's files into its history, as a new version, and makes the facts of its people.</summary>
public sealed class SummariseWork(NightBlobs blobs, RunTable runs) : IPhaseWork
{
    /// <inheritdoc/>
    public Phase Phase => Phase.Summarise;

    /// <inheritdoc/>
    public async Task<string> RunAsync(Run run, RunSettings settings, int unit, CancellationToken cancellationToken)
    {
        var transactions = new List<HistoryReader>();
        var customers = new List<RecordReader>();
        try
        {
            await OpenAsync(run, settings, unit, transactions, customers, cancellationToken);
            using var history = blobs.Stage(Names.History, Names.HistoryOf(run.Id, unit));
            using var profiles = blobs.Stage(Names.History, Names.ProfilesOf(run.Id, unit));
            using var facts = blobs.Stage(Names.Work, Names.Facts(run.Id, unit));
            using var counted = new MemoryStream();
            var ages = new RepeatAges();
            var writer = new FactsWriter(facts);
            var none = new KeyedFiles<CustomerRecords>([], Files: 0, Stream.Null);
            var books = FactsMerge.Run(
                new KeyedFiles<CustomerRows>(transactions, settings.Files - settings.CustomerFiles, history),
                new KeyedFiles<CustomerRecords>(customers, settings.CustomerFiles, profiles),
                contracts: none,
                interactions: none,
                new FactsBuilder(run.Date.DayNumber, await runs.BacktestWeeksAsync(run, settings, cancellationToken) * 7, IndustryProfile.Default),
                writer.Write,
                ages);
            await history.CommitAsync(cancellationToken);
            if (settings.HasProfiles)
            {
                await profiles.CommitAsync(cancellationToken);
            }

            ages.Write(counted);
            await blobs.PutAsync(Names.Work, Names.Ages(run.Id, unit), new BinaryData(counted.ToArray()), cancellationToken);
            await facts.CommitAsync(cancellationToken);
            return NightJson.Write(new SummariseResult(
                books.Customers,
                books.Transactions.HistoryRows,
                books.Transactions.HistoryReplaced,
                [.. books.Transactions.Used, .. books.Profiles.Used],
                [.. books.Transactions.Replaced, .. books.Profiles.Replaced],
                books.Persons - books.Customers));
        }
        finally
        {
            transactions.ForEach(static input => input.Dispose());
            customers.ForEach(static input => input.Dispose());
        }
    }

    // In the order of delivery: what there was, then tonight's files.
    private async Task OpenAsync(
        Run run, RunSettings settings, int partition, List<HistoryReader> transactions, List<RecordReader> customers, CancellationToken cancellationToken)
    {
        if (settings.BaseRun is { } yesterday)
        {
            transactions.Add(new HistoryReader(
                await blobs.OpenAsync(Names.History, Names.HistoryOf(yesterday, partition), cancellationToken), PartitionBooks.FromHistory));
            if (settings.BaseHasProfiles)
            {
                customers.Add(new RecordReader(
                    await blobs.OpenAsync(Names.History, Names.ProfilesOf(yesterday, partition), cancellationToken), PartitionBooks.FromHistory));
            }
        }

        var transactionFiles = settings.Files - settings.CustomerFiles;
        for (var file = 0; file < settings.Files; file++)
        {
            foreach (var slice in await blobs.ReadSlicesAsync(run.Id, file, partition, cancellationToken))
            {
                if (file < transactionFiles)
                {
                    transactions.Add(new HistoryReader(slice, file));
                }
                else
                {
                    customers.Add(new RecordReader(slice, file - transactionFiles));
                }
            }
        }
    }
}
