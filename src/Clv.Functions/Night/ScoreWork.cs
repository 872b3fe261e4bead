using Azure.Data.Tables;
using Clv.Core.Callers;
using Clv.Core.History;
using Clv.Core.Portfolio;
using Clv.Core.Relationship;
using Clv.Core.Valuation;
using Clv.Functions.Privacy;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>What became of one partition's people.</summary>
/// <param name="Scored">Rows written: one per person.</param>
/// <param name="Prospects">Prospects among them.</param>
/// <param name="WithoutPurchase">Customers among them without a purchase occasion, of whom the models of purchases say nothing.</param>
/// <param name="FutureValue">The sum of the customers' future values.</param>
/// <param name="LifetimeValue">The sum of their lifetime values.</param>
/// <param name="Events">Events noticed.</param>
/// <param name="Gone">People of the night that this one is compared with who are not there any more.</param>
/// <param name="Callers">Rows by which people are found from a phone number or an e-mail address.</param>
/// <param name="Exported">Rows of the export: one per person; null where scores are not exported.</param>
public sealed record ScoreResult(
    long Scored,
    long Prospects,
    long WithoutPurchase,
    decimal FutureValue,
    decimal LifetimeValue,
    long Events,
    long Gone,
    long Callers,
    long? Exported = null);

/// <summary>
/// Judges everybody of a partition: phase, tier, next action, what has changed. Writes the scores to the run's own table, where everybody
/// stands for the next night, by what numbers and addresses they are found, the partition's part of the portfolio, its events, and its part of the
/// export for analysts.
/// </summary>
public sealed class ScoreWork(NightBlobs blobs, StorageAccount storage, RunTable runs, NightKnowledge knowledge, Tombstones tombstones) : IPhaseWork
{
    private const int TransactionsAtOnce = 4;

    /// <inheritdoc/>
    public Phase Phase => Phase.Score;

    /// <inheritdoc/>
    public async Task<string> RunAsync(Run run, RunSettings settings, int unit, CancellationToken cancellationToken)
    {
        var profile = NightKnowledge.ProfileOf(await knowledge.PlanAsync(run.Id, cancellationToken));
        var ranking = await knowledge.RankingAsync(run.Id, cancellationToken);
        var behaviour = (await knowledge.ModelsAsync(run.Id, cancellationToken))!.Behaviour.Effects;
        var judge = new Judge(profile, ranking, run.Date.DayNumber, settings.HorizonWeeks, settings.ComparedDate?.DayNumber);
        var portfolio = new PortfolioBuilder(run.Date.DayNumber, new ValuationTerms(settings.HorizonWeeks, settings.DiscountRate), profile);
        var events = new List<EventMessage>();
        var callers = new List<(CallerKey Caller, CustomerKey Customer)>();
        long prospects = 0, withoutPurchase = 0, scored = 0;
        decimal future = 0, lifetime = 0;
        using var last = await PreviousStandings.OpenAsync(blobs, run.Id, settings, unit, cancellationToken);
        using var standings = blobs.Stage(Names.History, Names.StandingOf(run.Id, unit));
        using var writer = new StandingWriter(standings);
        using var export = settings.ExportScores ? await ScoreExportPart.StartAsync(blobs, run, settings, unit, cancellationToken) : null;
        var table = storage.Tables.GetTableClient(Names.Scores(run.Id));

        await Parallel.ForEachAsync(
            RowsAsync().Chunk(ScoreTable.RowsAtOnce),
            new ParallelOptions { MaxDegreeOfParallelism = TransactionsAtOnce, CancellationToken = cancellationToken },
            async (chunk, token) => await table.SubmitTransactionAsync(chunk, token));
        var index = storage.Tables.GetTableClient(Names.Callers(run.Id));
        await Parallel.ForEachAsync(
            CallerTable.Transactions(callers, settings.Partitions),
            new ParallelOptions { MaxDegreeOfParallelism = TransactionsAtOnce, CancellationToken = cancellationToken },
            async (chunk, token) => await index.SubmitTransactionAsync(chunk, token));
        foreach (var gone in last.Finish())
        {
            portfolio.Gone(gone);
        }

        writer.Complete();
        await standings.CommitOnceAsync(cancellationToken);
        if (export is not null)
        {
            await export.CommitOnceAsync(cancellationToken);
        }

        await blobs.PutAsync(Names.Work, Names.PortfolioPart(run.Id, unit), NightJson.WriteBytes(portfolio.Build()), cancellationToken);
        await blobs.PutOnceAsync(Names.Work, Names.EventsPart(run.Id, unit), NightJson.WriteBytes(events), cancellationToken);
        await ForgetAsync(await runs.FindAsync(run.Id, cancellationToken) ?? run, settings, unit, cancellationToken);
        return NightJson.Write(new ScoreResult(
            scored, prospects, withoutPurchase, future, lifetime, events.Count, last.Gone.Count, callers.Count, export?.Rows));

        async IAsyncEnumerable<TableTransactionAction> RowsAsync()
        {
            await foreach (var (facts, valued) in PartitionPeople.ReadAsync(blobs, run.Id, unit, cancellationToken))
            {
                var before = last.Find(facts.Key);
                var judgement = judge.Of(facts, valued?.Worth, before, valued?.FutureUnderLastModels, modelChanged: valued?.FutureUnderLastModels is not null);
                var estimate = valued is null ? ranking.Prospects?.Of(facts.Profile ?? CustomerProfile.None) : null;
                portfolio.Add(facts, valued?.Worth, judgement, estimate, before);
                writer.Write(judgement.Standing);
                events.AddRange(judgement.Events.Select((of, number) => EventMessage.Of(run, facts.Key, of, number)));
                callers.AddRange((facts.Profile?.Callers ?? CallerKeys.None).Select(caller => (caller, facts.Key)));
                scored++;
                prospects += valued is null ? 1 : 0;
                if (facts.IsCustomer)
                {
                    withoutPurchase += facts.Purchases.Whole.HasPurchase ? 0 : 1;
                    future += valued!.Worth.Future;
                    lifetime += valued.Worth.Lifetime;
                }

                var card = CustomerCard.Of(facts, valued?.Worth, judgement, estimate, behaviour);
                export?.Write(facts, card);
                yield return new TableTransactionAction(
                    TableTransactionActionType.UpsertReplace,
                    ScoreTable.Row(unit, facts.Key, card));
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>Whoever asks to be erased while the run is under way is taken out by Publish.</remarks>
    public async Task ForgetAsync(Run run, RunSettings settings, int unit, CancellationToken cancellationToken)
    {
        // What a failed run has written goes whole.
        if (!run.MayBeErasedFrom || run.State == RunState.Failed)
        {
            return;
        }

        var erased = (await tombstones.KnownAsync(cancellationToken)).Where(key => key.Partition(settings.Partitions) == unit).ToHashSet();
        if (erased.Count > 0)
        {
            await ScoreRows.RemoveAsync(storage.Tables, run.Id, unit, erased, cancellationToken);
            await CallerRows.RemoveAllAsync(storage.Tables, run.Id, erased, cancellationToken);
        }
    }
}
