using Clv.Core.History;

namespace Clv.Core.Valuation;

/// <summary>What a customer is expected to bring and to cost within the horizon, by its parts.</summary>
/// <param name="Models">The models of the customer's purchases.</param>
/// <param name="Unadjusted">What they say; null without a purchase.</param>
/// <param name="Factor">What behaviour multiplies it by; null when no behaviour counts.</param>
/// <param name="Contracts">The contracts that run.</param>
/// <param name="CountsPurchases">Whether purchases count beside the contracts.</param>
/// <param name="Alive">The probability that the customer is one; null without purchases and contracts.</param>
/// <param name="ServingPerYear">The expected cost to serve a year; null when no costs are known.</param>
internal sealed record FutureParts(
    CustomerModels Models,
    CustomerValue? Unadjusted,
    double? Factor,
    IReadOnlyList<ContractFuture> Contracts,
    bool CountsPurchases,
    double? Alive,
    double? ServingPerYear)
{
    /// <summary>What the models and behaviour say of purchases.</summary>
    public CustomerValue? Purchases { get; } = Factor is { } factor ? Unadjusted?.Times(factor) : Unadjusted;

    /// <summary>Expected value of the purchases.</summary>
    public decimal OfPurchases => CountsPurchases ? Cents.Of(Purchases?.FutureValue ?? 0) : 0;

    /// <summary>Expected value of the renewals.</summary>
    public decimal OfContracts => Contracts.Sum(static contract => contract.Worth.Future ?? 0);

    /// <summary>Expected cost to serve.</summary>
    public required decimal Serving { get; init; }

    /// <summary>Expected cost of capital of paying late.</summary>
    public required decimal LatePayment { get; init; }

    /// <summary>All of it.</summary>
    public decimal Total => OfPurchases + OfContracts - Serving - LatePayment;

    /// <summary>
    /// The intervals of purchases and of contracts, before costs; null where that of purchases that count is not known.
    /// </summary>
    public FutureRanges? Ranges()
    {
        if (CountsPurchases && Purchases is { Low: null })
        {
            return null;
        }

        var purchases = CountsPurchases ? Purchases : null;
        var margin = Contracts.Count > 0 ? Contracts[0].Margin : 0;
        var (least, most) = FeeTotals.Interval(Contracts);
        return new FutureRanges(purchases?.Low ?? 0, purchases?.High ?? 0, Math.Min(least * margin, most * margin), Math.Max(least * margin, most * margin));
    }

    /// <summary>Looks ahead for a customer.</summary>
    public static FutureParts Of(CustomerFacts facts, CustomerModels models, Valuer valuer)
    {
        var unadjusted = models.Value(facts.Purchases, valuer.Terms);
        List<ContractFuture> contracts = [.. facts.Contracts
            .Where(contract => contract.StartedOn <= valuer.EndDay && contract.IsRunning(valuer.EndDay))
            .Select(contract => ContractFuture.Of(contract, valuer.Models.Contracts, valuer.ContractMargin, valuer.Terms, valuer.EndDay))];
        var counts = !(valuer.Profile.Contracts.FeesInTransactions && contracts.Exists(static contract => contract.StandsForPurchases));
        double? alive = contracts.Exists(static contract => !contract.Worth.Cancelled) ? 1 : unadjusted?.ProbabilityAlive;
        var serving = valuer.Models.ServingPerYear?.Of(facts.Costs.Total.ToDouble(), ServingYears.Of(facts, valuer.EndDay) ?? 0);
        var parts = new FutureParts(
            models, unadjusted, valuer.Models.Behaviour?.Factor(facts.Profile, facts.LastYear), contracts, counts, alive, serving)
        {
            Serving = Cents.Of(Math.Max(0, (serving ?? 0) * (alive ?? 0) * valuer.DiscountedYears)),
            LatePayment = 0,
        };
        return parts with { LatePayment = valuer.LatePayment(parts.Revenue + parts.Fees, facts) };
    }

    /// <summary>Expected revenue of the purchases, discounted.</summary>
    public double Revenue => CountsPurchases ? Purchases?.FutureRevenue ?? 0 : 0;

    /// <summary>Expected fees of the contracts, discounted.</summary>
    public double Fees => Contracts.Sum(static contract => contract.ExpectedFees);
}

/// <summary>Between which amounts the parts of a future value lie.</summary>
/// <param name="PurchasesLow">Lower end of the purchases' interval.</param>
/// <param name="PurchasesHigh">Its upper end.</param>
/// <param name="ContractsLow">Lower end of the renewals' interval.</param>
/// <param name="ContractsHigh">Its upper end.</param>
internal sealed record FutureRanges(double PurchasesLow, double PurchasesHigh, double ContractsLow, double ContractsHigh)
{
    /// <summary>The ends of the sum's: too wide rather than too narrow where neither part is certain.</summary>
    public (decimal Low, decimal High) Sum => (Cents.Of(PurchasesLow + ContractsLow), Cents.Of(PurchasesHigh + ContractsHigh));
}
