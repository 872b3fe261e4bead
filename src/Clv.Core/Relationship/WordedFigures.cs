using System.Globalization;

namespace Clv.Core.Relationship;

/// <summary>Figures as people of a language write them. Does not depend on what the machine knows of languages.</summary>
internal sealed class WordedFigures(bool german)
{
    private const char Nbsp = '\u00A0';
    private const decimal WholeUnitsFrom = 100;

    private static readonly string[] EnglishMonths = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    private readonly NumberFormatInfo _numbers = new()
    {
        NumberDecimalSeparator = german ? "," : ".",
        NumberGroupSeparator = german ? "." : ",",
        NegativeSign = "\u2212",
    };

    /// <summary>A number with a fixed number of decimals.</summary>
    public string Number(decimal value, int decimals = 0) =>
        decimal.Round(value, decimals, MidpointRounding.ToEven).ToString($"N{decimals}", _numbers);

    /// <summary>Money: from 100 on in whole units, since nobody says cents then.</summary>
    /// <param name="value">The amount.</param>
    /// <param name="currency">Its three-letter code.</param>
    public string Money(decimal value, string currency)
    {
        var text = Number(Math.Abs(value), Math.Abs(value) >= WholeUnitsFrom ? 0 : 2);
        var sign = value < 0 && text.AsSpan().ContainsAnyInRange('1', '9') ? _numbers.NegativeSign : "";
        var symbol = currency switch { "EUR" => "€", "USD" => "$", "GBP" => "£", _ => currency };
        return german ? $"{sign}{text}{Nbsp}{symbol}"
            : symbol.Length == 1 ? $"{sign}{symbol}{text}"
            : $"{sign}{symbol}{Nbsp}{text}";
    }

    /// <summary>A share of 1 in per cent. What is not quite none or all is not told as such.</summary>
    public string Percent(decimal share)
    {
        var unit = german ? $"{Nbsp}%" : "%";
        return share is > 0 and < 0.005m ? $"{(german ? "unter" : "under")} 1{unit}"
            : share is > 0.995m and < 1 ? $"{(german ? "über" : "over")} 99{unit}"
            : Number(100 * share) + unit;
    }

    /// <summary>A number of things with their name.</summary>
    public string Count(decimal number, string one, string many)
    {
        var text = Number(number);
        return $"{text} {(text == "1" ? one : many)}";
    }

    /// <summary>A day.</summary>
    public string Day(DateOnly day) => german
        ? day.ToString("dd.MM.yyyy", CultureInfo.InvariantCulture)
        : $"{day.Day} {EnglishMonths[day.Month - 1]} {day.Year:0000}";
}
