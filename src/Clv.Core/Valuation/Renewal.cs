using Clv.Core.History;
using Clv.Core.Models.Contracts;

namespace Clv.Core.Valuation;

/// <summary>A renewal that may come.</summary>
/// <param name="Day">Its day, as in <see cref="DateOnly.DayNumber"/>.</param>
/// <param name="Survival">The probability that it takes place, and with it all before it.</param>
/// <param name="Discount">What money of that day is worth today.</param>
internal sealed record Renewal(int Day, double Survival, double Discount)
{
    /// <summary>The renewals of a contract within the horizon, in their order; none without a term.</summary>
    /// <remarks>
    /// A day that the CRM states moves all that follow; the others are counted from the start, so that the last day of a month stays one. A
    /// cancellation that is known ahead ends them.
    /// </remarks>
    public static List<Renewal> Of(Contract contract, IContractModel model, ValuationTerms terms, int endDay)
    {
        var renewals = new List<Renewal>();
        if (contract.TermMonths is not { } months || contract.NextRenewal(endDay) is not { } next)
        {
            return renewals;
        }

        var made = contract.Renewals(endDay);
        var regular = next == contract.RenewalDay(made + 1);
        for (var k = 1; ; k++)
        {
            var day = regular ? contract.RenewalDay(made + k) : DateOnly.FromDayNumber(next).AddMonths((k - 1) * months).DayNumber;
            if (day - endDay > 7 * terms.HorizonWeeks || day >= contract.CancelledOn)
            {
                return renewals;
            }

            renewals.Add(new Renewal(day, model.Survival(made, k), Math.Exp(-terms.WeeklyRate * (day - endDay) / 7)));
        }
    }
}
