namespace Clv.Core.Models.Contracts;

/// <summary>The logarithm of a ratio of gamma functions whose arguments are a fixed distance apart, and its derivative.</summary>
internal static class GammaRatio
{
    /// <summary>From here on five terms of Stirling's series leave less than 1e-16.</summary>
    private const double Large = 16;

    /// <summary>
    /// <c>ln Gamma(z + a) - ln Gamma(z)</c> for z and a above 0. Two logarithms of gamma functions would leave nothing of the digits of their
    /// difference where z is large.
    /// </summary>
    public static double Log(double z, double a)
    {
        var shift = 1.0;
        for (; z < Large; z++)
        {
            shift *= z / (z + a);
        }

        var end = z + a;
        return Math.Log(shift)
            + ((z - 0.5) * LogMath.Log1p(a / z))
            + (a * (Math.Log(end) - 1))
            + (Series(end) - Series(z));
    }

    /// <summary><c>digamma(z + a) - digamma(z)</c> for z and a above 0, likewise.</summary>
    public static double Slope(double z, double a)
    {
        var sum = 0.0;
        for (; z < Large; z++)
        {
            sum += a / (z * (z + a));
        }

        var end = z + a;
        return sum + LogMath.Log1p(a / z) + (a / (2 * z * end)) - (SlopeSeries(end) - SlopeSeries(z));
    }

    private static double SlopeSeries(double z)
    {
        var w = 1 / (z * z);
        return w * ((1.0 / 12) - (w * ((1.0 / 120) - (w * ((1.0 / 252) - (w * ((1.0 / 240) - (w / 132))))))));
    }

    private static double Series(double z)
    {
        var w = 1 / (z * z);
        return ((1.0 / 12) - (w * ((1.0 / 360) - (w * ((1.0 / 1260) - (w * ((1.0 / 1680) - (w / 1188)))))))) / z;
    }
}
