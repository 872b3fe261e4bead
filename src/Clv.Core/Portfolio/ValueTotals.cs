using System.Numerics;
using Clv.Core.Relationship;
using Clv.Core.Valuation;

namespace Clv.Core.Portfolio;

/// <summary>
/// Sums over people, in cents of the reporting currency, exact in any order. Values and their parts are those of customers alone; prospects,
/// and people who are neither, have sums of their own.
/// </summary>
public sealed record ValueTotals : IAdditionOperators<ValueTotals, ValueTotals, ValueTotals>
{
    /// <summary>Nobody.</summary>
    public static ValueTotals None { get; } = new();

    /// <summary>People who have bought or signed something.</summary>
    public long Customers { get; init; }

    /// <summary>Of them, those whose amounts are revenue, because their margins are not known.</summary>
    public long OnRevenue { get; init; }

    /// <summary>Bought less returned so far, without contract fees.</summary>
    public decimal Revenue { get; init; }

    /// <summary>Contract fees so far.</summary>
    public decimal ContractRevenue { get; init; }

    /// <summary>Contribution margins so far.</summary>
    public decimal Contribution { get; init; }

    /// <summary>Costs so far, by kind.</summary>
    public CustomerCosts Costs { get; init; } = CustomerCosts.None;

    /// <summary>The historic value: contribution less costs.</summary>
    public decimal Historic => Contribution - Costs.Total;

    /// <summary>Expected value of purchases within the horizon, discounted.</summary>
    public decimal FuturePurchases { get; init; }

    /// <summary>Expected value of renewals within the horizon, discounted.</summary>
    public decimal FutureContracts { get; init; }

    /// <summary>Expected cost to serve within the horizon, discounted.</summary>
    public decimal FutureServing { get; init; }

    /// <summary>Expected cost of capital of paying late within the horizon, discounted.</summary>
    public decimal FutureLatePayment { get; init; }

    /// <summary>The future value: purchases and contracts less the costs.</summary>
    public decimal Future => FuturePurchases + FutureContracts - FutureServing - FutureLatePayment;

    /// <summary>The lifetime value: historic and future.</summary>
    public decimal Lifetime => Historic + Future;

    /// <summary>Prospects.</summary>
    public long Prospects { get; init; }

    /// <summary>What prospects are expected to be worth.</summary>
    public decimal ProspectsExpected { get; init; }

    /// <summary>People who are known but neither customers nor prospects, such as those who declined.</summary>
    public long Others { get; init; }

    /// <summary>What was spent on those so far; in no other sum.</summary>
    public decimal OthersCosts { get; init; }

    /// <summary>The sums over both.</summary>
    public static ValueTotals operator +(ValueTotals left, ValueTotals right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new()
        {
            Customers = left.Customers + right.Customers,
            OnRevenue = left.OnRevenue + right.OnRevenue,
            Revenue = left.Revenue + right.Revenue,
            ContractRevenue = left.ContractRevenue + right.ContractRevenue,
            Contribution = left.Contribution + right.Contribution,
            Costs = new CustomerCosts(
                left.Costs.Acquisition + right.Costs.Acquisition,
                left.Costs.Campaigns + right.Costs.Campaigns,
                left.Costs.Service + right.Costs.Service,
                left.Costs.Returns + right.Costs.Returns,
                left.Costs.LatePayment + right.Costs.LatePayment),
            FuturePurchases = left.FuturePurchases + right.FuturePurchases,
            FutureContracts = left.FutureContracts + right.FutureContracts,
            FutureServing = left.FutureServing + right.FutureServing,
            FutureLatePayment = left.FutureLatePayment + right.FutureLatePayment,
            Prospects = left.Prospects + right.Prospects,
            ProspectsExpected = left.ProspectsExpected + right.ProspectsExpected,
            Others = left.Others + right.Others,
            OthersCosts = left.OthersCosts + right.OthersCosts,
        };
    }

    /// <summary>The sum of both.</summary>
    public ValueTotals Add(ValueTotals other) => this + other;

    internal static ValueTotals OfCustomer(CustomerWorth worth) => new()
    {
        Customers = 1,
        OnRevenue = worth.Basis == ValueBasis.Revenue ? 1 : 0,
        Revenue = worth.Revenue,
        ContractRevenue = worth.ContractRevenue,
        Contribution = worth.Contribution,
        Costs = worth.Costs,
        FuturePurchases = worth.FuturePurchases,
        FutureContracts = worth.FutureContracts,
        FutureServing = worth.FutureServing,
        FutureLatePayment = worth.FutureLatePayment,
    };

    internal static ValueTotals OfProspect(ProspectEstimate? estimate) =>
        new() { Prospects = 1, ProspectsExpected = estimate?.Expected ?? 0 };

    internal static ValueTotals OfOther(CustomerWorth? worth) => new() { Others = 1, OthersCosts = worth?.Costs.Total ?? 0 };
}
