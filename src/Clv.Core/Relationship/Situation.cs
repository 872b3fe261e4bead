using Clv.Core.History;
using Clv.Core.Valuation;

namespace Clv.Core.Relationship;

/// <summary>A person tonight, with the quantities that the rules of the relationship ask for.</summary>
internal sealed class Situation
{
    private readonly bool _feesInTransactions;

    /// <param name="facts">The person.</param>
    /// <param name="worth">What the person is worth; null for a prospect.</param>
    /// <param name="endDay">Tonight's last day.</param>
    /// <param name="feesInTransactions">Whether what looks like a purchase may be a contract's fee.</param>
    public Situation(CustomerFacts facts, CustomerWorth? worth, int endDay, bool feesInTransactions)
    {
        (Facts, Worth, EndDay, _feesInTransactions) = (facts, worth, endDay, feesInTransactions);
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

    /// <summary>
    /// The day on which the person became a customer; of somebody the CRM alone calls one, the day it states; null for others without either.
    /// </summary>
    public int? Beginning => Facts.Start ?? (Facts.Profile is { Status: not CustomerStatus.Lost } profile ? profile.AcquiredOn : null);

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
    /// was bought since the cancellation, as far as purchases can be told from fees.
    /// </summary>
    public IReadOnlyList<Contract> Leaving => RunsUncancelled
        ? []
        : [.. Started.Where(c => c.IsCancelled(EndDay) && c.EndsOn > EndDay - CustomerSummary.YearDays && !HasReturned(c))];

    /// <summary>Service calls and complaints of the last year.</summary>
    public int ServiceContacts => Facts.LastYear.ServiceCalls + Facts.LastYear.Complaints;

    /// <summary>
    /// Whether the silence by the end of a day is longer than usual for the customer, and longer than a purchase is still talked about; true
    /// without a purchase.
    /// </summary>
    public bool IsSilent(int day, int followUpDays) => !(day - LastPurchase <= Math.Max(followUpDays, UsualGap ?? 0));

    private bool HasReturned(Contract cancelled) => !_feesInTransactions && LastPurchase > cancelled.CancelledOn;
}

/// <summary>A contract that runs, beside what it is worth.</summary>
internal sealed record RunningContract(Contract Contract, ContractWorth Worth);
