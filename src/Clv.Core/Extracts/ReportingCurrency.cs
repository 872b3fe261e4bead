using System.Text;

namespace Clv.Core.Extracts;

/// <summary>Finds the rate at which a row's money is converted to the reporting currency.</summary>
/// <param name="code">The reporting currency; null when none is stated.</param>
/// <param name="rates">The rates of other currencies; null for none.</param>
internal sealed class ReportingCurrency(string? code, RateTable? rates)
{
    private readonly byte[]? _code = code is null ? null : Encoding.UTF8.GetBytes(code);

    /// <summary>The rate for a currency cell; an empty one is the reporting currency.</summary>
    /// <param name="cell">UTF-8.</param>
    /// <param name="day">The day whose rate counts.</param>
    /// <param name="rate">The rate.</param>
    /// <returns>
    /// False when there is none. Without a stated reporting currency a cell must be empty: amounts of unknown currencies are never added up.
    /// </returns>
    public bool TryFindRate(ReadOnlySpan<byte> cell, int day, out ExchangeRate rate)
    {
        cell = cell.Trim(" \t"u8);
        rate = ExchangeRate.One;
        if (cell.IsEmpty)
        {
            return true;
        }

        if (_code is null)
        {
            return false;
        }

        if (Ascii.EqualsIgnoreCase(cell, _code))
        {
            return true;
        }

        Span<char> other = stackalloc char[CurrencyCode.Length];
        return rates is not null && CurrencyCode.TryRead(cell, other) && rates.TryFind(other, day, out rate);
    }
}
