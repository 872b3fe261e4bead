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
    /// <summary>The most rates there may be: 200 currencies on every day of 13 years.</summary>
    public const int MaxRates = 1_000_000;

    private readonly Dictionary<string, (int[] Days, ExchangeRate[] Rates)> _series;

    /// <summary>Makes a table; of two rates of a currency and day the later one counts.</summary>
    /// <param name="rates">The rates in any order of days.</param>
    /// <exception cref="ArgumentException">
    /// A currency is no three-letter code, a day is none, a rate is the default, which is none, or there are more than <see cref="MaxRates"/>.
    /// </exception>
    public RateTable(IEnumerable<DatedRate> rates)
    {
        var currencies = new Dictionary<string, Dictionary<int, ExchangeRate>>(StringComparer.OrdinalIgnoreCase);
        foreach (var (currency, day, rate) in rates)
        {
            if (!CurrencyCode.IsValid(currency) || day < 0 || day > DateOnly.MaxValue.DayNumber || rate == default)
            {
                throw new ArgumentException("Not a currency's code, a day and its rate.", nameof(rates));
            }

            if (!currencies.TryGetValue(currency, out var days))
            {
                currencies.Add(currency.ToUpperInvariant(), days = []);
            }

            Count += days.TryAdd(day, rate) ? 1 : 0;
            days[day] = rate;
            if (Count > MaxRates)
            {
                throw new ArgumentException($"More than {MaxRates:N0} rates.", nameof(rates));
            }
        }

        _series = currencies.ToDictionary(
            static c => c.Key,
            static c =>
            {
                var (days, values) = (c.Value.Keys.ToArray(), c.Value.Values.ToArray());
                Array.Sort(days, values);
                return (days, values);
            },
            StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>No rates.</summary>
    public static RateTable Empty { get; } = new([]);

    /// <summary>The rates in the order of currencies and days.</summary>
    public IEnumerable<DatedRate> Rates => Series.SelectMany(static c => c.Value.Days.Zip(c.Value.Rates, (day, rate) => new DatedRate(c.Key, day, rate)));

    /// <summary>How many rates there are.</summary>
    public int Count { get; }

    private IEnumerable<KeyValuePair<string, (int[] Days, ExchangeRate[] Rates)>> Series => _series.OrderBy(static c => c.Key, StringComparer.Ordinal);

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
        writer.Write7BitEncodedInt(_series.Count);
        foreach (var (currency, (days, rates)) in Series)
        {
            writer.Write(currency);
            writer.Write7BitEncodedInt(days.Length);
            for (var i = 0; i < days.Length; i++)
            {
                writer.Write7BitEncodedInt(days[i]);
                writer.Write(rates[i].Value);
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
            return new RateTable(ReadRates(reader));
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
