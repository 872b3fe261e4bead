using Clv.Core.History;

namespace Clv.Core.Relationship;

/// <summary>When a contract's renewal is to be prepared.</summary>
internal static class RenewalRule
{
    /// <summary>The day of the renewal; null when none is within the lead time.</summary>
    /// <param name="contract">The contract.</param>
    /// <param name="day">Today.</param>
    /// <param name="leadDays">Days before a renewal; of a contract with a known term at most a quarter of the term.</param>
    public static int? Due(Contract contract, int day, int leadDays)
    {
        if (contract.StartedOn > day || contract.IsCancelled(day) || contract.NextRenewal(day) is not { } renewal)
        {
            return null;
        }

        // Otherwise a monthly contract would be up for renewal all the time.
        var lead = Math.Min(leadDays, contract.TermMonths * CustomerFacts.MonthDays / 4 ?? leadDays);
        return renewal > day && renewal - day <= lead ? renewal : null;
    }
}
