namespace Clv.Core.Models;

/// <summary>Maximum-likelihood estimation of <see cref="GammaGamma"/>.</summary>
/// <remarks>
/// Fader and Hardie (2013), "The Gamma-Gamma Model of Monetary Value". q is searched as ln(q - 1), so that the population mean of every
/// candidate is
/// finite; data that want q at or below 1 are refused. Deterministic: the same data give the same bits on any number of threads.
/// </remarks>
public static class GammaGammaFit
{
    /// <summary>Fits the model.</summary>
    /// <param name="data">Mean values per occasion.</param>
    /// <param name="warmStart">Parameters to start from besides the usual starts, say last night's; null for none.</param>
    /// <param name="options">How to fit; null for the defaults.</param>
    /// <returns>A model, or a refusal with its reason; no data make it throw.</returns>
    public static ModelFit<GammaGamma> Run(GroupedSpend data, GammaGamma? warmStart = null, FitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new FitOptions();
        if (data.Customers < Math.Max(1, options.MinimumRepeaters))
        {
            return MaximumLikelihood.TooLittle<GammaGamma>(
                data.Customers,
                $"{data.Customers} customers have a mean value; at least {Math.Max(1, options.MinimumRepeaters)} are needed.");
        }

        var likelihood = new GammaGammaLikelihood(data, FixedChunks.Threads(options));
        var scale = likelihood.GeometricMean;
        var starts = new List<double[]>
        {
            // Spread within customers, spread between them, and little of either, each around the observed level.
            new[] { 1, 4, 3 * scale },
            new[] { 6, 3, scale / 3 },
            new[] { 20, 20, scale },
        };
        if (warmStart is not null)
        {
            starts.Insert(0, [warmStart.P, warmStart.Q, warmStart.V]);
        }

        return MaximumLikelihood.Run(likelihood, Limits(scale), starts, options, p => new GammaGamma(p[0], p[1], p[2]));
    }

    private static ParameterLimits[] Limits(double scale) =>
    [
        new("p", 0, 1e-3, 1e4, "the values of one customer differ without bound", "the values of one customer hardly differ"),
        new("q", 1, 1e-4, 1e4, "the spend between customers differs so much that it has no mean", "the spend of all customers has the same level"),
        new("v", 0, scale * 1e-6, scale * 1e6, "the spend near zero dominates", "the spend of all customers has the same level"),
    ];
}
