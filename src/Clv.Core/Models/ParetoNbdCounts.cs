using System.Runtime.InteropServices;
using MathNet.Numerics.Integration;

namespace Clv.Core.Models;

/// <summary>
/// The number of occasions of a living customer whose buying rate is gamma(rho, a) and whose dropout rate, independently, is gamma(s, b):
/// either the customer stays through the horizon, or leaves at some u within it; the occasions up to then are negative binomial.
/// </summary>
/// <remarks>
/// The time of leaving is integrated in ln u, where the negative binomial in u is log-concave and its singularities are pi away. Panels
/// are as wide as its narrowest peak there allows, and one plain panel covers the short times on which nothing has changed yet.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly struct ParetoNbdCounts(double rho, double a, double s, double b)
{
    private const int Order = 16;
    private const double WidestPanel = 1.5;
    private const double PanelInPeaks = 2.5;

    // Below this the running probability would soon be lost to underflow; it is carried as a logarithm until it is above.
    private const double LeastLogarithm = -600;

    private static readonly GaussLegendreRule Rule = new(0, 1, Order);

    /// <summary>Fills the probabilities of 0, 1, 2 ... occasions within a finite horizon.</summary>
    public void Fill(double horizon, Span<double> probabilities)
    {
        probabilities.Clear();
        var ratios = new double[probabilities.Length];
        for (var n = 0; n < ratios.Length; n++)
        {
            ratios[n] = (rho + n) / (n + 1);
        }

        Add(Math.Exp(-s * LogMath.Log1p(horizon / b)), horizon, ratios, probabilities);
        var most = rho + probabilities.Length;
        var start = Math.Min(horizon, 0.5 * Math.Min(a / most, b / (s + 1)));
        if (start == 0)
        {
            return;
        }

        for (var k = 0; k < Order; k++)
        {
            Leave(Rule.GetWeight(k) * start, start * Rule.GetAbscissa(k), ratios, probabilities);
        }

        var (q, end) = (Math.Log(start), Math.Log(horizon));
        while (q < end)
        {
            // The steepest curvature of any of the logarithms, with respect to ln u, is most z (1 - z), z = u / (a + u). It is
            // largest within the panel at z = 1/2, if that is inside.
            var z = Share(q);
            var width = Math.Min(WidestPanel, PanelInPeaks / Math.Sqrt(most * z * (1 - z)));
            var ahead = Share(q + width);
            var bend = (z < 0.5) == (ahead < 0.5) ? Math.Max(z * (1 - z), ahead * (1 - ahead)) : 0.25;
            width = Math.Min(end - q, Math.Min(width, PanelInPeaks / Math.Sqrt(most * bend)));
            for (var k = 0; k < Order; k++)
            {
                var u = Math.Exp(q + (width * Rule.GetAbscissa(k)));
                Leave(Rule.GetWeight(k) * width * u, u, ratios, probabilities);
            }

            var next = q + width;
            if (next == q)
            {
                return;
            }

            q = next;
        }
    }

    private double Share(double logTime) => 1 / (1 + (a * Math.Exp(-logTime)));

    /// <summary>Those who leave within so long around u.</summary>
    private void Leave(double length, double u, double[] ratios, Span<double> probabilities) =>
        Add(length * (s / b) * Math.Exp(-(s + 1) * LogMath.Log1p(u / b)), u, ratios, probabilities);

    /// <summary>Adds a share of customers who are there for a time.</summary>
    private void Add(double share, double time, double[] ratios, Span<double> probabilities)
    {
        var tau = time / a;
        var z = tau / (1 + tau);
        var log = -rho * LogMath.Log1p(tau);
        var n = 0;
        if (log < LeastLogarithm)
        {
            var logZ = Math.Log(z);
            for (; n < ratios.Length && log < LeastLogarithm; n++)
            {
                log += logZ + Math.Log(ratios[n]);
            }
        }

        // Past their peak the probabilities fall for good.
        var probability = share * Math.Exp(log);
        for (; n < ratios.Length && probability > 0; n++)
        {
            probabilities[n] += probability;
            probability *= z * ratios[n];
        }
    }
}
