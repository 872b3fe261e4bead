using System.Text.Json.Serialization;

namespace Clv.Core.Extracts;

/// <summary>How to read contract files.</summary>
public sealed record ContractMapping
{
    /// <summary>Name patterns (with * and ?) of the files that hold contracts.</summary>
    public IReadOnlyList<string> Files { get; init; } = ["contracts*.csv", "contracts*.csv.gz"];

    /// <summary>The headers of the contract's columns.</summary>
    public ContractColumns Columns { get; init; } = new();
}

/// <summary>The files' own header for each column of the contract; null looks for the contract's name and its usual synonyms.</summary>
public sealed record ContractColumns
{
    /// <summary>Whose contract it is.</summary>
    [JsonPropertyName("customer_id")]
    public string? CustomerId { get; init; }

    /// <summary>What makes the contract unique for its customer.</summary>
    [JsonPropertyName("contract_id")]
    public string? ContractId { get; init; }

    /// <summary>Its first day.</summary>
    [JsonPropertyName("started_on")]
    public string? StartedOn { get; init; }

    /// <summary>Months of a term.</summary>
    [JsonPropertyName("term_months")]
    public string? TermMonths { get; init; }

    /// <summary>The next renewal, over what follows from the term.</summary>
    [JsonPropertyName("renews_on")]
    public string? RenewsOn { get; init; }

    /// <summary>What a term brings.</summary>
    [JsonPropertyName("fee_per_term")]
    public string? FeePerTerm { get; init; }

    /// <summary>The day on which it was cancelled, or for which its cancellation is noted.</summary>
    [JsonPropertyName("cancelled_on")]
    public string? CancelledOn { get; init; }

    /// <summary>What it is for.</summary>
    [JsonPropertyName("product")]
    public string? Product { get; init; }

    /// <summary>The currency of the fee.</summary>
    [JsonPropertyName("currency")]
    public string? Currency { get; init; }
}
