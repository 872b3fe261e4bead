namespace Clv.Core.Models.Covariates;

/// <summary>A model of how often customers buy, some of whose parameters depend on the customer's covariates.</summary>
/// <remarks>
/// Fader and Hardie (2007), "Incorporating time-invariant covariates into the Pareto/NBD and BG/NBD models", note 019 on brucehardie.com.
/// With z the covariates, the purchase rate is multiplied by <c>exp(rate . z)</c>. In the Pareto/NBD the dropout rate is multiplied by
/// <c>exp(dropout . z)</c>; in the (M)BG/NBD the two shapes of the dropout probability are, by <c>exp(a . z)</c> and <c>exp(b . z)</c>.
/// </remarks>
public sealed class CovariateModelKind
{
    private readonly History _history;
    private readonly Func<double[], ITransactionModel> _create;

    private CovariateModelKind(
        string id,
        IReadOnlyList<string> parameters,
        IReadOnlyList<CovariateEffect> effects,
        Func<double, ParameterLimits[]> limits,
        Func<BuyingLevel, double[]> start,
        Func<BuyingLevel, ParameterPair[]> prior,
        Func<GroupedHistories, int, IMeanLogLikelihood> grouped,
        History history,
        Func<double[], ITransactionModel> create)
    {
        Id = id;
        Parameters = parameters;
        Effects = effects;
        Limits = limits;
        Start = start;
        Prior = prior;
        Grouped = grouped;
        _history = history;
        _create = create;
    }

    /// <summary>The log-likelihood of one history; fills its first derivatives and the upper triangle of the second ones.</summary>
    private delegate double History(in CovariateHistories.Row row, ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian);

    /// <summary>The BG/NBD with covariates.</summary>
    public static CovariateModelKind BgNbd { get; } = BetaGeometric("bg-nbd", modified: false, static p => new BgNbd(p[0], p[1], p[2], p[3]));

    /// <summary>The MBG/NBD with covariates.</summary>
    public static CovariateModelKind MbgNbd { get; } = BetaGeometric("mbg-nbd", modified: true, static p => new MbgNbd(p[0], p[1], p[2], p[3]));

    /// <summary>The Pareto/NBD with covariates.</summary>
    public static CovariateModelKind ParetoNbd { get; } = new(
        "pareto-nbd",
        ["r", "alpha", "s", "beta"],
        [new("rate", 1, -1), new("dropout", 3, -1)],
        ParetoNbdFit.Limits,
        static level => [1, 0.8 / level.Rate, 0.8, level.MeanAge],
        ParetoNbdFit.Prior,
        static (data, threads) => new ParetoNbdLikelihood(data, threads),
        static (in CovariateHistories.Row row, ReadOnlySpan<double> p, Span<double> gradient, Span<double> hessian) =>
            ParetoNbdHistory.LogLikelihood(new ParetoNbd(p[0], p[1], p[2], p[3]), row.Frequency, row.Recency, row.Age, gradient, hessian),
        static p => new ParetoNbd(p[0], p[1], p[2], p[3]));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CovariateModelKind> All { get; } = [BgNbd, MbgNbd, ParetoNbd];

    /// <summary>The name of the model without covariates, as in <see cref="TransactionModels"/>.</summary>
    public string Id { get; }

    /// <summary>The parameters of the model without covariates.</summary>
    internal IReadOnlyList<string> Parameters { get; }

    /// <summary>The parameters that covariates act on.</summary>
    internal IReadOnlyList<CovariateEffect> Effects { get; }

    /// <summary>The limits of the parameters, for a rate of buying.</summary>
    internal Func<double, ParameterLimits[]> Limits { get; }

    /// <summary>Parameters to start from besides those of the fit without covariates.</summary>
    internal Func<BuyingLevel, double[]> Start { get; }

    /// <summary>What a prior is about: the parameters at mean covariates.</summary>
    internal Func<BuyingLevel, ParameterPair[]> Prior { get; }

    /// <summary>The likelihood of many customers who share their parameters, on so many threads.</summary>
    internal Func<GroupedHistories, int, IMeanLogLikelihood> Grouped { get; }

    /// <summary>Makes a model from its parameters by name, as <see cref="CovariateModel.Parameters"/> lists them.</summary>
    /// <param name="covariates">The names of the covariates.</param>
    /// <param name="parameters">The parameters by name, in any order; others are ignored.</param>
    public CovariateModel Create(IReadOnlyList<string> covariates, IReadOnlyDictionary<string, double> parameters)
    {
        ArgumentNullException.ThrowIfNull(covariates);
        ArgumentNullException.ThrowIfNull(parameters);
        return new CovariateModel(
            this,
            [.. covariates],
            [.. Parameters.Select(name => parameters[name])],
            [.. Effects.Select(effect => covariates.Select(name => parameters[CoefficientName(effect, name)]).ToArray())]);
    }

    internal static string CoefficientName(CovariateEffect effect, string covariate) => $"{effect.Name}.{covariate}";

    internal double Evaluate(in CovariateHistories.Row row, ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian) =>
        _history(row, parameters, gradient, hessian);

    internal ITransactionModel Plain(double[] parameters) => _create(parameters);

    private static CovariateModelKind BetaGeometric(string id, bool modified, Func<double[], ITransactionModel> create) => new(
        id,
        ["r", "alpha", "a", "b"],
        [new("rate", 1, -1), new("a", 2, 1), new("b", 3, 1)],
        BetaGeometricFit.Limits,
        static level => [1, 1 / level.Rate, 0.5, 5],
        static level => BetaGeometricFit.Prior(level.Rate),
        (data, threads) => new BetaGeometricLikelihood(data, modified, threads),
        (in CovariateHistories.Row row, ReadOnlySpan<double> p, Span<double> gradient, Span<double> hessian) =>
            BetaGeometricHistory.Evaluate(row.Frequency, row.Recency, row.Age, p[0], p[1], p[2], p[3], modified, gradient, hessian),
        create);
}
