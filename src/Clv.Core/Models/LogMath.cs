using MathNet.Numerics;

namespace Clv.Core.Models;

internal static class LogMath
{
    /// <summary>ln(1 + exp(u)) without overflow.</summary>
    public static double Softplus(double u) => Math.Max(u, 0) + SpecialFunctions.Log1p(Math.Exp(-Math.Abs(u)));

    /// <summary>
    /// The second derivative of ln gamma, for x above 0: recurrence up to 12, then the asymptotic series, whose next term is below 1e-17 there.
    /// </summary>
    public static double Trigamma(double x)
    {
        var sum = 0.0;
        for (; x < 12; x++)
        {
            sum += 1 / (x * x);
        }

        var w = 1 / (x * x);
        var series = w * ((1.0 / 6) - (w * ((1.0 / 30) - (w * ((1.0 / 42) - (w * ((1.0 / 30) - (w * ((5.0 / 66) - (w * ((691.0 / 2730) - (w * 7 / 6))))))))))));
        return sum + ((1 + (0.5 / x) + series) / x);
    }
}
