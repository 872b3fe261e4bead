using System.Runtime.CompilerServices;

namespace Clv.Core.Models;

/// <summary>Argument checks that the models share. Each comparison is written so that NaN fails it.</summary>
internal static class Guard
{
    public static double Positive(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value > 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, "Must be a finite number above zero.");

    public static void NotNegative(double value, [CallerArgumentExpression(nameof(value))] string? name = null)
    {
        if (!(value >= 0 && double.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(name, value, "Must be a finite number, zero or more.");
        }
    }

    public static void History(int x, double tx, double T)
    {
        if (x < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(x), x, "Repeat occasions must be zero or more.");
        }

        if (!(T >= 0 && double.IsFinite(T)))
        {
            throw new ArgumentOutOfRangeException(nameof(T), T, "The age must be a finite number of weeks, zero or more.");
        }

        if (!(tx >= 0 && tx <= T) || (x == 0 && tx != 0))
        {
            throw new ArgumentOutOfRangeException(nameof(tx), tx, "The last occasion must lie between the first one and the end of the observation, "
                + "and on the first one where there is no other.");
        }
    }
}
