namespace Clv.Core.Extracts;

/// <summary>Which field of a file's rows holds which column of the transaction contract.</summary>
internal sealed record TransactionLayout(
    ExtractColumn CustomerId,
    ExtractColumn OccurredAt,
    ExtractColumn Amount,
    ExtractColumn Times,
    ExtractColumn Margin,
    ExtractColumn TransactionId,
    ExtractColumn Currency,
    ExtractColumn Category)
{
    private static readonly string[] DateNames =
        ["occurred_at", "date", "order_date", "transaction_date", "purchase_date", "invoice_date", "close_date", "created_at", "datum", "bestelldatum", "rechnungsdatum"];

    private static readonly string[] AmountNames =
        ["amount", "value", "total", "order_total", "total_price", "price", "revenue", "sales", "monetary_value", "betrag", "umsatz", "preis"];

    /// <summary>Finds the columns in a header.</summary>
    /// <exception cref="ExtractRefusedException">A required or stated column is missing, or two columns could be meant.</exception>
    public static TransactionLayout Resolve(HeaderColumns header, TransactionColumns columns)
    {
        var layout = new TransactionLayout(
            header.Find("customer_id", columns.CustomerId, HeaderColumns.CustomerNames, required: true),
            header.Find("occurred_at", columns.OccurredAt, DateNames, required: true),
            header.Find("amount", columns.Amount?.Column, AmountNames, required: true),
            columns.Amount?.Times is { } times ? header.Find("amount", times, [], required: true) : new ExtractColumn("amount", -1),
            header.Find("margin", columns.Margin, ["margin", "contribution_margin", "deckungsbeitrag"], required: false),
            header.Find("transaction_id", columns.TransactionId, ["transaction_id"], required: false),
            header.Find("currency", columns.Currency, HeaderColumns.CurrencyNames, required: false),
            header.Find("category", columns.Category, ["category", "product_category", "kategorie", "warengruppe"], required: false));
        header.ThrowIfMissing("the columns customer_id, occurred_at and amount");
        return layout;
    }
}
