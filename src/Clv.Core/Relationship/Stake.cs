using Clv.Core.Industry;
using Clv.Core.Valuation;

namespace Clv.Core.Relationship;

/// <summary>What is at stake when a customer falls silent or leaves.</summary>
internal static class Stake
{
    // Below it the quotient is one of two roundings.
    private const double LeastProbability = 1e-6;

    /// <summary>
    /// What the customer is worth within the horizon if they stay or come back: expected purchases given that the customer is active, and a term
    /// of each contract that is being lost, less the expected costs. 0 for a prospect.
    /// </summary>
    public static decimal IfActive(Situation person, IndustryProfile profile)
    {
        if (person.Worth is not { } worth)
        {
            return 0;
        }

        var purchases = worth.Purchases is { ProbabilityAlive: >= LeastProbability } bought ? bought.FutureValue / bought.ProbabilityAlive : 0;
        var running = person.Running.Where(static contract => contract.Worth.Cancelled).Sum(static contract => contract.Worth.RenewalValue ?? 0);
        return Figure.Cents((decimal)purchases) + running + EndedFees(person, worth, profile) - worth.FutureServing - worth.FutureLatePayment;
    }

    private static decimal EndedFees(Situation person, CustomerWorth worth, IndustryProfile profile)
    {
        var share = profile.Contracts.FeesInTransactions ? 0 : worth.Basis == ValueBasis.Revenue ? 1 : profile.Margins.Contracts ?? 0;
        var fees = person.Leaving.Where(contract => !contract.IsRunning(person.EndDay)).Sum(static contract => contract.FeePerTerm?.ToDecimal() ?? 0);
        return Figure.Cents(fees * (decimal)share);
    }
}
