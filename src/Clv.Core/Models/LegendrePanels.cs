using System.Runtime.InteropServices;
using MathNet.Numerics.Integration;

namespace Clv.Core.Models;

/// <summary>
/// Gauss-Legendre rules for the exponential of a concave function that is analytic up to pi from the real axis: as many nodes as its length
/// and its fall need.
/// </summary>
internal static class LegendrePanels
{
    /// <summary>The fall, in natural logarithms, below which the rest of an integral is lost in rounding.</summary>
    public const double Negligible = 38;

    /// <summary>Every order fills whole vectors of four.</summary>
    private static readonly int[] Orders = [4, 8, 12, 16, 20, 24, 28, 32];
    private static readonly (double[] Nodes, double[] Weights)[] Rules = Array.ConvertAll(Orders, Rule);

    /// <summary>Equal panels of one order.</summary>
    /// <param name="length">The length of the interval, finite.</param>
    /// <param name="fall">How far the logarithm of the integrand rises and falls within it.</param>
    public static Plan For(double length, double fall)
    {
        var panels = 1;
        var needed = Needed(length, fall);
        while (needed > Orders[^1] && panels < 4096)
        {
            panels *= 2;
            // A concave function falls most in its last panel; counting every panel's fall twice covers that.
            needed = Needed(length / panels, 2 * fall / panels);
        }

        var at = 0;
        while (at < Orders.Length - 1 && Orders[at] < needed)
        {
            at++;
        }

        return new Plan(panels, Rules[at].Nodes, Rules[at].Weights);
    }

    /// <summary>
    /// Nodes for a relative error below 1e-11, measured (1e-15 as a rule). An ellipse around the interval that stays clear of the singularities gives the first
    /// term, the size of the integrand on it the second.
    /// </summary>
    private static double Needed(double length, double fall)
    {
        var ratio = 2 * Math.PI / length;
        return 1 + (14 / Math.Log(ratio + Math.Sqrt(1 + (ratio * ratio)))) + (2.5 * Math.Sqrt(fall));
    }

    private static (double[] Nodes, double[] Weights) Rule(int order)
    {
        var rule = new GaussLegendreRule(0, 1, order);
        return ((double[])rule.Abscissas.Clone(), (double[])rule.Weights.Clone());
    }

    /// <summary>So many panels of equal length, each with these nodes and weights on [0, 1].</summary>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Plan(int Panels, double[] Nodes, double[] Weights);
}
