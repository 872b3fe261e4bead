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

    /// <summary>Deviations, and what prospects are worth in one, count as no more: their squares add up over millions of people.</summary>
    private const decimal MostDeviation = 100_000_000_000m;

    private static readonly ImmutableArray<Int128> Nothing = [.. new Int128[RetentionGrid.Size]];

    /// <summary>Customers.</summary>
    public long Customers { get; init; }

    /// <summary>
    /// Of them, those whose future value has an interval. One that is a single point although something else is expected, as of somebody who
    /// probably does not buy, tells nothing of chance and is none.
    /// </summary>
    public long WithInterval { get; init; }

    /// <summary>The sum of the variances that those intervals stand for.</summary>
    public decimal Variance { get; init; }

    /// <summary>Expected value of purchases.</summary>
    public ImmutableArray<Int128> Purchases { get; init; } = Nothing;

    /// <summary>Their revenue.</summary>
    public ImmutableArray<Int128> PurchaseRevenue { get; init; } = Nothing;

    /// <summary>Expected value of renewals.</summary>
    public ImmutableArray<Int128> Contracts { get; init; } = Nothing;

    /// <summary>Their revenue.</summary>
    public ImmutableArray<Int128> ContractRevenue { get; init; } = Nothing;

    /// <summary>Expected cost to serve.</summary>
    public ImmutableArray<Int128> Serving { get; init; } = Nothing;

    /// <summary>Expected cost of capital of paying late.</summary>
    public ImmutableArray<Int128> LatePayment { get; init; } = Nothing;

    /// <summary>Prospects.</summary>
    public long Prospects { get; init; }

    /// <summary>What they are expected to be worth over a lifetime, not within the horizon.</summary>
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
        var deviation = worth is { FutureLow: { } low, FutureHigh: { } high } && (low != high || low == worth.Future)
            ? Deviation(low, high)
            : (decimal?)null;
        return new()
        {
            Customers = 1,
            WithInterval = deviation is null ? 0 : 1,
            Variance = deviation * deviation ?? 0,
            Purchases = OnGrid(worth.FuturePurchases, purchases),
            PurchaseRevenue = OnGrid(RevenueOf(worth), purchases),
            Contracts = OnGrid(worth.FutureContracts, contracts),
            ContractRevenue = OnGrid(worth.FutureFees, contracts),
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

        var (value, chance) = ((double)Math.Clamp(estimate.ValueIfWon, -MostDeviation, MostDeviation), estimate.Conversion);
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
    private static decimal Deviation(decimal low, decimal high) => Math.Min(MostDeviation, decimal.Round((high - low) / 2 / Deviations, 2));

    /// <summary>The revenue of the purchases; 0 where they do not count, since fees are among them.</summary>
    private static decimal RevenueOf(CustomerWorth worth) =>
        worth.Purchases is { } purchases && worth.FuturePurchases == Cents.Of(purchases.FutureValue) ? Cents.Of(purchases.FutureRevenue) : 0;

    private static ImmutableArray<Int128> OnGrid(decimal amount, double[]? factors)
    {
        if (amount == 0)
        {
            return Nothing;
        }

        var cents = (Int128)(amount * 100);
        var values = new Int128[RetentionGrid.Size];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = factors is null || i == RetentionGrid.None ? cents : (Int128)Math.Round((double)cents * factors[i]);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(values);
    }

    private static ImmutableArray<Int128> Sum(ImmutableArray<Int128> left, ImmutableArray<Int128> right)
    {
        if (left == Nothing || right == Nothing)
        {
            return left == Nothing ? right : left;
        }

        var sum = new Int128[left.Length];
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] = left[i] + right[i];
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(sum);
    }
}
