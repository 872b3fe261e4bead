namespace Clv.Core.Models;

/// <summary>Maximum-likelihood estimation of <see cref="BgNbd"/>.</summary>
/// <remarks>Fader, Hardie and Lee (2005), Marketing Science 24(2). Deterministic: the same data give the same bits on any number of
/// threads.</remarks>
public static class BgNbdFit
{
    /// <summary>Fits the model.</summary>
    /// <param name="data">The purchase histories.</param>
    /// <param name="warmStart">Parameters to start from besides the usual starts, say last night's; null for none.</param>
    /// <param name="options">How to fit; null for the defaults.</param>
    /// <returns>A model, or a refusal with its reason; no data make it throw.</returns>
    public static ModelFit<BgNbd> Run(GroupedHistories data, BgNbd? warmStart = null, FitOptions? options = null) =>
        BetaGeometricFit.Run(data, warmStart, options, modified: false, static p => new BgNbd(p[0], p[1], p[2], p[3]));
}
