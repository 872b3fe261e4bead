using System.IO.Enumeration;
using System.Text;
using Clv.Core.History;

namespace Clv.Core.Extracts;

/// <summary>
/// What <c>mapping.json</c> says: how a CRM's own files, headers and formats map to the extract contract. Every part is optional;
/// <see cref="None"/> reads files that follow the contract or use the usual names.
/// </summary>
public sealed record ExtractMapping
{
    /// <summary>The name of the mapping file in an extract folder.</summary>
    public const string FileName = "mapping.json";

    private const int MaxDateFormats = 20;
    private const int MaxPatterns = 50;
    private const int MaxNameLength = 200;

    /// <summary>No mapping: contract names or usual names, detected separator, decimal point, ISO or German dates, UTF-8.</summary>
    public static ExtractMapping None { get; } = new();

    /// <summary>The three-letter code of the reporting currency; rows in another one need a rate. Null when the files have no currencies.</summary>
    public string? ReportingCurrency { get; init; }

    /// <summary>IANA name of the business time zone, whose calendar days count. UTC when absent.</summary>
    public string? TimeZone { get; init; }

    /// <summary>The field separator, one ASCII character. Detected among comma, semicolon, tab and pipe when absent.</summary>
    public string? Separator { get; init; }

    /// <summary>"." or ",". When absent, a point without group separators.</summary>
    public string? DecimalSeparator { get; init; }

    /// <summary>The files' encoding by its IANA name, such as windows-1252. UTF-8 (or what a byte order mark says) when absent.</summary>
    public string? Encoding { get; init; }

    /// <summary>.NET custom date formats tried in order. ISO and German when absent.</summary>
    public IReadOnlyList<string> DateFormats { get; init; } = [];

    /// <summary>How to read transactions.</summary>
    public TransactionMapping Transactions { get; init; } = new();

    /// <summary>How to read what is known of customers besides their transactions.</summary>
    public CustomerMapping Customers { get; init; } = new();

    /// <summary>How to read contracts.</summary>
    public ContractMapping Contracts { get; init; } = new();

    /// <summary>How to read interactions.</summary>
    public InteractionMapping Interactions { get; init; } = new();

    /// <summary>How to read exchange rates.</summary>
    public RateMapping Rates { get; init; } = new();

    /// <summary>How to read whom to erase.</summary>
    public ErasureMapping Erasures { get; init; } = new();

    // In the order of Part. A file that several parts' patterns match belongs to the first of them.
    private IReadOnlyList<string>[] Patterns =>
        [Transactions.Files, Customers.Files, Contracts.Files, Interactions.Files, Rates.Files, Erasures.Files];

    /// <summary>Reads a mapping.</summary>
    /// <param name="utf8Json">The content of the file.</param>
    /// <exception cref="ExtractRefusedException">The JSON is broken, has an unknown property, or a value that cannot be used.</exception>
    public static ExtractMapping Parse(ReadOnlySpan<byte> utf8Json)
    {
        var mapping = StrictJson.Parse<ExtractMapping>(utf8Json, FileName, "a mapping") ?? None;
        if (mapping.ReportingCurrency is { } currency && !CurrencyCode.IsValid(currency))
        {
            throw Unusable("reportingCurrency", "a three-letter code such as EUR");
        }

        if (mapping.Patterns.Any(static files =>
            files.Count > MaxPatterns || files.Any(static pattern => string.IsNullOrWhiteSpace(pattern) || pattern.Length > MaxNameLength)))
        {
            throw Unusable("files", $"at most {MaxPatterns} name patterns such as orders*.csv, each of at most {MaxNameLength} characters");
        }

        _ = mapping.ResolveEncoding();
        _ = mapping.ResolveDates();
        _ = mapping.ResolveAmounts();
        _ = mapping.ResolveSeparator();
        _ = mapping.ResolveStatuses();
        _ = mapping.ResolveConsents();
        _ = mapping.ResolveKinds();
        return mapping;
    }

    /// <summary>Whether a file of this name holds transactions: it matches the mapping's patterns, or <c>transactions*.csv[.gz]</c>.</summary>
    public bool IsTransactions(string fileName) => PartOf(fileName) == Part.Transactions;

    /// <summary>
    /// Whether a file of this name holds customers: it matches the mapping's patterns, or <c>customers*.csv[.gz]</c>, and is not one of
    /// transactions.
    /// </summary>
    public bool IsCustomers(string fileName) => PartOf(fileName) == Part.Customers;

    /// <summary>Whether a file of this name holds contracts, and neither transactions nor customers.</summary>
    public bool IsContracts(string fileName) => PartOf(fileName) == Part.Contracts;

    /// <summary>Whether a file of this name holds interactions, and nothing of the parts before.</summary>
    public bool IsInteractions(string fileName) => PartOf(fileName) == Part.Interactions;

    /// <summary>Whether a file of this name holds exchange rates, and nothing of the parts before.</summary>
    public bool IsRates(string fileName) => PartOf(fileName) == Part.Rates;

    /// <summary>Whether a file of this name says whom to erase, and holds nothing of the parts before.</summary>
    public bool IsErasures(string fileName) => PartOf(fileName) == Part.Erasures;

    private Part PartOf(string fileName) => (Part)Array.FindIndex(
        Patterns, files => files.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, fileName, ignoreCase: true)));

    internal Encoding? ResolveEncoding()
    {
        if (Encoding is null)
        {
            return null;
        }

        try
        {
            // Bytes that the encoding does not know become U+FFFD, which no id may contain, and not a harmless question mark.
            var lost = new DecoderReplacementFallback("\uFFFD");
            return CodePagesEncodingProvider.Instance.GetEncoding(Encoding, EncoderFallback.ReplacementFallback, lost)
                ?? System.Text.Encoding.GetEncoding(Encoding, EncoderFallback.ReplacementFallback, lost);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw Unusable("encoding", "an encoding's name such as utf-8, iso-8859-1 or windows-1252", e);
        }
    }

    internal DateFormat ResolveDates()
    {
        var zone = TimeZoneInfo.Utc;
        if (TimeZone is not null && !TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out zone))
        {
            throw Unusable("timeZone", "an IANA name such as Europe/Berlin (is tzdata installed?)");
        }

        if (DateFormats.Count > MaxDateFormats || DateFormats.Any(static format => format is not { Length: <= DateFormat.MaxLength }))
        {
            throw Unusable("dateFormats", $"at most {MaxDateFormats} formats, each of at most {DateFormat.MaxLength} characters");
        }

        try
        {
            return new DateFormat(DateFormats, zone);
        }
        catch (ArgumentException e)
        {
            throw Unusable(
                "dateFormats", "formats that name a day, a month and a year, such as dd.MM.yyyy (MM is the month, mm the minute)", e);
        }
    }

    internal AmountFormat ResolveAmounts() => DecimalSeparator switch
    {
        null => AmountFormat.Plain,
        "." => AmountFormat.Point,
        "," => AmountFormat.Comma,
        _ => throw Unusable("decimalSeparator", "\".\" or \",\""),
    };

    internal char? ResolveSeparator() => Separator switch
    {
        null => null,
        [var one] when one is '\t' or (>= ' ' and <= '~' and not '"') && !char.IsAsciiLetterOrDigit(one) => one,
        _ => throw Unusable("separator", "one ASCII character such as \";\" or \"\\t\""),
    };

    internal CodeValues<CustomerStatus> ResolveStatuses() =>
        Codes("customers.values.status", ExtractCodes.Statuses, Customers.Values.Status, "customer, prospect or lost");

    internal CodeValues<bool> ResolveConsents() => Codes("customers.values.consent", ExtractCodes.Consents, Customers.Values.Consent, "yes or no");

    internal CodeValues<InteractionKind> ResolveKinds() => Codes(
        "interactions.values.kind",
        ExtractCodes.Kinds,
        Interactions.Values.Kind,
        "service_call, complaint, campaign_open, campaign_click, social, visit or return");

    private static CodeValues<T> Codes<T>(
        string property, IReadOnlyDictionary<string, T> usual, IReadOnlyDictionary<string, string> mapped, string expected)
        where T : struct
    {
        try
        {
            return new CodeValues<T>(usual, mapped);
        }
        catch (ArgumentException e)
        {
            throw Unusable(property, $"for each of the files' values one of {expected}", e);
        }
    }

    private static ExtractRefusedException Unusable(string property, string expected, Exception? cause = null) =>
        StrictJson.Unusable(FileName, property, expected, cause);

    private enum Part
    {
        None = -1,
        Transactions,
        Customers,
        Contracts,
        Interactions,
        Rates,
        Erasures,
    }
}
