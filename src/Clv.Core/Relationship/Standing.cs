using Clv.Core.History;

namespace Clv.Core.Relationship;

/// <summary>
/// Where a customer stood when a night was published: what the next night needs to keep phases and tiers steady and to say what has changed.
/// </summary>
public sealed record Standing
{
    /// <summary>The pseudonym.</summary>
    public required CustomerKey Key { get; init; }

    /// <summary>The phase.</summary>
    public required RelationshipPhase Phase { get; init; }

    /// <summary>The day on which it began, as in <see cref="DateOnly.DayNumber"/>.</summary>
    public required int PhaseSince { get; init; }

    /// <summary>The phase that the last nights spoke for without it being entered yet; null for none.</summary>
    public RelationshipPhase? NextPhase { get; init; }

    /// <summary>How many nights in a row have.</summary>
    public int NextPhaseNights { get; init; }

    /// <summary>The tier; null for somebody who was no customer.</summary>
    public ValueTier? Tier { get; init; }

    /// <summary>The day on which it began.</summary>
    public int? TierSince { get; init; }

    /// <summary>Whether the person was a customer, as in <see cref="CustomerFacts.IsCustomer"/>: every customer has a tier, and nobody else.</summary>
    public bool IsCustomer => Tier is not null;

    /// <summary>The historic value.</summary>
    public decimal Historic { get; init; }

    /// <summary>The future value; of a prospect the expected value.</summary>
    public decimal Future { get; init; }

    /// <summary>The probability that the customer was one; null when there was none to tell.</summary>
    public double? ProbabilityAlive { get; init; }

    /// <summary>The day of the last purchase; null before the first.</summary>
    public int? LastPurchase { get; init; }

    /// <summary>Contracts that ran uncancelled.</summary>
    public int RunningContracts { get; init; }

    /// <summary>Contracts that were cancelled, run out or not.</summary>
    public int CancelledContracts { get; init; }

    /// <summary>Renewals that all contracts together had made.</summary>
    public int Renewals { get; init; }

    /// <summary>The latest renewal day that has come within the lead time so far; null before the first.</summary>
    public int? RenewalsTold { get; init; }

    /// <summary>Bought less returned, without contract fees.</summary>
    public decimal Revenue { get; init; }

    /// <summary>Contract fees.</summary>
    public decimal ContractRevenue { get; init; }

    /// <summary>What was spent on the customer.</summary>
    public decimal Costs { get; init; }
}

/// <summary>The phases of a relationship.</summary>
public enum RelationshipPhase
{
    /// <summary>Has not bought yet.</summary>
    Prospect,

    /// <summary>Bought for the first time a short while ago.</summary>
    New,

    /// <summary>Buys more than a year ago.</summary>
    Growing,

    /// <summary>Buys as ever.</summary>
    Steady,

    /// <summary>Has been silent for longer than usual.</summary>
    AtRisk,

    /// <summary>Probably does not come back.</summary>
    Lapsed,

    /// <summary>All but certainly does not come back.</summary>
    Lost,

    /// <summary>Costs more than is expected to come in.</summary>
    Unprofitable,

    /// <summary>Has cancelled the last contract.</summary>
    Leaving,
}

/// <summary>Tiers by lifetime value.</summary>
public enum ValueTier
{
    /// <summary>The most valuable customers.</summary>
    Top,

    /// <summary>Those between.</summary>
    Middle,

    /// <summary>The least valuable.</summary>
    Base,
}
