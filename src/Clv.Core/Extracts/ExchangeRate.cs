namespace Clv.Core.Extracts;

/// <summary>
/// What one unit of a currency is worth in the reporting currency: amount x rate = reporting amount. Above 0, at most 1,000,000,000, and exact
/// to 18 significant digits, so that a conversion is exact to the millionth.
/// </summary>
public readonly record struct ExchangeRate
{
    private const decimal Largest = 1_000_000_000m;
    private const decimal MantissaBound = 1_000_000_000_000_000_000m;

    private static readonly Int128[] PowersOfTen = [.. Powers()];

    private readonly long _mantissa;
    private readonly int _scale;

    private ExchangeRate(long mantissa, int scale) => (_mantissa, _scale) = (mantissa, scale);

    /// <summary>The reporting currency's own rate.</summary>
    public static ExchangeRate One { get; } = new(1, 0);

    /// <summary>The rate as a number, without trailing zeros.</summary>
    public decimal Value => new((int)_mantissa, (int)(_mantissa >> 32), 0, isNegative: false, (byte)_scale);

    /// <summary>Makes a rate of a number.</summary>
    /// <param name="value">The number; digits beyond the 18th that counts are rounded half to even.</param>
    /// <param name="rate">The rate; the default on failure.</param>
    /// <returns>False when the number is not above 0, or above 1,000,000,000.</returns>
    public static bool TryCreate(decimal value, out ExchangeRate rate)
    {
        rate = default;
        if (value is <= 0 or > Largest)
        {
            return false;
        }

        Span<int> bits = stackalloc int[4];
        _ = decimal.GetBits(value, bits);
        var (mantissa, scale) = (new decimal(bits[0], bits[1], bits[2], isNegative: false, 0), (int)value.Scale);
        var excess = 1m;
        for (; mantissa / excess >= MantissaBound; scale--)
        {
            excess *= 10;
        }

        mantissa = decimal.Round(mantissa / excess, 0, MidpointRounding.ToEven);
        for (; scale > 0 && mantissa % 10 == 0; scale--)
        {
            mantissa /= 10;
        }

        rate = new ExchangeRate((long)mantissa, scale);
        return true;
    }

    /// <summary>Converts an amount.</summary>
    /// <param name="micros">The amount in millionths.</param>
    /// <param name="converted">The amount in millionths of the reporting currency, rounded half to even; 0 on failure.</param>
    /// <returns>False when the result is too large for a row's amount.</returns>
    public bool TryConvert(long micros, out long converted) =>
        Micros.TryDivide((Int128)micros * _mantissa, PowersOfTen[_scale], out converted);

    private static IEnumerable<Int128> Powers()
    {
        for (var (i, power) = (0, Int128.One); i <= 28; i++, power *= 10)
        {
            yield return power;
        }
    }
}
