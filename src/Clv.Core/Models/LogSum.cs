using System.Runtime.InteropServices;

namespace Clv.Core.Models;

/// <summary>
/// A sum of logarithms in fixed point, with 64 bits behind the point: whole numbers add up to the same in any order, to the last bit.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct LogSum
{
    /// <summary>No sum of one customer's logarithms comes near this: two million gaps of e^709 weeks.</summary>
    private const double Largest = 1e10;
    private const double One = 18446744073709551616.0;

    private Int128 _sum;

    /// <summary>What was added, rounded once.</summary>
    public readonly double Value => (double)_sum / One;

    /// <exception cref="ArgumentOutOfRangeException">The sum is NaN, infinite or beyond any customer.</exception>
    public static void Check(double? logGaps)
    {
        if (logGaps is { } sum && !(Math.Abs(sum) <= Largest))
        {
            throw new ArgumentOutOfRangeException(nameof(logGaps), sum, "The sum of the logarithms of gaps must be a finite number.");
        }
    }

    /// <summary>Adds a number so many times.</summary>
    public void Add(double number, long count) => _sum += (Int128)(number * One) * count;
}
