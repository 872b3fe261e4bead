using Clv.Core.Models;
using MathNet.Numerics;
using MathNet.Numerics.Integration;

namespace Clv.Core.Tests.Models;

/// <summary>
/// The Pareto/NBD integrals by brute force over time itself, on panels that double in length from a tiny first one: no substitution,
/// truncation, closed form or adaptive order of the product code. And, for moderate parameters, the likelihood from its story: the
/// expectation over every buying and dropout rate.
/// </summary>
internal static class LifetimeOracle
{
    private static readonly GaussLegendreRule Rule = new(-1, 1, 20);

    /// <summary>The odds of having left: seen from the last occasion, in units of the density there, so that nothing overflows.</summary>
    public static double LogOdds(ParetoNbd model, int x, double tx, double age)
    {
        var rho = model.R + x;
        var (a, b) = (model.Alpha + tx, model.Beta + tx);
        var first = 0.1 / ((rho / a) + ((model.S + 1) / b) + (1 / a) + (1 / b));
        var integral = Integral(age - tx, first, u => Math.Exp((-rho * Log1p(u / a)) - ((model.S + 1) * Log1p(u / b))));
        return Math.Log(model.S / b * integral) + (rho * Log1p((age - tx) / a)) + (model.S * Log1p((age - tx) / b));
    }

    public static double ProbabilityAlive(ParetoNbd model, int x, double tx, double age) => 1 / (1 + Math.Exp(LogOdds(model, x, tx, age)));

    public static double DiscountedIfAlive(ParetoNbd model, int x, double age, double horizon, double rate)
    {
        var scale = model.Beta + age;
        var first = 0.01 / (rate + ((1 + model.S) / scale));
        var end = rate > 0 ? Math.Min(horizon, 200 / rate) : horizon;
        return (model.R + x) / (model.Alpha + age)
            * Integral(end, first, t => Math.Exp((-rate * t) - (model.S * Log1p(t / scale))));
    }

    /// <summary>The probability of so many occasions of a living customer.</summary>
    public static double ProbabilityIfAlive(ParetoNbd model, int x, double age, double horizon, int n)
    {
        var (rho, a, b) = (model.R + x, model.Alpha + age, model.Beta + age);
        var choose = SpecialFunctions.GammaLn(rho + n) - SpecialFunctions.GammaLn(rho) - SpecialFunctions.GammaLn(n + 1);
        double Occasions(double u) => Math.Exp(choose - (rho * Log1p(u / a)) + (n == 0 ? 0 : n * (Math.Log(u) - Math.Log(a + u))));
        const int panels = 4000;
        var left = 0.0;
        for (var i = 0; i < panels; i++)
        {
            // Panels of equal length in the square root of time.
            var (from, to) = (horizon * Square(i / (double)panels), horizon * Square((i + 1) / (double)panels));
            left += Panel(from, to, u => model.S / b * Math.Exp(-(model.S + 1) * Log1p(u / b)) * Occasions(u));
        }

        return left + (Math.Exp(-model.S * Log1p(horizon / b)) * Occasions(horizon));
    }

    /// <summary>
    /// ln of the expectation over lambda and mu of <c>lambda^x (mu exp(-(lambda+mu) tx) + lambda exp(-(lambda+mu) T)) / (lambda + mu)</c>,
    /// by the trapezoid rule in both logarithms.
    /// </summary>
    public static double LogLikelihoodOfTheStory(ParetoNbd model, int x, double tx, double age)
    {
        const double step = 0.02;
        var total = 0.0;
        for (var i = -1500; i < 500; i++)
        {
            var lambda = model.R / model.Alpha * Math.Exp(step * i);
            var buying = Gamma(model.R, model.Alpha, lambda) + (x * Math.Log(lambda));
            for (var j = -1500; j < 500; j++)
            {
                var mu = model.S / model.Beta * Math.Exp(step * j);
                var sum = lambda + mu;
                var history = ((mu * Math.Exp(-sum * tx)) + (lambda * Math.Exp(-sum * age))) / sum;
                total += Math.Exp(buying + Gamma(model.S, model.Beta, mu)) * history;
            }
        }

        return Math.Log(total * step * step);
    }

    /// <summary>ln of the gamma density of a rate in the logarithm of the rate.</summary>
    private static double Gamma(double shape, double scale, double rate) =>
        (shape * Math.Log(scale * rate)) - (scale * rate) - SpecialFunctions.GammaLn(shape);

    private static double Log1p(double value) => SpecialFunctions.Log1p(value);

    private static double Square(double value) => value * value;

    private static double Integral(double end, double first, Func<double, double> f)
    {
        var (from, length, sum) = (0.0, first, 0.0);
        while (from < end)
        {
            var to = Math.Min(end, from + length);
            sum += Panel(from, (from + to) / 2, f) + Panel((from + to) / 2, to, f);
            from = to;
            length = from;
        }

        return sum;
    }

    private static double Panel(double from, double to, Func<double, double> f)
    {
        var sum = 0.0;
        for (var k = 0; k < Rule.Order; k++)
        {
            sum += Rule.GetWeight(k) * f(from + ((to - from) / 2 * (1 + Rule.GetAbscissa(k))));
        }

        return (to - from) / 2 * sum;
    }
}
