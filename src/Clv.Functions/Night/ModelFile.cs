using Clv.Core.Models;
using Clv.Core.Valuation;

namespace Clv.Functions.Night;

/// <summary>The models of a run as they are stored: parameters and diagnostics, never data.</summary>
/// <param name="Name">The models' names.</param>
/// <param name="FittedIn">The run whose customers they were estimated on: an earlier one when this run's fit was refused.</param>
/// <param name="Transactions">How often customers buy.</param>
/// <param name="Spend">How much.</param>
/// <param name="Refused">Why this run's own fit was not used, or null when it was.</param>
public sealed record ModelFile(string Name, string FittedIn, FittedModel Transactions, FittedModel Spend, string? Refused = null)
{
    /// <summary>The one pair of models there is.</summary>
    public const string BgNbdGammaGamma = "BG/NBD with Gamma-Gamma";

    /// <summary>The models, ready to value customers.</summary>
    public CustomerModels ToModels()
    {
        var t = Transactions.Parameters;
        var s = Spend.Parameters;
        return new CustomerModels(new BgNbd(t["r"], t["alpha"], t["a"], t["b"]), new GammaGamma(s["p"], s["q"], s["v"]));
    }
}

/// <summary>One fitted model.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Parameters">Estimates by the names of the model's paper.</param>
/// <param name="StandardErrors">Their standard errors, where the curvature gives one.</param>
/// <param name="LogLikelihood">The log-likelihood, summed over customers.</param>
/// <param name="Customers">How many customers it was estimated on.</param>
/// <param name="GradientNorm">The largest component of the gradient of the mean log-likelihood in log-parameters, at the estimates.</param>
public sealed record FittedModel(
    string Name,
    IReadOnlyDictionary<string, double> Parameters,
    IReadOnlyDictionary<string, double> StandardErrors,
    double LogLikelihood,
    long Customers,
    double GradientNorm)
{
    /// <summary>Takes down an accepted fit.</summary>
    public static FittedModel Of<T>(string name, ModelFit<T> fit)
        where T : class => new(
            name,
            fit.Parameters.ToDictionary(static p => p.Name, static p => p.Estimate),
            fit.Parameters.Where(static p => p.StandardError is not null).ToDictionary(static p => p.Name, static p => p.StandardError!.Value),
            fit.LogLikelihood!.Value,
            fit.Customers,
            fit.GradientNorm!.Value);
}
