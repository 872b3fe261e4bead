using Clv.Core.Extracts;
using Clv.Core.History;
using Clv.Core.Valuation;
using Clv.Functions.Night;
using Clv.Functions.Storage;

namespace Clv.Functions.Lookup;

/// <summary>
/// Calculates a customer's published figures once more, step by step, from the customer's own rows in the history. Reads a partition's history, so
/// it is for somebody who checks, not for somebody on the phone.
/// </summary>
public sealed class CustomerExplainer(PersonHistories histories, RunTable runs, Pointer pointer, NightKnowledge knowledge, ClvOptions options) : IDisposable
{
    // One at a time: whoever is on the phone shares the process.
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Explains a customer.</summary>
    /// <param name="normalId">The customer's id in its one spelling (<see cref="Core.CustomerId"/>).</param>
    /// <param name="cancellationToken">Ends the calculation.</param>
    /// <exception cref="InvalidOperationException">The hash key is not the one that the published run was made with.</exception>
    /// <exception cref="EarlierVersionException">The run was published by an earlier version of this program.</exception>
    public async Task<ExplainedCustomer> ExplainAsync(ReadOnlyMemory<byte> normalId, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await CalculateAsync(normalId, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Frees what keeps explanations apart.</summary>
    public void Dispose() => _turn.Dispose();

    private async Task<ExplainedCustomer> CalculateAsync(ReadOnlyMemory<byte> normalId, CancellationToken cancellationToken)
    {
        await runs.EnsureAsync(cancellationToken);
        if (await pointer.ReadAsync(cancellationToken) is not { } published
            || await runs.FindAsync(published.Run, cancellationToken) is not { Settings: { } settings } run)
        {
            return new ExplainedCustomer(null, null, null, null, null);
        }

        if (settings.HashKeyFingerprint != options.HashKeyFingerprint)
        {
            throw new InvalidOperationException(
                $"Setting Clv:HashKey is not the one that run {published.Run} was made with, so no customer can be found: set it back.");
        }

        if (settings.HistoryFormat != RunSettings.CurrentHistoryFormat)
        {
            throw new EarlierVersionException($"The files of run {run.Id}");
        }

        var key = CustomerKey.Of(normalId.Span, options.HashKey.Span);
        if (await histories.FindAsync(run.Id, key, key.Partition(settings.Partitions), cancellationToken) is not { } person)
        {
            return new ExplainedCustomer(run, null, null, null, null);
        }

        var profile = NightKnowledge.ProfileOf(await knowledge.PlanAsync(run.Id, cancellationToken));
        var builder = new FactsBuilder(run.Date.DayNumber, await knowledge.BacktestWeeksAsync(run, settings, cancellationToken) * 7, profile);
        var facts = builder.Build(person);
        if (facts.IsProspect)
        {
            var ranking = await knowledge.RankingAsync(run.Id, cancellationToken);
            return new ExplainedCustomer(run, key, facts, null, ranking.Prospects?.Of(facts.Profile ?? CustomerProfile.None));
        }

        var valuer = await knowledge.ValuerAsync(run.Id, settings, run.Date.DayNumber, distribution: true, cancellationToken)
            ?? throw new EarlierVersionException($"The models of run {run.Id}");
        return new ExplainedCustomer(run, key, facts, Explanation.Of(facts, valuer, Rows(person, builder.MarginsOf(person), run.Date.DayNumber)), null);
    }

    private static List<PurchaseRow> Rows(PersonHistory person, IReadOnlyList<long> margins, int endDay)
    {
        var rows = new List<PurchaseRow>();
        for (var row = 0; row < margins.Count && person.Transactions!.Days[row] <= endDay; row++)
        {
            rows.Add(new PurchaseRow(
                person.Transactions.Days[row],
                new Core.Money(person.Transactions.Micros[row]),
                margins[row] == TransactionReader.NoMargin ? null : new Core.Money(margins[row])));
        }

        return rows;
    }
}

/// <summary>A customer's figures, explained.</summary>
/// <param name="Run">The published run; null before the first.</param>
/// <param name="Key">The person's pseudonym; null when the run does not know the person.</param>
/// <param name="Facts">What is known of the person.</param>
/// <param name="Explanation">The calculation; null for a prospect.</param>
/// <param name="Prospect">What a prospect's value comes from; null for a customer.</param>
public sealed record ExplainedCustomer(
    Run? Run, CustomerKey? Key, CustomerFacts? Facts, Explanation? Explanation, Core.Relationship.ProspectEstimate? Prospect);
