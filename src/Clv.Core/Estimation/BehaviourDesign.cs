using Clv.Core.Valuation;
using MathNet.Numerics.LinearAlgebra;

namespace Clv.Core.Estimation;

/// <summary>
/// The regression of held-out customers' occasions on some measures: a common level, the measures, and for each measure that not everybody has
/// whether it is known, so that who answered a question does not pass for what they answered.
/// </summary>
internal sealed class BehaviourDesign
{
    /// <summary>What part of a column's variation must be its own, or it cannot be told from the others.</summary>
    private const double LeastOwn = 1e-6;

    private readonly IReadOnlyList<BehaviourGroup> _groups;
    private readonly IReadOnlyList<BehaviourScale> _scales;
    private readonly List<double[]> _rows;

    private BehaviourDesign(IReadOnlyList<BehaviourGroup> groups, IReadOnlyList<BehaviourScale> scales, List<double[]> rows)
    {
        _groups = groups;
        _scales = scales;
        _rows = rows;
    }

    /// <summary>A design of those measures that can be told apart.</summary>
    /// <param name="groups">The customers.</param>
    /// <param name="scales">The measures.</param>
    /// <returns>The design, and the measures that say the same as others before them.</returns>
    public static (BehaviourDesign Design, IReadOnlyList<BehaviourScale> Same) Of(
        IReadOnlyList<BehaviourGroup> groups, IReadOnlyList<BehaviourScale> scales)
    {
        List<BehaviourScale> partial = [.. scales.Where(static s => !s.IsKnownOfAll)];
        double[] Row(BehaviourGroup group) =>
        [
            1,
            .. scales.Select(s => s.Unit.Of(Measure(group, s))),
            .. partial.Select(s => Measure(group, s) is null ? 0.0 : 1.0),
        ];
        List<double[]> rows = [.. groups.Select(Row)];
        var kept = Independent(rows, groups);
        List<BehaviourScale> used = [.. scales.Where((_, i) => kept.Contains(i + 1))];
        return (
            new BehaviourDesign(groups, used, rows.ConvertAll(row => kept.ConvertAll(column => row[column]).ToArray())),
            [.. scales.Except(used)]);
    }

    /// <summary>Estimates the measures' coefficients.</summary>
    /// <param name="part">The customers of a group that are looked at.</param>
    public OccasionRegression.Fit Fit(Func<BehaviourGroup, OccasionSums> part)
    {
        var fit = OccasionRegression.Run(_rows, [.. _groups.Select(part)]);
        return new(fit.Coefficients[1..(_scales.Count + 1)], fit.Errors?[1..(_scales.Count + 1)]);
    }

    /// <summary>The effects of estimated coefficients, with the level that leaves the total of some customers' expectations where it is.</summary>
    /// <param name="fit">The coefficients and errors.</param>
    /// <param name="part">The customers of a group that are looked at.</param>
    public BehaviourEffects Effects(OccasionRegression.Fit fit, Func<BehaviourGroup, OccasionSums> part)
    {
        List<BehaviourEffect> effects =
            [.. _scales.Select((s, i) => s.Unit with { Coefficient = fit.Coefficients[i], StandardError = fit.Errors![i] })];
        double before = 0, after = 0;
        foreach (var group in _groups)
        {
            var expected = part(group).Expected;
            before += expected;
            after += expected * Math.Exp(Logarithm(new BehaviourEffects(0, effects), group));
        }

        return new BehaviourEffects(Math.Log(before / after), effects);
    }

    /// <summary>The logarithm of what effects multiply the expected occasions of a group's customers by.</summary>
    public static double Logarithm(BehaviourEffects effects, BehaviourGroup group)
    {
        var sum = effects.Level;
        foreach (var effect in effects.Effects)
        {
            sum += effect.Of(group.Measures[(int)effect.Measure]);
        }

        return sum;
    }

    private static double? Measure(BehaviourGroup group, BehaviourScale scale) => group.Measures[(int)scale.Unit.Measure];

    private static List<int> Independent(List<double[]> rows, IReadOnlyList<BehaviourGroup> groups)
    {
        var products = OccasionRegression.Products(rows, g => groups[g].All.Expected);
        List<int> kept = [0];
        for (var column = 1; column < products.ColumnCount; column++)
        {
            var variation = products[column, column] - (products[column, 0] * products[column, 0] / products[0, 0]);
            var among = Matrix<double>.Build.Dense(kept.Count, kept.Count, (i, j) => products[kept[i], kept[j]]);
            var with = Vector<double>.Build.Dense(kept.Count, i => products[kept[i], column]);
            if (variation > 1e-12 * products[column, column]
                && products[column, column] - with.DotProduct(among.Solve(with)) > LeastOwn * variation)
            {
                kept.Add(column);
            }
        }

        return kept;
    }
}
