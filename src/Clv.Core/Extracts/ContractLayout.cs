namespace Clv.Core.Extracts;

/// <summary>Which field of a file's rows holds which column of the contract for contracts.</summary>
internal sealed record ContractLayout(
    ExtractColumn CustomerId,
    ExtractColumn ContractId,
    ExtractColumn StartedOn,
    ExtractColumn TermMonths,
    ExtractColumn RenewsOn,
    ExtractColumn FeePerTerm,
    ExtractColumn CancelledOn,
    ExtractColumn Product,
    ExtractColumn Currency)
{
    private static readonly string[] IdNames =
        ["contract_id", "contract_number", "contract_no", "vertragsnummer", "vertrags_nr", "vertrags_id"];

    private static readonly string[] StartNames =
        ["started_on", "start_date", "contract_start", "vertragsbeginn", "beginn", "startdatum"];

    // A plain "term" could be in years.
    private static readonly string[] TermNames = ["term_months", "contract_term_months", "laufzeit_monate", "laufzeit_in_monaten"];

    private static readonly string[] RenewalNames =
        ["renews_on", "renewal_date", "next_renewal", "verlängerung_am", "verlaengerung_am", "verlängerungsdatum", "verlaengerungsdatum"];

    private static readonly string[] FeeNames =
        ["fee_per_term", "term_fee", "gebühr_je_laufzeit", "gebuehr_je_laufzeit", "beitrag_je_laufzeit"];

    private static readonly string[] CancellationNames =
        [
            "cancelled_on", "canceled_on", "cancellation_date", "gekündigt_am", "gekuendigt_am", "gekündigt_zum", "gekuendigt_zum",
            "kündigungsdatum", "kuendigungsdatum",
        ];

    /// <summary>Finds the columns in a header.</summary>
    /// <exception cref="ExtractRefusedException">A required or stated column is missing, or two columns could be meant.</exception>
    public static ContractLayout Resolve(HeaderColumns header, ContractColumns columns)
    {
        var layout = new ContractLayout(
            header.Find("customer_id", columns.CustomerId, HeaderColumns.CustomerNames, required: true),
            header.Find("contract_id", columns.ContractId, IdNames, required: true),
            header.Find("started_on", columns.StartedOn, StartNames, required: true),
            header.Find("term_months", columns.TermMonths, TermNames, required: false),
            header.Find("renews_on", columns.RenewsOn, RenewalNames, required: false),
            header.Find("fee_per_term", columns.FeePerTerm, FeeNames, required: false),
            header.Find("cancelled_on", columns.CancelledOn, CancellationNames, required: false),
            header.Find("product", columns.Product, ["product", "product_name", "produkt", "tarif"], required: false),
            header.Find("currency", columns.Currency, HeaderColumns.CurrencyNames, required: false));
        header.ThrowIfMissing("the columns customer_id, contract_id and started_on");
        return layout;
    }
}
