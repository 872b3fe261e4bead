using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;
using Clv.Core.History;
using Clv.Core.Valuation;

namespace Clv.Core.Portfolio;

/// <summary>What customers cost to win and have brought, as sums, exact in any order.</summary>
public sealed record AcquisitionTotals : IAdditionOperators<AcquisitionTotals, AcquisitionTotals, AcquisitionTotals>
{
    /// <summary>Customers.</summary>
    public long Customers { get; init; }

    /// <summary>Their lifetime value before acquisition cost: that value and the acquisition cost that it is already less.</summary>
    public decimal Value { get; init; }

    /// <summary>Customers whose acquisition cost is known.</summary>
    public long Known { get; init; }

    /// <summary>The acquisition cost of those.</summary>
    public decimal KnownCost { get; init; }

    /// <summary>The value of those before acquisition cost.</summary>
    public decimal KnownValue { get; init; }

    /// <summary>The future value of those.</summary>
    public decimal KnownFuture { get; init; }

    /// <summary>
    /// Of those, what had come in by the end of each of the first <see cref="CustomerFacts.FirstMonths"/> months; empty where none
    /// is known.
    /// </summary>
    public ImmutableArray<PaybackMonth> Months { get; init; } = [];

    /// <summary>Of those who have been customers for all of these months: what they have contributed so far.</summary>
    public decimal OldContribution { get; init; }

    /// <summary>For how many days those have been customers, added up.</summary>
    public long OldDays { get; init; }

    /// <summary>The sums over both.</summary>
    public static AcquisitionTotals operator +(AcquisitionTotals left, AcquisitionTotals right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new()
        {
            Customers = left.Customers + right.Customers,
            Value = left.Value + right.Value,
            Known = left.Known + right.Known,
            KnownCost = left.KnownCost + right.KnownCost,
            KnownValue = left.KnownValue + right.KnownValue,
            KnownFuture = left.KnownFuture + right.KnownFuture,
            Months = Sum(left.Months, right.Months),
            OldContribution = left.OldContribution + right.OldContribution,
            OldDays = left.OldDays + right.OldDays,
        };
    }

    /// <summary>The sum of both.</summary>
    public AcquisitionTotals Add(AcquisitionTotals other) => this + other;

    internal static AcquisitionTotals Of(CustomerFacts facts, CustomerWorth worth, int today, bool feesInTransactions)
    {
        var value = worth.Lifetime + worth.Costs.Acquisition;
        var all = new AcquisitionTotals { Customers = 1, Value = value };
        if (facts.Profile?.AcquisitionCost is null)
        {
            return all;
        }

        var months = PaybackMonth.Of(facts, worth, today, feesInTransactions);
        var old = !months.IsEmpty && months[^1].Customers > 0;
        return all with
        {
            Known = 1,
            KnownCost = worth.Costs.Acquisition,
            KnownValue = value,
            KnownFuture = worth.Future,
            Months = months,
            OldContribution = old ? worth.Contribution : 0,
            OldDays = old ? today - facts.Start!.Value : 0,
        };
    }

    private static ImmutableArray<PaybackMonth> Sum(ImmutableArray<PaybackMonth> left, ImmutableArray<PaybackMonth> right)
    {
        if (left.IsEmpty || right.IsEmpty)
        {
            return left.IsEmpty ? right : left;
        }

        var sum = new PaybackMonth[left.Length];
        for (var month = 0; month < sum.Length; month++)
        {
            sum[month] = left[month] + right[month];
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(sum);
    }
}
