using Clv.Core.Models;
using MathNet.Numerics;
using MathNet.Numerics.Integration;

namespace Clv.Core.Tests.Models;

/// <summary>
/// The expectation of a living (M)BG/NBD customer by brute force: the rate of buying at time u, <c>E over p of (r+x)/(alpha+T) (1 + p
/// u/(alpha+T))^-(r+x+1)</c>,
/// integrated over u. It shares no formula, substitution or rule with the product code, which integrates over p what is already
/// integrated over u. With a discount it is weighted with exp(-rate u).
/// </summary>
internal static class DropoutOracle
{
    private static readonly GaussLegendreRule Rule = new(-1, 1, 12);

    public static double Expected(BetaGeometricModel model, int x, double age, double horizon, double rate = 0)
    {
        var scale = model.Alpha + age;
        var rho = model.R + x;
        var dropout = DropoutNodes(model.A, model.B + x + (model is MbgNbd ? 1 : 0));
        // Equal panels in s = ln(1 + u / scale), the shape of the decline.
        var end = SpecialFunctions.Log1p(horizon / scale);
        var expected = 0.0;
        foreach (var (s, length) in Panels(0, end, end / Math.Ceiling(end / 0.7), growth: 1))
        {
            var elapsed = 2 * Math.Exp(s / 2) * Math.Sinh(s / 2);
            var buying = 0.0;
            foreach (var (p, weight) in dropout)
            {
                buying += weight * Math.Exp(-(rho + 1) * SpecialFunctions.Log1p(p * elapsed));
            }

            expected += length * rho * Math.Exp(s - (rate * scale * elapsed)) * buying;
        }

        return expected;
    }

    /// <summary>
    /// Beta weights at Gauss nodes in ln(p / (1 - p)): panels no wider than the peak near it, and growing in the far tails.
    /// </summary>
    public static (double P, double Weight)[] DropoutNodes(double a, double b)
    {
        var mode = Math.Log(a / b);
        var panel = Math.Min(0.8, Math.Sqrt((1 / a) + (1 / b)));
        var below = 60 + (40 / a);
        var above = 60 + (40 / b);
        var nodes = Panels(mode, mode - 60, -panel, 1)
            .Concat(Panels(mode - 60, mode - below, -panel, 1.2))
            .Concat(Panels(mode, mode + 60, panel, 1))
            .Concat(Panels(mode + 60, mode + above, panel, 1.2))
            .Select(node =>
            {
                var (y, length) = node;
                var tail = SpecialFunctions.Log1p(Math.Exp(-Math.Abs(y)));
                var (logP, logRest) = y > 0 ? (-tail, -y - tail) : (y - tail, -tail);
                return (P: Math.Exp(logP), Length: Math.Abs(length), Log: (a * logP) + (b * logRest));
            })
            .ToArray();
        var peak = nodes.Max(n => n.Log);
        var mass = nodes.Sum(n => n.Length * Math.Exp(n.Log - peak));
        return [.. nodes.Select(n => (n.P, n.Length * Math.Exp(n.Log - peak) / mass)).Where(n => n.Item2 > 1e-20)];
    }

    /// <summary>Gauss nodes and lengths on panels between two points, each panel so many times as long as the one before.</summary>
    public static IEnumerable<(double At, double Length)> Panels(double from, double to, double first, double growth)
    {
        var (start, length) = (from, first);
        while (Math.Abs(to - start) > 1e-9 * Math.Abs(to - from))
        {
            var half = Math.Abs(length) < Math.Abs(to - start) ? length / 2 : (to - start) / 2;
            for (var i = 0; i < Rule.Order; i++)
            {
                yield return (start + (half * (1 + Rule.GetAbscissa(i))), half * Rule.GetWeight(i));
            }

            start += 2 * half;
            length *= growth;
        }
    }
}
