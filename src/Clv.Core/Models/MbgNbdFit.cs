namespace Clv.Core.Models;

/// <summary>Maximum-likelihood estimation of <see cref="MbgNbd"/>.</summary>
/// <remarks>Batislam, Denizel and Filiztekin (2007), International Journal of Research in Marketing 24(3). Deterministic: the same data give the same bits on any number of
/// threads.</remarks>
public static class MbgNbdFit
{
    /// <summary>Fits the model.</summary>
    /// <param name="data">The purchase histories.</param>
    /// <param name="warmStart">Parameters to start from besides the usual starts, say last night's; null for none.</param>
    /// <param name="options">How to fit; null for the defaults.</param>
    /// <returns>A model, or a refusal with its reason; no data make it throw.</returns>
    public static ModelFit<MbgNbd> Run(GroupedHistories data, MbgNbd? warmStart = null, FitOptions? options = null) =>
        BetaGeometricFit.Run(data, warmStart, options, modified: true, static p => new MbgNbd(p[0], p[1], p[2], p[3]));
}
