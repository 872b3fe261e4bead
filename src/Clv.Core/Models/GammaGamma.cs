using MathNet.Numerics.Distributions;
using static MathNet.Numerics.SpecialFunctions;

namespace Clv.Core.Models;

/// <summary>
/// The Gamma-Gamma model of spend: a customer's values per occasion are gamma with shape p and a rate that is itself gamma-distributed over
/// customers, independent of how often they buy.
/// </summary>
/// <remarks>
/// Fader and Hardie (2013), "The Gamma-Gamma Model of Monetary Value" (note 025 on brucehardie.com). Formulas as computed here:
/// docs/models/gamma-gamma.md. Immutable, safe to share between threads. Amounts are in one currency, whichever v was estimated in.
/// </remarks>
public sealed record GammaGamma : ISpendModel
{
    /// <summary>The smallest shapes that Paulson's approximation is used for.</summary>
    private const double LeastShape = 3;

    /// <summary>A model at the given parameters.</summary>
    /// <param name="p">Shape of the values of one customer, above 0.</param>
    /// <param name="q">Shape of the rate over customers, above 1: at 1 and below the mean spend of the population is infinite.</param>
    /// <param name="v">Rate parameter of the rate over customers, in currency, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range, NaN or infinite.</exception>
    public GammaGamma(double p, double q, double v)
    {
        P = Guard.Positive(p);
        Q = q > 1 && double.IsFinite(q) ? q : throw new ArgumentOutOfRangeException(nameof(q), q, "Must be a finite number above one.");
        V = Guard.Positive(v);
    }

    /// <summary>Shape of the values of one customer.</summary>
    public double P { get; }

    /// <summary>Shape of the rate over customers, above 1.</summary>
    public double Q { get; }

    /// <summary>Rate parameter of the rate over customers, in currency.</summary>
    public double V { get; }

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, double>> Parameters => [new("p", P), new("q", Q), new("v", V)];

    /// <summary>The mean value per occasion over all customers, <c>p v / (q - 1)</c>.</summary>
    public double PopulationMean => P * (V / (Q - 1));

    /// <summary>The natural logarithm of the density of a customer's mean value, given the number of occasions.</summary>
    /// <param name="count">Occasions that the mean is over, 1 or more.</param>
    /// <param name="mean">Mean net value per occasion, a finite amount above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public double LogLikelihood(int count, double mean)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Guard.Positive(mean);
        var shape = P * count;
        var odds = Math.Log(count) + Math.Log(mean) - Math.Log(V);
        // ln of total / (v + total) and of v / (v + total), neither of which may cancel or overflow.
        var share = -LogMath.Softplus(-odds);
        var rest = -LogMath.Softplus(odds);
        return GammaLn(shape + Q) - GammaLn(shape) - GammaLn(Q) + (shape * share) + (Q * rest) - Math.Log(mean);
    }

    /// <summary>
    /// The mean value per occasion to expect of a customer: the observed mean drawn towards the population's, the more the fewer occasions
    /// there are.
    /// </summary>
    /// <param name="count">Occasions observed, 0 or more; at 0 the result is <see cref="PopulationMean"/> and <paramref name="mean"/> is
    /// ignored.</param>
    /// <param name="mean">Mean net value per occasion, a finite amount above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public double ExpectedValue(int count, double mean)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count == 0)
        {
            return PopulationMean;
        }

        Guard.Positive(mean);
        var weight = P * count / ((P * count) + Q - 1);
        return ((1 - weight) * PopulationMean) + (weight * mean);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The customer's rate is gamma(q + p count, v + count mean), so the total over the sum of it and that scale is
    /// beta(p occasions, q + p count). Where both shapes are 3 or more, Paulson's normal approximation of that distribution is within .0022
    /// of it (measured; worst where one of them is 3 and the other very large) and far quicker than the incomplete beta function (Paulson
    /// 1942, Annals of Mathematical Statistics 13).
    /// </remarks>
    public double TotalProbability(int count, double mean, int occasions, double total)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(occasions, 1);
        Guard.NotNegative(total);
        var scale = count == 0 ? V : V + (count * Guard.Positive(mean));
        if (total == 0)
        {
            return 0;
        }

        var (first, second) = (P * occasions, Q + (P * count));
        if (first < LeastShape || second < LeastShape)
        {
            return BetaRegularized(first, second, 1 / (1 + (scale / total)));
        }

        // The cube root of a gamma variable is nearly normal, and the ratio of two such is compared by the difference of the roots.
        var (one, two) = (1 / (9 * first), 1 / (9 * second));
        var root = Math.Cbrt(total / scale * (second / first));
        return Normal.CDF(0, 1, (((1 - two) * root) - (1 - one)) / Math.Sqrt((two * root * root) + one));
    }
}
