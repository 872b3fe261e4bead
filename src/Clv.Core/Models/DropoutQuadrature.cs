using static Clv.Core.Models.LogMath;

namespace Clv.Core.Models;

/// <summary>Expectations over a dropout probability p ~ Beta(a, beta).</summary>
internal static class DropoutQuadrature
{
    /// <summary>How far two steps may differ: the error of the finer one is of the order of the square.</summary>
    private const double Tolerance = 1e-8;
    private const int MostHalvings = 10;

    /// <summary>A quantity at a dropout probability p with q = 1 - p, neither of which has lost digits to the other.</summary>
    public delegate double Quantity(double p, double q);

    /// <summary>
    /// The expectation of <c>(1 - (1 + p tau)^-rho) / p</c>, what a living (M)BG/NBD customer buys in tau = t / (alpha + T), summed over
    /// several tau with weights.
    /// </summary>
    public static double Expectation(double rho, double a, double beta, (double Tau, double Weight)[] taus) =>
        Expectation(a, beta, Log1p(rho * taus[^1].Tau), (p, _) =>
        {
            var sum = 0.0;
            foreach (var (tau, weight) in taus)
            {
                sum += weight * (p < 1e-300 ? rho * tau : -Expm1(-rho * Log1p(p * tau)) / p);
            }

            return sum;
        });

    /// <summary>
    /// The trapezoid rule on the whole line after p = logistic(mode + width sinh v): both tails then fall doubly exponentially, and
    /// halving the step
    /// squares the error. The beta density is normalised by the same sum: no beta function, no overflow.
    /// </summary>
    /// <param name="a">First shape.</param>
    /// <param name="beta">Second shape.</param>
    /// <param name="growth">The quantity grows like 1 / p as p falls, but not below p = exp(-growth).</param>
    /// <param name="quantity">What is to be expected; positive.</param>
    public static double Expectation(double a, double beta, double growth, Quantity quantity)
    {
        var mode = Math.Log(a / beta);
        var width = Math.Min(Math.PI, Math.Sqrt((1 / a) + (1 / beta)));
        var peak = LogWeight(a, beta, mode);
        var low = -Math.Asinh(9 + (((40 / a) + Math.Max(0, mode + growth)) / width));
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
                if (weight > 0)
                {
                    var small = Math.Exp(-Math.Abs(y));
                    var (less, more) = (small / (1 + small), 1 / (1 + small));
                    value += weight * (y > 0 ? quantity(more, less) : quantity(less, more));
                    mass += weight;
                }
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
}
