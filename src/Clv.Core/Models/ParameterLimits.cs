namespace Clv.Core.Models;

/// <summary>
/// One parameter of a fit: searched as the logarithm of its distance from a floor, between limits that no usable fit comes near.
/// </summary>
/// <param name="Name">The paper's name.</param>
/// <param name="Floor">What the parameter must exceed: 0, or 1 for the Gamma-Gamma q.</param>
/// <param name="Lowest">The least distance from the floor.</param>
/// <param name="Highest">The greatest distance from the floor.</param>
/// <param name="AtLowest">What it says of the data when the estimate runs to the lower limit.</param>
/// <param name="AtHighest">Likewise for the upper limit.</param>
internal sealed record ParameterLimits(string Name, double Floor, double Lowest, double Highest, string AtLowest, string AtHighest);
