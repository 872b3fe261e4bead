namespace Clv.Core.Models;

/// <summary>What a fit found, or why it refused. Holds parameters and diagnostics, never data, and never NaN or infinity.</summary>
/// <typeparam name="TModel">The model that was fitted.</typeparam>
public sealed record ModelFit<TModel>
    where TModel : class
{
    /// <summary>How it ended.</summary>
    public required FitVerdict Verdict { get; init; }

    /// <summary>One plain sentence on how it ended, fit for a report.</summary>
    public required string Reason { get; init; }

    /// <summary>The model; null unless <see cref="Verdict"/> is <see cref="FitVerdict.Converged"/>.</summary>
    public TModel? Model { get; init; }

    /// <summary>The best parameters seen, also of a refused fit (for diagnosis, not for use); empty when nothing was estimated.</summary>
    public IReadOnlyList<FittedParameter> Parameters { get; init; } = [];

    /// <summary>The log-likelihood at <see cref="Parameters"/>, summed over customers; null when nothing was estimated.</summary>
    public double? LogLikelihood { get; init; }

    /// <summary>
    /// Bayesian information criterion, ln(customers) per parameter less twice the log-likelihood: lower is better, between models of the
    /// same data; null when nothing was estimated.
    /// </summary>
    public double? InformationCriterion => (Parameters.Count * Math.Log(Math.Max(1, Customers))) - (2 * LogLikelihood);

    /// <summary>Customers whose likelihood was summed.</summary>
    public long Customers { get; init; }

    /// <summary>Largest component of the gradient of the mean log-likelihood in log-parameters; null when nothing was estimated.</summary>
    public double? GradientNorm { get; init; }

    /// <summary>Evaluations of the likelihood, over all starts.</summary>
    public int Iterations { get; init; }

    /// <summary>Starts tried.</summary>
    public int Starts { get; init; }

    /// <summary>Starts that ended at the same maximum, the reported one.</summary>
    public int StartsAgreeing { get; init; }

    /// <summary>Whether <see cref="Model"/> may be used.</summary>
    public bool Converged => Verdict == FitVerdict.Converged;

    /// <summary>
    /// The covariance of the logarithms of <see cref="Parameters"/>' distances from their floors, row by row, from the curvature at the
    /// maximum; empty where the curvature gives none.
    /// </summary>
    public IReadOnlyList<double> LogCovariance { get; init; } = [];

    /// <summary>Repeat occasions of the customers that it was fitted to; null unless the gate was reached.</summary>
    public double? ObservedOccasions { get; init; }

    /// <summary>Repeat occasions that the model expects of customers of their ages; null unless the gate was reached.</summary>
    public double? ExpectedOccasions { get; init; }

    /// <summary>The same fit, with the model under a type it implements.</summary>
    /// <typeparam name="TBase">The other type.</typeparam>
    public ModelFit<TBase> As<TBase>()
        where TBase : class => new()
        {
            Verdict = Verdict,
            Reason = Reason,
            Model = (TBase?)(object?)Model,
            Parameters = Parameters,
            LogLikelihood = LogLikelihood,
            Customers = Customers,
            GradientNorm = GradientNorm,
            Iterations = Iterations,
            Starts = Starts,
            StartsAgreeing = StartsAgreeing,
            LogCovariance = LogCovariance,
            ObservedOccasions = ObservedOccasions,
            ExpectedOccasions = ExpectedOccasions,
        };
}
