namespace Clv.Core.Models;

/// <summary>The models of how often customers buy.</summary>
public static class TransactionModels
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<TransactionModelKind> All { get; } =
    [
        new("bg-nbd", "BG/NBD", true, (data, start, options) => BgNbdFit.Run(data, start as BgNbd, options).As<ITransactionModel>(), p => new BgNbd(p["r"], p["alpha"], p["a"], p["b"])),
    ];

    /// <summary>The one that can be fitted to anything: what is left when everything else is refused.</summary>
    public static TransactionModelKind Simplest => All[^1];

    /// <summary>The kind with an id.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those there are.</exception>
    public static TransactionModelKind Find(string id) =>
        All.FirstOrDefault(kind => kind.Id == id)
        ?? throw new ArgumentException($"There is no model {id}; there are {string.Join(", ", All.Select(static kind => kind.Id))}.", nameof(id));
}
