using System.Buffers;
using System.Globalization;
using System.Text;

namespace Clv.Core.Extracts;

/// <summary>
/// How amounts are written: 1234.56 by default, 1.234,56 with a decimal comma. A group separator is only understood when the decimal
/// separator was stated, because a guess would read 12,50 as 1250. A trailing minus (as SAP writes it) and an exponent are understood.
/// </summary>
public sealed class AmountFormat
{
    private const int FractionDigits = 6;

    private static readonly SearchValues<byte> Characters = SearchValues.Create("0123456789+-.,eE"u8);

    private readonly byte _decimal;
    private readonly byte _group;

    private AmountFormat(char decimalSeparator, char groupSeparator)
    {
        _decimal = (byte)decimalSeparator;
        _group = (byte)groupSeparator;
    }

    /// <summary>A decimal point and no group separator: what is assumed of a file without a mapping.</summary>
    public static AmountFormat Plain { get; } = new('.', '\0');

    /// <summary>A decimal point and commas between groups of three digits.</summary>
    public static AmountFormat Point { get; } = new('.', ',');

    /// <summary>A decimal comma and points between groups of three digits.</summary>
    public static AmountFormat Comma { get; } = new(',', '.');

    /// <summary>Reads an amount.</summary>
    /// <param name="text">UTF-8, surrounding blanks allowed.</param>
    /// <param name="micros">The amount in millionths, rounded half to even where there are more than six decimals; 0 on failure.</param>
    /// <param name="reason">Why it failed: empty, not a number, or out of range.</param>
    public bool TryParse(ReadOnlySpan<byte> text, out long micros, out QuarantineReason reason)
    {
        micros = 0;
        reason = QuarantineReason.NotANumber;
        text = text.Trim(" \t"u8);
        if (text.IsEmpty)
        {
            reason = QuarantineReason.Empty;
            return false;
        }

        return TryParseShort(text, out micros) || TryParseAny(text, out micros, out reason);
    }

    /// <summary>Reads a number with all its decimals.</summary>
    /// <param name="text">UTF-8, surrounding blanks allowed.</param>
    /// <param name="value">The number, exact up to 28 digits; 0 on failure.</param>
    /// <param name="reason">Why it failed: empty, not a number, or out of a decimal's range.</param>
    public bool TryParseDecimal(ReadOnlySpan<byte> text, out decimal value, out QuarantineReason reason)
    {
        value = 0;
        reason = QuarantineReason.NotANumber;
        text = text.Trim(" \t"u8);
        if (text.IsEmpty)
        {
            reason = QuarantineReason.Empty;
            return false;
        }

        // Neither NaN and Infinity nor the trailing NULs that number parsers pass over.
        if (text.Length > 100 || text.ContainsAnyExcept(Characters) || !TryMakePlain(Encoding.ASCII.GetString(text), out var number))
        {
            return false;
        }

        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (decimal.TryParse(number, Style, CultureInfo.InvariantCulture, out value))
        {
            return true;
        }

        // A double takes any exponent: what it can read and a decimal cannot is a number out of range.
        if (double.TryParse(number, Style, CultureInfo.InvariantCulture, out _))
        {
            reason = QuarantineReason.OutOfRange;
        }

        return false;
    }

    // Up to 12 digits before and six after the separator, no groups, no exponent: nearly every cell there is.
    private bool TryParseShort(ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        var negative = text[0] == (byte)'-';
        var i = negative ? 1 : 0;
        var start = i;
        long whole = 0;
        for (; i < text.Length && (uint)(text[i] - '0') <= 9; i++)
        {
            whole = (whole * 10) + (text[i] - '0');
            if (i - start >= 12)
            {
                return false;
            }
        }

        if (i == start)
        {
            return false;
        }

        long fraction = 0;
        var digits = 0;
        if (i < text.Length)
        {
            if (text[i++] != _decimal || i == text.Length)
            {
                return false;
            }

            for (; i < text.Length; i++, digits++)
            {
                if ((uint)(text[i] - '0') > 9 || digits == FractionDigits)
                {
                    return false;
                }

                fraction = (fraction * 10) + (text[i] - '0');
            }
        }

        for (; digits < FractionDigits; digits++)
        {
            fraction *= 10;
        }

        var value = (whole * Money.Scale) + fraction;
        micros = negative ? -value : value;
        return true;
    }

    private bool TryParseAny(ReadOnlySpan<byte> text, out long micros, out QuarantineReason reason)
    {
        micros = 0;
        if (!TryParseDecimal(text, out var value, out reason))
        {
            return false;
        }

        if (Math.Abs(value) > long.MaxValue / Money.Scale)
        {
            reason = QuarantineReason.OutOfRange;
            return false;
        }

        micros = (long)decimal.Round(value * Money.Scale, 0, MidpointRounding.ToEven);
        return true;
    }

    // As invariant culture writes it: the sign in front, no groups, a decimal point.
    private bool TryMakePlain(string number, out string plain)
    {
        plain = number[^1] == '-' && number[0] is not ('-' or '+') ? "-" + number[..^1] : number;
        if (_group != 0 && !TryRemoveGroups(plain, out plain))
        {
            return false;
        }

        if (_decimal != (byte)',')
        {
            return true;
        }

        if (plain.Contains('.', StringComparison.Ordinal))
        {
            return false;
        }

        plain = plain.Replace(',', '.');
        return true;
    }

    // 1.234.567,89 but not 1.23,4: after the first group separator every group has three digits.
    private bool TryRemoveGroups(string number, out string plain)
    {
        plain = number;
        var group = (char)_group;
        if (!number.Contains(group, StringComparison.Ordinal))
        {
            return true;
        }

        var end = number.IndexOf((char)_decimal, StringComparison.Ordinal);
        var whole = (end < 0 ? number : number[..end]).TrimStart('-', '+');
        var groups = whole.Split(group);
        if (groups[0].Length is 0 or > 3 || groups.Skip(1).Any(static g => g.Length != 3 || !g.All(char.IsAsciiDigit))
            || (end >= 0 && number.AsSpan(end).Contains(group)))
        {
            return false;
        }

        plain = number.Replace(group.ToString(), "", StringComparison.Ordinal);
        return true;
    }
}
