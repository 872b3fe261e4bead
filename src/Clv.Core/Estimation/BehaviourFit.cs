using Clv.Core.Valuation;

namespace Clv.Core.Estimation;

/// <summary>
/// Estimates what behaviour beside purchases tells of those to come: a regression of the held-out occasions on the measures known at the cutoff, over
/// what the model of purchases expected. See docs/models/behaviour.md.
/// </summary>
internal static class BehaviourFit
{
    /// <summary>
    /// Standard errors that an effect must be away from none: eight measures are tried, and with 3 the chance that one of them passes without
    /// an effect is 2 %.
    /// </summary>
    public const double StandardErrors = 3;

    /// <summary>Standard errors by which forecasts of the two halves of the customers must improve together, unless both improve.</summary>
    private const double Clearly = 2;

    /// <summary>An effect that multiplies purchases by more between the least and the most of a measure is an accident of few purchases.</summary>
    private const double MostFactor = 100;

    /// <summary>Estimates the effects.</summary>
    /// <param name="customers">The customers.</param>
    /// <param name="expected">What the model in use expected of the held-out customers at the cutoff, by their places; null where there is none.</param>
    public static BehaviourEstimate Run(CustomerBase customers, double[]? expected) =>
        !customers.Behaviour.IsAnythingKnown
            ? new BehaviourEstimate { Reason = "No behaviour beside purchases is known of a customer who had bought by the cutoff." }
        : expected is null
            ? new BehaviourEstimate { Reason = "No model could be tested on held-out weeks, so nothing tells what behaviour does to purchases." }
        : Run(customers.Behaviour.Groups(customers.HeldOut, expected));

    /// <summary>Estimates the effects on grouped customers.</summary>
    public static BehaviourEstimate Run(IReadOnlyList<BehaviourGroup> groups)
    {
        var results = new SortedDictionary<BehaviourMeasure, MeasureResult>();
        void Refuse(BehaviourMeasure measure, string reason, double? coefficient = null, double? error = null) =>
            results[measure] = new MeasureResult(measure, BehaviourScale.Customers(groups, measure), coefficient, error, Kept: false, reason);

        var scales = new List<BehaviourScale>();
        foreach (var measure in Enum.GetValues<BehaviourMeasure>())
        {
            var (scale, reason) = BehaviourScale.Of(groups, measure);
            if (scale is null)
            {
                Refuse(measure, reason);
            }
            else
            {
                scales.Add(scale);
            }
        }

        while (scales.Count > 0)
        {
            var (design, same) = BehaviourDesign.Of(groups, scales);
            if (same.Count > 0)
            {
                foreach (var scale in same)
                {
                    scales.Remove(scale);
                    Refuse(scale.Unit.Measure, "It cannot be told from the other measures: it rises and falls with them.");
                }

                continue;
            }

            var fit = design.Fit(static g => g.All);
            if (Weakest(scales, fit) is var (weakest, because))
            {
                Refuse(scales[weakest].Unit.Measure, because, fit.Errors is null ? null : fit.Coefficients[weakest], fit.Errors?[weakest]);
                scales.RemoveAt(weakest);
                continue;
            }

            return Judge(design.Effects(fit, static g => g.All), HeldOutGain(groups, design), results);
        }

        return new BehaviourEstimate
        {
            Measures = [.. results.Values],
            Reason = "No measure of behaviour tells anything of purchases to come beyond chance.",
        };
    }

    /// <summary>The measure to leave out next and why; null when all may stay.</summary>
    private static (int Place, string Reason)? Weakest(List<BehaviourScale> scales, OccasionRegression.Fit fit)
    {
        var largest = Enumerable.Range(0, scales.Count).MaxBy(Span);
        if (Span(largest) > Math.Log(MostFactor))
        {
            return (largest, $"Its effect would multiply purchases by more than {MostFactor:N0}, which chance does where few purchases tell it.");
        }

        if (fit.Errors is null)
        {
            return (largest, "Its effect could not be estimated.");
        }

        var weakest = Enumerable.Range(0, scales.Count).MinBy(Distance);
        return Distance(weakest) < StandardErrors
            ? (weakest, $"No effect beyond chance: {Distance(weakest):F1} standard errors, and {StandardErrors:N0} are needed.")
            : null;

        double Span(int i) => Math.Abs(fit.Coefficients[i]) * scales[i].Range;
        double Distance(int i) => Math.Abs(fit.Coefficients[i]) / fit.Errors![i];
    }

    private static BehaviourEstimate Judge(
        BehaviourEffects effects, (double First, double Second, double Error)? gains, SortedDictionary<BehaviourMeasure, MeasureResult> results)
    {
        var gain = gains?.First + gains?.Second;
        var improves = gains is { } of && ((of.First > 0 && of.Second > 0) || gain > Clearly * of.Error);
        foreach (var effect in effects.Effects)
        {
            results[effect.Measure] = new MeasureResult(
                effect.Measure,
                effect.Customers,
                effect.Coefficient,
                effect.StandardError,
                improves,
                improves
                    ? $"An effect beyond chance, {Math.Abs(effect.Coefficient / effect.StandardError):F1} standard errors, that improves forecasts."
                    : "It does not improve the forecast of customers who had no part in its estimation.");
        }

        return new BehaviourEstimate
        {
            Effects = improves ? effects : null,
            Measures = [.. results.Values],
            DevianceGain = gain is { } finite && double.IsFinite(finite) ? finite : null,
            Reason = improves
                ? "What customers do beside buying improves the forecast of their purchases."
                : "What seemed to tell of purchases to come does not improve the forecast of customers who had no part in the estimation.",
        };
    }

    /// <summary>
    /// By how much effects that were estimated on one half of the customers lower the deviance of the other half's occasions, both ways, and the
    /// standard error of the sum; null where a half is too little. Both forecasts of a half have one total, so only who buys is told.
    /// </summary>
    private static (double First, double Second, double Error)? HeldOutGain(IReadOnlyList<BehaviourGroup> groups, BehaviourDesign design)
    {
        double variance = 0;
        double? Gain(Func<BehaviourGroup, OccasionSums> estimated, Func<BehaviourGroup, OccasionSums> tested)
        {
            if (design.Fit(estimated) is not { Errors: not null } fit)
            {
                return null;
            }

            var effects = design.Effects(fit, tested);
            var level = groups.Sum(g => (double)tested(g).Occasions) / groups.Sum(g => tested(g).Expected);
            var gain = 0.0;
            foreach (var group in groups)
            {
                var logarithm = BehaviourDesign.Logarithm(effects, group);
                gain += 2 * tested(group).Occasions * logarithm;
                variance += 4 * tested(group).Squares(logarithm, level * (Math.Exp(logarithm) - 1));
            }

            return gain;
        }

        return Gain(static g => g.Even, static g => g.Odd) is { } first && Gain(static g => g.Odd, static g => g.Even) is { } second
            ? (first, second, Math.Sqrt(Math.Max(0, variance)))
            : null;
    }
}
