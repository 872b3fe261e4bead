namespace Clv.Core.Models;

/// <summary>
/// Elementary functions that keep their digits where the plain ones lose them. (MathNet 5.0's Expm1 is wrong in the seventh digit at .07,
/// and .NET's
/// ExpM1 and LogP1 are the plain formulas.)
/// </summary>
internal static class LogMath
{
    /// <summary>exp(x) - 1 to a few units in the last place: Kahan's quotient, in which the rounding of exp(x) cancels.</summary>
    public static double Expm1(double x)
    {
        if (Math.Abs(x) > 0.7)
        {
            return Math.Exp(x) - 1;
        }

        var u = Math.Exp(x);
        return u == 1 ? x : (u - 1) * (x / Math.Log(u));
    }

    /// <summary>ln(1 + x) to a few units in the last place, by the same device.</summary>
    public static double Log1p(double x)
    {
        var u = 1 + x;
        return u == 1 ? x : double.IsInfinity(u) ? u : Math.Log(u) * (x / (u - 1));
    }

    /// <summary>ln(1 + exp(u)) without overflow.</summary>
    public static double Softplus(double u) => Math.Max(u, 0) + Log1p(Math.Exp(-Math.Abs(u)));

    /// <summary>
    /// The second derivative of ln gamma, for x above 0: recurrence up to 12, then the asymptotic series, whose next term is below 1e-17
    /// there.
    /// </summary>
    public static double Trigamma(double x)
    {
        var sum = 0.0;
        for (; x < 12; x++)
        {
            sum += 1 / (x * x);
        }

        var w = 1 / (x * x);
        var series = w
            * ((1.0 / 6) - (w * ((1.0 / 30) - (w * ((1.0 / 42) - (w * ((1.0 / 30) - (w * ((5.0 / 66) - (w * ((691.0 / 2730) - (w * 7 / 6))))))))))));
        return sum + ((1 + (0.5 / x) + series) / x);
    }
}
