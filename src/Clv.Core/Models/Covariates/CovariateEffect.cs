using System.Runtime.InteropServices;

namespace Clv.Core.Models.Covariates;

/// <summary>One parameter of a model that covariates act on: it is multiplied by <c>exp(sign * coefficients . covariates)</c>.</summary>
/// <param name="Name">What its coefficients are called, before the name of the covariate.</param>
/// <param name="Parameter">Its place among the model's parameters.</param>
/// <param name="Sign">1 or -1.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CovariateEffect(string Name, int Parameter, int Sign);
