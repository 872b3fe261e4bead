using System.Globalization;

namespace Clv.Cli.Report;

/// <summary>The language of a page: its words, numbers and days. Does not depend on what the machine knows of languages.</summary>
internal sealed class Wording
{
    private static readonly string[] EnglishMonths = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    private static readonly string[] GermanMonths = ["Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"];

    private readonly bool _german;
    private readonly NumberFormatInfo _numbers;

    /// <summary>The wording of a language.</summary>
    /// <param name="language"><c>de</c> or <c>en</c>.</param>
    public Wording(string language)
    {
        Language = language;
        _german = language == "de";
        _numbers = new NumberFormatInfo
        {
            NumberDecimalSeparator = _german ? "," : ".",
            NumberGroupSeparator = _german ? "." : ",",
            NegativeSign = "\u2212",
        };
    }

    /// <summary>The languages there are.</summary>
    public static string[] Languages { get; } = ["de", "en"];

    /// <summary>The language's code.</summary>
    public string Language { get; }

    /// <summary>The text in this language.</summary>
    public string Of(string english, string german) => _german ? german : english;

    /// <summary>A number with a fixed number of decimals.</summary>
    public string Number(double value, int decimals = 0)
    {
        // A value that rounds to nothing has no sign.
        var text = value.ToString($"N{decimals}", _numbers);
        return Math.Abs(value) < 1 && !text.AsSpan().ContainsAnyInRange('1', '9') ? 0.0.ToString($"N{decimals}", _numbers) : text;
    }

    /// <summary>A number to some significant digits.</summary>
    public string Significant(double value, int digits)
    {
        if (value == 0)
        {
            return "0";
        }

        var magnitude = (int)Math.Floor(Math.Log10(Math.Abs(value)));
        return magnitude is < -6 or > 8
            ? value.ToString($"0.{new string('#', digits - 1)}E+0", _numbers)
            : Number(value, Math.Max(0, digits - 1 - magnitude));
    }

    /// <summary>A share of 1 in per cent.</summary>
    public string Percent(double share, int decimals = 1) => Number(100 * share, decimals) + Of("%", "\u00A0%");

    /// <summary>A share by which something is more or less, with its sign.</summary>
    public string Change(double share) => (share > 0.0005 ? "+" : "") + Percent(share);

    /// <summary>A day.</summary>
    public string Day(int day)
    {
        var date = DateOnly.FromDayNumber(day);
        return _german
            ? date.ToString("dd.MM.yyyy", CultureInfo.InvariantCulture)
            : $"{date.Day} {EnglishMonths[date.Month - 1]} {date.Year:0000}";
    }

    /// <summary>A month of a time axis: its name, and the year with it where asked for.</summary>
    public string Month(DateOnly month, bool withYear)
    {
        var name = (_german ? GermanMonths : EnglishMonths)[month.Month - 1];
        return withYear ? $"{name} {month.Year:0000}" : name;
    }
}
