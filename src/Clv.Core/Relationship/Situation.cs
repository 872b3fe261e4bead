using Clv.Core.History;
using Clv.Core.Valuation;

namespace Clv.Core.Relationship;

/// <summary>A person tonight, with the quantities that the rules of the relationship ask for.</summary>
internal sealed class Situation
{
    public Situation(CustomerFacts facts, CustomerWorth? worth, int endDay)
    {
        (Facts, Worth, EndDay) = (facts, worth, endDay);
        var running = facts.Contracts.Where(contract => contract.IsRunning(endDay)).ToList();
        if (worth is not null && worth.Contracts.Count != running.Count)
        {
            throw new ArgumentException(
                $"The worth has {worth.Contracts.Count} contracts and the facts have {running.Count} that run: value the same facts at the same day.",
                nameof(worth));
        }

        Running = worth is null ? [] : [.. running.Zip(worth.Contracts, static (contract, value) => new RunningContract(contract, value))];
        Started = [.. facts.Contracts.Where(contract => contract.StartedOn <= endDay)];
        RunsUncancelled = running.Exists(contract => !contract.IsCancelled(endDay));
    }

    public CustomerFacts Facts { get; }

    /// <summary>Null for a prospect.</summary>
    public CustomerWorth? Worth { get; }

    public int EndDay { get; }

    public IReadOnlyList<RunningContract> Running { get; }

    /// <summary>Contracts that began by tonight, run out or not.</summary>
    public IReadOnlyList<Contract> Started { get; }

    public bool RunsUncancelled { get; }

    public int? LastPurchase =>
        Facts.Purchases.Whole is { HasPurchase: true } bought ? bought.FirstDay + bought.RecencyDays : null;

    /// <summary>Days since the last purchase.</summary>
    public int? Silence => EndDay - LastPurchase;

    /// <summary>Mean days between purchases; null without a repeat.</summary>
    public double? UsualGap =>
        Facts.Purchases.Whole is { Frequency: > 0 } bought ? (double)bought.RecencyDays / bought.Frequency : null;

    /// <summary>The day of the first purchase or contract, without either the day the CRM states; null for somebody it calls lost.</summary>
    public int? Beginning
    {
        get
        {
            var purchase = Facts.Purchases.Whole is { HasPurchase: true } bought ? bought.FirstDay : int.MaxValue;
            var contract = Facts.Contracts.Count > 0 ? Facts.Contracts.Min(static c => c.StartedOn) : int.MaxValue;
            return Math.Min(purchase, contract) is var first and < int.MaxValue ? first
                : Facts.Profile is { Status: not CustomerStatus.Lost } profile ? profile.AcquiredOn
                : null;
        }
    }

    /// <summary>Growth of the last year's net over the year before; null where there is too little to tell.</summary>
    public double? Growth
    {
        get
        {
            var twoYears = Facts.Purchases.Whole.HasPurchase && EndDay - Facts.Purchases.Whole.FirstDay >= 2 * CustomerSummary.YearDays;
            return twoYears && Math.Min(Facts.RecentOccasions, Facts.EarlierOccasions) >= PhaseRule.GrowthOccasions && Facts.EarlierNet.Micros > 0
                ? new Money(Facts.RecentNet.Micros - Facts.EarlierNet.Micros).ToDouble() / Facts.EarlierNet.ToDouble()
                : null;
        }
    }

    /// <summary>
    /// The cancelled contracts that make somebody a leaver: no contract runs uncancelled, these run out or did within the last year, and nothing
    /// was bought since the cancellation.
    /// </summary>
    public IReadOnlyList<Contract> Leaving => RunsUncancelled
        ? []
        : [.. Started.Where(c => c.IsCancelled(EndDay) && EndOf(c) > EndDay - CustomerSummary.YearDays && !(LastPurchase > c.CancelledOn))];

    /// <summary>Service calls and complaints of the last year.</summary>
    public int ServiceContacts => Facts.LastYear.ServiceCalls + Facts.LastYear.Complaints;

    /// <summary>The last day of a cancelled contract.</summary>
    public int EndOf(Contract cancelled) => cancelled.NextRenewal(EndDay) ?? EndDay;
}

/// <summary>A contract that runs, beside what it is worth.</summary>
internal sealed record RunningContract(Contract Contract, ContractWorth Worth);
