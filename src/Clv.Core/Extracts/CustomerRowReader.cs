using System.Text;

namespace Clv.Core.Extracts;

/// <summary>Reads a file whose every row belongs to a customer, with cells that may be empty or missing. Not thread-safe.</summary>
public abstract class CustomerRowReader : ExtractReader
{
    private readonly ReportingCurrency _reporting;
    private readonly SegmentLabels _texts = new();

    private protected CustomerRowReader(Stream content, string file, ExtractMapping mapping, ExtractRules rules, QuarantineHandler quarantine)
        : base(content, file, mapping, quarantine)
    {
        LastDay = rules.LastDay;
        _reporting = new ReportingCurrency(mapping.ReportingCurrency, rules.Rates);
    }

    /// <summary>
    /// The id of the current row's customer in its one spelling (<see cref="Clv.Core.CustomerId"/>), UTF-8. Valid until the next read.
    /// </summary>
    public ReadOnlySpan<byte> CustomerId => Rows.CustomerId;

    /// <summary>The last day of the observation window.</summary>
    private protected int LastDay { get; }

    /// <summary>Reads whose the row is.</summary>
    private protected bool TryCustomer(ExtractColumn column) => Rows.TryReadCustomer(column.Index, out var reason) || Refuse(column, reason);

    /// <summary>Reads a day that must be there.</summary>
    private protected bool TryDay(ExtractColumn column, out int day) =>
        Dates.TryParse(Cell(column), out day, out var reason) || Refuse(column, reason);

    /// <summary>Reads a day that must be there and not after the observation window.</summary>
    private protected bool TryPastDay(ExtractColumn column, out int day) =>
        TryDay(column, out day) && (day <= LastDay || Refuse(column, QuarantineReason.AfterObservationEnd));

    /// <summary>Reads a day that may be missing.</summary>
    private protected bool TryOptionalDay(ExtractColumn column, out int? day)
    {
        day = null;
        if (IsEmpty(column))
        {
            return true;
        }

        var read = TryDay(column, out var value);
        day = read ? value : null;
        return read;
    }

    /// <summary>Reads money of 0 or more that may be missing, at the rate of a day.</summary>
    /// <param name="column">The amount's column.</param>
    /// <param name="currency">The column of its currency.</param>
    /// <param name="rateDay">The day whose rate counts.</param>
    /// <param name="money">The amount in the reporting currency.</param>
    private protected bool TryOptionalMoney(ExtractColumn column, ExtractColumn currency, int rateDay, out Money? money)
    {
        money = null;
        if (IsEmpty(column))
        {
            return true;
        }

        if (!Amounts.TryParse(Cell(column), out var micros, out var reason))
        {
            return Refuse(column, reason);
        }

        if (micros < 0)
        {
            return Refuse(column, QuarantineReason.Negative);
        }

        if (!TryRate(currency, rateDay, out var rate))
        {
            return false;
        }

        if (!rate.TryConvert(micros, out micros))
        {
            return Refuse(column, QuarantineReason.OutOfRange);
        }

        money = new Money(micros);
        return true;
    }

    /// <summary>Finds the rate of the current row's currency on a day; of a file without the column that of the reporting currency.</summary>
    private protected bool TryRate(ExtractColumn currency, int day, out ExchangeRate rate)
    {
        rate = ExchangeRate.One;
        return !currency.Exists || _reporting.TryFindRate(Cell(currency), day, out rate) || Refuse(currency, QuarantineReason.NoRate);
    }

    /// <summary>Reads a whole number that may be missing.</summary>
    /// <param name="column">Its column.</param>
    /// <param name="least">The least it may be.</param>
    /// <param name="most">The most it may be.</param>
    /// <param name="number">The number.</param>
    private protected bool TryOptionalWhole(ExtractColumn column, int least, int most, out int? number)
    {
        number = null;
        if (IsEmpty(column))
        {
            return true;
        }

        if (!Amounts.TryParse(Cell(column), out var micros, out var reason))
        {
            return Refuse(column, reason);
        }

        var (whole, rest) = Math.DivRem(micros, Money.Scale);
        if (rest != 0)
        {
            return Refuse(column, QuarantineReason.NotWhole);
        }

        if (whole < least || whole > most)
        {
            return Refuse(column, whole < 0 ? QuarantineReason.Negative : QuarantineReason.OutOfRange);
        }

        number = (int)whole;
        return true;
    }

    /// <summary>Reads a name in its one spelling; an empty or missing one is nothing.</summary>
    private protected bool TryName(ExtractColumn column, out ReadOnlySpan<byte> name)
    {
        name = default;
        if (!column.Exists || Clv.Core.CustomerId.TryNormalise(Cell(column), out name, out var reason))
        {
            // There are never more characters than bytes.
            return name.Length <= SegmentLabels.MaxLength
                || Encoding.UTF8.GetCharCount(name) <= SegmentLabels.MaxLength
                || Refuse(column, QuarantineReason.LabelTooLong);
        }

        name = default;
        return reason == QuarantineReason.Empty || Refuse(column, reason == QuarantineReason.TooLong ? QuarantineReason.LabelTooLong : reason);
    }

    /// <summary>Reads a name as a text; the names that come often are shared.</summary>
    private protected bool TryText(ExtractColumn column, out string? text)
    {
        text = null;
        if (!TryName(column, out var name))
        {
            return false;
        }

        Span<char> chars = stackalloc char[SegmentLabels.MaxLength];
        chars = chars[..Encoding.UTF8.GetChars(name, chars)];
        if (!chars.IsEmpty)
        {
            text = _texts.TryGetOrAdd(chars, out var known) ? _texts[known] : chars.ToString();
        }

        return true;
    }

    /// <summary>Reads a code that may be missing.</summary>
    private protected bool TryOptionalCode<T>(ExtractColumn column, CodeValues<T> codes, out T? value)
        where T : struct
    {
        value = null;
        if (!TryName(column, out var name))
        {
            return false;
        }

        if (name.IsEmpty)
        {
            return true;
        }

        var known = codes.TryFind(name, out var found);
        value = known ? found : null;
        return known || Refuse(column, QuarantineReason.UnknownValue);
    }

    private bool IsEmpty(ExtractColumn column) => !column.Exists || Cell(column).Trim(" \t"u8).IsEmpty;
}
