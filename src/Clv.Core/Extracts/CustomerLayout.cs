namespace Clv.Core.Extracts;

/// <summary>Which field of a file's rows holds which column of the customer contract.</summary>
internal sealed record CustomerLayout(
    ExtractColumn CustomerId,
    ExtractColumn StatedSegment,
    ExtractColumn Region,
    ExtractColumn Channel,
    ExtractColumn AcquiredOn,
    ExtractColumn AcquisitionCost,
    ExtractColumn Currency,
    ExtractColumn Nps,
    ExtractColumn PaymentDelayDays,
    ExtractColumn Status,
    ExtractColumn Consent,
    IReadOnlyList<ExtractColumn> Phones,
    IReadOnlyList<ExtractColumn> Emails)
{
    private static readonly string[] ChannelNames = ["acquisition_channel", "channel", "lead_source", "akquisekanal", "kanal"];

    private static readonly string[] AcquiredNames =
        ["acquired_on", "acquisition_date", "customer_since", "kunde_seit", "gewonnen_am", "akquisedatum"];

    private static readonly string[] DelayNames =
        ["payment_delay_days", "days_late", "zahlungsverzug_tage", "zahlungsverzug_in_tagen", "verzugstage"];

    private static readonly string[] ConsentNames =
        ["consent", "marketing_consent", "opt_in", "einwilligung", "werbeeinwilligung"];

    private static readonly string[] PhoneNames =
    [
        "phone", "phone_number", "telephone", "phone2", "other_phone", "home_phone", "business_phone", "mobile", "mobile_phone", "telefon", "telefon2",
        "telefonnummer", "rufnummer", "festnetz", "mobil", "mobiltelefon", "mobilnummer", "handy", "handynummer",
    ];

    private static readonly string[] EmailNames =
        ["email", "e_mail_address", "email2", "other_email", "mail", "e_mail_adresse", "mailadresse"];

    /// <summary>What segments are made of: the first of segment, region and acquisition channel that the file has.</summary>
    public ExtractColumn Segment { get; } = StatedSegment.Exists ? StatedSegment : Region.Exists ? Region : Channel;

    /// <summary>Whether another column stands for the segment that the file does not have.</summary>
    public bool IsStandIn => !StatedSegment.Exists;

    /// <summary>Finds the columns in a header.</summary>
    /// <exception cref="ExtractRefusedException">A required or stated column is missing, or two columns could be meant.</exception>
    public static CustomerLayout Resolve(HeaderColumns header, CustomerColumns columns)
    {
        var layout = new CustomerLayout(
            header.Find("customer_id", columns.CustomerId, HeaderColumns.CustomerNames, required: true),
            header.Find("segment", columns.Segment, ["segment", "customer_segment", "kundensegment"], required: false),
            header.Find("region", columns.Region, ["region", "gebiet", "vertriebsgebiet"], required: false),
            header.Find("acquisition_channel", columns.AcquisitionChannel, ChannelNames, required: false),
            header.Find("acquired_on", columns.AcquiredOn, AcquiredNames, required: false),
            header.Find("acquisition_cost", columns.AcquisitionCost, ["acquisition_cost", "akquisekosten"], required: false),
            header.Find("currency", columns.Currency, HeaderColumns.CurrencyNames, required: false),
            header.Find("nps", columns.Nps, ["nps", "nps_score", "weiterempfehlung"], required: false),
            header.Find("payment_delay_days", columns.PaymentDelayDays, DelayNames, required: false),
            header.Find("status", columns.Status, ["status", "customer_status", "kundenstatus"], required: false),
            header.Find("consent", columns.Consent, ConsentNames, required: false),
            header.FindAll("phone", columns.Phone, PhoneNames),
            header.FindAll("email", columns.Email, EmailNames));
        header.ThrowIfMissing("the column customer_id");
        return layout;
    }
}
