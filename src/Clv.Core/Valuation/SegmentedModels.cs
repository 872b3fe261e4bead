namespace Clv.Core.Valuation;

/// <summary>The models that value a customer base: everybody's, and those of segments that have their own.</summary>
/// <param name="Common">The models of every customer whose segment has none of its own.</param>
/// <param name="Segments">The segments' models by their labels.</param>
public sealed record SegmentedModels(CustomerModels Common, IReadOnlyDictionary<string, CustomerModels> Segments)
{
    /// <summary>The models of a segment's customers.</summary>
    /// <param name="segment">The segment's label; null for none.</param>
    public CustomerModels Of(string? segment) => segment is not null && Segments.TryGetValue(segment, out var own) ? own : Common;
}
