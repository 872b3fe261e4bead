using Clv.Core.History;
using Clv.Core.Industry;
using Clv.Core.Valuation;

namespace Clv.Core.Relationship;

/// <summary>What is at stake when a customer falls silent or leaves: what they are worth within the horizon if they stay or come back.</summary>
internal sealed class Stake(IndustryProfile profile, double horizonWeeks)
{
    // Below it the quotient is one of two roundings.
    private const double LeastProbability = 1e-6;

    private const double YearWeeks = ValuationTerms.WeeksPerYear;

    private readonly double _horizonDays = horizonWeeks * 7;

    /// <summary>
    /// Expected purchases given that the customer is active, and the terms within the horizon of each contract that is being lost, less what
    /// serving an active customer costs. 0 for a prospect.
    /// </summary>
    public decimal Of(Situation person, PhaseMeasures measures)
    {
        if (person.Worth is not { } worth)
        {
            return 0;
        }

        var fees = person.Leaving.Sum(contract => Fees(contract, person.EndDay));
        // Where fees are among the transactions, what was bought by somebody who has cancelled are the fees.
        var purchases = profile.Contracts.FeesInTransactions && fees > 0 ? 0 : Purchases(worth, measures.Active);
        return Cents.Of(purchases + fees - Serving(worth));
    }

    private static double Purchases(CustomerWorth worth, double? active) => worth.Purchases is { } purchases && active >= LeastProbability
        ? (purchases.FutureValue - (double)worth.FutureLatePayment) / active.Value
        : 0;

    private double Serving(CustomerWorth worth) => worth.ProbabilityAlive is >= LeastProbability and var alive
        ? (double)worth.FutureServing / alive
        : (worth.ServingPerYear ?? 0) * horizonWeeks / YearWeeks;

    // One that has ended begins anew today; one without a term has one.
    private double Fees(Contract contract, int endDay)
    {
        var first = Math.Max(0, (contract.EndsOn ?? endDay) - endDay);
        var terms = contract.TermMonths is { } months && first <= _horizonDays
            ? 1 + Math.Floor((_horizonDays - first) / (months * CustomerFacts.MonthDays))
            : first <= _horizonDays ? 1 : 0;
        return terms * (contract.FeePerTerm?.ToDouble() ?? 0) * (profile.Margins.Contracts ?? 1);
    }
}
