using Clv.Core.History;

namespace Clv.Core.Valuation;

/// <summary>Over how many years a customer has been served: what the costs of contacts are divided by, wherever they become costs a year.</summary>
public static class ServingYears
{
    /// <summary>The fewest years counted: the contacts of a first week, taken for a year's, would cost fifty times as much.</summary>
    public const double Least = 0.25;

    private const double YearDays = 365.2425;

    /// <summary>
    /// Years since the person became a customer (<see cref="CustomerFacts.Start"/>), at least <see cref="Least"/>; null for somebody who has not
    /// by the end of the window.
    /// </summary>
    /// <param name="facts">The person.</param>
    /// <param name="endDay">The last day of the observation window, as in <see cref="DateOnly.DayNumber"/>.</param>
    public static double? Of(CustomerFacts facts, int endDay)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return facts.Start <= endDay ? Math.Max(Least, (endDay - facts.Start.Value) / YearDays) : null;
    }
}
