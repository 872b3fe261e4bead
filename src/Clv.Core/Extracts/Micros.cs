namespace Clv.Core.Extracts;

/// <summary>Exact arithmetic of a row's amounts in millionths.</summary>
internal static class Micros
{
    /// <summary>Divides, rounding half to even.</summary>
    /// <param name="value">The dividend, below 2^126 in size.</param>
    /// <param name="divisor">The divisor, from 1 to below 2^126.</param>
    /// <param name="micros">The quotient; 0 on failure.</param>
    /// <returns>False when the quotient is no row's amount: it does not fit 64 bits and their sign.</returns>
    public static bool TryDivide(Int128 value, Int128 divisor, out long micros)
    {
        var (whole, rest) = Int128.DivRem(value, divisor);
        var twice = Int128.Abs(rest) * 2;
        if (twice > divisor || (twice == divisor && Int128.IsOddInteger(whole)))
        {
            whole += Int128.Sign(rest);
        }

        var fits = whole <= long.MaxValue && whole >= -long.MaxValue;
        micros = fits ? (long)whole : 0;
        return fits;
    }
}
