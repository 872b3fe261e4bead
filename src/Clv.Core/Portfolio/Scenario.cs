using System.Collections.Immutable;
using Clv.Core.Valuation;

namespace Clv.Core.Portfolio;

/// <summary>What scenarios are calculated from: part of the report, so that none needs the customers again.</summary>
/// <param name="Segments">Sums by segment.</param>
public sealed record ScenarioBase(Groups<ScenarioTotals> Segments);

/// <summary>
/// What a scenario does to the future value of customers within the horizon, and apart from it, since the two do not add up, to the lifetime
/// value expected of prospects.
/// </summary>
/// <param name="Before">The future value of customers as it is.</param>
/// <param name="After">With the changes.</param>
/// <param name="Difference">What the changes do.</param>
/// <param name="Segments">The same by segment.</param>
/// <param name="Customers">Customers in it.</param>
/// <param name="WithInterval">Those whose future value has an interval: only their chance is in the ranges.</param>
/// <param name="Prospects">Prospects in it.</param>
/// <param name="ProspectsLifetime">What the changes do to the lifetime value expected of those.</param>
public sealed record ScenarioResult(
    ScenarioValue Before,
    ScenarioValue After,
    ScenarioValue Difference,
    IReadOnlyList<ScenarioSegment> Segments,
    long Customers,
    long WithInterval,
    long Prospects,
    ScenarioEffect ProspectsLifetime);

/// <summary>A value with its range.</summary>
/// <param name="Value">The expected value, in cents of the reporting currency.</param>
/// <param name="Low">Lower end of the range of 80 %; null where nobody has an interval.</param>
/// <param name="High">Its upper end.</param>
public sealed record ScenarioValue(decimal Value, decimal? Low, decimal? High);

/// <summary>What a scenario does to a value.</summary>
/// <param name="Before">As it is.</param>
/// <param name="After">With the changes.</param>
/// <param name="Difference">What the changes do.</param>
public sealed record ScenarioEffect(ScenarioValue Before, ScenarioValue After, ScenarioValue Difference);

/// <summary>What a scenario does to a segment.</summary>
/// <param name="Segment">Its name; empty for people without one, null for all beyond those kept apart.</param>
/// <param name="Before">The future value of its customers as it is.</param>
/// <param name="After">With the changes.</param>
/// <param name="Difference">What the changes do.</param>
/// <param name="ProspectsLifetime">What they do to the lifetime value expected of its prospects.</param>
public sealed record ScenarioSegment(
    string? Segment, ScenarioValue Before, ScenarioValue After, ScenarioValue Difference, ScenarioEffect ProspectsLifetime);

/// <summary>
/// Calculates scenarios: retention first, then conversion, price, upsell, margin and service cost. The formulas are in docs/portfolio.md.
/// </summary>
public static class Scenario
{
    /// <summary>What the changes do.</summary>
    /// <param name="scenarios">What the report holds of the customers.</param>
    /// <param name="request">The changes.</param>
    /// <exception cref="ScenarioRefusedException">A field of the request is missing or wrong.</exception>
    public static ScenarioResult Run(ScenarioBase scenarios, ScenarioRequest request)
    {
        ArgumentNullException.ThrowIfNull(scenarios);
        ArgumentNullException.ThrowIfNull(request);
        var levers = ScenarioLevers.Of(request, scenarios.Segments.Named.ContainsKey);
        var rows = scenarios.Segments.Rows((name, totals) =>
            (Name: name, Totals: totals, Customers: OfCustomers(name, totals, levers), Prospects: OfProspects(name, totals, levers)));
        var customers = rows.Aggregate(default(Effect), (sum, row) => sum + row.Customers).Rounded();
        return new ScenarioResult(
            customers.Before,
            customers.After,
            customers.Difference,
            [.. rows.Select(row => Segment(row.Name, row.Customers.Rounded(), row.Prospects.Rounded()))],
            rows.Sum(row => row.Totals.Customers),
            rows.Sum(row => row.Totals.WithInterval),
            rows.Sum(row => row.Totals.Prospects),
            rows.Aggregate(default(Effect), (sum, row) => sum + row.Prospects).Rounded());
    }

    private static ScenarioSegment Segment(string? name, ScenarioEffect customers, ScenarioEffect prospects) =>
        new(name, customers.Before, customers.After, customers.Difference, prospects);

    private static Effect OfCustomers(string? name, ScenarioTotals totals, ScenarioLevers levers) => Effect.Of(
        Customers(totals, name, levers, changed: false), (double)totals.Variance, Customers(totals, name, levers, changed: true), totals.WithInterval > 0);

    private static Effect OfProspects(string? name, ScenarioTotals totals, ScenarioLevers levers)
    {
        var before = totals.ProspectsExpected;
        // Nobody is won with a probability above 1.
        var converted = before * (decimal)levers.Factor(ScenarioLever.Conversion, name);
        var after = decimal.Round(Math.Min(converted, Math.Max(before, totals.ProspectsIfWon)), 2);
        return Effect.Of(before, (double)totals.ProspectsVariance, after, totals.ProspectsVariance > 0);
    }

    private static decimal Customers(ScenarioTotals totals, string? name, ScenarioLevers levers, bool changed)
    {
        double Percent(ScenarioLever lever) => changed ? levers.Percent(lever, name) : 0;
        double Factor(ScenarioLever lever) => 1 + (Percent(lever) / 100);
        double Kept(ImmutableArray<Int128> values) => RetentionGrid.Interpolate(values, Percent(ScenarioLever.Retention));

        var price = Percent(ScenarioLever.Price) / 100;
        var (upsell, margin) = (Factor(ScenarioLever.Upsell), Factor(ScenarioLever.Margin));
        var (purchases, purchaseRevenue) = (Kept(totals.Purchases), Kept(totals.PurchaseRevenue));
        var (contracts, contractRevenue) = (Kept(totals.Contracts), Kept(totals.ContractRevenue));
        var bought = (purchases + (price * purchaseRevenue)) * upsell * margin;
        var renewed = (contracts + (price * contractRevenue)) * margin;
        var serving = Kept(totals.Serving) * Factor(ScenarioLever.ServiceCost);
        // What is owed late grows with the revenue that is owed.
        var revenue = purchaseRevenue + contractRevenue;
        var owed = revenue == 0 ? 1 : ((purchaseRevenue * upsell) + contractRevenue) * (1 + price) / revenue;
        var cents = bought + renewed - serving - (Kept(totals.LatePayment) * owed);
        return Math.Round((decimal)cents, 0, MidpointRounding.ToEven) / 100;
    }

    /// <summary>A value and its variance.</summary>
    private readonly record struct Spread(decimal Value, double Variance)
    {
        public static Spread operator +(Spread left, Spread right) => new(left.Value + right.Value, left.Variance + right.Variance);

        /// <summary>
        /// An amount whose chance is that of the value before, in proportion: what a lever does to everybody it does to luck as well.
        /// </summary>
        public static Spread Scaled(decimal before, double variance, decimal after, decimal amount)
        {
            var scale = before != 0 ? (double)amount / (double)before : after == amount ? 1 : 0;
            return new Spread(amount, variance * scale * scale);
        }

        public ScenarioValue Rounded(bool ranged)
        {
            var half = Cents.Of(Math.Sqrt(Variance) * (double)ScenarioTotals.Deviations);
            return ranged
                ? new ScenarioValue(Rounded(Value), Rounded(Value - half), Rounded(Value + half))
                : new ScenarioValue(Rounded(Value), null, null);
        }

        private static decimal Rounded(decimal amount) => decimal.Round(amount, 2, MidpointRounding.ToEven);
    }

    /// <summary>What the changes do to a value.</summary>
    private readonly record struct Effect(Spread Before, Spread After, Spread Difference, bool HasRange)
    {
        public static Effect operator +(Effect left, Effect right) => new(
            left.Before + right.Before, left.After + right.After, left.Difference + right.Difference, left.HasRange || right.HasRange);

        public static Effect Of(decimal before, double variance, decimal after, bool hasRange) => new(
            new Spread(before, variance),
            Spread.Scaled(before, variance, after, after),
            Spread.Scaled(before, variance, after, after - before),
            hasRange);

        public ScenarioEffect Rounded() => new(Before.Rounded(HasRange), After.Rounded(HasRange), Difference.Rounded(HasRange));
    }
}
