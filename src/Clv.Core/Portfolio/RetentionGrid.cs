using System.Collections.Immutable;
using Clv.Core.Valuation;

namespace Clv.Core.Portfolio;

/// <summary>
/// The changes of retention at which the future value is summed, as multiples of the retention a year; between them it is interpolated.
/// </summary>
internal static class RetentionGrid
{
    private static readonly double[] Percents = [-90, -75, -60, -50, -40, -30, -20, -15, -10, -5, 0, 5, 10, 15, 20, 30, 40, 50, 75, 100];

    /// <summary>How many changes.</summary>
    public static int Size => Percents.Length;

    /// <summary>The place of no change.</summary>
    public static int None { get; } = Array.IndexOf(Percents, 0);

    /// <summary>What each change adds to the logarithm of the retention a week.</summary>
    public static ImmutableArray<double> WeeklyLog { get; } =
        [.. Percents.Select(percent => Math.Log(1 + (percent / 100)) / ValuationTerms.WeeksPerYear)];

    /// <summary>The value at a change, from those on the grid.</summary>
    /// <param name="values">The values on the grid.</param>
    /// <param name="percent">The change, -90 to 100.</param>
    public static double Interpolate(ImmutableArray<Int128> values, double percent)
    {
        var at = Array.BinarySearch(Percents, percent);
        if (at >= 0)
        {
            return (double)values[at];
        }

        var right = ~at;
        var share = (percent - Percents[right - 1]) / (Percents[right] - Percents[right - 1]);
        return ((1 - share) * (double)values[right - 1]) + (share * (double)values[right]);
    }
}
