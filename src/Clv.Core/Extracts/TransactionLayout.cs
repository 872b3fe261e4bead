namespace Clv.Core.Extracts;

/// <summary>Which field of a file's rows holds which column of the transaction contract; -1 is a column that the file does not have.</summary>
internal sealed record TransactionLayout(
    int CustomerId, int OccurredAt, int Amount, int Times, int Margin, int TransactionId, int Currency, IReadOnlyList<string> Unknown)
{
    private static readonly string[] CustomerNames =
        ["customer_id", "customer", "cust_id", "client_id", "account_id", "id", "kundennummer", "kunden_nr", "kunden_id", "kunde"];

    private static readonly string[] DateNames =
        ["occurred_at", "date", "order_date", "transaction_date", "purchase_date", "invoice_date", "close_date", "created_at", "datum", "bestelldatum", "rechnungsdatum"];

    private static readonly string[] AmountNames =
        ["amount", "value", "total", "order_total", "total_price", "price", "revenue", "sales", "monetary_value", "betrag", "umsatz", "preis"];

    /// <summary>Finds the columns in a header.</summary>
    /// <exception cref="ExtractRefusedException">A required or stated column is missing, or two columns could be meant.</exception>
    public static TransactionLayout Resolve(string file, IReadOnlyList<string> header, TransactionColumns columns, long line)
    {
        var missing = new List<string>();
        int Find(string column, string? stated, string[] usual, bool required)
        {
            var index = stated is not null
                ? Match(file, header, stated, column, line)
                : usual.Select(name => Match(file, header, name, column, line)).FirstOrDefault(static i => i >= 0, -1);
            if (index < 0 && (required || stated is not null))
            {
                missing.Add(stated is null ? column : $"{column} (mapped to \"{stated}\")");
            }

            return index;
        }

        var layout = new TransactionLayout(
            Find("customer_id", columns.CustomerId, CustomerNames, required: true),
            Find("occurred_at", columns.OccurredAt, DateNames, required: true),
            Find("amount", columns.Amount?.Column, AmountNames, required: true),
            columns.Amount?.Times is { } times ? Find("amount", times, [], required: true) : -1,
            Find("margin", columns.Margin, ["margin", "contribution_margin", "deckungsbeitrag"], required: false),
            Find("transaction_id", columns.TransactionId, ["transaction_id"], required: false),
            Find("currency", columns.Currency, ["currency", "currency_code", "waehrung", "währung"], required: false),
            []);
        if (missing.Count > 0)
        {
            // The header itself is not quoted: in a file without one it would be a customer's row.
            throw new ExtractRefusedException(
                file,
                $"no column for {string.Join(", ", missing)} among {header.Count} in the header. "
                + $"Name the columns customer_id, occurred_at and amount, or map them in {ExtractMapping.FileName}",
                line);
        }

        int[] used = [layout.CustomerId, layout.OccurredAt, layout.Amount, layout.Times, layout.Margin, layout.TransactionId, layout.Currency];
        return layout with { Unknown = [.. header.Where((_, i) => !used.Contains(i))] };
    }

    private static int Match(string file, IReadOnlyList<string> header, string name, string column, long line)
    {
        // A column called exactly so wins over one that is only called nearly so.
        var exact = header.Any(h => h == name);
        var found = -1;
        for (var i = 0; i < header.Count; i++)
        {
            if (exact ? header[i] != name : !Same(header[i], name))
            {
                continue;
            }

            if (found >= 0)
            {
                throw new ExtractRefusedException(file, $"columns {found + 1} and {i + 1} could both be {column}: rename one", line);
            }

            found = i;
        }

        return found;
    }

    // "Customer ID", "customer-id" and "CustomerId" are the same name; ß and umlauts are compared as they are.
    private static bool Same(string left, string right) =>
        Bare(left) is { Length: > 0 } bare && string.Equals(bare, Bare(right), StringComparison.OrdinalIgnoreCase);

    private static string Bare(string name) => string.Concat(name.Where(char.IsLetterOrDigit));
}
