using Clv.Core.History;
using Clv.Core.Industry;
using Clv.Core.Valuation;

namespace Clv.Core.Portfolio;

/// <summary>
/// What acquisition brings. Cost, value and their ratio are those of customers whose acquisition cost is known, so that the same people are
/// on both sides; without such customers the costs and all that follows from them are null.
/// </summary>
/// <param name="Channel">The channel; empty where it is not known, null where the row is not about one, or about all the others.</param>
/// <param name="Cohort">The quarter in which they became customers, such as <c>2024-Q3</c>; likewise.</param>
/// <param name="Customers">Customers.</param>
/// <param name="KnownCosts">Customers whose acquisition cost is known.</param>
/// <param name="Cost">What those cost.</param>
/// <param name="CostPerCustomer">That per customer.</param>
/// <param name="ValuePerCustomer">
/// The lifetime value before acquisition cost per customer: of those whose cost is known, where there are any, else of all.
/// </param>
/// <param name="Ratio">That value over the cost; null also where the cost is 0.</param>
/// <param name="PaybackMonths">
/// Months until customers have earned their cost on average; null where they have not, and do not within the horizon.
/// </param>
/// <param name="MaximumCost">The most that may be paid for the next customer at the target ratio, 0 or more.</param>
/// <param name="UnderWater">Whether customers are worth less than they cost.</param>
public sealed record AcquisitionRow(
    string? Channel,
    string? Cohort,
    long Customers,
    long KnownCosts,
    decimal? Cost,
    decimal? CostPerCustomer,
    decimal ValuePerCustomer,
    double? Ratio,
    double? PaybackMonths,
    decimal MaximumCost,
    bool? UnderWater)
{
    internal static AcquisitionRow Of(
        string? channel, string? cohort, AcquisitionTotals totals, ValuationTerms terms, AcquisitionTargets targets)
    {
        var known = totals.Known > 0;
        var value = known ? totals.KnownValue / totals.Known : totals.Value / totals.Customers;
        return new AcquisitionRow(
            channel,
            cohort,
            totals.Customers,
            totals.Known,
            known ? totals.KnownCost : null,
            known ? Cents(totals.KnownCost / totals.Known) : null,
            Cents(value),
            totals.KnownCost > 0 ? (double)(totals.KnownValue / totals.KnownCost) : null,
            known ? Payback(totals, terms) : null,
            Math.Max(0, Cents((decimal)((double)value / targets.TargetRatio))),
            known ? totals.KnownValue < totals.KnownCost : null);
    }

    /// <summary>
    /// The first month by which customers old enough have earned their cost; beyond those seen at the pace of what came in since, and beyond
    /// today at that of the expected future value.
    /// </summary>
    private static double? Payback(AcquisitionTotals totals, ValuationTerms terms)
    {
        if (totals.KnownCost == 0)
        {
            return 0;
        }

        var seen = totals.Months.TakeWhile(month => month.Customers > 0).ToArray();
        var earned = Array.FindIndex(seen, month => month.Earned >= month.Cost);
        if (earned >= 0)
        {
            return earned + 1;
        }

        var missing = seen.Length == 0
            ? totals.KnownCost / totals.Known
            : (seen[^1].Cost - seen[^1].Earned) / seen[^1].Customers;
        double months = seen.Length;
        if (seen.Length == CustomerFacts.FirstMonths)
        {
            var since = (totals.OldContribution - seen[^1].Earned) / seen[^1].Customers;
            var age = totals.OldDays / CustomerFacts.MonthDays / seen[^1].Customers;
            if (since >= missing)
            {
                return Math.Round(months + ((age - months) * (double)(missing / since)), 1);
            }

            (missing, months) = (missing - since, age);
        }

        var horizon = terms.HorizonWeeks * 7 / CustomerFacts.MonthDays;
        var monthly = (double)(totals.KnownFuture / totals.Known) / horizon;
        var further = monthly > 0 ? (double)missing / monthly : double.PositiveInfinity;
        return further <= horizon ? Math.Round(months + further, 1) : null;
    }

    private static decimal Cents(decimal amount) => decimal.Round(amount, 2, MidpointRounding.ToEven);
}
