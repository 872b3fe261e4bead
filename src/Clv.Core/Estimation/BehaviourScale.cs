using Clv.Core.Valuation;

namespace Clv.Core.Estimation;

/// <summary>How a measure enters the regression: capped, centred, and 0 where it is not known.</summary>
/// <param name="Unit">The effect of a coefficient of 1.</param>
/// <param name="Range">How far apart the lowest and the highest capped measure are.</param>
/// <param name="IsKnownOfAll">Whether nobody lacks it.</param>
internal sealed record BehaviourScale(BehaviourEffect Unit, double Range, bool IsKnownOfAll)
{
    /// <summary>Customers who must have a measure: fewer tell a few people's story.</summary>
    public const int LeastCustomers = 200;

    /// <summary>Occasions in the held-out weeks that these must have made.</summary>
    public const int LeastOccasions = 30;

    /// <summary>Customers whose measure must differ from the commonest: the robust error of what a handful shows is far too small.</summary>
    public const int LeastDifferent = 50;

    /// <summary>The share of those who have a measure beyond which more of it counts no more.</summary>
    private const double Cap = 0.99;

    /// <summary>Who has a measure: of whom a score or delay is known, or who had such a contact.</summary>
    public static long Customers(IReadOnlyList<BehaviourGroup> groups, BehaviourMeasure measure) =>
        Having(groups, measure).Sum(static g => g.All.Customers);

    /// <summary>The scale of a measure; null, with the reason, where too little is known of it.</summary>
    public static (BehaviourScale? Scale, string Reason) Of(IReadOnlyList<BehaviourGroup> groups, BehaviourMeasure measure)
    {
        double Value(BehaviourGroup g) => g.Measures[(int)measure]!.Value;
        List<BehaviourGroup> known = [.. groups.Where(g => g.Measures[(int)measure] is not null).OrderBy(Value)];
        List<BehaviourGroup> having = [.. Having(known, measure)];
        var customers = having.Sum(static g => g.All.Customers);
        if (customers < LeastCustomers)
        {
            return (null, $"Fewer than {LeastCustomers} customers have it: {customers:N0}.");
        }

        var occasions = having.Sum(static g => g.All.Occasions);
        if (occasions < LeastOccasions)
        {
            return (null, $"The customers who have it made fewer than {LeastOccasions} purchases in the held-out weeks: {occasions:N0}.");
        }

        var all = known.Sum(static g => g.All.Customers);
        var different = all - known.GroupBy(Value).Max(static same => same.Sum(static g => g.All.Customers));
        if (different < LeastDifferent)
        {
            return (null, $"It is the same for all but {different:N0} customers; {LeastDifferent} are needed.");
        }

        long seen = 0;
        var highest = Value(having.First(g => (seen += g.All.Customers) >= Cap * customers));
        var mean = known.Sum(g => g.All.Customers * Math.Min(Value(g), highest)) / all;
        return (
            new BehaviourScale(
                new BehaviourEffect(measure, 1, 0, mean, customers) { Highest = highest },
                highest - Value(known[0]),
                all == groups.Sum(static g => g.All.Customers)),
            "");
    }

    private static IEnumerable<BehaviourGroup> Having(IEnumerable<BehaviourGroup> groups, BehaviourMeasure measure) => groups.Where(
        g => measure is BehaviourMeasure.Nps or BehaviourMeasure.PaymentDelay ? g.Measures[(int)measure] is not null : g.Measures[(int)measure] > 0);
}
