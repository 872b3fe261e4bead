namespace Clv.Core.Models;

/// <summary>A log-likelihood with a weak prior on means and concentrations: it has an interior maximum where the data alone have none.</summary>
/// <param name="likelihood">The data's.</param>
/// <param name="pairs">The prior.</param>
/// <param name="weight">How much the prior counts; at 1 it is one customer's worth at most places.</param>
internal sealed class PenalisedLikelihood(IMeanLogLikelihood likelihood, IReadOnlyList<ParameterPair> pairs, double weight) : IMeanLogLikelihood
{
    public long Customers => likelihood.Customers;

    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        var value = likelihood.Evaluate(parameters, gradient, hessian);
        foreach (var pair in pairs)
        {
            value += pair.Add(weight / Customers, parameters, gradient, hessian);
        }

        return value;
    }

    /// <summary>The data's own log-likelihood, summed over customers.</summary>
    public double LogLikelihood(ReadOnlySpan<double> parameters)
    {
        Span<double> gradient = stackalloc double[parameters.Length];
        Span<double> hessian = stackalloc double[parameters.Length * parameters.Length];
        return likelihood.Evaluate(parameters, gradient, hessian) * Customers;
    }
}
