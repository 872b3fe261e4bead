using System.Text.Json.Serialization;

namespace Clv.Core.Extracts;

/// <summary>How to read customer files.</summary>
public sealed record CustomerMapping
{
    /// <summary>Name patterns (with * and ?) of the files that hold customers.</summary>
    public IReadOnlyList<string> Files { get; init; } = ["customers*.csv", "customers*.csv.gz"];

    /// <summary>The headers of the contract's columns.</summary>
    public CustomerColumns Columns { get; init; } = new();

    /// <summary>The files' own code values.</summary>
    public CustomerValues Values { get; init; } = new();
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

    /// <summary>The currency of that cost.</summary>
    [JsonPropertyName("currency")]
    public string? Currency { get; init; }

    /// <summary>The answer to the net promoter question, 0 to 10.</summary>
    [JsonPropertyName("nps")]
    public string? Nps { get; init; }

    /// <summary>How many days late the customer pays.</summary>
    [JsonPropertyName("payment_delay_days")]
    public string? PaymentDelayDays { get; init; }

    /// <summary>Customer, prospect or lost.</summary>
    [JsonPropertyName("status")]
    public string? Status { get; init; }

    /// <summary>The telephone numbers: a header, or several where a CRM keeps mobile or second numbers apart.</summary>
    [JsonPropertyName("phone")]
    [JsonConverter(typeof(HeadersConverter))]
    public IReadOnlyList<string>? Phone { get; init; }

    /// <summary>The e-mail addresses: a header, or several.</summary>
    [JsonPropertyName("email")]
    [JsonConverter(typeof(HeadersConverter))]
    public IReadOnlyList<string>? Email { get; init; }

    /// <summary>What the customer has agreed to.</summary>
    [JsonPropertyName("consent")]
    public string? Consent { get; init; }
}

/// <summary>What the files' own code values mean; values that are not mapped go by their usual names.</summary>
public sealed record CustomerValues
{
    /// <summary>Values of the status, each with customer, prospect or lost.</summary>
    [JsonPropertyName("status")]
    public IReadOnlyDictionary<string, string> Status { get; init; } = new Dictionary<string, string>();

    /// <summary>Values of the consent, each with yes or no.</summary>
    [JsonPropertyName("consent")]
    public IReadOnlyDictionary<string, string> Consent { get; init; } = new Dictionary<string, string>();
}
