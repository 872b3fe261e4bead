using Clv.Core.History;
using Clv.Core.Industry;

namespace Clv.Core.Relationship;

/// <summary>The next action: the first rule that applies, in the order of docs/relationship.md.</summary>
internal sealed class ActionRule(IndustryProfile profile, Ranking ranking, double horizonWeeks)
{
    /// <summary>How many times the usual number of service contacts is too many for a customer of the base tier.</summary>
    public const double ManyContacts = 3;

    private readonly OfferRule _offers = new(profile, ranking);

    public NextAction? Of(Situation person, PhaseMeasures measures, RelationshipPhase phase, ValueTier? tier, decimal stake)
    {
        var view = new View(person, measures, phase, tier, stake);
        if (phase == RelationshipPhase.Prospect)
        {
            return Win(view);
        }

        return (tier == ValueTier.Top ? Rescue(view) : null)
            ?? Renew(view)
            ?? Rescue(view)
            ?? WinBack(view)
            ?? Welcome(view)
            ?? FollowUp(view)
            ?? CrossSell(view)
            ?? Upsell(view)
            ?? Reward(view)
            ?? ServeAtLowerCost(view)
            ?? PartWell(view);
    }

    private NextAction? Win(View view) =>
        view.Person.Facts.Profile?.Consent == true && ranking.Prospects?.Of(view.Person.Facts.Profile ?? CustomerProfile.None) is { Expected: > 0 } estimate
        && Pays(ActionKind.Win, estimate.Expected, perEffect: false)
            ? Act(ActionKind.Win, [Reasons.ProspectValue(estimate)])
            : null;

    private NextAction? Rescue(View view)
    {
        var stillRuns = view.Phase == RelationshipPhase.Leaving && view.Person.Leaving.Any(contract => contract.IsRunning(view.Person.EndDay));
        return view.MayApproach && ((view.Phase == RelationshipPhase.AtRisk && IsSilent(view)) || stillRuns) && Pays(ActionKind.Rescue, view.Stake)
            ? Act(
                ActionKind.Rescue,
                [
                    Reasons.Cancelled(view.Person) ?? Reasons.Silent(view.Person), Reasons.ValueAtStake(view.Stake, horizonWeeks),
                    Reasons.Complaints(view.Person), TopTier(view), Reasons.ProbablyGone(view.Person, horizonWeeks),
                ],
                due: stillRuns ? view.Person.Leaving.Max(static contract => contract.EndsOn) : null,
                stake: view.Stake)
            : null;
    }

    private NextAction? Renew(View view)
    {
        if (view.Phase == RelationshipPhase.Unprofitable)
        {
            return null;
        }

        var (contract, due) = view.Person.Running
            .Select(running => (Contract: running, Due: RenewalRule.Due(running.Contract, view.Person.EndDay, profile.Actions.RenewalLeadDays)))
            .Where(static renewal => renewal.Due is not null)
            .OrderBy(static renewal => renewal.Due)
            .ThenByDescending(static renewal => renewal.Contract.Worth.RenewalValue ?? 0)
            .FirstOrDefault();
        return due is { } day
            ? Act(
                ActionKind.Renew,
                [
                    Reasons.RenewalDue(contract, day - view.Person.EndDay), Reasons.Complaints(view.Person), TopTier(view), FutureValue(view),
                    Reasons.PaysLate(view.Person),
                ],
                due: day)
            : null;
    }

    private NextAction? WinBack(View view)
    {
        var gone = view.Phase switch
        {
            RelationshipPhase.Lapsed => IsSilent(view),
            RelationshipPhase.Leaving => view.Person.Leaving.Count > 0,
            RelationshipPhase.Lost => view.Person.Silence <= 2 * CustomerSummary.YearDays && IsSilent(view),
            _ => false,
        };
        return gone && view.MayApproach && Pays(ActionKind.WinBack, view.Stake)
            ? Act(
                ActionKind.WinBack,
                [
                    Reasons.Cancelled(view.Person) ?? Reasons.Silent(view.Person), Reasons.ValueAtStake(view.Stake, horizonWeeks),
                    Reasons.Complaints(view.Person), Reasons.ProbablyGone(view.Person, horizonWeeks),
                ],
                stake: view.Stake)
            : null;
    }

    private NextAction? Welcome(View view) =>
        view.Phase == RelationshipPhase.New && !view.HasComplained
        && view.Measures.Days is >= 0 and var days && days <= profile.Actions.WelcomeDays
            ? Act(
                ActionKind.Welcome,
                [Reasons.FirstPurchase(days), FutureValue(view)],
                due: view.Person.Beginning + profile.Actions.WelcomeDays)
            : null;

    private NextAction? FollowUp(View view)
    {
        if (!view.IsGood)
        {
            return null;
        }

        // Who buys every week is not asked every week.
        var days = profile.Actions.FollowUpDays;
        var silence = view.Person.Silence <= days && !(view.Person.UsualGap <= 2 * days) ? view.Person.Silence : null;
        return view.HasComplained || silence is not null
            ? Act(
                ActionKind.FollowUp,
                [
                    Reasons.Complaints(view.Person), silence is { } recent ? Reasons.RecentPurchase(recent) : null, TopTier(view),
                    FutureValue(view),
                ],
                due: silence is null ? null : view.Person.LastPurchase + days)
            : null;
    }

    private NextAction? CrossSell(View view) => view.MaySell && _offers.CrossSell(view.Person) is { } pair
        ? Act(
            ActionKind.CrossSell,
            [Reasons.OwnedBySimilar(pair), Reasons.Growth(view.Person, view.Phase), FutureValue(view)],
            pair.Offered)
        : null;

    private NextAction? Upsell(View view) => view.MaySell && _offers.Upsell(view.Person) is { } room
        ? Act(ActionKind.Upsell, [room, Reasons.Growth(view.Person, view.Phase), FutureValue(view)], room.Text)
        : null;

    private NextAction? Reward(View view) => view.IsGood && view.Tier == ValueTier.Top && view.Phase != RelationshipPhase.New
        ? Act(ActionKind.Reward, [TopTier(view), Reasons.Recommends(view.Person), Reasons.Growth(view.Person, view.Phase)])
        : null;

    private NextAction? ServeAtLowerCost(View view)
    {
        var worth = view.Person.Worth!;
        var gross = worth.FuturePurchases + worth.FutureContracts - worth.FutureLatePayment;
        var eatsItUp = view.IsGood && view.Tier == ValueTier.Base
            && view.Person.ServiceContacts > ManyContacts * ranking.Typical.ServiceContacts
            && worth.FutureServing > gross / 2;
        return worth.FutureServing > 0 && (eatsItUp || (view.Phase == RelationshipPhase.Unprofitable && gross > 0))
            ? Act(ActionKind.ServeAtLowerCost, Burden(view))
            : null;
    }

    // Cheaper service would not help whom no purchase is expected to pay for.
    private static NextAction? PartWell(View view) =>
        view.Phase == RelationshipPhase.Unprofitable ? Act(ActionKind.PartWell, Burden(view)) : null;

    private static Reason?[] Burden(View view) =>
    [
        Reasons.CostsExceedValue(view.Person), Reasons.ServiceCost(view.Person), Reasons.PaysLate(view.Person),
    ];

    private bool Pays(ActionKind action, decimal stake, bool perEffect = true) =>
        stake > (profile.Actions.Assumptions.TryGetValue(Codes.Of(action), out var assumed)
            ? assumed.Cost / (perEffect && assumed.Effect is > 0 and var effect ? (decimal)effect : 1)
            : 0);

    // Who bought just now, or is no later than usual, is not told that nothing was heard of them.
    private bool IsSilent(View view) => view.Person.IsSilent(view.Person.EndDay, profile.Actions.FollowUpDays);

    private Reason? TopTier(View view) => Reasons.TopTier(view.Person, view.Tier, profile.Tiers);

    private Reason? FutureValue(View view) => Reasons.FutureValue(view.Person, horizonWeeks);

    // Nothing is to be done without a reason.
    private static NextAction? Act(ActionKind kind, ReadOnlySpan<Reason?> reasons, string? category = null, int? due = null, decimal? stake = null)
    {
        var told = new List<Reason>(3);
        foreach (var reason in reasons)
        {
            if (reason is not null && told.Count < 3)
            {
                told.Add(reason);
            }
        }

        return told.Count > 0 ? new(kind, told, category, due, stake) : null;
    }

    private sealed record View(Situation Person, PhaseMeasures Measures, RelationshipPhase Phase, ValueTier? Tier, decimal Stake)
    {
        public bool HasComplained => Person.Facts.LastYear.Complaints > 0;

        /// <summary>No customer who said no is approached; a prospect must have said yes.</summary>
        public bool MayApproach => Person.Facts.Profile?.Consent != false;

        public bool IsGood => Phase is RelationshipPhase.New or RelationshipPhase.Growing or RelationshipPhase.Steady;

        public bool MaySell => IsGood && MayApproach && !HasComplained;
    }
}
