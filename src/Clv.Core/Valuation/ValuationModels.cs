using Clv.Core.Models.Contracts;

namespace Clv.Core.Valuation;

/// <summary>Everything estimated that a customer's value depends on.</summary>
/// <param name="Purchases">How often customers buy, how much, and what of it is margin.</param>
/// <param name="Contracts">How long contracts last; <see cref="ContractModels.None"/> without contracts.</param>
/// <param name="Behaviour">What behaviour does to expected purchases; null where none of it counts.</param>
/// <param name="ServingPerYear">
/// What serving a customer costs a year: contacts' costs over <see cref="ServingYears"/>; null when no costs are known.
/// </param>
public sealed record ValuationModels(SegmentedModels Purchases, ContractModels Contracts, BehaviourEffects? Behaviour, ShrunkShare? ServingPerYear);

/// <summary>How long contracts last, by product.</summary>
/// <param name="Common">The model of contracts of every product without one of its own; null where none could be estimated.</param>
/// <param name="Products">Models by the names of products.</param>
public sealed record ContractModels(IContractModel? Common, IReadOnlyDictionary<string, IContractModel> Products)
{
    /// <summary>No model.</summary>
    public static ContractModels None { get; } = new(null, new Dictionary<string, IContractModel>());

    /// <summary>The model of a product's contracts; null where none could be estimated.</summary>
    public IContractModel? Of(string? product) => product is not null && Products.TryGetValue(product, out var own) ? own : Common;
}
