using System.Text.Json.Serialization;

namespace Clv.Core.Extracts;

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

/// <summary>Where an amount comes from: one column, or the product of two (quantity times price).</summary>
/// <param name="Column">The column, or the first factor.</param>
/// <param name="Times">The second factor, or null.</param>
public sealed record AmountSource(string Column, string? Times = null);
