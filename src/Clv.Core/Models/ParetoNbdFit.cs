namespace Clv.Core.Models;

/// <summary>Maximum-likelihood estimation of <see cref="ParetoNbd"/>.</summary>
/// <remarks>
/// Schmittlein, Morrison and Colombo (1987), Management Science 33(1). Deterministic: the same data give the same bits on any number of
/// threads.
/// </remarks>
public static class ParetoNbdFit
{
    /// <summary>Distinct histories on which the starts are compared.</summary>
    private const int SearchGroups = 20_000;

    /// <summary>Fits the model.</summary>
    /// <param name="data">The purchase histories.</param>
    /// <param name="warmStart">Parameters to start from besides the usual starts, say last night's; null for none.</param>
    /// <param name="options">How to fit; null for the defaults.</param>
    /// <returns>A model, or a refusal with its reason; no data make it throw.</returns>
    public static ModelFit<ParetoNbd> Run(GroupedHistories data, ParetoNbd? warmStart = null, FitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new FitOptions();
        if (BuyingLevel.Refusal(data, options) is { } reason)
        {
            return MaximumLikelihood.TooLittle<ParetoNbd>(data.Customers, reason);
        }

        var level = BuyingLevel.Of(data);
        var starts = new List<double[]>
        {
            // Mixed, even and nearly equal customers, each at the observed rate, who stay for a while against their age or for longer.
            new[] { 0.4, 0.3 / level.Rate, 0.4, 0.2 * level.MeanAge },
            new[] { 1, 0.8 / level.Rate, 0.8, level.MeanAge },
            new[] { 3, 2 / level.Rate, 2, 4 * level.MeanAge },
        };
        var limits = Limits(level.Rate);
        var prior = Prior(level);
        var likelihood = new ParetoNbdLikelihood(data, FixedChunks.Threads(options));
        double[][] warm = warmStart is null ? [] : [[warmStart.R, warmStart.Alpha, warmStart.S, warmStart.Beta]];
        ModelFit<ParetoNbd> From(IMeanLogLikelihood surface, IReadOnlyList<double[]> from) =>
            MaximumLikelihood.Run(surface, limits, from, options, p => new ParetoNbd(p[0], p[1], p[2], p[3]), prior);

        if (data.GroupCount < SearchGroups * 2)
        {
            return From(likelihood, [.. warm, .. starts]);
        }

        // The starts are compared on a part of the data, and the whole only has to climb from there.
        var search = From(new ParetoNbdLikelihood(data.EveryNth(data.GroupCount / SearchGroups), FixedChunks.Threads(options)), starts);
        if (search.Parameters.Count == 0)
        {
            return From(likelihood, [.. warm, .. starts]);
        }

        var climb = From(likelihood, [[.. search.Parameters.Select(p => p.Estimate)]]);
        if (climb.Converged != search.Converged)
        {
            // What the part says of the whole is in doubt.
            return From(likelihood, [.. warm, .. starts]);
        }

        var fit = climb with { Starts = search.Starts, StartsAgreeing = search.StartsAgreeing, Iterations = search.Iterations + climb.Iterations };
        if (warmStart is null)
        {
            return fit;
        }

        var both = From(likelihood, [.. warm, [.. climb.Parameters.Select(p => p.Estimate)]]);
        return both with
        {
            Starts = fit.Starts + 1,
            StartsAgreeing = both.StartsAgreeing == 2 ? fit.StartsAgreeing + 1 : both.LogLikelihood > climb.LogLikelihood ? 1 : fit.StartsAgreeing,
            Iterations = fit.Iterations + both.Iterations,
        };
    }

    internal static ParameterPair[] Prior(BuyingLevel level) =>
        [ParameterPair.Buying(0, level.Rate), ParameterPair.DropoutRate(2, 4 * level.MeanAge)];

    internal static ParameterLimits[] Limits(double rate) =>
    [
        new("r", 0, 1e-4, 1e4, "hardly anyone buys again", "all customers seem to buy at the same rate"),
        // alpha and beta are times; against the mean time between purchases their limits are the same in every unit.
        new("alpha", 0, 1e-6 / rate, 1e6 / rate, "the purchase rates differ without bound", "all customers seem to buy at the same rate"),
        new("s", 0, 1e-4, 1e4, "almost no customer seems to drop out", "all customers seem to drop out at the same rate"),
        new("beta", 0, 1e-6 / rate, 1e6 / rate, "almost every customer seems to drop out at once or never", "almost no customer seems to drop out"),
    ];
}
