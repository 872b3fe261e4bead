namespace Clv.Core.Models;

/// <summary>
/// Two parameters of one mixing distribution, as a mean and a concentration: what a prior can be weak about in any unit of time.
/// </summary>
/// <param name="First">Place of the gamma's shape, or of the beta's first shape.</param>
/// <param name="IsBeta">Whether it is a beta distribution: mean a/(a+b), concentration a+b; else a gamma: mean shape/rate, concentration shape.</param>
/// <param name="LogMean">Centre of the logarithm of the mean; of the odds, for a beta.</param>
/// <param name="LogConcentration">Centre of the logarithm of the concentration.</param>
internal sealed record ParameterPair(int First, bool IsBeta, double LogMean, double LogConcentration)
{
    /// <summary>
    /// Standard deviation of both about their centres: a factor of 4.5 either way is ordinary, one of 20 is two standard deviations.
    /// </summary>
    private const double Spread = 1.5;

    /// <summary>Purchase rates: about the observed one, as different between customers as an exponential distribution makes them.</summary>
    public static ParameterPair Buying(int first, double rate) => new(first, IsBeta: false, Math.Log(rate), 0);

    /// <summary>Dropout after an occasion: with a chance of about a fifth, spread over most of the interval.</summary>
    public static ParameterPair DropoutShare(int first) => new(first, IsBeta: true, Math.Log(0.25), Math.Log(2));

    /// <summary>Dropout over time: about after a lifetime, in the unit of time of the data.</summary>
    public static ParameterPair DropoutRate(int first, double lifetime) => new(first, IsBeta: false, -Math.Log(lifetime), 0);

    /// <summary>Adds the logarithm of the prior density, but for a constant, and its derivatives, times a weight.</summary>
    /// <returns>The weighted logarithm.</returns>
    public double Add(double weight, ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        var (i, j, n) = (First, First + 1, parameters.Length);
        var (first, second) = (parameters[i], parameters[j]);
        var scale = weight / (Spread * Spread);
        var mean = Math.Log(first / second) - LogMean;
        gradient[i] -= scale * mean / first;
        gradient[j] += scale * mean / second;
        hessian[(n * i) + i] -= scale * (1 - mean) / (first * first);
        hessian[(n * i) + j] += scale / (first * second);
        hessian[(n * j) + j] -= scale * (1 + mean) / (second * second);

        var total = IsBeta ? first + second : first;
        var concentration = Math.Log(total) - LogConcentration;
        var curvature = scale * (1 - concentration) / (total * total);
        gradient[i] -= scale * concentration / total;
        hessian[(n * i) + i] -= curvature;
        if (IsBeta)
        {
            gradient[j] -= scale * concentration / total;
            hessian[(n * i) + j] -= curvature;
            hessian[(n * j) + j] -= curvature;
        }

        return -0.5 * scale * ((mean * mean) + (concentration * concentration));
    }
}
