using System.Text.Json.Serialization;

namespace Clv.Core.Extracts;

/// <summary>How to read exchange rate files.</summary>
public sealed record RateMapping
{
    /// <summary>Name patterns (with * and ?) of the files that hold rates.</summary>
    public IReadOnlyList<string> Files { get; init; } = ["rates*.csv", "rates*.csv.gz"];

    /// <summary>The headers of the contract's columns.</summary>
    public RateColumns Columns { get; init; } = new();
}

/// <summary>The files' own header for each column of the contract; null looks for the contract's name and its usual synonyms.</summary>
public sealed record RateColumns
{
    /// <summary>The currency that is converted.</summary>
    [JsonPropertyName("currency")]
    public string? Currency { get; init; }

    /// <summary>The day from which the rate counts.</summary>
    [JsonPropertyName("date")]
    public string? Date { get; init; }

    /// <summary>The rate to the reporting currency, with which amounts are multiplied.</summary>
    [JsonPropertyName("rate")]
    public string? Rate { get; init; }
}
