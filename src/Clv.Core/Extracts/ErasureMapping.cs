using System.Text.Json.Serialization;

namespace Clv.Core.Extracts;

/// <summary>How to read files that say whom to erase.</summary>
public sealed record ErasureMapping
{
    /// <summary>Name patterns (with * and ?) of the files that say whom to erase.</summary>
    public IReadOnlyList<string> Files { get; init; } = ["erasures*.csv", "erasures*.csv.gz"];

    /// <summary>The headers of the contract's columns.</summary>
    public ErasureColumns Columns { get; init; } = new();
}

/// <summary>The files' own header for each column of the contract; null looks for the contract's name and its usual synonyms.</summary>
public sealed record ErasureColumns
{
    /// <summary>Who is to be erased.</summary>
    [JsonPropertyName("customer_id")]
    public string? CustomerId { get; init; }
}
