namespace Clv.Core.Models;

/// <summary>Maximum-likelihood estimation of <see cref="BgCnbd"/> and <see cref="MbgCnbd"/>, k included.</summary>
/// <remarks>
/// Reutterer, Platzer and Schroeder (2021), International Journal of Research in Marketing 38(1). k climbs from 1 while the likelihood
/// does. Deterministic: the same data give the same bits on any number of threads. The fit's parameters are the four that have standard
/// errors; k is the model's.
/// </remarks>
public static class CnbdFit
{
    /// <summary>The highest k that is tried, and that a model may have.</summary>
    public const int HighestK = 6;

    /// <summary>Fits the BG/CNBD-k.</summary>
    /// <param name="data">The purchase histories, with <see cref="GroupedHistories.SumLogGaps"/>.</param>
    /// <param name="warmStart">A model to start from besides the usual starts at its own k, say last night's; null for none.</param>
    /// <param name="options">How to fit; null for the defaults.</param>
    /// <returns>A model, or a refusal with its reason; no data make it throw.</returns>
    public static ModelFit<BgCnbd> RunBg(GroupedHistories data, BgCnbd? warmStart = null, FitOptions? options = null) =>
        Run(data, warmStart, options, modified: false, static (k, p) => new BgCnbd(k, p[0], p[1], p[2], p[3]));

    /// <summary>Fits the MBG/CNBD-k.</summary>
    /// <param name="data">The purchase histories, with <see cref="GroupedHistories.SumLogGaps"/>.</param>
    /// <param name="warmStart">A model to start from besides the usual starts at its own k, say last night's; null for none.</param>
    /// <param name="options">How to fit; null for the defaults.</param>
    /// <returns>A model, or a refusal with its reason; no data make it throw.</returns>
    public static ModelFit<MbgCnbd> RunMbg(GroupedHistories data, MbgCnbd? warmStart = null, FitOptions? options = null) =>
        Run(data, warmStart, options, modified: true, static (k, p) => new MbgCnbd(k, p[0], p[1], p[2], p[3]));

    private static ModelFit<TModel> Run<TModel>(
        GroupedHistories data,
        TModel? warmStart,
        FitOptions? options,
        bool modified,
        Func<int, double[], TModel> create)
        where TModel : BetaGeometricModel
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new FitOptions();
        if (BuyingLevel.Refusal(data, options) is { } reason)
        {
            return MaximumLikelihood.TooLittle<TModel>(data.Customers, reason);
        }

        if (data.SumLogGaps is not { } gaps)
        {
            return MaximumLikelihood.TooLittle<TModel>(
                data.Customers,
                "The times between the purchases of a customer are not known, and without them nothing tells how regular they are.");
        }

        var best = At(1, null);
        var evaluations = best.Iterations;
        for (var k = 2; k <= HighestK && best.LogLikelihood is { } reached; k++)
        {
            var next = At(k, best.Parameters);
            evaluations += next.Iterations;
            if (!(next.LogLikelihood > reached))
            {
                break;
            }

            best = next;
        }

        return best with { Iterations = evaluations };

        ModelFit<TModel> At(int k, IReadOnlyList<FittedParameter>? before)
        {
            var rate = k * BuyingLevel.Of(data).Rate;
            var starts = BetaGeometricFit.Starts(rate);
            if (before is not null)
            {
                // A stage is the shorter the more of them there are.
                starts.Insert(0, [.. before.Select(static p => p.Estimate)]);
                starts[0][1] *= (k - 1.0) / k;
            }

            if (warmStart?.Stages == k)
            {
                starts.Insert(0, [warmStart.R, warmStart.Alpha, warmStart.A, warmStart.B]);
            }

            var fit = MaximumLikelihood.Run(
                k == 1
                    ? new BetaGeometricLikelihood(data, modified, FixedChunks.Threads(options))
                    : new CnbdLikelihood(data, k, modified, FixedChunks.Threads(options)),
                BetaGeometricFit.Limits(rate),
                starts,
                options,
                p => create(k, p),
                BetaGeometricFit.Prior(rate));
            // The part of the likelihood that k alone decides.
            return fit with
            {
                LogLikelihood = fit.LogLikelihood + ((k - 1) * gaps) - (data.RepeatOccasions * MathNet.Numerics.SpecialFunctions.FactorialLn(k - 1)),
            };
        }
    }
}
