using Clv.Core.Industry;

namespace Clv.Core.Relationship;

/// <summary>What to offer a customer: a category that goes with theirs, or more of what they buy.</summary>
internal sealed class OfferRule(IndustryProfile profile, Ranking ranking)
{
    // The pairs that count, the best first, by the category owned: ranked once and not again for every customer.
    private readonly Dictionary<string, List<(int Rank, CategoryPair Pair)>> _pairs = ranking.Categories.Pairs
        .Where(pair => pair.Lift >= profile.Actions.MinimumLift && pair.Both >= profile.Actions.MinimumSupport)
        .OrderByDescending(static pair => pair.Lift)
        .ThenByDescending(static pair => pair.Both)
        .ThenBy(static pair => pair.Offered, StringComparer.Ordinal)
        .ThenBy(static pair => pair.Owned, StringComparer.Ordinal)
        .Select(static (pair, rank) => (Rank: rank, Pair: pair))
        .GroupBy(static ranked => ranked.Pair.Owned, StringComparer.Ordinal)
        .ToDictionary(static group => group.Key, static group => group.ToList(), StringComparer.Ordinal);

    /// <summary>The share of the usual spend below which there is room for more.</summary>
    public const double RoomShare = 0.8;

    /// <summary>Paid repeat occasions from which a customer's own spend is told.</summary>
    public const int SpendOccasions = 3;

    /// <summary>The best pair of an owned category and one that was never bought; null without one. What was returned is not owned.</summary>
    public CategoryPair? CrossSell(Situation person)
    {
        var bought = person.Facts.Categories.Where(static category => category.Purchases > 0).ToList();
        var names = bought.Select(static category => category.Name).ToHashSet(StringComparer.Ordinal);
        return bought.Where(static category => category.Net.Micros > 0)
            .SelectMany(owned => _pairs.GetValueOrDefault(owned.Name, []).Where(ranked => !names.Contains(ranked.Pair.Offered)).Take(1))
            .OrderBy(static ranked => ranked.Rank)
            .FirstOrDefault()
            .Pair;
    }

    /// <summary>Why and in which category there is room for more; null where there is none, or too little is known.</summary>
    public Reason? Upsell(Situation person)
    {
        var main = person.Facts.Categories.Where(static category => category.Net.Micros > 0).MaxBy(static category => category.Net.Micros);
        return main is not null
            && person.Facts.Purchases.Whole.SpendCount >= SpendOccasions
            && person.Worth?.Purchases is { } purchases
            && UsualSpend(person) is { } usual
            && purchases.ExpectedSpend < RoomShare * usual
                ? Reasons.SpendsLess(purchases.ExpectedSpend, usual, main.Name)
                : null;
    }

    private double? UsualSpend(Situation person)
    {
        var usual = ranking.Typical.SpendPerOccasion;
        return usual.TryGetValue(person.Facts.Profile?.Segment ?? "", out var own) || usual.TryGetValue("", out own) ? own : null;
    }
}
