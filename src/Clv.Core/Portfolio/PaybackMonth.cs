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
    /// One customer's months: purchases since the first, and the fees of terms begun by then unless they are among the purchases, times the
    /// customer's own share of contribution. Empty for somebody who has neither bought nor signed.
    /// </summary>
    internal static ImmutableArray<PaybackMonth> Of(CustomerFacts facts, CustomerWorth worth, int today, bool feesInTransactions)
    {
        if (Cohort.Start(facts) is not { } start)
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
            months[month] = new PaybackMonth(1, Cents((double)sum / Money.Scale * share), worth.Costs.Acquisition);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(months);
    }

    private static decimal Cents(double amount) => (decimal)Math.Round(amount * 100) * 0.01m;

    /// <summary>What came in in each month, in millionths.</summary>
    private static Int128[] Received(CustomerFacts facts, int start, int today, bool feesInTransactions)
    {
        var received = new Int128[CustomerFacts.FirstMonths];
        for (var month = 0; month < Math.Min(received.Length, facts.FirstYearNet.Count); month++)
        {
            received[month] = facts.FirstYearNet[month].Micros;
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
                // A contract older than the first purchase was paid for by then.
                var month = Math.Max(0, (int)((day - start) / CustomerFacts.MonthDays));
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
