using MathNet.Numerics.Integration;

namespace Clv.Core.Models;

/// <summary>
/// A composite Gauss-Legendre rule on a stretch of <c>s = ln(1 + t / (alpha + T))</c> of any length, finer towards its beginning, where the
/// next purchases of a customer show one by one.
/// </summary>
internal static class DiscountPanels
{
    /// <summary>Nothing later than this many mean discount times counts: exp(-45) is below the last bit.</summary>
    public const double Forgotten = 45;

    private const int Order = 16;
    private const double Widest = 0.7;
    private const double Growth = 1.6;

    private static readonly GaussLegendreRule Rule = new(0, 1, Order);

    /// <summary>Nodes and weights on 0 to <paramref name="end"/>; the first panel is no wider than <paramref name="first"/>.</summary>
    public static List<(double S, double Weight)> On(double end, double first)
    {
        var nodes = new List<(double S, double Weight)>();
        var width = Math.Min(first, Widest);
        for (var start = 0.0; start < end;)
        {
            // A last panel that would leave a sliver takes it in.
            var length = end - start < 1.2 * width ? end - start : width;
            for (var i = 0; i < Order; i++)
            {
                nodes.Add((start + (length * Rule.GetAbscissa(i)), length * Rule.GetWeight(i)));
            }

            start = length == end - start ? end : start + length;
            width = Math.Min(Widest, width * Growth);
        }

        return nodes;
    }
}
