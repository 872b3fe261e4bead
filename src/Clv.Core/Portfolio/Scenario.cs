using System.Collections.Immutable;

namespace Clv.Core.Portfolio;

/// <summary>What scenarios are calculated from: part of the report, so that none needs the customers again.</summary>
/// <param name="Segments">Sums by segment.</param>
public sealed record ScenarioBase(Groups<ScenarioTotals> Segments);

/// <summary>What a scenario does to the future value of customers and the expected value of prospects.</summary>
/// <param name="Before">As it is.</param>
/// <param name="After">With the changes.</param>
/// <param name="Difference">What the changes do.</param>
/// <param name="Segments">The same by segment.</param>
/// <param name="Customers">Customers in it.</param>
/// <param name="WithInterval">Those whose future value has an interval: only their chance is in the ranges.</param>
/// <param name="Prospects">Prospects in it.</param>
public sealed record ScenarioResult(
    ScenarioValue Before,
    ScenarioValue After,
    ScenarioValue Difference,
    IReadOnlyList<ScenarioSegment> Segments,
    long Customers,
    long WithInterval,
    long Prospects);

/// <summary>A value with its range.</summary>
/// <param name="Value">The expected value, in cents of the reporting currency.</param>
/// <param name="Low">Lower end of the range of 80 %; null where nobody has an interval.</param>
/// <param name="High">Its upper end.</param>
public sealed record ScenarioValue(decimal Value, decimal? Low, decimal? High);

/// <summary>What a scenario does to a segment.</summary>
/// <param name="Segment">Its name; empty for people without one, null for all beyond those kept apart.</param>
/// <param name="Before">As it is.</param>
/// <param name="After">With the changes.</param>
/// <param name="Difference">What the changes do.</param>
public sealed record ScenarioSegment(string? Segment, ScenarioValue Before, ScenarioValue After, ScenarioValue Difference);

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
        var effects = scenarios.Segments.Rows((name, totals) => new Effect(name, totals, levers));
        var ranged = effects.Any(effect => effect.HasRange);
        return new ScenarioResult(
            new Spread(effects.Sum(effect => effect.Before.Value), effects.Sum(effect => effect.Before.Variance)).Rounded(ranged),
            new Spread(effects.Sum(effect => effect.After.Value), effects.Sum(effect => effect.After.Variance)).Rounded(ranged),
            new Spread(effects.Sum(effect => effect.Difference.Value), effects.Sum(effect => effect.Difference.Variance)).Rounded(ranged),
            [.. effects.Select(effect => effect.Row)],
            effects.Sum(effect => effect.Totals.Customers),
            effects.Sum(effect => effect.Totals.WithInterval),
            effects.Sum(effect => effect.Totals.Prospects));
    }

    /// <summary>A value and its variance.</summary>
    private readonly record struct Spread(decimal Value, double Variance)
    {
        public static Spread operator +(Spread left, Spread right) => new(left.Value + right.Value, left.Variance + right.Variance);

        public ScenarioValue Rounded(bool ranged)
        {
            var half = (decimal)Math.Sqrt(Variance) * ScenarioTotals.Deviations;
            return ranged
                ? new ScenarioValue(Cents(Value), Cents(Value - half), Cents(Value + half))
                : new ScenarioValue(Cents(Value), null, null);
        }

        private static decimal Cents(decimal amount) => decimal.Round(amount, 2, MidpointRounding.ToEven);
    }

    /// <summary>What the changes do to one segment.</summary>
    private sealed class Effect
    {
        private readonly string? _name;

        public Effect(string? name, ScenarioTotals totals, ScenarioLevers levers)
        {
            (_name, Totals) = (name, totals);
            var customers = Customers(totals, name, levers, changed: false);
            var customersAfter = Customers(totals, name, levers, changed: true);
            var prospects = totals.ProspectsExpected;
            // Nobody is won with a probability above 1.
            var converted = prospects * (decimal)levers.Factor(ScenarioLever.Conversion, name);
            var prospectsAfter = decimal.Round(Math.Min(converted, Math.Max(prospects, totals.ProspectsIfWon)), 2);
            var (variance, prospectsVariance) = ((double)totals.Variance, (double)totals.ProspectsVariance);
            Before = new Spread(customers, variance) + new Spread(prospects, prospectsVariance);
            After = Scaled(customers, variance, customersAfter, customersAfter)
                + Scaled(prospects, prospectsVariance, prospectsAfter, prospectsAfter);
            Difference = Scaled(customers, variance, customersAfter, customersAfter - customers)
                + Scaled(prospects, prospectsVariance, prospectsAfter, prospectsAfter - prospects);
        }

        public ScenarioTotals Totals { get; }

        public Spread Before { get; }

        public Spread After { get; }

        public Spread Difference { get; }

        public bool HasRange => Totals.WithInterval > 0 || Totals.ProspectsVariance > 0;

        public ScenarioSegment Row => new(_name, Before.Rounded(HasRange), After.Rounded(HasRange), Difference.Rounded(HasRange));

        /// <summary>
        /// An amount whose chance is that of the value before, in proportion: what a lever does to everybody it does to luck as well.
        /// </summary>
        private static Spread Scaled(decimal before, double variance, decimal after, decimal amount)
        {
            var scale = before != 0 ? (double)(amount / before) : after == amount ? 1 : 0;
            return new Spread(amount, variance * scale * scale);
        }

        private static decimal Customers(ScenarioTotals totals, string? name, ScenarioLevers levers, bool changed)
        {
            double Percent(ScenarioLever lever) => changed ? levers.Percent(lever, name) : 0;
            double Factor(ScenarioLever lever) => 1 + (Percent(lever) / 100);
            double Kept(ImmutableArray<long> values) => RetentionGrid.Interpolate(values, Percent(ScenarioLever.Retention));

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
    }
}
