using Clv.Core.Models;
using Clv.Core.Valuation;

namespace Clv.Core.Estimation;

/// <summary>A fitted model of occasions as it is stored.</summary>
public sealed record FittedTransactions
{
    /// <summary>The id of its kind.</summary>
    public required string Kind { get; init; }

    /// <summary>The kind's name in the literature.</summary>
    public required string Name { get; init; }

    /// <summary>The run whose customers it was estimated on: an earlier one when tonight's fits were refused; empty outside a night.</summary>
    public required string FittedIn { get; init; }

    /// <summary>Everything that makes the model again, by the names of its paper, the estimated parameters in the order of the covariance.</summary>
    public required IReadOnlyDictionary<string, double> Parameters { get; init; }

    /// <summary>Standard errors of the parameters that have one.</summary>
    public required IReadOnlyDictionary<string, double> StandardErrors { get; init; }

    /// <summary>The names of the estimated parameters, in the order of <see cref="LogCovariance"/>.</summary>
    public required IReadOnlyList<string> Estimated { get; init; }

    /// <summary>The covariance of the logarithms of the estimated parameters, row by row; empty where the curvature gives none.</summary>
    public required IReadOnlyList<double> LogCovariance { get; init; }

    /// <summary>The log-likelihood, summed over customers.</summary>
    public double? LogLikelihood { get; init; }

    /// <summary>The Bayesian information criterion, lower is better.</summary>
    public double? InformationCriterion { get; init; }

    /// <summary>How many customers it was estimated on.</summary>
    public long Customers { get; init; }

    /// <summary>The largest component of the gradient of the mean log-likelihood in log-parameters, at the estimates.</summary>
    public double? GradientNorm { get; init; }

    /// <summary>Evaluations of the likelihood, over all starts.</summary>
    public int Iterations { get; init; }

    /// <summary>Starts tried.</summary>
    public int Starts { get; init; }

    /// <summary>Starts that ended at the same maximum.</summary>
    public int StartsAgreeing { get; init; }

    /// <summary>Repeat occasions of those customers.</summary>
    public double? ObservedOccasions { get; init; }

    /// <summary>Repeat occasions that the model expects of customers of their ages.</summary>
    public double? ExpectedOccasions { get; init; }

    /// <summary>
    /// The common level of the whole-number forecasts over the horizon (<see cref="WholeOccasions"/>); null where there are none.
    /// </summary>
    public double? WholeLevel { get; init; }

    /// <summary>How the fit ended: one plain sentence.</summary>
    public required string Verdict { get; init; }

    /// <summary>Takes down an accepted fit.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="model">The model.</param>
    /// <param name="fit">The fit.</param>
    /// <param name="run">The run.</param>
    public static FittedTransactions Of(TransactionModelKind kind, ITransactionModel model, ModelFit<ITransactionModel> fit, string run)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(fit);
        return new FittedTransactions
        {
            Kind = kind.Id,
            Name = kind.Title,
            FittedIn = run,
            Parameters = model.Parameters.ToDictionary(static p => p.Key, static p => p.Value, StringComparer.Ordinal),
            StandardErrors = fit.Parameters.Where(static p => p.StandardError is not null)
                .ToDictionary(static p => p.Name, static p => p.StandardError!.Value, StringComparer.Ordinal),
            Estimated = [.. fit.Parameters.Select(static p => p.Name)],
            LogCovariance = fit.LogCovariance,
            LogLikelihood = fit.LogLikelihood,
            InformationCriterion = fit.InformationCriterion,
            Customers = fit.Customers,
            GradientNorm = fit.GradientNorm,
            Iterations = fit.Iterations,
            Starts = fit.Starts,
            StartsAgreeing = fit.StartsAgreeing,
            ObservedOccasions = fit.ObservedOccasions,
            ExpectedOccasions = fit.ExpectedOccasions,
            Verdict = fit.Reason,
        };
    }

    /// <summary>The model.</summary>
    public ITransactionModel ToModel() => TransactionModels.Find(Kind).Create(Parameters);

    /// <summary>The models at the points that stand for the parameters' uncertainty.</summary>
    public IReadOnlyList<ITransactionModel> ToPoints() => ParameterUncertainty.Points(
        ToModel(),
        [.. Estimated.Select(name => KeyValuePair.Create(name, Parameters[name])), .. Parameters.Where(p => !Estimated.Contains(p.Key))],
        [.. Estimated.Select(static _ => 0.0)],
        LogCovariance,
        TransactionModels.Find(Kind).Create);
}
