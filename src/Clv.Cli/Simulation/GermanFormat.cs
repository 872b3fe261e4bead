using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Clv.Cli.Simulation;

/// <summary>As a German CRM may have it: German names, semicolon, decimal comma, dd.MM.yyyy, windows-1252.</summary>
internal sealed class GermanFormat : ExtractFormat
{
    private const string EncodingName = "windows-1252";

    private static readonly (ExtractTable Table, string File, string[] Headers)[] Files =
    [
        (TransactionFile.Table, "Belege.csv", ["Kundennummer", "Belegdatum", "Betrag", "Belegposition", "Deckungsbeitrag", "Warengruppe", "Währung", "Verkaufsweg"]),
        (
            CustomerFile.Table,
            "Kunden.csv",
            [
                "Kundennummer", "Kunde seit", "Gewonnen über", "Werbekosten", "Kundenklasse", "Gebiet", "Weiterempfehlung", "Zahlungsverzug", "Stand", "Telefon",
                "E-Mail", "Einwilligung",
            ]),
        (ContractFile.Table, "Vertraege.csv", ["Kundennummer", "Vertragsnummer", "Beginn", "Laufzeit", "Verlängerung am", "Gebühr", "Gekündigt am", "Produkt"]),
        (InteractionFile.Table, "Kontakte.csv", ["Kundennummer", "Datum", "Art", "Kosten"]),
        (RateFile.Table, "Kurse.csv", ["Währung", "Stichtag", "Kurs"]),
    ];

    // Columns whose values the contract lists; the names of categories, regions and the like are the firm's own.
    private static readonly (string Table, string Column, (string Code, string Name)[] Values)[] Listed =
    [
        ("customers", "status", [("customer", "Kunde"), ("prospect", "Interessent"), ("lost", "Ehemaliger")]),
        ("customers", "consent", [("true", "ja"), ("false", "nein")]),
        (
            "interactions",
            "kind",
            [
                ("service_call", "Anruf"), ("complaint", "Beschwerde"), ("campaign_open", "Werbung geöffnet"), ("campaign_click", "Werbung angeklickt"),
                ("social", "Erwähnung"), ("visit", "Besuch"), ("return", "Rücksendung"),
            ]),
    ];

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["Private"] = "Privatkunden",
        ["Business"] = "Geschäftskunden",
        ["search"] = "Suche",
        ["referral"] = "Empfehlung",
        ["marketplace"] = "Marktplatz",
        ["trade fair"] = "Messe",
        ["social ads"] = "Werbung in sozialen Medien",
        ["North"] = "Norden",
        ["South"] = "Süden",
        ["East"] = "Osten",
        ["West"] = "Westen",
        ["Austria"] = "Österreich",
        ["Switzerland"] = "Schweiz",
        ["Great Britain"] = "Großbritannien",
        ["United States"] = "Vereinigte Staaten",
        ["Coffee machines"] = "Kaffeemaschinen",
        ["Coffee beans"] = "Kaffeebohnen",
        ["Filters"] = "Filter",
        ["Printers"] = "Drucker",
        ["Toner"] = "Toner",
        ["Paper"] = "Papier",
        ["Lighting"] = "Lampen für Büro & Küche",
        ["Office chairs"] = "Bürostühle",
        ["Maintenance"] = "Wartung",
        ["Coffee subscription"] = "Kaffee im Abonnement",
        ["Toner service"] = "Toner für Großabnehmer",
        ["online"] = "Netz",
        ["store"] = "Geschäft",
        ["phone"] = "Telefon",
    };

    private static readonly Dictionary<string, string> Codes = Names
        .Concat(Listed.SelectMany(static l => l.Values).Select(static v => new KeyValuePair<string, string>(v.Code, v.Name)))
        .ToDictionary(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string Separator => ";";

    /// <inheritdoc/>
    public override Encoding Encoding { get; } = CodePagesEncodingProvider.Instance.GetEncoding(
        EncodingName, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    /// <inheritdoc/>
    protected override string Dates => "dd.MM.yyyy";

    /// <inheritdoc/>
    protected override NumberFormatInfo Numbers { get; } = new() { NumberDecimalSeparator = "," };

    /// <inheritdoc/>
    public override string FileOf(string table) => Files.Single(f => f.Table.Name == table).File;

    /// <inheritdoc/>
    public override string Header(string table, string column)
    {
        var (of, _, headers) = Files.Single(f => f.Table.Name == table);
        return headers[of.Columns.ToList().IndexOf(column)];
    }

    /// <inheritdoc/>
    public override string Name(string code) => Codes[code];

    /// <inheritdoc/>
    public override string Phone(SimulatedPhone phone) => $"0{phone.Area}/{phone.Number}";

    /// <inheritdoc/>
    public override JsonObject Mapping()
    {
        var mapping = new JsonObject
        {
            ["reportingCurrency"] = ExchangeRates.Reporting,
            ["separator"] = Separator,
            ["decimalSeparator"] = Numbers.NumberDecimalSeparator,
            ["encoding"] = EncodingName,
            ["dateFormats"] = new JsonArray(Dates),
        };
        foreach (var (table, file, headers) in Files)
        {
            var section = new JsonObject
            {
                ["files"] = new JsonArray(file),
                ["columns"] = new JsonObject(table.Columns.Zip(headers, static (column, header) => KeyValuePair.Create(column, (JsonNode?)header))),
            };
            // Where a sale was made is in the contract, but nothing is made of it.
            (section["columns"] as JsonObject)!.Remove("channel");
            var values = Listed.Where(l => l.Table == table.Name).Select(static l => KeyValuePair.Create(
                l.Column, (JsonNode?)new JsonObject(l.Values.Select(static v => KeyValuePair.Create(v.Name, (JsonNode?)v.Code))))).ToList();
            if (values.Count > 0)
            {
                section["values"] = new JsonObject(values);
            }

            mapping[table.Name] = section;
        }

        return mapping;
    }
}
