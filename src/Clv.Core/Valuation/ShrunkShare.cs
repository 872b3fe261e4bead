namespace Clv.Core.Valuation;

/// <summary>
/// A share that every customer has of something, margin of revenue for one: the customer's own drawn towards everybody's, the more the less
/// there is to tell it from.
/// </summary>
/// <param name="Overall">Everybody's: all parts over all wholes.</param>
/// <param name="Strength">The whole of a customer's own that weighs as much as <paramref name="Overall"/>, in its unit, 0 or more.</param>
public sealed record ShrunkShare(double Overall, double Strength)
{
    /// <summary>A customer's share.</summary>
    /// <param name="part">The customer's part; may be below 0.</param>
    /// <param name="whole">What it is a part of; without a positive one the share is everybody's.</param>
    public double Of(double part, double whole) =>
        whole > 0 ? (part + (Strength * Overall)) / (whole + Strength) : Overall;
}
