namespace Clv.Core.Models;

/// <summary>The log-likelihood of a data set per customer, as a function of a model's natural parameters.</summary>
internal interface IMeanLogLikelihood
{
    long Customers { get; }

    /// <summary>Returns the value; fills the gradient and the upper triangle of the Hessian (row-major, square).</summary>
    double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian);
}
