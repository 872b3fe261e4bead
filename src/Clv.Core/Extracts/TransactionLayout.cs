namespace Clv.Core.Extracts;

/// <summary>Which field of a file's rows holds which column of the transaction contract; -1 is a column that the file does not have.</summary>
internal sealed record TransactionLayout(
    int CustomerId, int OccurredAt, int Amount, int Times, int Margin, int TransactionId, int Currency, int Category, IReadOnlyList<string> Unknown)
{
    private static readonly string[] DateNames =
        ["occurred_at", "date", "order_date", "transaction_date", "purchase_date", "invoice_date", "close_date", "created_at", "datum", "bestelldatum", "rechnungsdatum"];

    private static readonly string[] AmountNames =
        ["amount", "value", "total", "order_total", "total_price", "price", "revenue", "sales", "monetary_value", "betrag", "umsatz", "preis"];

    /// <summary>Finds the columns in a header.</summary>
    /// <exception cref="ExtractRefusedException">A required or stated column is missing, or two columns could be meant.</exception>
    public static TransactionLayout Resolve(string file, IReadOnlyList<string> header, TransactionColumns columns, long line)
    {
        var found = new HeaderColumns(file, header, line);
        var layout = new TransactionLayout(
            found.Find("customer_id", columns.CustomerId, HeaderColumns.CustomerNames, required: true),
            found.Find("occurred_at", columns.OccurredAt, DateNames, required: true),
            found.Find("amount", columns.Amount?.Column, AmountNames, required: true),
            columns.Amount?.Times is { } times ? found.Find("amount", times, [], required: true) : -1,
            found.Find("margin", columns.Margin, ["margin", "contribution_margin", "deckungsbeitrag"], required: false),
            found.Find("transaction_id", columns.TransactionId, ["transaction_id"], required: false),
            found.Find("currency", columns.Currency, ["currency", "currency_code", "waehrung", "währung"], required: false),
            found.Find("category", columns.Category, ["category", "product_category", "kategorie", "warengruppe"], required: false),
            []);
        found.ThrowIfMissing("the columns customer_id, occurred_at and amount");
        return layout with { Unknown = found.Unknown };
    }
}
