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

/// <summary>How long contracts last, by the length of their term: a chance of renewal is that of one term.</summary>
/// <param name="Terms">Models by the months of a term.</param>
public sealed record ContractModels(IReadOnlyDictionary<int, TermModels> Terms)
{
    /// <summary>No model.</summary>
    public static ContractModels None { get; } = new(new Dictionary<int, TermModels>());

    /// <summary>The model of a product's contracts of a term; null where none could be estimated, and without a term.</summary>
    /// <param name="product">The product; null when it is not known.</param>
    /// <param name="termMonths">The months of the term; null when they are not known.</param>
    public IContractModel? Of(string? product, int? termMonths) =>
        termMonths is { } months && Terms.TryGetValue(months, out var term) ? term.Of(product) : null;
}

/// <summary>How long contracts of one length of term last, by product.</summary>
/// <param name="Common">The model of contracts of every product without one of its own; null where none could be estimated.</param>
/// <param name="Products">Models by the names of products.</param>
public sealed record TermModels(IContractModel? Common, IReadOnlyDictionary<string, IContractModel> Products)
{
    /// <summary>No model.</summary>
    public static TermModels None { get; } = new(null, new Dictionary<string, IContractModel>());

    /// <summary>The model of a product's contracts; null where none could be estimated.</summary>
    /// <param name="product">The product; null when it is not known.</param>
    public IContractModel? Of(string? product) => product is not null && Products.TryGetValue(product, out var own) ? own : Common;
}
