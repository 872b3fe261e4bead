using static Clv.Core.Models.LogMath;

namespace Clv.Core.Models;

/// <summary>
/// The discounted occasions of a living customer over an unlimited horizon. Given the rate lambda of a stage and the dropout probability p, a
/// stage discounts by <c>kappa = lambda / (lambda + rate)</c> on average, so that with j stages passed the purchases to come are worth
/// <c>kappa^(k-j) / (1 - (1-p) kappa^k)</c>. What is left is an integral over both.
/// </summary>
internal static class ResidualQuadrature
{
    /// <param name="rho">Shape of the rate before the silence.</param>
    /// <param name="chance">The probability of each number of stages passed.</param>
    /// <param name="a">First shape of the dropout probability.</param>
    /// <param name="beta">Second shape.</param>
    /// <param name="discount">Discount rate times (alpha + T).</param>
    public static double Expected(double rho, ReadOnlySpan<double> chance, double a, double beta, double discount)
    {
        // Rates below the range of a double would send the integrals down without end.
        discount = Math.Max(discount, 1e-300);
        var k = chance.Length;
        var nodes = new List<(double Lost, double Kept, double Weight)>();
        for (var j = 0; j < k; j++)
        {
            if (chance[j] > 0)
            {
                AddRates(rho + j, k, k - j, chance[j], discount, nodes);
            }
        }

        var rates = nodes.ToArray();
        return DropoutQuadrature.Expectation(a, beta, Log1p(rho / discount), (p, _) =>
        {
            var sum = 0.0;
            foreach (var (lost, kept, weight) in rates)
            {
                sum += weight / (lost + (p * kept));
            }

            return sum;
        });
    }

    /// <summary>
    /// The trapezoid rule in y = ln(lambda (alpha + T)), whose density falls doubly exponentially on the right and like exp(rho y) on the left.
    /// </summary>
    private static void AddRates(double rho, int k, int left, double chance, double discount, List<(double Lost, double Kept, double Weight)> nodes)
    {
        var step = Math.Min(0.25, 0.5 / Math.Sqrt(rho));
        var mode = Math.Log(rho);
        var high = Math.Log(rho + (10 * Math.Sqrt(rho)) + 50);
        // Only the mass reaches further left: what is bought falls with the rate as well.
        var low = Math.Max(mode - Math.Max(40 / rho, 14 / Math.Sqrt(rho)), Math.Min(mode, Math.Log(discount)) - (40 / (rho + 1)) - (14 / Math.Sqrt(rho)));
        var first = nodes.Count;
        var mass = 0.0;
        for (var y = low; y <= high; y += step)
        {
            var weight = Math.Exp((rho * (y - mode)) - (rho * Expm1(y - mode)));
            mass += weight;
            // ln kappa.
            var log = -Log1p(discount * Math.Exp(-y));
            nodes.Add((-Expm1(k * log), Math.Exp(k * log), weight * chance * Math.Exp(left * log)));
        }

        if (rho < 2)
        {
            // The tail that was left out is too long to sum, and a small gamma function knows the mass to the last digits.
            mass = Math.Exp(MathNet.Numerics.SpecialFunctions.GammaLn(rho) + rho - (rho * mode)) / step;
        }

        for (var i = first; i < nodes.Count; i++)
        {
            nodes[i] = nodes[i] with { Weight = nodes[i].Weight / mass };
        }
    }
}
