namespace Clv.Core.Extracts;

/// <summary>Which field of a file's rows holds which column of the contract for exchange rates.</summary>
internal sealed record RateLayout(ExtractColumn Currency, ExtractColumn Date, ExtractColumn Rate)
{
    /// <summary>Finds the columns in a header.</summary>
    /// <exception cref="ExtractRefusedException">A column is missing, or two columns could be meant.</exception>
    public static RateLayout Resolve(HeaderColumns header, RateColumns columns)
    {
        var layout = new RateLayout(
            header.Find("currency", columns.Currency, HeaderColumns.CurrencyNames, required: true),
            header.Find("date", columns.Date, ["date", "valid_from", "datum", "gültig_ab", "gueltig_ab"], required: true),
            header.Find("rate", columns.Rate, ["rate", "exchange_rate", "kurs", "wechselkurs"], required: true));
        header.ThrowIfMissing("the columns currency, date and rate");
        return layout;
    }
}
