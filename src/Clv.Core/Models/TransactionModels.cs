namespace Clv.Core.Models;

/// <summary>The models of how often customers buy.</summary>
public static class TransactionModels
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<TransactionModelKind> All { get; } =
    [
        new("bg-nbd", "BG/NBD", (data, start, options) => BgNbdFit.Run(data, start as BgNbd, options).As<ITransactionModel>(), p => new BgNbd(p["r"], p["alpha"], p["a"], p["b"])),
        new("mbg-nbd", "MBG/NBD", (data, start, options) => MbgNbdFit.Run(data, start as MbgNbd, options).As<ITransactionModel>(), p => new MbgNbd(p["r"], p["alpha"], p["a"], p["b"])),
        new("bg-cnbd-k", "BG/CNBD-k", (data, start, options) => CnbdFit.RunBg(data, start as BgCnbd, options).As<ITransactionModel>(), p => new BgCnbd((int)p["k"], p["r"], p["alpha"], p["a"], p["b"])),
        new("mbg-cnbd-k", "MBG/CNBD-k", (data, start, options) => CnbdFit.RunMbg(data, start as MbgCnbd, options).As<ITransactionModel>(), p => new MbgCnbd((int)p["k"], p["r"], p["alpha"], p["a"], p["b"])),
        new("pareto-nbd", "Pareto/NBD", (data, start, options) => ParetoNbdFit.Run(data, start as ParetoNbd, options).As<ITransactionModel>(), p => new ParetoNbd(p["r"], p["alpha"], p["s"], p["beta"])),
        new("nbd", "NBD", (data, start, options) => NbdFit.Run(data, start as Nbd, options).As<ITransactionModel>(), p => new Nbd(p["r"], p["alpha"])),
        new("poisson", "Poisson", (data, _, _) => PoissonFit.Run(data).As<ITransactionModel>(), p => new Poisson(p["rate"])),
    ];

    /// <summary>The kind with an id.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those there are.</exception>
    public static TransactionModelKind Find(string id) =>
        All.FirstOrDefault(kind => kind.Id == id)
        ?? throw new ArgumentException($"There is no model {id}; there are {string.Join(", ", All.Select(static kind => kind.Id))}.", nameof(id));
}
