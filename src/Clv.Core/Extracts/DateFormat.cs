using System.Globalization;
using System.Text;

namespace Clv.Core.Extracts;

/// <summary>
/// How dates are written, and which calendar day they mean. Without stated formats, ISO (yyyy-MM-dd, yyyyMMdd, with or without a time
/// and an offset) and German (dd.MM.yyyy, with or without a time) are understood; both are unambiguous. A time with an offset or Z is
/// moved to the business time zone before its day is taken; a time without one is taken to be in it already. Years 1900 to 9998.
/// </summary>
public sealed class DateFormat
{
    /// <summary>The longest format, and the longest text that is looked at by a stated one.</summary>
    public const int MaxLength = 64;

    private const DateTimeStyles Style = DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.AdjustToUniversal;

    private readonly string[] _formats;
    private readonly TimeZoneInfo _zone;

    /// <summary>Creates a format.</summary>
    /// <param name="formats">.NET custom date formats tried in order, or empty for ISO and German.</param>
    /// <param name="businessZone">The time zone whose calendar days count.</param>
    /// <exception cref="ArgumentException">A format is broken, or does not name a day, a month and a year.</exception>
    public DateFormat(IReadOnlyList<string> formats, TimeZoneInfo businessZone)
    {
        _formats = formats.All(NamesDay) ? [.. formats] : throw new ArgumentException("Not a date format.", nameof(formats));
        _zone = businessZone;
    }

    /// <summary>ISO and German dates, days in UTC.</summary>
    public static DateFormat Default { get; } = new([], TimeZoneInfo.Utc);

    /// <summary>Reads a date.</summary>
    /// <param name="text">UTF-8, surrounding blanks allowed.</param>
    /// <param name="day">The day as in <see cref="DateOnly.DayNumber"/>; 0 on failure.</param>
    /// <param name="reason">Why it failed: empty, or not a date.</param>
    public bool TryParse(ReadOnlySpan<byte> text, out int day, out QuarantineReason reason)
    {
        day = 0;
        reason = QuarantineReason.NotADate;
        text = text.Trim(" \t"u8);
        if (text.IsEmpty)
        {
            reason = QuarantineReason.Empty;
            return false;
        }

        return _formats.Length > 0 ? TryParseStated(text, out day) : TryParseKnown(text, out day);
    }

    private bool TryParseKnown(ReadOnlySpan<byte> text, out int day)
    {
        day = 0;
        int length;
        if (text.Length >= 10 && text[4] == (byte)'-' && text[7] == (byte)'-')
        {
            length = 10;
            if (!TryDay(Digits(text[..4]), Digits(text[5..7]), Digits(text[8..10]), out day))
            {
                return false;
            }
        }
        else if (text.Length == 8 && Digits(text) is var compact and >= 0)
        {
            return TryDay(compact / 10_000, compact / 100 % 100, compact % 100, out day);
        }
        else if (!TryGerman(text, out length, out day))
        {
            return false;
        }

        return length == text.Length || TryTime(text[length..], ref day);
    }

    private static bool TryGerman(ReadOnlySpan<byte> text, out int length, out int day)
    {
        day = 0;
        length = 0;
        var first = text.IndexOf((byte)'.');
        if (first is < 1 or > 2)
        {
            return false;
        }

        var second = text[(first + 1)..].IndexOf((byte)'.');
        length = first + second + 6;
        return second is 1 or 2 && text.Length >= length
            && TryDay(Digits(text[(length - 4)..length]), Digits(text.Slice(first + 1, second)), Digits(text[..first]), out day);
    }

    // " 23:59", "T23:59:59.123", "T23:59:59Z", " 23:59:59 UTC", "T23:59:59+02:00" or " +0200".
    private bool TryTime(ReadOnlySpan<byte> text, ref int day)
    {
        if (text[0] is not ((byte)'T' or (byte)'t' or (byte)' '))
        {
            return false;
        }

        text = text[1..].Trim((byte)' ');
        var zoneAt = text.EndsWith("UTC"u8) ? text.Length - 3 : text.IndexOfAny("Zz+-"u8);
        var clock = (zoneAt < 0 ? text : text[..zoneAt]).TrimEnd((byte)' ');
        if (clock.Length > 8 && clock[8] is (byte)'.' or (byte)',')
        {
            if (clock[9..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
            {
                return false;
            }

            clock = clock[..8];
        }

        int hour, minute, second = 0;
        if (clock.Length is not (5 or 8) || clock[2] != (byte)':'
            || (hour = Digits(clock[..2])) is < 0 or > 23 || (minute = Digits(clock[3..5])) is < 0 or > 59
            || (clock.Length == 8 && (clock[5] != (byte)':' || (second = Digits(clock[6..8])) is < 0 or > 60)))
        {
            return false;
        }

        if (zoneAt < 0)
        {
            return true;
        }

        var offset = TimeSpan.Zero;
        var zone = text[zoneAt..];
        if (zone[0] is (byte)'+' or (byte)'-')
        {
            var hours = zone.Length >= 3 ? Digits(zone[1..3]) : -1;
            var minutes = zone.Length switch
            {
                3 => 0,
                5 => Digits(zone[3..5]),
                6 when zone[3] == (byte)':' => Digits(zone[4..6]),
                _ => -1,
            };
            if (hours is < 0 or > 14 || minutes is < 0 or > 59)
            {
                return false;
            }

            offset = new TimeSpan(hours, minutes, 0) * (zone[0] == (byte)'-' ? -1 : 1);
        }
        else if (zone.Length > 1 && zone[0] != (byte)'U')
        {
            return false;
        }

        // A leap second belongs to the day that it ends.
        second = Math.Min(second, 59);
        var utc = DateOnly.FromDayNumber(day).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc)
            + new TimeSpan(hour, minute, second) - offset;
        day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(utc, _zone)).DayNumber;
        return true;
    }

    private bool TryParseStated(ReadOnlySpan<byte> text, out int day)
    {
        day = 0;
        if (text.Length > MaxLength)
        {
            return false;
        }

        Span<char> chars = stackalloc char[MaxLength];
        if (!Encoding.UTF8.TryGetChars(text, chars, out var written))
        {
            return false;
        }

        foreach (var format in _formats)
        {
            if (DateTime.TryParseExact(chars[..written], format, CultureInfo.InvariantCulture, Style, out var time))
            {
                // A text with an offset gives a UTC time; the formats u and R and a quoted Z mean UTC without saying so.
                var isUtc = time.Kind == DateTimeKind.Utc || format is "u" or "R" or "r"
                    || format.EndsWith("'Z'", StringComparison.Ordinal);
                time = isUtc ? TimeZoneInfo.ConvertTimeFromUtc(time, _zone) : time;
                day = time.Year is >= 1900 and <= 9998 ? DateOnly.FromDateTime(time).DayNumber : 0;
                return day > 0;
            }
        }

        return false;
    }

    // What the format writes, it reads again as the same day: dd.mm.yyyy, which means minutes, does not.
    private static bool NamesDay(string format)
    {
        var noon = new DateTime(2001, 2, 3, 12, 0, 0, DateTimeKind.Utc);
        try
        {
            var text = noon.ToString(format, CultureInfo.InvariantCulture);
            return DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, Style, out var read) && read.Date == noon.Date;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool TryDay(int year, int month, int dayOfMonth, out int day)
    {
        day = 0;
        if (year is < 1900 or > 9998 || month is < 1 or > 12 || dayOfMonth < 1 || dayOfMonth > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        day = new DateOnly(year, month, dayOfMonth).DayNumber;
        return true;
    }

    private static int Digits(ReadOnlySpan<byte> text)
    {
        var value = 0;
        foreach (var c in text)
        {
            var digit = c - '0';
            if ((uint)digit > 9)
            {
                return -1;
            }

            value = (value * 10) + digit;
        }

        return value;
    }
}
