namespace Clv.Core.Relationship;

/// <summary>What a night makes of one person: where they stand, what to do about it and what has changed.</summary>
public sealed record Judgement
{
    /// <summary>The standing, as the next night will read it.</summary>
    public required Standing Standing { get; init; }

    /// <summary>What to do next; null for nothing.</summary>
    public NextAction? Action { get; init; }

    /// <summary>What changed since the last published night; null without one, or for somebody it did not know.</summary>
    public ValueChange? Change { get; init; }

    /// <summary>What a campaign tool may want to act on, in a fixed order; none of somebody who does not want to be approached.</summary>
    public IReadOnlyList<RelationshipEvent> Events { get; init; } = [];
}

/// <summary>One thing to do, and why.</summary>
/// <param name="Kind">What.</param>
/// <param name="Reasons">Why, the weightiest first; one to three.</param>
/// <param name="Category">The category to offer; null where the action is not about one.</param>
/// <param name="Due">The last day on which it makes sense, as in <see cref="DateOnly.DayNumber"/>; null without one.</param>
/// <param name="Stake">
/// Of a rescue or of winning back, what the customer is worth within the horizon if it succeeds, above 0; null for other actions.
/// </param>
public sealed record NextAction(
    ActionKind Kind, IReadOnlyList<Reason> Reasons, string? Category = null, int? Due = null, decimal? Stake = null);

/// <summary>What can be done about a customer.</summary>
public enum ActionKind
{
    /// <summary>Turn a prospect into a customer.</summary>
    Win,

    /// <summary>Welcome a new customer.</summary>
    Welcome,

    /// <summary>Ask how a recent purchase went.</summary>
    FollowUp,

    /// <summary>Offer more or better of what the customer buys.</summary>
    Upsell,

    /// <summary>Offer a category that the customer does not own.</summary>
    CrossSell,

    /// <summary>Talk about a contract's renewal.</summary>
    Renew,

    /// <summary>Thank a top customer.</summary>
    Reward,

    /// <summary>Reach a customer who is falling silent.</summary>
    Rescue,

    /// <summary>Bring back a customer who has left.</summary>
    WinBack,

    /// <summary>Serve through channels that cost less.</summary>
    ServeAtLowerCost,

    /// <summary>End a relationship that only costs, in good terms.</summary>
    PartWell,
}

/// <summary>A reason as a code with its figures, which the wording turns into a sentence.</summary>
/// <param name="Kind">The code.</param>
/// <param name="Figures">Its figures by name; documented at <see cref="ReasonKind"/>.</param>
/// <param name="Text">A name in it, a category or product; null without one.</param>
public sealed record Reason(ReasonKind Kind, IReadOnlyDictionary<string, decimal> Figures, string? Text = null);

/// <summary>Why something is to be done. In brackets the figures.</summary>
public enum ReasonKind
{
    /// <summary>Value expected of the customer [value, horizonWeeks].</summary>
    FutureValue,

    /// <summary>Among the most valuable customers [value over the lifetime, share].</summary>
    TopTier,

    /// <summary>Silent for much longer than usual [days, usualDays if there was a repeat].</summary>
    Silent,

    /// <summary>
    /// The chance of another purchase is low [probability, horizonWeeks], or where it is not known the chance that the customer still is one
    /// [probability].
    /// </summary>
    ProbablyGone,

    /// <summary>Bought, or had a contract, for the first time [days].</summary>
    FirstPurchase,

    /// <summary>Bought recently [days].</summary>
    RecentPurchase,

    /// <summary>Buys more than a year ago [growth].</summary>
    Growth,

    /// <summary>A contract comes up for renewal [days, and probability and value where known]; the text is the product, if known.</summary>
    RenewalDue,

    /// <summary>The contract is cancelled [days until it ends, 0 or less when it has]; the text is the product, if known.</summary>
    Cancelled,

    /// <summary>Customers like this one own the category [lift, share, customers]; the text is the category.</summary>
    OwnedBySimilar,

    /// <summary>Costs more than comes in, over the lifetime or else within the horizon [costs, contribution].</summary>
    CostsExceedValue,

    /// <summary>Calls the service often [contacts of the last year, and cost a year where known].</summary>
    ServiceCost,

    /// <summary>Complained in the last year [complaints].</summary>
    Complaints,

    /// <summary>Pays late [days].</summary>
    PaysLate,

    /// <summary>What people like this prospect are worth [value over the lifetime, conversion].</summary>
    ProspectValue,

    /// <summary>Value that would be lost [value, horizonWeeks].</summary>
    ValueAtStake,

    /// <summary>Recommends the firm [nps].</summary>
    Recommends,

    /// <summary>Spends less per purchase than is usual in the segment [spend, usual]; the text is the category bought most.</summary>
    SpendsLess,
}

/// <summary>How the value moved since the last published night. The parts add up to <see cref="Total"/> exactly.</summary>
/// <param name="Historic">Of it, what happened: the change of the historic value.</param>
/// <param name="Behaviour">Of the future value, what the customer did or did not do, at last night's models.</param>
/// <param name="Model">Of the future value, what the models' change did.</param>
/// <param name="Causes">Why, the weightiest first.</param>
public sealed record ValueChange(decimal Historic, decimal Behaviour, decimal Model, IReadOnlyList<ChangeCause> Causes)
{
    /// <summary>The change of the lifetime value.</summary>
    public decimal Total => Historic + Behaviour + Model;
}

/// <summary>Why a value moved.</summary>
public enum ChangeCause
{
    /// <summary>A purchase.</summary>
    Bought,

    /// <summary>A return or a correction lowered what was bought.</summary>
    Returned,

    /// <summary>Silence: time went by without a purchase.</summary>
    Silent,

    /// <summary>A contract began.</summary>
    ContractStarted,

    /// <summary>A contract was renewed.</summary>
    ContractRenewed,

    /// <summary>A contract was cancelled or ended.</summary>
    ContractEnded,

    /// <summary>Costs were charged.</summary>
    Costs,

    /// <summary>The models were estimated anew.</summary>
    ModelChanged,
}

/// <summary>Something that a campaign tool can act on. Nothing personal: the key is a pseudonym.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="From">What it was before, a phase or tier by its code; null where there is none.</param>
/// <param name="To">What it is now; null where there is none.</param>
/// <param name="Day">A day that belongs to it, a renewal's; null without one.</param>
/// <param name="Value">The money at stake; null without one.</param>
public sealed record RelationshipEvent(EventKind Kind, string? From, string? To, DateOnly? Day = null, decimal? Value = null);

/// <summary>Kinds of events.</summary>
public enum EventKind
{
    /// <summary>The phase changed.</summary>
    PhaseChanged,

    /// <summary>The tier changed.</summary>
    TierChanged,

    /// <summary>A renewal came within the lead time.</summary>
    RenewalDue,

    /// <summary>A customer fell silent: since tonight at risk, and silent for longer than usual.</summary>
    RiskAppeared,
}
