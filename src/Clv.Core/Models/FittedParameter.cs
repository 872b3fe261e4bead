using System.Runtime.InteropServices;

namespace Clv.Core.Models;

/// <summary>One estimated parameter.</summary>
/// <param name="Name">Its name in the model's paper.</param>
/// <param name="Estimate">The estimate in natural units; finite.</param>
/// <param name="StandardError">
/// Its standard error in the same units, from the curvature of the log-likelihood in log-parameters by the delta method; null where the
/// curvature
/// gives none.
/// </param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FittedParameter(string Name, double Estimate, double? StandardError);
