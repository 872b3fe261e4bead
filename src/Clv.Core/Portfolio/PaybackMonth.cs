using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Clv.Core.History;
using Clv.Core.Valuation;

namespace Clv.Core.Portfolio;

/// <summary>What customers had brought by the end of a month since their start, of those whose start is at least as long ago.</summary>
/// <param name="Customers">Those customers.</param>
/// <param name="Earned">Their contribution by then.</param>
/// <param name="Cost">Their acquisition cost.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PaybackMonth(long Customers, decimal Earned, decimal Cost)
{
    /// <summary>The sums over both.</summary>
    public static PaybackMonth operator +(PaybackMonth left, PaybackMonth right) =>
        new(left.Customers + right.Customers, left.Earned + right.Earned, left.Cost + right.Cost);

    /// <summary>The sum of both.</summary>
    public PaybackMonth Add(PaybackMonth other) => this + other;

    /// <summary>
    /// One customer's months since <see cref="CustomerFacts.Start"/>: purchases, and the fees of terms begun by then unless they are among
    /// the purchases, times the customer's own share of contribution. Empty for somebody who has neither bought nor signed.
    /// </summary>
    internal static ImmutableArray<PaybackMonth> Of(CustomerFacts facts, CustomerWorth worth, int today, bool feesInTransactions)
    {
        if (facts.Start is not { } start)
        {
            return [];
        }

        var revenue = worth.Revenue + worth.ContractRevenue;
        var share = revenue > 0 ? (double)worth.Contribution / (double)revenue : 1;
        var received = Received(facts, start, today, feesInTransactions);
        var months = new PaybackMonth[CustomerFacts.FirstMonths];
        Int128 sum = 0;
        for (var month = 0; month < months.Length && (month + 1) * CustomerFacts.MonthDays <= today - start; month++)
        {
            sum += received[month];
            months[month] = new PaybackMonth(1, Cents.Of((double)sum / Money.Scale * share), worth.Costs.Acquisition);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(months);
    }

    /// <summary>What came in in each month, in millionths.</summary>
    private static Int128[] Received(CustomerFacts facts, int start, int today, bool feesInTransactions)
    {
        var received = new Int128[CustomerFacts.FirstMonths];
        // Purchases are known by months since the first of them: with a contract before it, each counts in the month in which that month ends.
        var first = (int)Math.Ceiling((facts.Purchases.Whole.HasPurchase ? facts.Purchases.Whole.FirstDay - start : 0) / CustomerFacts.MonthDays);
        for (var month = 0; month < facts.FirstYearNet.Count && first + month < received.Length; month++)
        {
            received[first + month] = facts.FirstYearNet[month].Micros;
        }

        foreach (var contract in feesInTransactions ? [] : facts.Contracts)
        {
            if (contract.FeePerTerm is not { } fee || contract.StartedOn > today)
            {
                continue;
            }

            for (var (term, last) = (0, contract.Renewals(today)); term <= last; term++)
            {
                var day = term == 0 ? contract.StartedOn : contract.RenewalDay(term);
                var month = (int)((day - start) / CustomerFacts.MonthDays);
                if (month >= received.Length)
                {
                    break;
                }

                received[month] += fee.Micros;
            }
        }

        return received;
    }
}
