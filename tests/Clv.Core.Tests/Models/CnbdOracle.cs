using Clv.Core.Models;
using MathNet.Numerics;

namespace Clv.Core.Tests.Models;

/// <summary>
/// What a customer of a CNBD-k model buys, by brute force: an integral over the rate of a stage, whose posterior is taken from the history
/// itself, of the chances that the Poisson process of stages completes one purchase after another; and over the dropout probability, of the
/// chances to stay for them. A discount is a second, competing Poisson process. It shares no formula with the product code, which integrates
/// the rate out first.
/// </summary>
internal static class CnbdOracle
{
    /// <summary>The occasions of a customer known to be alive; an infinite horizon needs a discount.</summary>
    public static double Expected(int k, BetaGeometricModel model, int x, double tx, double age, double horizon, double rate)
    {
        var dropout = DropoutOracle.DropoutNodes(model.A, model.B + x + (model is MbgCnbd ? 1 : 0));
        var stays = Stays(dropout);
        var rho = model.R + ((double)k * x);
        var rates = Rates(rho, model.Alpha + age, k);
        var peak = rates.Max(n => Log(n.Y, 0));
        var (value, mass) = (0.0, 0.0);
        foreach (var (y, length) in rates)
        {
            var lambda = Math.Exp(y);
            for (var j = 0; j < k; j++)
            {
                if (j > 0 && age == tx)
                {
                    break;
                }

                var weight = length * Math.Exp(Log(y, j) - peak);
                mass += weight;
                if (weight > 1e-18)
                {
                    value += weight * (double.IsInfinity(horizon) ? Forever(k, j, lambda, rate, dropout) : Until(k, j, lambda, rate, horizon, stays));
                }
            }
        }

        return value / mass;

        double Log(double y, int j) =>
            (rho * y) - (Math.Exp(y) * (model.Alpha + age)) + (j == 0 ? 0 : (j * (y + Math.Log(age - tx))) - SpecialFunctions.FactorialLn(j));
    }

    /// <summary>E of (1 - p)^(m - 1), as far as it is asked for.</summary>
    private static Func<int, double> Stays((double P, double Weight)[] dropout)
    {
        var known = new List<double>();
        var powers = dropout.Select(static n => n.Weight).ToArray();
        return m =>
        {
            while (known.Count < m)
            {
                known.Add(powers.Sum());
                for (var i = 0; i < powers.Length; i++)
                {
                    powers[i] *= 1 - dropout[i].P;
                }
            }

            return known[m - 1];
        };
    }

    private static (double Y, double Length)[] Rates(double rho, double scale, int k)
    {
        var mode = Math.Log((rho + ((k - 1) / 2.0)) / scale);
        var panel = Math.Min(0.5, 1 / Math.Sqrt(rho + k));
        // Beyond this a gamma of shape rho + k holds less than 1e-17.
        var high = Math.Log((rho + k + (10 * Math.Sqrt(rho + k)) + 50) / scale);
        var low = mode - (60 * panel);
        return
        [
            .. DropoutOracle.Panels(mode, high, panel, 1),
            .. DropoutOracle.Panels(mode, low, -panel, 1).Select(static n => (n.At, -n.Length)),
            .. DropoutOracle.Panels(low, low - (50 / rho), -panel, 1.2).Select(static n => (n.At, -n.Length)),
        ];
    }

    private static double Forever(int k, int j, double lambda, double rate, (double P, double Weight)[] dropout)
    {
        var first = lambda / (lambda + rate);
        var each = Math.Pow(first, k);
        // 1 - (1 - p) each, with what the rounding of each would take kept apart.
        var lost = -Expm1(-k * SpecialFunctions.Log1p(rate / lambda));
        return Math.Pow(first, k - j) * dropout.Sum(n => n.Weight / (lost + (n.P * each)));
    }

    private static double Until(int k, int j, double lambda, double rate, double horizon, Func<int, double> stays)
    {
        var mean = (lambda + rate) * horizon;
        var most = (int)(mean + (12 * Math.Sqrt(mean)) + 60);
        var least = Math.Max(1, (int)(mean - (12 * Math.Sqrt(mean)) - 60));
        var tail = 0.0;
        var value = 0.0;
        var kept = SpecialFunctions.Log1p(rate / lambda);
        for (var n = most; n >= 1; n--)
        {
            tail += n < least ? 0 : Math.Exp((n * Math.Log(mean)) - mean - SpecialFunctions.GammaLn(n + 1.0));
            if ((n + j) % k == 0 && tail > 0)
            {
                value += Math.Exp(-n * kept) * tail * stays((n + j) / k);
            }
        }

        return value;
    }

    private static double Expm1(double x) => Math.Abs(x) > 0.1 ? Math.Exp(x) - 1 : 2 * Math.Exp(x / 2) * Math.Sinh(x / 2);
}
