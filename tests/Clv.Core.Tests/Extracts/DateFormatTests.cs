using System.Globalization;
using System.Text;
using Clv.Core.Extracts;

namespace Clv.Core.Tests.Extracts;

public class DateFormatTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly DateFormat InBerlin = new([], Berlin);

    [Theory]
    [InlineData("2024-02-29")]
    [InlineData("20240229")]
    [InlineData("29.02.2024")]
    [InlineData("29.2.2024")]
    [InlineData(" 2024-02-29\t")]
    [InlineData("2024-02-29T23:59")]
    [InlineData("2024-02-29 23:59:59")]
    [InlineData("2024-02-29T23:59:59.1234567")]
    [InlineData("2024-02-29 00:00:00,123")]
    [InlineData("29.02.2024 23:59:60")]
    public void TryParse_EveryKnownForm_GivesTheDay(string text)
    {
        Assert.Equal(new DateOnly(2024, 2, 29), Day(DateFormat.Default, text));
        Assert.Equal(new DateOnly(2024, 2, 29), Day(InBerlin, text));
    }

    [Theory]
    [InlineData("2023-12-31T23:30:00Z", "2024-01-01")]
    [InlineData("2023-12-31T22:59:59z", "2023-12-31")]
    [InlineData("2023-12-31 23:30 +00:00", "2024-01-01")]
    [InlineData("2023-12-31 23:30:00 UTC", "2024-01-01")]
    [InlineData("2024-01-01 00:30:00+0200", "2023-12-31")]
    [InlineData("2024-01-01T00:30:00+01", "2024-01-01")]
    [InlineData("01.01.2024 20:00 -05:30", "2024-01-02")]
    [InlineData("2024-06-30T21:59:59Z", "2024-06-30")]
    [InlineData("2024-06-30T22:00:00Z", "2024-07-01")]
    [InlineData("2024-03-31T00:59:59Z", "2024-03-31")]
    [InlineData("2024-10-26T22:00:00Z", "2024-10-27")]
    [InlineData("2024-10-27T23:00:00Z", "2024-10-28")]
    [InlineData("2016-12-31T22:59:60Z", "2016-12-31")]
    public void TryParse_TimeWithAnOffset_IsADayOfTheBusinessZone(string text, string day) =>
        Assert.Equal(DateOnly.Parse(day, CultureInfo.InvariantCulture), Day(InBerlin, text));

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void TryParse_Blank_IsEmpty(string text) => Assert.Equal(QuarantineReason.Empty, Reason(DateFormat.Default, text));

    [Theory]
    [InlineData("2023-02-29")]
    [InlineData("1900-02-29")]
    [InlineData("2024-13-01")]
    [InlineData("2024-00-10")]
    [InlineData("2024-01-00")]
    [InlineData("2024-1-1")]
    [InlineData("1899-12-31")]
    [InlineData("9999-12-31")]
    [InlineData("99991231")]
    [InlineData("31.04.2024")]
    [InlineData("1.1.24")]
    [InlineData("1..2024")]
    [InlineData("..")]
    [InlineData(".1.2024")]
    [InlineData("01/02/2024")]
    [InlineData("2024-01-01T")]
    [InlineData("2024-01-01T24:00")]
    [InlineData("2024-01-01T12:60")]
    [InlineData("2024-01-01T12")]
    [InlineData("2024-01-01 12:00:00 PM")]
    [InlineData("2024-01-01T12:00:00Zulu")]
    [InlineData("2024-01-01T12:00:00+15:00")]
    [InlineData("2024-01-01T12:00:00+1")]
    [InlineData("2024-01-01T12:00:00+02:00x")]
    [InlineData("2024-01-01TUTC")]
    [InlineData("2024-01-01UTC")]
    [InlineData("2024-01-01x")]
    [InlineData("20240101T12:00")]
    [InlineData("45292")]
    [InlineData("gestern")]
    [InlineData("2024‑01‑01")]
    public void TryParse_Nonsense_IsNotADate(string text) => Assert.Equal(QuarantineReason.NotADate, Reason(InBerlin, text));

    [Fact]
    public void TryParse_EveryDay_IsReadInEveryForm()
    {
        string[] forms = ["yyyy-MM-dd", "yyyyMMdd", "dd.MM.yyyy", "d.M.yyyy", "yyyy-MM-dd'T'12:34:56"];
        var first = new DateOnly(1900, 1, 1).DayNumber;
        var last = new DateOnly(9998, 12, 31).DayNumber;
        for (var day = first; day <= last; day++)
        {
            // All days of the years anyone has, and a sample of the others that meets every weekday, month and leap year.
            if (day > first + 60_000 && day % 11 != 0 && day < last - 400)
            {
                continue;
            }

            foreach (var form in forms)
            {
                var text = Encoding.ASCII.GetBytes(DateOnly.FromDayNumber(day).ToDateTime(default).ToString(form, CultureInfo.InvariantCulture));
                if (!DateFormat.Default.TryParse(text, out var read, out _) || read != day)
                {
                    Assert.Fail($"{Encoding.ASCII.GetString(text)} was read as {DateOnly.FromDayNumber(read)}.");
                }
            }
        }
    }

    [Theory]
    [InlineData("MM/dd/yyyy", "02/03/2024", "2024-02-03")]
    [InlineData("d.M.yy", "3.2.24", "2024-02-03")]
    [InlineData("dd-MMM-yyyy", "03-Feb-2024", "2024-02-03")]
    [InlineData("yyyy-MM-ddTHH:mm:ssK", "2024-02-03T23:30:00", "2024-02-03")]
    [InlineData("yyyy-MM-ddTHH:mm:ssK", "2024-02-03T23:30:00Z", "2024-02-04")]
    [InlineData("yyyy-MM-ddTHH:mm:ssZ", "2024-02-03T23:30:00Z", "2024-02-04")]
    [InlineData("yyyy-MM-dd'T'HH:mm:ss'Z'", "2024-02-03T23:30:00Z", "2024-02-04")]
    [InlineData("yyyy-MM-dd HH:mm zzz", "2024-02-04 00:30 +03:00", "2024-02-03")]
    [InlineData("u", "2024-02-03 23:30:00Z", "2024-02-04")]
    [InlineData("'zum' dd.MM.yyyy HH:mm", "zum 03.02.2024 23:30", "2024-02-03")]
    public void TryParse_StatedFormat_GivesTheBusinessDay(string format, string text, string day) =>
        Assert.Equal(DateOnly.Parse(day, CultureInfo.InvariantCulture), Day(new DateFormat([format], Berlin), text));

    [Fact]
    public void TryParse_SeveralStatedFormats_TakesTheFirstThatFits()
    {
        var format = new DateFormat(["dd/MM/yyyy", "MM/dd/yyyy"], TimeZoneInfo.Utc);

        Assert.Equal(new DateOnly(2024, 2, 1), Day(format, "01/02/2024"));
        Assert.Equal(new DateOnly(2024, 1, 31), Day(format, "01/31/2024"));
        Assert.Equal(QuarantineReason.NotADate, Reason(format, "2024-01-31"));
        Assert.Equal(QuarantineReason.NotADate, Reason(format, "31/12/9999"));
        Assert.Equal(QuarantineReason.NotADate, Reason(format, "31/12/1899"));
        Assert.Equal(QuarantineReason.NotADate, Reason(format, new string('1', 65)));
    }

    [Theory]
    [InlineData("dd.mm.yyyy")]
    [InlineData("HH:mm")]
    [InlineData("MM/yyyy")]
    [InlineData("dd.MM.")]
    [InlineData("q")]
    [InlineData("%")]
    [InlineData("")]
    [InlineData("yyyy'")]
    [InlineData(null)]
    public void Constructor_FormatThatNamesNoDay_Throws(string? format) =>
        Assert.Throws<ArgumentException>(() => new DateFormat([format!], TimeZoneInfo.Utc));

    private static DateOnly Day(DateFormat format, string text)
    {
        Assert.True(format.TryParse(Encoding.UTF8.GetBytes(text), out var day, out var reason), reason.ToString());
        return DateOnly.FromDayNumber(day);
    }

    private static QuarantineReason Reason(DateFormat format, string text)
    {
        Assert.False(format.TryParse(Encoding.UTF8.GetBytes(text), out _, out var reason));
        return reason;
    }
}
