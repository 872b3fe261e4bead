using Azure.Data.Tables;
using Clv.Core.History;
using Clv.Core.Valuation;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>What became of one partition's customers.</summary>
/// <param name="Scored">Rows written: one per customer.</param>
/// <param name="WithoutPurchase">Customers among them without a purchase occasion, who have no value from these models.</param>
/// <param name="FutureValue">The sum of their future values, each rounded to six decimals before it is added, so that the sum is exact.</param>
public sealed record ScoreResult(long Scored, long WithoutPurchase, decimal FutureValue);

/// <summary>Values every customer of a partition and writes the scores to the run's own table.</summary>
public sealed class ScoreWork(NightBlobs blobs, StorageAccount storage) : IPhaseWork
{
    private const int TransactionsAtOnce = 4;

    /// <inheritdoc/>
    public Phase Phase => Phase.Score;

    /// <inheritdoc/>
    public async Task<string> RunAsync(Run run, RunSettings settings, int unit, CancellationToken cancellationToken)
    {
        var models = (await blobs.FindAsync(Names.Models, Names.Model(run.Id), cancellationToken) is { } file ? NightJson.ReadModels(file) : null)?
            .ToModels(distribution: true)
            ?? throw new InvalidOperationException($"The models of run {run.Id} are missing, or another version of this program wrote them: start the run again.");
        var terms = new ValuationTerms(settings.HorizonWeeks, settings.DiscountRate);
        var table = storage.Tables.GetTableClient(Names.Scores(run.Id));
        long scored = 0, withoutPurchase = 0;
        var future = 0m;
        var facts = FactsReader.ReadAll(await blobs.OpenAsync(Names.Work, Names.Facts(run.Id, unit), cancellationToken));
        var rows = facts.Where(static person => person.HasTransactions).Select(customer =>
        {
            var value = models.Of(customer.Profile?.Segment).Value(customer.Purchases, terms);
            scored++;
            withoutPurchase += value is null ? 1 : 0;
            future += decimal.Round((decimal)(value?.FutureValue ?? 0), 6);
            return new TableTransactionAction(
                TableTransactionActionType.UpsertReplace, ScoreTable.Row(unit, customer.Key, customer.Purchases.Whole, value));
        });
        await Parallel.ForEachAsync(
            rows.Chunk(ScoreTable.RowsAtOnce),
            new ParallelOptions { MaxDegreeOfParallelism = TransactionsAtOnce, CancellationToken = cancellationToken },
            async (chunk, token) => await table.SubmitTransactionAsync(chunk, token));
        return NightJson.Write(new ScoreResult(scored, withoutPurchase, future));
    }
}
