namespace Clv.Core.Extracts;

/// <summary>Which field of a file's rows holds which column of the contract for interactions.</summary>
internal sealed record InteractionLayout(
    ExtractColumn CustomerId, ExtractColumn OccurredAt, ExtractColumn Kind, ExtractColumn Cost, ExtractColumn Currency, ExtractColumn Id)
{
    private static readonly string[] DateNames =
        ["occurred_at", "date", "contact_date", "activity_date", "created_at", "datum", "kontaktdatum"];

    private static readonly string[] KindNames =
        ["kind", "interaction_type", "activity_type", "type", "kontaktart", "art", "typ"];

    private static readonly string[] IdNames =
        ["interaction_id", "activity_id", "case_number", "kontakt_id", "vorgangsnummer"];

    /// <summary>Finds the columns in a header.</summary>
    /// <exception cref="ExtractRefusedException">A required or stated column is missing, or two columns could be meant.</exception>
    public static InteractionLayout Resolve(HeaderColumns header, InteractionColumns columns)
    {
        var layout = new InteractionLayout(
            header.Find("customer_id", columns.CustomerId, HeaderColumns.CustomerNames, required: true),
            header.Find("occurred_at", columns.OccurredAt, DateNames, required: true),
            header.Find("kind", columns.Kind, KindNames, required: true),
            header.Find("cost", columns.Cost, ["cost", "contact_cost", "kosten"], required: false),
            header.Find("currency", columns.Currency, HeaderColumns.CurrencyNames, required: false),
            header.Find("interaction_id", columns.InteractionId, IdNames, required: false));
        header.ThrowIfMissing("the columns customer_id, occurred_at and kind");
        return layout;
    }
}
