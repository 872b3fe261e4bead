using Clv.Core.History;
using Clv.Core.Models.Contracts;

namespace Clv.Core.Valuation;

/// <summary>What a running contract holds, with what that is made of.</summary>
/// <param name="Contract">The contract.</param>
/// <param name="Worth">The figures.</param>
/// <param name="Model">How long such contracts last; null where nothing could be estimated.</param>
/// <param name="Margin">The share of fees that is contribution.</param>
/// <param name="Renewals">The renewals within the horizon; none where they cannot be valued.</param>
internal sealed record ContractFuture(Contract Contract, ContractWorth Worth, IContractModel? Model, double Margin, IReadOnlyList<Renewal> Renewals)
{
    /// <summary>What a term brings.</summary>
    public double Fee { get; } = Contract.FeePerTerm?.ToDouble() ?? 0;

    /// <summary>Whether it runs on unless it is lost, and its renewals can be valued.</summary>
    public bool IsValued => !Worth.Cancelled && Worth.Future is not null;

    /// <summary>
    /// Whether what is expected of its fees is known, even if it is nothing, because it is cancelled: fees among the transactions are not to be
    /// expected again as purchases.
    /// </summary>
    public bool StandsForPurchases => Fee > 0 && Worth.Future is not null;

    /// <summary>The fees to expect within the horizon, discounted.</summary>
    public double ExpectedFees => Renewals.Sum(renewal => Fee * renewal.Survival * renewal.Discount);

    /// <summary>Values a contract that runs at the end of a day.</summary>
    public static ContractFuture Of(Contract contract, ContractModels models, double margin, ValuationTerms terms, int endDay)
    {
        var cancelled = contract.IsCancelled(endDay);
        var made = contract.Renewals(endDay);
        var model = models.Of(contract.Product, contract.TermMonths);
        var valued = !cancelled && model is not null && contract.FeePerTerm is not null;
        var future = new ContractFuture(
            contract,
            new ContractWorth(
                contract.Product,
                made,
                contract.NextRenewal(endDay) is { } next ? DateOnly.FromDayNumber(next) : null,
                cancelled,
                contract.FeePerTerm is { } fee ? Cents.Of(fee) : null,
                cancelled ? 0 : model?.Survival(made, 1),
                contract.FeePerTerm is { } paid ? Cents.Of(paid.ToDouble() * margin) : null,
                cancelled ? 0 : null),
            model,
            margin,
            valued ? Renewal.Of(contract, model!, terms, endDay) : []);
        return valued ? future with { Worth = future.Worth with { Future = Cents.Of(future.Renewals.Sum(future.Amount)) } } : future;
    }

    /// <summary>What a renewal is expected to bring, as contribution, discounted.</summary>
    public double Amount(Renewal renewal) => Fee * Margin * renewal.Survival * renewal.Discount;
}
