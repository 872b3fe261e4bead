using System.IO.Enumeration;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Clv.Core.Extracts;

/// <summary>
/// What <c>mapping.json</c> says: how a CRM's own files, headers and formats map to the extract contract. Every part is optional;
/// <see cref="None"/> reads files that follow the contract or use the usual names.
/// </summary>
public sealed record ExtractMapping
{
    /// <summary>The name of the mapping file in an extract folder.</summary>
    public const string FileName = "mapping.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
        Converters = { new AmountSourceConverter() },
    };

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

    /// <summary>Reads a mapping.</summary>
    /// <param name="utf8Json">The content of the file.</param>
    /// <exception cref="ExtractRefusedException">The JSON is broken, has an unknown property, or a value that cannot be used.</exception>
    public static ExtractMapping Parse(ReadOnlySpan<byte> utf8Json)
    {
        ExtractMapping? mapping;
        try
        {
            mapping = JsonSerializer.Deserialize<ExtractMapping>(WithoutMark(utf8Json), Json);
        }
        catch (JsonException e)
        {
            throw new ExtractRefusedException(FileName, $"not a mapping: {e.Message}", e.LineNumber + 1, e);
        }

        mapping ??= None;
        if (mapping.ReportingCurrency is { } currency && (currency.Length != 3 || !currency.All(char.IsAsciiLetter)))
        {
            throw Unusable("reportingCurrency", "a three-letter code such as EUR");
        }

        if (mapping.Transactions.Files.Concat(mapping.Customers.Files).Any(string.IsNullOrWhiteSpace))
        {
            throw Unusable("files", "name patterns such as orders*.csv");
        }

        _ = mapping.ResolveEncoding();
        _ = mapping.ResolveDates();
        _ = mapping.ResolveAmounts();
        _ = mapping.ResolveSeparator();
        return mapping;
    }

    /// <summary>Whether a file of this name holds transactions: it matches the mapping's patterns, or <c>transactions*.csv[.gz]</c>.</summary>
    public bool IsTransactions(string fileName) =>
        Matches(Transactions.Files, fileName);

    /// <summary>
    /// Whether a file of this name holds customers: it matches the mapping's patterns, or <c>customers*.csv[.gz]</c>, and is not one of
    /// transactions.
    /// </summary>
    public bool IsCustomers(string fileName) => Matches(Customers.Files, fileName) && !IsTransactions(fileName);

    private static bool Matches(IReadOnlyList<string> patterns, string fileName) =>
        patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, fileName, ignoreCase: true));

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

    private static ExtractRefusedException Unusable(string property, string expected, Exception? cause = null) =>
        new(FileName, $"the value of \"{property}\" cannot be used: give {expected}", cause: cause);

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> utf8) => utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
}

/// <summary>How to read transaction files.</summary>
public sealed record TransactionMapping
{
    /// <summary>Name patterns (with * and ?) of the files that hold transactions.</summary>
    public IReadOnlyList<string> Files { get; init; } = ["transactions*.csv", "transactions*.csv.gz"];

    /// <summary>The headers of the contract's columns.</summary>
    public TransactionColumns Columns { get; init; } = new();
}

/// <summary>The files' own header for each column of the contract; null looks for the contract's name and its usual synonyms.</summary>
public sealed record TransactionColumns
{
    /// <summary>Who bought.</summary>
    [JsonPropertyName("customer_id")]
    public string? CustomerId { get; init; }

    /// <summary>When.</summary>
    [JsonPropertyName("occurred_at")]
    public string? OccurredAt { get; init; }

    /// <summary>For how much; negative is a return.</summary>
    [JsonPropertyName("amount")]
    public AmountSource? Amount { get; init; }

    /// <summary>The contribution margin of the row, in the currency of the amount; an empty cell is one that is not known.</summary>
    [JsonPropertyName("margin")]
    public string? Margin { get; init; }

    /// <summary>What makes the row itself unique, so that a correction replaces it.</summary>
    [JsonPropertyName("transaction_id")]
    public string? TransactionId { get; init; }

    /// <summary>The currency of the amount.</summary>
    [JsonPropertyName("currency")]
    public string? Currency { get; init; }

    /// <summary>What was bought, as a group of goods.</summary>
    [JsonPropertyName("category")]
    public string? Category { get; init; }
}

/// <summary>How to read customer files.</summary>
public sealed record CustomerMapping
{
    /// <summary>Name patterns (with * and ?) of the files that hold customers.</summary>
    public IReadOnlyList<string> Files { get; init; } = ["customers*.csv", "customers*.csv.gz"];

    /// <summary>The headers of the contract's columns.</summary>
    public CustomerColumns Columns { get; init; } = new();
}

/// <summary>The files' own header for each column of the contract; null looks for the contract's name and its usual synonyms.</summary>
public sealed record CustomerColumns
{
    /// <summary>Who.</summary>
    [JsonPropertyName("customer_id")]
    public string? CustomerId { get; init; }

    /// <summary>The group of alike customers to which the customer belongs.</summary>
    [JsonPropertyName("segment")]
    public string? Segment { get; init; }

    /// <summary>Where; stands for the segment in a file without one.</summary>
    [JsonPropertyName("region")]
    public string? Region { get; init; }

    /// <summary>How the customer was won; stands for the segment in a file without one and without regions.</summary>
    [JsonPropertyName("acquisition_channel")]
    public string? AcquisitionChannel { get; init; }

    /// <summary>When the customer was won.</summary>
    [JsonPropertyName("acquired_on")]
    public string? AcquiredOn { get; init; }

    /// <summary>What winning the customer cost.</summary>
    [JsonPropertyName("acquisition_cost")]
    public string? AcquisitionCost { get; init; }

    /// <summary>The net promoter score.</summary>
    [JsonPropertyName("nps")]
    public string? Nps { get; init; }

    /// <summary>How many days late the customer pays.</summary>
    [JsonPropertyName("payment_delay_days")]
    public string? PaymentDelayDays { get; init; }

    /// <summary>Customer, prospect or lost.</summary>
    [JsonPropertyName("status")]
    public string? Status { get; init; }

    /// <summary>The telephone number.</summary>
    [JsonPropertyName("phone")]
    public string? Phone { get; init; }

    /// <summary>The e-mail address.</summary>
    [JsonPropertyName("email")]
    public string? Email { get; init; }

    /// <summary>What the customer has agreed to.</summary>
    [JsonPropertyName("consent")]
    public string? Consent { get; init; }
}

/// <summary>Where an amount comes from: one column, or the product of two (quantity times price).</summary>
/// <param name="Column">The column, or the first factor.</param>
/// <param name="Times">The second factor, or null.</param>
public sealed record AmountSource(string Column, string? Times = null);
