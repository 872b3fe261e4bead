using Clv.Core.Models;

namespace Clv.Core.Estimation;

/// <summary>A fitted model of spend as it is stored.</summary>
public sealed record FittedSpend
{
    /// <summary>The id of its kind.</summary>
    public required string Kind { get; init; }

    /// <summary>Everything that makes the model again, by the names of its paper.</summary>
    public required IReadOnlyDictionary<string, double> Parameters { get; init; }

    /// <summary>Standard errors of the parameters that have one.</summary>
    public required IReadOnlyDictionary<string, double> StandardErrors { get; init; }

    /// <summary>The covariance of ln p, ln (q - 1) and ln v, row by row; empty where the curvature gives none.</summary>
    public required IReadOnlyList<double> LogCovariance { get; init; }

    /// <summary>The log-likelihood of the Gamma-Gamma fit, summed over customers.</summary>
    public double? LogLikelihood { get; init; }

    /// <summary>How many customers it was estimated on.</summary>
    public long Customers { get; init; }

    /// <summary>The largest component of the gradient of the mean log-likelihood in log-parameters, at the estimates.</summary>
    public double? GradientNorm { get; init; }

    /// <summary>Correlation between ln mean value and ln (1 + occasions) over customers.</summary>
    public double FrequencyCorrelation { get; init; }

    /// <summary>Estimated exponent of value in (1 + occasions).</summary>
    public double FrequencyExponent { get; init; }

    /// <summary>Its standard error.</summary>
    public double FrequencyExponentError { get; init; }

    /// <summary>Why it is not a Gamma-Gamma, or null when it is.</summary>
    public string? Fallback { get; init; }

    /// <summary>Takes down an estimate.</summary>
    public static FittedSpend Of(SpendEstimate estimate)
    {
        ArgumentNullException.ThrowIfNull(estimate);
        var fit = estimate.Fit;
        return new FittedSpend
        {
            Kind = estimate.Id,
            Parameters = estimate.Model.Parameters.ToDictionary(static p => p.Key, static p => p.Value, StringComparer.Ordinal),
            StandardErrors = estimate.Fallback is not null ? new Dictionary<string, double>() : fit.Parameters.Where(static p => p.StandardError is not null)
                .ToDictionary(static p => p.Name, static p => p.StandardError!.Value, StringComparer.Ordinal),
            LogCovariance = estimate.Fallback is null ? fit.LogCovariance : [],
            LogLikelihood = fit.LogLikelihood,
            Customers = fit.Customers,
            GradientNorm = fit.GradientNorm,
            FrequencyCorrelation = estimate.Correlation,
            FrequencyExponent = estimate.Exponent,
            FrequencyExponentError = estimate.ExponentError,
            Fallback = estimate.Fallback,
        };
    }

    /// <summary>The model.</summary>
    public ISpendModel ToModel() => SpendEstimate.Create(Kind, Parameters);

    /// <summary>The models at the points that stand for the parameters' uncertainty.</summary>
    public IReadOnlyList<ISpendModel> ToPoints()
    {
        string[] order = ["p", "q", "v"];
        return ParameterUncertainty.Points(
            ToModel(),
            LogCovariance.Count == 0 ? [] : [.. order.Select(name => KeyValuePair.Create(name, Parameters[name])), .. Parameters.Where(p => !order.Contains(p.Key))],
            [0, 1, 0],
            LogCovariance,
            p => SpendEstimate.Create(Kind, p));
    }
}
