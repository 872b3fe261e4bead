using static MathNet.Numerics.SpecialFunctions;

namespace Clv.Core.Models;

/// <summary>The number of events of a Poisson process whose rate is gamma-distributed.</summary>
internal static class NegativeBinomial
{
    /// <summary>
    /// Fills the probabilities of 0, 1, 2 ... events and those of at least so many, for a shape rho and odds tau = t / (alpha + T).
    /// </summary>
    /// <remarks>The tails are added up from their far end, where one incomplete beta function starts them, so that nothing cancels.</remarks>
    public static void Fill(double rho, double tau, Span<double> exactly, Span<double> atLeast)
    {
        // ln z and ln(1 - z) of z = tau / (1 + tau).
        var rest = -LogMath.Log1p(tau);
        var share = tau > 0 ? Math.Log(tau) + rest : double.NegativeInfinity;
        var log = rho * rest;
        for (var n = 0; n < exactly.Length; n++)
        {
            exactly[n] = Math.Exp(log);
            log += share + Math.Log((rho + n) / (n + 1));
        }

        var tail = tau > 0 ? BetaRegularized(exactly.Length, rho, tau / (1 + tau)) : 0;
        for (var n = exactly.Length - 1; n >= 0; n--)
        {
            tail += exactly[n];
            atLeast[n] = Math.Min(1, tail);
        }
    }
}
