using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;
using Clv.Core.History;
using Clv.Core.Relationship;
using Clv.Core.Valuation;

namespace Clv.Core.Portfolio;

/// <summary>
/// What scenarios of a segment start from. The lists hold one sum for each change of retention on the grid of docs/portfolio.md, in cents.
/// </summary>
public sealed record ScenarioTotals : IAdditionOperators<ScenarioTotals, ScenarioTotals, ScenarioTotals>
{
    /// <summary>Half the width of an interval that holds four of five outcomes of a normal distribution, in standard deviations.</summary>
    internal const decimal Deviations = 1.2815515655446004m;

    private static readonly ImmutableArray<long> Nothing = [.. new long[RetentionGrid.Size]];

    /// <summary>Customers.</summary>
    public long Customers { get; init; }

    /// <summary>Of them, those whose future value has an interval.</summary>
    public long WithInterval { get; init; }

    /// <summary>The sum of the variances that those intervals stand for.</summary>
    public decimal Variance { get; init; }

    /// <summary>Expected value of purchases.</summary>
    public ImmutableArray<long> Purchases { get; init; } = Nothing;

    /// <summary>Their revenue.</summary>
    public ImmutableArray<long> PurchaseRevenue { get; init; } = Nothing;

    /// <summary>Expected value of renewals.</summary>
    public ImmutableArray<long> Contracts { get; init; } = Nothing;

    /// <summary>Their revenue.</summary>
    public ImmutableArray<long> ContractRevenue { get; init; } = Nothing;

    /// <summary>Expected cost to serve.</summary>
    public ImmutableArray<long> Serving { get; init; } = Nothing;

    /// <summary>Expected cost of capital of paying late.</summary>
    public ImmutableArray<long> LatePayment { get; init; } = Nothing;

    /// <summary>Prospects.</summary>
    public long Prospects { get; init; }

    /// <summary>What they are expected to be worth.</summary>
    public decimal ProspectsExpected { get; init; }

    /// <summary>What they would be worth if all were won.</summary>
    public decimal ProspectsIfWon { get; init; }

    /// <summary>The variance of what they will be worth.</summary>
    public decimal ProspectsVariance { get; init; }

    /// <summary>The sums over both.</summary>
    public static ScenarioTotals operator +(ScenarioTotals left, ScenarioTotals right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new()
        {
            Customers = left.Customers + right.Customers,
            WithInterval = left.WithInterval + right.WithInterval,
            Variance = left.Variance + right.Variance,
            Purchases = Sum(left.Purchases, right.Purchases),
            PurchaseRevenue = Sum(left.PurchaseRevenue, right.PurchaseRevenue),
            Contracts = Sum(left.Contracts, right.Contracts),
            ContractRevenue = Sum(left.ContractRevenue, right.ContractRevenue),
            Serving = Sum(left.Serving, right.Serving),
            LatePayment = Sum(left.LatePayment, right.LatePayment),
            Prospects = left.Prospects + right.Prospects,
            ProspectsExpected = left.ProspectsExpected + right.ProspectsExpected,
            ProspectsIfWon = left.ProspectsIfWon + right.ProspectsIfWon,
            ProspectsVariance = left.ProspectsVariance + right.ProspectsVariance,
        };
    }

    /// <summary>The sum of both.</summary>
    public ScenarioTotals Add(ScenarioTotals other) => this + other;

    internal static ScenarioTotals OfCustomer(CustomerFacts facts, CustomerWorth worth, int today, ValuationTerms terms)
    {
        var purchases = RetentionCurve.OfPurchases(worth.Purchases, terms);
        var contracts = RetentionCurve.OfContracts(facts, worth, today, terms);
        var costs = RetentionCurve.OfCosts(purchases, contracts, worth);
        var deviation = worth is { FutureLow: { } low, FutureHigh: { } high } ? Deviation(low, high) : (decimal?)null;
        return new()
        {
            Customers = 1,
            WithInterval = deviation is null ? 0 : 1,
            Variance = deviation * deviation ?? 0,
            Purchases = OnGrid(worth.FuturePurchases, purchases),
            PurchaseRevenue = OnGrid(PurchaseRevenueOf(worth), purchases),
            Contracts = OnGrid(worth.FutureContracts, contracts),
            ContractRevenue = OnGrid(ContractRevenueOf(worth), contracts),
            Serving = OnGrid(worth.FutureServing, costs),
            LatePayment = OnGrid(worth.FutureLatePayment, costs),
        };
    }

    internal static ScenarioTotals OfProspect(ProspectEstimate? estimate)
    {
        if (estimate is null)
        {
            return new() { Prospects = 1 };
        }

        var (value, chance) = ((double)estimate.ValueIfWon, estimate.Conversion);
        var deviation = (double)Deviation(estimate.Low, estimate.High);
        var variance = (chance * ((deviation * deviation) + (value * value))) - (chance * chance * value * value);
        return new()
        {
            Prospects = 1,
            ProspectsExpected = estimate.Expected,
            ProspectsIfWon = estimate.ValueIfWon,
            ProspectsVariance = decimal.Round((decimal)variance, 4),
        };
    }

    /// <summary>Rounded to cents, so that its square adds up exactly.</summary>
    private static decimal Deviation(decimal low, decimal high) => decimal.Round((high - low) / 2 / Deviations, 2);

    private static decimal PurchaseRevenueOf(CustomerWorth worth) => worth.Purchases switch
    {
        { MarginRate: 0 } value => Cents(value.ExpectedTransactions * value.ExpectedSpend * value.NetRate),
        { MarginRate: { } rate } => Cents((double)worth.FuturePurchases / rate),
        _ => worth.FuturePurchases,
    };

    private static decimal ContractRevenueOf(CustomerWorth worth)
    {
        decimal revenue = 0;
        foreach (var contract in worth.Contracts)
        {
            revenue += (contract.Future ?? 0) * (contract is { FeePerTerm: { } fee, RenewalValue: { } value and not 0 } ? fee / value : 1);
        }

        return revenue;
    }

    private static ImmutableArray<long> OnGrid(decimal amount, double[]? factors)
    {
        if (amount == 0)
        {
            return Nothing;
        }

        var cents = decimal.ToInt64(decimal.Round(amount * 100, 0, MidpointRounding.ToEven));
        var values = new long[RetentionGrid.Size];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = factors is null ? cents : (long)Math.Round(cents * factors[i]);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(values);
    }

    private static ImmutableArray<long> Sum(ImmutableArray<long> left, ImmutableArray<long> right)
    {
        if (left == Nothing || right == Nothing)
        {
            return left == Nothing ? right : left;
        }

        var sum = new long[left.Length];
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] = checked(left[i] + right[i]);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(sum);
    }

    private static decimal Cents(double amount) => decimal.Round((decimal)amount, 2, MidpointRounding.ToEven);
}
