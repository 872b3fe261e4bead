namespace Clv.Core.Extracts;

/// <summary>
/// Reads a file of exchange rates: currency, date and the rate to the reporting currency, with which amounts are multiplied. Rates follow the file's
/// number format. Not thread-safe.
/// </summary>
public sealed class RateReader : ExtractReader
{
    private readonly RateLayout _layout;

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="content">The file's bytes, decompressed. Closed with the reader.</param>
    /// <param name="file">The file's name for messages, without a folder.</param>
    /// <param name="mapping">How to read it.</param>
    /// <param name="quarantine">Receives the rows set aside.</param>
    /// <exception cref="ExtractRefusedException">The file is empty, is not CSV, or its header lacks a required column.</exception>
    public RateReader(Stream content, string file, ExtractMapping mapping, QuarantineHandler quarantine)
        : base(content, file, mapping, quarantine) =>
        _layout = Resolve(header => RateLayout.Resolve(header, mapping.Rates.Columns));

    /// <summary>The current row's rate; the currency in capitals.</summary>
    public DatedRate Rate { get; private set; }

    /// <summary>Reads the file to its end. Of rows of the same currency and day the last counts.</summary>
    /// <exception cref="ExtractRefusedException">
    /// The file stops being CSV: an unclosed quote, or a row longer than 1 MiB. Or it has more rates than a <see cref="RateTable"/> may.
    /// </exception>
    public RateTable ReadTable()
    {
        var rates = new Dictionary<(string Currency, int Day), DatedRate>();
        while (Read())
        {
            rates[(Rate.Currency, Rate.Day)] = Rate;
            if (rates.Count > RateTable.MaxRates)
            {
                throw Refused($"more than {RateTable.MaxRates:N0} rates: deliver those of the days and currencies that the transactions have");
            }
        }

        return new RateTable(rates.Values);
    }

    private protected override bool CheckRow()
    {
        var cell = Cell(_layout.Currency).Trim(" \t"u8);
        Span<char> currency = stackalloc char[CurrencyCode.Length];
        if (!CurrencyCode.TryRead(cell, currency))
        {
            return Refuse(_layout.Currency, cell.IsEmpty ? QuarantineReason.Empty : QuarantineReason.NotACurrency);
        }

        if (!Dates.TryParse(Cell(_layout.Date), out var day, out var reason))
        {
            return Refuse(_layout.Date, reason);
        }

        if (!Amounts.TryParseDecimal(Cell(_layout.Rate), out var number, out reason))
        {
            return Refuse(_layout.Rate, reason);
        }

        if (!ExchangeRate.TryCreate(number, out var rate))
        {
            return Refuse(_layout.Rate, number < 0 ? QuarantineReason.Negative : QuarantineReason.OutOfRange);
        }

        Rate = new DatedRate(currency.ToString().ToUpperInvariant(), day, rate);
        return true;
    }
}
