using Clv.Core.Valuation;

namespace Clv.Core.Estimation;

/// <summary>The models of contracts as they are stored.</summary>
/// <param name="Terms">Models by the months of a term, for every term that a contract had.</param>
public sealed record FittedContracts(IReadOnlyDictionary<int, FittedTerm> Terms)
{
    /// <summary>Takes down an estimate.</summary>
    /// <param name="estimated">The estimates by the months of a term.</param>
    /// <param name="run">The run whose contracts they were made on; empty outside a night.</param>
    /// <param name="last">What was stored of the night that kept models come from; null when nothing was kept.</param>
    public static FittedContracts Of(IReadOnlyDictionary<int, EstimatedContracts> estimated, string run, FittedContracts? last)
    {
        ArgumentNullException.ThrowIfNull(estimated);
        return new FittedContracts(estimated.ToDictionary(
            static term => term.Key, term => FittedTerm.Of(term.Value, run, last?.Terms.GetValueOrDefault(term.Key))));
    }

    /// <summary>The models: what contracts are valued with, and what a later night starts from and falls back to.</summary>
    public ContractModels ToModels() => new(Terms.ToDictionary(static term => term.Key, static term => term.Value.ToModels()));

    /// <summary>The same with the shortest few terms, and of each the first few products, only.</summary>
    /// <param name="terms">How many terms.</param>
    /// <param name="products">How many products of each.</param>
    public FittedContracts Brief(int terms, int products) => new(
        Terms.OrderBy(static term => term.Key).Take(terms).ToDictionary(static term => term.Key, term => term.Value.Brief(products)));
}

/// <summary>The models of contracts of one length of term as they are stored.</summary>
/// <param name="Common">The model of contracts of every product without one of its own; null where there is none.</param>
/// <param name="Products">Models by the names of products.</param>
/// <param name="Reason">What became of the common model: one plain sentence.</param>
/// <param name="Refused">Why fits of products were refused, by the products' names.</param>
public sealed record FittedTerm(
    FittedContract? Common,
    IReadOnlyDictionary<string, FittedContract> Products,
    string Reason,
    IReadOnlyDictionary<string, string> Refused)
{
    internal static FittedTerm Of(EstimatedContracts estimated, string run, FittedTerm? last) => new(
        estimated.Common is { } common ? FittedContract.Of(common, run, last?.Common) : null,
        estimated.Products.ToDictionary(
            static p => p.Key, p => FittedContract.Of(p.Value, run, last?.Products.GetValueOrDefault(p.Key)), StringComparer.Ordinal),
        estimated.Reason,
        estimated.Refused);

    internal TermModels ToModels() =>
        new(Common?.ToModel(), Products.ToDictionary(static p => p.Key, static p => p.Value.ToModel(), StringComparer.Ordinal));

    internal FittedTerm Brief(int products) => this with
    {
        Products = First(Products, products),
        Refused = First(Refused, products),
    };

    private static Dictionary<string, T> First<T>(IReadOnlyDictionary<string, T> all, int count) =>
        all.OrderBy(static p => p.Key, StringComparer.Ordinal).Take(count).ToDictionary(StringComparer.Ordinal);
}
