namespace Clv.Core.Models;

/// <summary>The models of how often customers buy.</summary>
public static class TransactionModels
{
    /// <summary>The one that can be fitted to anything: what is left when every other is refused.</summary>
    public static TransactionModelKind Simplest { get; } = new(
        "poisson",
        "Poisson",
        HasDropout: false,
        static (data, _, _) => PoissonFit.Run(data).As<ITransactionModel>(),
        static p => new Poisson(p["rate"]));

    /// <summary>All of them, in the order in which they are tried where nothing tells them apart.</summary>
    public static IReadOnlyList<TransactionModelKind> All { get; } =
    [
        new(
            "bg-nbd",
            "BG/NBD",
            HasDropout: true,
            static (data, start, options) => BgNbdFit.Run(data, start as BgNbd, options).As<ITransactionModel>(),
            static p => new BgNbd(p["r"], p["alpha"], p["a"], p["b"])),
        new(
            "novelty-bg-nbd",
            "BG/NBD with novelty",
            HasDropout: true,
            static (data, start, options) => NoveltyBgNbdFit.Run(data, start as NoveltyBgNbd, options).As<ITransactionModel>(),
            static p => new NoveltyBgNbd(new BgNbd(p["r"], p["alpha"], p["a"], p["b"]), new NoveltyClock(p["pace"], p["weeks"])))
        {
            Extends = "bg-nbd",
        },
        new(
            "mbg-nbd",
            "MBG/NBD",
            HasDropout: true,
            static (data, start, options) => MbgNbdFit.Run(data, start as MbgNbd, options).As<ITransactionModel>(),
            static p => new MbgNbd(p["r"], p["alpha"], p["a"], p["b"])),
        new(
            "pareto-nbd",
            "Pareto/NBD",
            HasDropout: true,
            static (data, start, options) => ParetoNbdFit.Run(data, start as ParetoNbd, options).As<ITransactionModel>(),
            static p => new ParetoNbd(p["r"], p["alpha"], p["s"], p["beta"])),
        new(
            "bg-cnbd-k",
            "BG/CNBD-k",
            HasDropout: true,
            static (data, start, options) => CnbdFit.RunBg(data, start as BgCnbd, options).As<ITransactionModel>(),
            static p => new BgCnbd((int)p["k"], p["r"], p["alpha"], p["a"], p["b"]))
        {
            Reduces = static model => model is BgCnbd { Stages: 1 } ? "bg-nbd" : null,
        },
        new(
            "mbg-cnbd-k",
            "MBG/CNBD-k",
            HasDropout: true,
            static (data, start, options) => CnbdFit.RunMbg(data, start as MbgCnbd, options).As<ITransactionModel>(),
            static p => new MbgCnbd((int)p["k"], p["r"], p["alpha"], p["a"], p["b"]))
        {
            Reduces = static model => model is MbgCnbd { Stages: 1 } ? "mbg-nbd" : null,
        },
        new(
            "nbd",
            "NBD",
            HasDropout: false,
            static (data, start, options) => NbdFit.Run(data, start as Nbd, options).As<ITransactionModel>(),
            static p => new Nbd(p["r"], p["alpha"])),
        Simplest,
    ];

    /// <summary>The kind with an id.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those there are.</exception>
    public static TransactionModelKind Find(string id) =>
        All.FirstOrDefault(kind => kind.Id == id)
        ?? throw new ArgumentException($"There is no model {id}; there are {string.Join(", ", All.Select(static kind => kind.Id))}.", nameof(id));
}
