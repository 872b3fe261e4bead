using static Clv.Core.Models.LogMath;

namespace Clv.Core.Models;

/// <summary>
/// The expectation over p ~ Beta(a, beta) of <c>(1 - (1 + p tau)^-rho) / p</c>: what a living BG/NBD customer buys in tau = t / (alpha +
/// T).
/// </summary>
internal static class DropoutQuadrature
{
    /// <summary>How far two steps may differ: the error of the finer one is of the order of the square.</summary>
    private const double Tolerance = 1e-8;
    private const int MostHalvings = 10;

    /// <summary>
    /// The trapezoid rule on the whole line after p = logistic(mode + width sinh v): both tails then fall doubly exponentially, and
    /// halving the step
    /// squares the error. The beta density is normalised by the same sum: no beta function, no overflow.
    /// </summary>
    public static double Expectation(double rho, double a, double beta, double tau)
    {
        var mode = Math.Log(a / beta);
        var width = Math.Min(Math.PI, Math.Sqrt((1 / a) + (1 / beta)));
        var peak = LogWeight(a, beta, mode);
        var low = -Math.Asinh(9 + (40 / (a * width)));
        var high = Math.Asinh(9 + (40 / (beta * width)));

        var value = 0.0;
        var mass = 0.0;
        var result = 0.0;
        var step = 0.5;
        for (var halving = 0; halving <= MostHalvings; halving++)
        {
            // Every halving adds the points between those already summed.
            var stride = halving == 0 ? step : 2 * step;
            var offset = halving == 0 ? 0 : step;
            var from = Math.Ceiling((low - offset) / stride);
            for (var v = offset + (from * stride); v <= high; v += stride)
            {
                var y = mode + (width * Math.Sinh(v));
                var weight = Math.Cosh(v) * Math.Exp(LogWeight(a, beta, y) - peak);
                value += weight * Occasions(rho, tau, y);
                mass += weight;
            }

            var refined = value / mass;
            if (halving > 1 && Math.Abs(refined - result) <= Tolerance * refined)
            {
                return refined;
            }

            result = refined;
            step /= 2;
        }

        return result;
    }

    /// <summary>ln of the beta kernel in y = logit p: <c>a ln p + beta ln(1 - p)</c>, the Jacobian included.</summary>
    private static double LogWeight(double a, double beta, double y)
    {
        var tail = Log1p(Math.Exp(-Math.Abs(y)));
        return y > 0 ? (-a * tail) - (beta * (y + tail)) : (a * (y - tail)) - (beta * tail);
    }

    private static double Occasions(double rho, double tau, double y)
    {
        var p = MathNet.Numerics.SpecialFunctions.Logistic(y);
        return p < 1e-300 ? rho * tau : -Expm1(-rho * Log1p(p * tau)) / p;
    }
}
