using System.Text;

namespace Clv.Core.Extracts;

/// <summary>A rate of a currency from a day on.</summary>
/// <param name="Currency">The currency's three-letter code.</param>
/// <param name="Day">The day from which it counts, as in <see cref="DateOnly.DayNumber"/>.</param>
/// <param name="Rate">The rate to the reporting currency.</param>
public readonly record struct DatedRate(string Currency, int Day, ExchangeRate Rate);

/// <summary>
/// Rates to the reporting currency by currency and day. The rate of a day is the last one of that day or before it; before a currency's first
/// rate there is none. Immutable.
/// </summary>
public sealed class RateTable
{
    private readonly SortedDictionary<string, SortedList<int, ExchangeRate>> _currencies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int[] Days, ExchangeRate[] Rates)> _series;

    /// <summary>Makes a table; of two rates of a currency and day the later one counts.</summary>
    /// <param name="rates">The rates in any order of days.</param>
    /// <exception cref="ArgumentException">A currency is no three-letter code, a day is none, or a rate is the default, which is none.</exception>
    public RateTable(IEnumerable<DatedRate> rates)
    {
        foreach (var (currency, day, rate) in rates)
        {
            if (!CurrencyCode.IsValid(currency) || day < 0 || day > DateOnly.MaxValue.DayNumber || rate == default)
            {
                throw new ArgumentException("Not a currency's code, a day and its rate.", nameof(rates));
            }

            var code = currency.ToUpperInvariant();
            if (!_currencies.TryGetValue(code, out var days))
            {
                _currencies.Add(code, days = []);
            }

            days[day] = rate;
        }

        _series = _currencies.ToDictionary(
            static c => c.Key, static c => (c.Value.Keys.ToArray(), c.Value.Values.ToArray()), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>No rates.</summary>
    public static RateTable Empty { get; } = new([]);

    /// <summary>The rates in the order of currencies and days.</summary>
    public IEnumerable<DatedRate> Rates => _currencies.SelectMany(static c => c.Value.Select(r => new DatedRate(c.Key, r.Key, r.Value)));

    /// <summary>The rate of a day, or null when there is none.</summary>
    /// <param name="currency">The currency's three-letter code, in any case.</param>
    /// <param name="day">The day as in <see cref="DateOnly.DayNumber"/>.</param>
    public ExchangeRate? Find(string currency, int day) => TryFind(currency, day, out var rate) ? rate : null;

    /// <summary>This table with another's rates, which win where both have one of the same currency and day.</summary>
    /// <param name="newer">The other table, as of tonight's files over the last night's.</param>
    public RateTable Merge(RateTable newer) => new(Rates.Concat(newer.Rates));

    /// <summary>Writes the table; the same rates give the same bytes.</summary>
    /// <param name="output">Receives it; is left open.</param>
    public void Write(Stream output)
    {
        using var writer = new BinaryWriter(output, Encoding.UTF8, leaveOpen: true);
        writer.Write7BitEncodedInt(_currencies.Count);
        foreach (var (currency, days) in _currencies)
        {
            writer.Write(currency);
            writer.Write7BitEncodedInt(days.Count);
            foreach (var (day, rate) in days)
            {
                writer.Write7BitEncodedInt(day);
                writer.Write(rate.Value);
            }
        }
    }

    /// <summary>Reads a table.</summary>
    /// <param name="input">What <see cref="Write"/> wrote; is left open.</param>
    /// <exception cref="InvalidDataException">This is no table of rates.</exception>
    /// <exception cref="EndOfStreamException">The table is cut short.</exception>
    public static RateTable Read(Stream input)
    {
        using var reader = new BinaryReader(input, Encoding.UTF8, leaveOpen: true);
        try
        {
            return new RateTable(ReadRates(reader).ToList());
        }
        catch (Exception e) when (e is FormatException or ArgumentException or IOException and not EndOfStreamException)
        {
            throw new InvalidDataException("A table of exchange rates is damaged.", e);
        }
    }

    /// <summary>The rate of a day.</summary>
    internal bool TryFind(ReadOnlySpan<char> currency, int day, out ExchangeRate rate)
    {
        rate = default;
        if (!_series.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(currency, out var series))
        {
            return false;
        }

        var at = Array.BinarySearch(series.Days, day);
        at = at < 0 ? ~at - 1 : at;
        if (at < 0)
        {
            return false;
        }

        rate = series.Rates[at];
        return true;
    }

    private static IEnumerable<DatedRate> ReadRates(BinaryReader reader)
    {
        for (var currencies = reader.Read7BitEncodedInt(); currencies > 0; currencies--)
        {
            var currency = reader.ReadString();
            for (var days = reader.Read7BitEncodedInt(); days > 0; days--)
            {
                var day = reader.Read7BitEncodedInt();
                yield return ExchangeRate.TryCreate(reader.ReadDecimal(), out var rate)
                    ? new DatedRate(currency, day, rate)
                    : throw new FormatException("Not a rate.");
            }
        }
    }
}
