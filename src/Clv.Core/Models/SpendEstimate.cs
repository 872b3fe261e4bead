namespace Clv.Core.Models;

/// <summary>How a model of spend came about.</summary>
/// <param name="Id">Its name: <c>gamma-gamma</c>, <c>gamma-gamma-frequency</c> or <c>shrunk-mean</c>.</param>
/// <param name="Model">The model.</param>
/// <param name="Fit">The Gamma-Gamma fit, also when it was refused.</param>
/// <param name="Correlation">
/// Correlation between ln mean value and ln (1 + occasions) over customers, -1 to 1; 0 where either does not vary.
/// </param>
/// <param name="Exponent">Estimated exponent of value in (1 + occasions), 0 where frequency does not vary.</param>
/// <param name="ExponentError">Its standard error.</param>
/// <param name="Fallback">Why it is not a Gamma-Gamma, or null when it is.</param>
public sealed record SpendEstimate(
    string Id, ISpendModel Model, ModelFit<GammaGamma> Fit, double Correlation, double Exponent, double ExponentError, string? Fallback)
{
    /// <summary>The id of a Gamma-Gamma.</summary>
    public const string GammaGammaId = "gamma-gamma";

    /// <summary>The id of a Gamma-Gamma within <see cref="FrequencySpend"/>.</summary>
    public const string FrequencyId = "gamma-gamma-frequency";

    /// <summary>The id of <see cref="ShrunkSpend"/>.</summary>
    public const string ShrunkId = "shrunk-mean";

    /// <summary>Estimates spend: the Gamma-Gamma, corrected for frequency where that matters, or the shrunk mean.</summary>
    /// <param name="data">Mean values per occasion.</param>
    /// <param name="corrects">Whether it is corrected for frequency where that matters; otherwise that is only measured.</param>
    /// <param name="warmStart">Parameters to start from besides the usual starts, or null.</param>
    /// <param name="options">How to fit.</param>
    /// <returns>The estimate, or null when no customer has a value.</returns>
    public static SpendEstimate? Run(GroupedSpend data, bool corrects = true, GammaGamma? warmStart = null, FitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        var fit = GammaGammaFit.Run(data, warmStart, options);
        var relation = SpendFrequency.Measure(data);
        if (!fit.Converged)
        {
            return ShrunkSpendFit.Run(data) is { } shrunk
                ? new SpendEstimate(ShrunkId, shrunk, fit, relation.Correlation, relation.Exponent, relation.ExponentError, fit.Reason)
                : null;
        }

        var plain = new SpendEstimate(GammaGammaId, fit.Model!, fit, relation.Correlation, relation.Exponent, relation.ExponentError, null);
        if (!corrects || !relation.IsSignificant)
        {
            return plain;
        }

        var corrected = GammaGammaFit.Run(data.Scaled(n => 1 / FrequencySpend.Factor(n, relation.Exponent)), fit.Model, options);
        // The factor's Jacobian puts both likelihoods on the same amounts; one more parameter must earn what BIC asks.
        var gain = corrected.Converged ? corrected.LogLikelihood!.Value - relation.LogFactors - fit.LogLikelihood!.Value : double.NegativeInfinity;
        return 2 * gain > Math.Log(data.Customers)
            ? plain with
            {
                Id = FrequencyId,
                Model = new FrequencySpend(corrected.Model!, relation.Exponent),
                Fit = corrected with { LogLikelihood = corrected.LogLikelihood - relation.LogFactors },
            }
            : plain;
    }

    /// <summary>Makes a model again from its id and parameters.</summary>
    /// <exception cref="ArgumentException">There is no such model.</exception>
    public static ISpendModel Create(string id, IReadOnlyDictionary<string, double> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        GammaGamma GammaGamma() => new(parameters["p"], parameters["q"], parameters["v"]);
        return id switch
        {
            GammaGammaId => GammaGamma(),
            FrequencyId => new FrequencySpend(GammaGamma(), parameters[FrequencySpend.ExponentName]),
            ShrunkId => new ShrunkSpend(parameters["level"], parameters["median"], parameters["variation"], parameters["spread"]),
            _ => throw new ArgumentException($"There is no model of spend {id}.", nameof(id)),
        };
    }
}
