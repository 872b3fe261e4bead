using MathNet.Numerics;
using MathNet.Numerics.Integration;

namespace Clv.Core.Tests.Models.Contracts;

/// <summary>
/// Expectations over the probability of loss by brute force: Gauss panels in ln(theta / (1 - theta)), the beta density normalised by the same
/// sum. The product code sums over ages and never integrates over theta.
/// </summary>
internal static class ContractOracle
{
    private static readonly GaussLegendreRule Rule = new(-1, 1, 12);

    public static double Survival(double alpha, double beta, double c, int from, int further) =>
        Mean(alpha, beta + Math.Pow(from, c), 1, (_, log) => Math.Exp(log * (Math.Pow(from + further, c) - Math.Pow(from, c))));

    /// <summary>The geometric series of a contract's own renewals, then the expectation; m is how many are counted.</summary>
    public static double Residual(double alpha, double beta, int from, double rate, double m)
    {
        var reach = Math.Max(rate, 1 / m);
        return Mean(alpha, beta + from, reach, (theta, logStay) =>
        {
            if (theta < 1e-200 && rate == 0)
            {
                return m;
            }

            var log = logStay - SpecialFunctions.Log1p(rate);
            var counted = double.IsInfinity(m) ? 1 : log * m < -0.5 ? 1 - Math.Exp(log * m) : -2 * Math.Exp(log * m / 2) * Math.Sinh(log * m / 2);
            return Math.Exp(logStay) * (1 + rate) * counted / (theta + rate);
        });
    }

    private static double Mean(double alpha, double beta, double reach, Func<double, double, double> value)
    {
        var mode = Math.Log(alpha / beta);
        var inner = Math.Min(mode, Math.Log(reach)) - 60;
        var widest = Math.Min(0.8, Math.Sqrt((1 / alpha) + (1 / beta)));
        var peak = (alpha * Math.Log(alpha / (alpha + beta))) + (beta * Math.Log(beta / (alpha + beta)));
        double sum = 0, mass = 0;
        // Where only the density's exponential tails are left, the panels grow.
        foreach (var (y, length) in Panels(inner, mode + 60, widest, 1)
            .Concat(Panels(inner, inner - (40 / alpha), -widest, 1.2))
            .Concat(Panels(mode + 60, mode + 60 + (40 / beta), widest, 1.2)))
        {
            var tail = SpecialFunctions.Log1p(Math.Exp(-Math.Abs(y)));
            var (log, logStay) = y > 0 ? (-tail, -y - tail) : (y - tail, -tail);
            var weight = Math.Abs(length) * Math.Exp((alpha * log) + (beta * logStay) - peak);
            mass += weight;
            sum += weight == 0 ? 0 : weight * value(Math.Exp(log), logStay);
        }

        return sum / mass;
    }

    private static IEnumerable<(double At, double Length)> Panels(double from, double to, double first, double growth)
    {
        var length = first;
        for (var start = from; Math.Abs(to - start) > 1e-9 * Math.Abs(to - from); length *= growth)
        {
            var half = Math.Abs(length) < Math.Abs(to - start) ? length / 2 : (to - start) / 2;
            for (var i = 0; i < Rule.Order; i++)
            {
                yield return (start + (half * (1 + Rule.GetAbscissa(i))), half * Rule.GetWeight(i));
            }

            start += 2 * half;
        }
    }
}
