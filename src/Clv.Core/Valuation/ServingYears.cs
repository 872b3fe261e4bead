using Clv.Core.History;

namespace Clv.Core.Valuation;

/// <summary>Over how many years a customer has been served: what the costs of contacts are divided by, wherever they become costs a year.</summary>
public static class ServingYears
{
    /// <summary>The fewest years counted: the contacts of a first week, taken for a year's, would cost fifty times as much.</summary>
    public const double Least = 0.25;

    private const double YearDays = 365.2425;

    /// <summary>
    /// Years from the first of the first purchase, the start of the first contract and the day the CRM says the customer was acquired on to the
    /// end of the window, at least <see cref="Least"/>; null for somebody without a purchase and a contract by then, who is no customer.
    /// </summary>
    /// <param name="facts">The person.</param>
    /// <param name="endDay">The last day of the observation window, as in <see cref="DateOnly.DayNumber"/>.</param>
    public static double? Of(CustomerFacts facts, int endDay)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var first = facts.Purchases.Whole is { HasPurchase: true } purchases ? purchases.FirstDay : int.MaxValue;
        foreach (var contract in facts.Contracts)
        {
            first = Math.Min(first, contract.StartedOn);
        }

        return first > endDay ? null : Math.Max(Least, (endDay - Math.Min(first, facts.Profile?.AcquiredOn ?? first)) / YearDays);
    }
}
