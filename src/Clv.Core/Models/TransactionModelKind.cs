namespace Clv.Core.Models;

/// <summary>One kind of model of how often customers buy: its name, how it is fitted and how it is made again from its parameters.</summary>
/// <param name="Id">The name in commands, settings and stored models, such as <c>bg-nbd</c>.</param>
/// <param name="Title">The name of the literature.</param>
/// <param name="HasDropout">Whether its customers may leave.</param>
/// <param name="Fit">Fits it: data, parameters to start from besides the usual starts or null, options.</param>
/// <param name="Create">Makes it from parameters by name, in any order; others are ignored.</param>
public sealed record TransactionModelKind(
    string Id,
    string Title,
    bool HasDropout,
    Func<GroupedHistories, ITransactionModel?, FitOptions, ModelFit<ITransactionModel>> Fit,
    Func<IReadOnlyDictionary<string, double>, ITransactionModel> Create)
{
    /// <summary>
    /// The id of the kind that this one is where data do not ask for more, its own fit being refused then; null for a kind of its own.
    /// </summary>
    public string? Extends { get; init; }

    /// <summary>The id of the kind that a model of this kind is under another name, or null; null for kinds that contain no other.</summary>
    public Func<ITransactionModel, string?>? Reduces { get; init; }
}
