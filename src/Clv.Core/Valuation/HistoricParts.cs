using Clv.Core.History;

namespace Clv.Core.Valuation;

/// <summary>What a customer brought and cost so far, by its parts.</summary>
/// <param name="Revenue">Bought less returned.</param>
/// <param name="Fees">The fees of each contract that has begun, in the order of contracts; none where they are among the transactions.</param>
/// <param name="MarginRate">The customer's share of margin in purchases; null where it is not known.</param>
/// <param name="PurchaseContribution">What is left of <paramref name="Revenue"/>.</param>
/// <param name="FeeContribution">What is left of <paramref name="Fees"/>.</param>
/// <param name="Costs">What was spent on the customer.</param>
internal sealed record HistoricParts(
    decimal Revenue, IReadOnlyList<FeesSoFar> Fees, double? MarginRate, decimal PurchaseContribution, decimal FeeContribution, CustomerCosts Costs)
{
    /// <summary>All fees so far.</summary>
    public decimal ContractRevenue { get; } = Fees.Sum(static fees => fees.Amount);

    /// <summary>Adds up a customer's history.</summary>
    public static HistoricParts Of(CustomerFacts facts, ShrunkShare? margins, Valuer valuer)
    {
        var summary = facts.Purchases;
        var revenue = Cents.Of(summary.Whole.NetTotal);
        var fees = valuer.Profile.Contracts.FeesInTransactions ? [] : FeesSoFar.Of(facts.Contracts, valuer.EndDay);
        var rate = margins?.Of(summary.MarginTotal.ToDouble(), summary.AmountWithMargin.ToDouble());
        var contribution = rate is { } share ? Cents.Of(summary.MarginTotal) + Cents.Of(WithoutMargin(summary).ToDouble() * share) : revenue;
        var costs = new CustomerCosts(
            facts.Profile?.AcquisitionCost is { } acquisition ? Cents.Of(acquisition) : 0,
            Cents.Of(facts.Costs.Campaigns),
            Cents.Of(facts.Costs.Service),
            Cents.Of(facts.Costs.Returns),
            valuer.LatePayment((double)(revenue + fees.Sum(static f => f.Amount)), facts));
        return new HistoricParts(
            revenue, fees, rate, contribution, fees.Sum(f => Cents.Of((double)f.Amount * valuer.ContractMargin)), costs);
    }

    /// <summary>Bought less returned in rows whose margin is not known.</summary>
    public static Money WithoutMargin(CustomerSummary summary) => new(checked(summary.Whole.NetTotal.Micros - summary.AmountWithMargin.Micros));
}

/// <summary>The fees of a contract so far.</summary>
/// <param name="Contract">The contract.</param>
/// <param name="Terms">The terms that have begun.</param>
/// <param name="Amount">Their fees.</param>
internal sealed record FeesSoFar(Contract Contract, int Terms, decimal Amount)
{
    /// <summary>Of all contracts that have begun and whose fee is known.</summary>
    public static IReadOnlyList<FeesSoFar> Of(IEnumerable<Contract> contracts, int endDay)
    {
        var all = new List<FeesSoFar>();
        foreach (var contract in contracts)
        {
            if (contract.StartedOn <= endDay && contract.FeePerTerm is { } fee)
            {
                var terms = contract.Renewals(endDay) + 1;
                all.Add(new FeesSoFar(contract, terms, Cents.Of(Cents.Exact(fee) * terms)));
            }
        }

        return all;
    }
}
