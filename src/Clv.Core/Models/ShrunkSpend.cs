using static MathNet.Numerics.SpecialFunctions;

namespace Clv.Core.Models;

/// <summary>
/// A spend model without a distribution over customers: each customer's mean is drawn towards the median customer's, the more the fewer
/// occasions there are.
/// </summary>
/// <remarks>
/// The fall-back where <see cref="GammaGamma"/> has no estimate: spend so uneven that it has no mean, so even that nothing varies, or too
/// few customers. No outlier moves the median, so one customer's millions do not become everybody's expectation. See
/// docs/models/shrunk-spend.md.
/// </remarks>
public sealed record ShrunkSpend : ISpendModel
{
    /// <summary>A model at the given parameters.</summary>
    /// <param name="level">The median customer's mean value per occasion, above 0.</param>
    /// <param name="strength">How many occasions of a customer's own weigh as much as the level, 0 or more.</param>
    /// <param name="variation">Coefficient of variation of one customer's values, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range, NaN or infinite.</exception>
    public ShrunkSpend(double level, double strength, double variation)
    {
        Level = Guard.Positive(level);
        Guard.NotNegative(strength);
        Guard.NotNegative(variation);
        Strength = strength;
        Variation = variation;
    }

    /// <summary>The median customer's mean value per occasion.</summary>
    public double Level { get; }

    /// <summary>How many occasions of a customer's own weigh as much as the level.</summary>
    public double Strength { get; }

    /// <summary>Coefficient of variation of one customer's values.</summary>
    public double Variation { get; }

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, double>> Parameters =>
        [new("level", Level), new("strength", Strength), new("variation", Variation)];

    /// <inheritdoc/>
    public double PopulationMean => Level;

    /// <inheritdoc/>
    public double ExpectedValue(int count, double mean)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count == 0)
        {
            return Level;
        }

        Guard.Positive(mean);
        var weight = count / (count + Strength);
        return ((1 - weight) * Level) + (weight * mean);
    }

    /// <inheritdoc/>
    /// <remarks>A gamma distribution with the variance of the occasions and of the customer's own level.</remarks>
    public double TotalProbability(int count, double mean, int occasions, double total)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(occasions, 1);
        Guard.NotNegative(total);
        var expected = ExpectedValue(count, mean);
        var squared = Variation * Variation;
        var variance = squared * ((1.0 / occasions) + (1 / Math.Max(1, count + Strength)));
        return variance < 1e-12
            ? total >= occasions * expected ? 1 : 0
            : GammaLowerRegularized(1 / variance, total / (occasions * expected * variance));
    }
}
