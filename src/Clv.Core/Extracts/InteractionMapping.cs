using System.Text.Json.Serialization;

namespace Clv.Core.Extracts;

/// <summary>How to read interaction files.</summary>
public sealed record InteractionMapping
{
    /// <summary>Name patterns (with * and ?) of the files that hold interactions.</summary>
    public IReadOnlyList<string> Files { get; init; } = ["interactions*.csv", "interactions*.csv.gz"];

    /// <summary>The headers of the contract's columns.</summary>
    public InteractionColumns Columns { get; init; } = new();

    /// <summary>The files' own code values.</summary>
    public InteractionValues Values { get; init; } = new();
}

/// <summary>The files' own header for each column of the contract; null looks for the contract's name and its usual synonyms.</summary>
public sealed record InteractionColumns
{
    /// <summary>Whose contact it was.</summary>
    [JsonPropertyName("customer_id")]
    public string? CustomerId { get; init; }

    /// <summary>When.</summary>
    [JsonPropertyName("occurred_at")]
    public string? OccurredAt { get; init; }

    /// <summary>What it was.</summary>
    [JsonPropertyName("kind")]
    public string? Kind { get; init; }

    /// <summary>What it cost the firm.</summary>
    [JsonPropertyName("cost")]
    public string? Cost { get; init; }

    /// <summary>The currency of the cost.</summary>
    [JsonPropertyName("currency")]
    public string? Currency { get; init; }

    /// <summary>What makes the row itself unique.</summary>
    [JsonPropertyName("interaction_id")]
    public string? InteractionId { get; init; }
}

/// <summary>What the files' own code values mean; values that are not mapped go by their usual names.</summary>
public sealed record InteractionValues
{
    /// <summary>Values of the kind, each with service_call, complaint, campaign_open, campaign_click, social, visit or return.</summary>
    [JsonPropertyName("kind")]
    public IReadOnlyDictionary<string, string> Kind { get; init; } = new Dictionary<string, string>();
}
