using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Clv.Core.Models;

/// <summary>
/// How much of a horizon a living customer stays for: the lifetime left is Pareto of the second kind, with survival
/// <c>(1 + t / scale)^-s</c>.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct ParetoLifetime(double s, double scale)
{
    /// <summary>By <c>exp(-800)</c> nothing is left of any discounted value.</summary>
    private const double Farthest = 800;

    /// <summary>Expected weeks of the horizon spent alive: <c>scale (1 - (1 + horizon / scale)^(1 - s)) / (s - 1)</c>.</summary>
    public double Expected(double horizon)
    {
        var d = s - 1;
        if (double.IsPositiveInfinity(horizon))
        {
            return d > 0 ? scale / d : double.PositiveInfinity;
        }

        var length = LogMath.Log1p(horizon / scale);
        return scale * (d == 0 ? length : -LogMath.Expm1(-d * length) / d);
    }

    /// <summary>
    /// The same with every week discounted from its time to today. In <c>v = ln(1 + t / scale)</c> the integrand
    /// <c>exp((1 - s) v - rate t)</c> is entire and log-concave.
    /// </summary>
    public double Discounted(double horizon, double rate)
    {
        if (rate == 0 || horizon == 0)
        {
            return Expected(horizon);
        }

        var length = LogMath.Log1p(Math.Min(horizon, Farthest / rate) / scale);
        var (d, speed) = (1 - s, rate * scale);
        // Highest where the growth of the interval and the discount are in balance.
        var peak = Math.Clamp(d > speed ? Math.Log(d / speed) : 0, 0, length);
        var top = (d * peak) - (speed * LogMath.Expm1(peak));
        while (true)
        {
            // Newton's method on a concave function stays beyond the place it looks for.
            var excess = top - ((d * length) - (speed * LogMath.Expm1(length))) - LegendrePanels.Negligible;
            if (!(excess > 0.25 * LegendrePanels.Negligible))
            {
                break;
            }

            length -= excess / ((speed * Math.Exp(length)) - d);
        }

        var fallen = top - ((d * length) - (speed * LogMath.Expm1(length)));
        var plan = LegendrePanels.For(length, top + fallen);
        var panel = length / plan.Panels;
        var integral = 0.0;
        for (var at = 0; at < plan.Panels; at++)
        {
            for (var k = 0; k < plan.Nodes.Length; k += Vector256<double>.Count)
            {
                var v = Vector256.Create(panel) * (Vector256.Create(plan.Nodes, k) + Vector256.Create((double)at));
                var exponent = (d * v) - (speed * (Vector256.Exp(v) - Vector256<double>.One)) - Vector256.Create(top);
                integral += Vector256.Sum(Vector256.Create(plan.Weights, k) * Vector256.Exp(exponent));
            }
        }

        return scale * Math.Exp(top) * panel * integral;
    }
}
