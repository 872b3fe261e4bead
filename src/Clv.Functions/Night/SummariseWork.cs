using Clv.Core.History;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>What became of one partition's rows.</summary>
/// <param name="Customers">Customers in its history.</param>
/// <param name="HistoryRows">Rows in its history.</param>
/// <param name="HistoryReplaced">Rows of yesterday's history that one of tonight's replaced.</param>
/// <param name="Used">Per file of the plan, the rows that are part of the history now.</param>
/// <param name="Replaced">Per file of the plan, the rows that a later one of tonight replaced.</param>
public sealed record SummariseResult(
    long Customers, long HistoryRows, long HistoryReplaced, IReadOnlyList<long> Used, IReadOnlyList<long> Replaced);

/// <summary>Merges a partition's slices of tonight's files into its history, as a new version, and summarises its customers.</summary>
public sealed class SummariseWork(NightBlobs blobs) : IPhaseWork
{
    /// <inheritdoc/>
    public Phase Phase => Phase.Summarise;

    /// <inheritdoc/>
    public async Task<string> RunAsync(Run run, RunSettings settings, int unit, CancellationToken cancellationToken)
    {
        var inputs = new List<HistoryReader>();
        try
        {
            if (settings.BaseRun is { } yesterday)
            {
                inputs.Add(new HistoryReader(
                    await blobs.OpenAsync(Names.History, Names.HistoryOf(yesterday, unit), cancellationToken), HistoryMerge.FromHistory));
            }

            for (var file = 0; file < settings.Files; file++)
            {
                foreach (var slice in await blobs.ReadSlicesAsync(run.Id, file, unit, cancellationToken))
                {
                    inputs.Add(new HistoryReader(slice, file));
                }
            }

            using var history = blobs.Stage(Names.History, Names.HistoryOf(run.Id, unit));
            using var summaries = blobs.Stage(Names.Work, Names.Summaries(run.Id, unit));
            var books = HistoryMerge.Run(
                inputs, settings.Files, run.Date.DayNumber, settings.BacktestWeeks * 7, history, (key, summary) => SummaryFile.Write(summaries, key, summary));
            await history.CommitAsync(cancellationToken);
            await summaries.CommitAsync(cancellationToken);
            return NightJson.Write(new SummariseResult(books.Customers, books.HistoryRows, books.HistoryReplaced, books.Used, books.Replaced));
        }
        finally
        {
            inputs.ForEach(static input => input.Dispose());
        }
    }
}
