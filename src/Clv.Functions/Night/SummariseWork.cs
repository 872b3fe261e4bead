using Clv.Core.History;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>What became of one partition's rows.</summary>
/// <param name="Customers">Customers in its history.</param>
/// <param name="HistoryRows">Rows in its history.</param>
/// <param name="HistoryReplaced">Rows of yesterday's history that one of tonight's replaced.</param>
/// <param name="Used">Per file of the plan, the rows that are part of the history now.</param>
/// <param name="Replaced">Per file of the plan, the rows that a later one of tonight replaced.</param>
/// <param name="WithoutTransactions">Customers of customer files, of tonight or before, who have no transactions and so are not summarised.</param>
public sealed record SummariseResult(
    long Customers,
    long HistoryRows,
    long HistoryReplaced,
    IReadOnlyList<long> Used,
    IReadOnlyList<long> Replaced,
    long WithoutTransactions = 0);

/// <summary>Merges a partition's slices of tonight's files into its history, as a new version, and summarises its customers.</summary>
public sealed class SummariseWork(NightBlobs blobs, RunTable runs) : IPhaseWork
{
    /// <inheritdoc/>
    public Phase Phase => Phase.Summarise;

    /// <inheritdoc/>
    public async Task<string> RunAsync(Run run, RunSettings settings, int unit, CancellationToken cancellationToken)
    {
        var transactions = new List<HistoryReader>();
        var customers = new List<ProfileReader>();
        try
        {
            await OpenAsync(run, settings, unit, transactions, customers, cancellationToken);
            using var history = blobs.Stage(Names.History, Names.HistoryOf(run.Id, unit));
            using var profiles = blobs.Stage(Names.History, Names.ProfilesOf(run.Id, unit));
            using var summaries = blobs.Stage(Names.Work, Names.Summaries(run.Id, unit));
            using var labels = new MemoryStream();
            using var counted = new MemoryStream();
            var ages = new RepeatAges();
            using var segments = new ProfileMerge(customers, settings.CustomerFiles, profiles);
            var books = HistoryMerge.Run(
                transactions,
                settings.Files - settings.CustomerFiles,
                run.Date.DayNumber,
                await runs.BacktestWeeksAsync(run, settings, cancellationToken) * 7,
                history,
                (key, summary) => SummaryFile.Write(summaries, key, summary with { Segment = segments.SegmentOf(key) }),
                ages);
            segments.Complete();
            segments.Labels.Write(labels);
            await history.CommitAsync(cancellationToken);
            if (settings.HasProfiles)
            {
                await profiles.CommitAsync(cancellationToken);
            }

            ages.Write(counted);
            await blobs.PutAsync(Names.Work, Names.Ages(run.Id, unit), new BinaryData(counted.ToArray()), cancellationToken);
            await blobs.PutAsync(Names.Work, Names.Labels(run.Id, unit), new BinaryData(labels.ToArray()), cancellationToken);
            await summaries.CommitAsync(cancellationToken);
            return NightJson.Write(new SummariseResult(
                books.Customers,
                books.HistoryRows,
                books.HistoryReplaced,
                [.. books.Used, .. segments.Books.Used],
                [.. books.Replaced, .. segments.Books.Replaced],
                segments.WithoutTransactions));
        }
        finally
        {
            transactions.ForEach(static input => input.Dispose());
            customers.ForEach(static input => input.Dispose());
        }
    }

    // In the order of delivery: what there was, then tonight's files.
    private async Task OpenAsync(
        Run run, RunSettings settings, int partition, List<HistoryReader> transactions, List<ProfileReader> customers, CancellationToken cancellationToken)
    {
        if (settings.BaseRun is { } yesterday)
        {
            transactions.Add(new HistoryReader(
                await blobs.OpenAsync(Names.History, Names.HistoryOf(yesterday, partition), cancellationToken), HistoryMerge.FromHistory));
            if (settings.BaseHasProfiles)
            {
                customers.Add(new ProfileReader(
                    await blobs.OpenAsync(Names.History, Names.ProfilesOf(yesterday, partition), cancellationToken), HistoryMerge.FromHistory));
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
                    customers.Add(new ProfileReader(slice, file - transactionFiles));
                }
            }
        }
    }
}
