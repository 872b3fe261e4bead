using Clv.Core.Models.Contracts;

namespace Clv.Core.Estimation;

/// <summary>A fitted model of contracts as it is stored.</summary>
public sealed record FittedContract
{
    /// <summary>The id of the <see cref="ShiftedBetaGeometric"/>, the kind that is fitted.</summary>
    public const string ShiftedBetaGeometricId = "sbg";

    /// <summary>The id of its kind.</summary>
    public required string Kind { get; init; }

    /// <summary>The run whose contracts it was estimated on: an earlier one when tonight's fit was refused; empty outside a night.</summary>
    public required string FittedIn { get; init; }

    /// <summary>Everything that makes the model again, by the names of its paper.</summary>
    public required IReadOnlyDictionary<string, double> Parameters { get; init; }

    /// <summary>Standard errors of the parameters that have one.</summary>
    public required IReadOnlyDictionary<string, double> StandardErrors { get; init; }

    /// <summary>The log-likelihood, summed over contracts.</summary>
    public double? LogLikelihood { get; init; }

    /// <summary>Contracts that came up for renewal, on which it was estimated.</summary>
    public long Contracts { get; init; }

    /// <summary>How many of them were lost.</summary>
    public long Lost { get; init; }

    /// <summary>How the fit ended: one plain sentence.</summary>
    public required string Verdict { get; init; }

    /// <summary>Takes down an estimate.</summary>
    /// <param name="estimated">The estimate.</param>
    /// <param name="run">The run.</param>
    /// <param name="kept">What was stored of it earlier, for a model that was kept.</param>
    /// <exception cref="ArgumentException">The model was kept and nothing is stored of it.</exception>
    public static FittedContract Of(EstimatedContract estimated, string run, FittedContract? kept)
    {
        ArgumentNullException.ThrowIfNull(estimated);
        if (estimated.Fit is not { } fit)
        {
            return kept ?? throw new ArgumentException("A model that was kept needs the file that it was kept from.", nameof(kept));
        }

        return new FittedContract
        {
            Kind = ShiftedBetaGeometricId,
            FittedIn = run,
            Parameters = estimated.Model.Parameters.ToDictionary(static p => p.Key, static p => p.Value, StringComparer.Ordinal),
            StandardErrors = fit.Parameters.Where(static p => p.StandardError is not null)
                .ToDictionary(static p => p.Name, static p => p.StandardError!.Value, StringComparer.Ordinal),
            LogLikelihood = fit.LogLikelihood,
            Contracts = fit.Customers,
            Lost = estimated.Lost,
            Verdict = fit.Reason,
        };
    }

    /// <summary>The model.</summary>
    /// <exception cref="InvalidOperationException">Nobody knows a model of this kind.</exception>
    public IContractModel ToModel() => Kind == ShiftedBetaGeometricId
        ? new ShiftedBetaGeometric(Parameters["alpha"], Parameters["beta"])
        : throw new InvalidOperationException($"There is no model of contracts called {Kind}.");
}
