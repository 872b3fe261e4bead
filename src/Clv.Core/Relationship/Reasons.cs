using Clv.Core.Industry;
using Clv.Core.Valuation;

namespace Clv.Core.Relationship;

/// <summary>Reasons with their figures; null where the person gives no such reason.</summary>
internal static class Reasons
{
    /// <summary>Days of paying late on average that are worth a word.</summary>
    public const int LateDays = 14;

    // Those who answer 9 or 10 are called promoters.
    private const int Promoter = 9;

    public static Reason? FutureValue(Situation person, double horizonWeeks) => person.Worth is { Future: > 0 } worth
        ? Of(ReasonKind.FutureValue, ("value", worth.Future), ("horizonWeeks", Figure.Share(horizonWeeks)))
        : null;

    public static Reason? TopTier(Situation person, ValueTier? tier, TierShares shares) => tier == ValueTier.Top
        ? Of(ReasonKind.TopTier, ("value", person.Worth!.Lifetime), ("share", Figure.Share(shares.Top)))
        : null;

    public static Reason? Silent(Situation person) => person.Silence is not { } days ? null
        : person.UsualGap is { } gap ? Of(ReasonKind.Silent, ("days", days), ("usualDays", decimal.Round((decimal)gap, MidpointRounding.ToEven)))
        : Of(ReasonKind.Silent, ("days", days));

    // Of somebody who bought once, P(alive) may be 1 for ever.
    public static Reason? ProbablyGone(Situation person, double horizonWeeks) => person.Worth?.Purchases is not { } purchases ? null
        : purchases.NoPurchase is { } none
            ? Of(ReasonKind.ProbablyGone, ("probability", Figure.Share(1 - none)), ("horizonWeeks", Figure.Share(horizonWeeks)))
        : person.Facts.Purchases.Whole.Frequency > 0 ? Of(ReasonKind.ProbablyGone, ("probability", Figure.Share(purchases.ProbabilityAlive)))
        : null;

    public static Reason FirstPurchase(int days) => Of(ReasonKind.FirstPurchase, ("days", days));

    public static Reason RecentPurchase(int days) => Of(ReasonKind.RecentPurchase, ("days", days));

    public static Reason? Growth(Situation person, RelationshipPhase phase) =>
        phase == RelationshipPhase.Growing && person.Growth is > 0 and var growth ? Of(ReasonKind.Growth, ("growth", Figure.Share(growth))) : null;

    public static Reason RenewalDue(RunningContract contract, int days)
    {
        var figures = new Dictionary<string, decimal>(StringComparer.Ordinal) { ["days"] = days };
        if (contract.Worth.RenewalProbability is { } probability)
        {
            figures["probability"] = Figure.Share(probability);
        }

        if (contract.Worth.RenewalValue is > 0 and var value)
        {
            figures["value"] = value;
        }

        return new(ReasonKind.RenewalDue, figures, contract.Contract.Product);
    }

    public static Reason? Cancelled(Situation person)
    {
        var last = person.Leaving.MaxBy(static contract => contract.EndsOn);
        return last is null ? null : Of(ReasonKind.Cancelled, ("days", (last.EndsOn ?? person.EndDay) - person.EndDay)) with { Text = last.Product };
    }

    public static Reason OwnedBySimilar(CategoryPair pair)
    {
        var figures = Of(
            ReasonKind.OwnedBySimilar, ("lift", Figure.Share(pair.Lift)), ("share", Figure.Share(pair.Confidence)), ("customers", pair.Both));
        return figures with { Text = pair.Offered };
    }

    public static Reason SpendsLess(double spend, double usual, string category) =>
        Of(ReasonKind.SpendsLess, ("spend", Figure.Cents((decimal)spend)), ("usual", Figure.Cents((decimal)usual))) with { Text = category };

    /// <summary>Of the lifetime if it brought less than it cost, else of the future if it will.</summary>
    public static Reason? CostsExceedValue(Situation person)
    {
        if (person.Worth is not { } worth || Math.Min(worth.Lifetime, worth.Future) >= 0)
        {
            return null;
        }

        var (costs, contribution) = worth.Lifetime < 0 ? (worth.Costs.Total, worth.Contribution) : (0, 0);
        return Of(
            ReasonKind.CostsExceedValue,
            ("costs", costs + worth.FutureServing + worth.FutureLatePayment),
            ("contribution", contribution + worth.FuturePurchases + worth.FutureContracts));
    }

    public static Reason? ServiceCost(Situation person) => person.ServiceContacts == 0 ? null
        : person.Worth?.ServingPerYear is { } year && Cents.Of(year) is > 0 and var cost
            ? Of(ReasonKind.ServiceCost, ("contacts", person.ServiceContacts), ("cost", cost))
            : Of(ReasonKind.ServiceCost, ("contacts", person.ServiceContacts));

    public static Reason? Complaints(Situation person) =>
        person.Facts.LastYear.Complaints is > 0 and var complaints ? Of(ReasonKind.Complaints, ("complaints", complaints)) : null;

    public static Reason? PaysLate(Situation person) =>
        person.Facts.Profile?.PaymentDelayDays is >= LateDays and var days ? Of(ReasonKind.PaysLate, ("days", days)) : null;

    public static Reason ProspectValue(ProspectEstimate estimate) =>
        Of(ReasonKind.ProspectValue, ("value", estimate.ValueIfWon), ("conversion", Figure.Share(estimate.Conversion)));

    public static Reason ValueAtStake(decimal value, double horizonWeeks) =>
        Of(ReasonKind.ValueAtStake, ("value", value), ("horizonWeeks", Figure.Share(horizonWeeks)));

    public static Reason? Recommends(Situation person) =>
        person.Facts.Profile?.Nps is >= Promoter and var nps ? Of(ReasonKind.Recommends, ("nps", nps)) : null;

    private static Reason Of(ReasonKind kind, params ReadOnlySpan<(string Name, decimal Value)> figures)
    {
        var byName = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var (name, value) in figures)
        {
            byName.Add(name, value);
        }

        return new(kind, byName);
    }
}
