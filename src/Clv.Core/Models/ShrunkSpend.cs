using MathNet.Numerics.Distributions;

namespace Clv.Core.Models;

/// <summary>
/// A spend model for values that spread too far, or too little, for a Gamma-Gamma: each customer's mean is drawn towards that of all, the more
/// the fewer occasions there are, and totals are lognormal.
/// </summary>
/// <remarks>
/// The fall-back where <see cref="GammaGamma"/> has no estimate: spend so uneven that it has no mean, so even that nothing varies, or too
/// few customers. <see cref="ShrunkSpendFit"/> keeps one customer's millions from becoming everybody's expectation. See
/// docs/models/shrunk-spend.md. Immutable, safe to share between threads.
/// </remarks>
public sealed record ShrunkSpend : ISpendModel
{
    private readonly LognormalMeans _means;

    /// <summary>A model at the given parameters.</summary>
    /// <param name="level">The mean value per occasion over all customers, above 0.</param>
    /// <param name="median">The value that half of the occasions of a middling customer stay below, above 0.</param>
    /// <param name="variation">Standard deviation of the logarithms of one customer's values, 0 or more.</param>
    /// <param name="spread">Standard deviation between customers of the logarithm of their values, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range, NaN or infinite.</exception>
    public ShrunkSpend(double level, double median, double variation, double spread)
    {
        Level = Guard.Positive(level);
        Median = Guard.Positive(median);
        Guard.NotNegative(variation);
        Guard.NotNegative(spread);
        Variation = variation;
        Spread = spread;
        _means = new LognormalMeans(variation * variation);
    }

    /// <summary>The mean value per occasion over all customers.</summary>
    public double Level { get; }

    /// <summary>The value that half of the occasions of a middling customer stay below.</summary>
    public double Median { get; }

    /// <summary>Standard deviation of the logarithms of one customer's values.</summary>
    public double Variation { get; }

    /// <summary>Standard deviation between customers of the logarithm of their values.</summary>
    public double Spread { get; }

    /// <summary>
    /// How many occasions of a customer's own weigh as much as the level: the variance within over that between; infinite where customers do
    /// not differ, 0 where nothing does.
    /// </summary>
    public double Strength => Variation == 0 ? 0 : Variation / Spread * (Variation / Spread);

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, double>> Parameters =>
        [new("level", Level), new("median", Median), new("variation", Variation), new("spread", Spread)];

    /// <inheritdoc/>
    public double PopulationMean => Level;

    /// <inheritdoc/>
    public double ExpectedValue(int count, double mean)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return count == 0 ? Level : Level + (count / (count + Strength) * (Guard.Positive(mean) - Level));
    }

    /// <inheritdoc/>
    /// <remarks>
    /// In logarithms everything is taken for normal: the customer's level before and after what is known of it, and the mean of several
    /// occasions about it. The median of this distribution is below <see cref="ExpectedValue"/>, far below where values spread far.
    /// </remarks>
    public double TotalProbability(int count, double mean, int occasions, double total)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(occasions, 1);
        Guard.NotNegative(total);
        var (shift, variance) = _means.Of(occasions);
        var center = Math.Log(Median);
        var uncertainty = Spread * Spread;
        if (count > 0)
        {
            var (knownShift, knownVariance) = _means.Of(count);
            var distance = Math.Log(Guard.Positive(mean)) - knownShift - center;
            var weight = knownVariance == 0 ? 1 : uncertainty / (uncertainty + knownVariance);
            center += weight * distance;
            uncertainty = weight * knownVariance;
        }

        var deviation = Math.Sqrt(variance + uncertainty);
        return deviation < 1e-6
            ? total >= occasions * ExpectedValue(count, mean) ? 1 : 0
            : Normal.CDF(center + shift, deviation, Math.Log(total / occasions));
    }
}
