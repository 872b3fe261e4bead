namespace Clv.Core.Valuation;

/// <summary>
/// How much of what a customer pays is contribution margin: the customer's own share drawn towards everybody's, the more the less the
/// customer has bought.
/// </summary>
/// <param name="Overall">The margin of all rows whose margin is known over their amounts.</param>
/// <param name="Strength">The amount of a customer's own that weighs as much as <paramref name="Overall"/>, in currency, 0 or more.</param>
public sealed record MarginRates(double Overall, double Strength)
{
    /// <summary>A customer's share, usually from 0 to 1; below 0 where sales cost more than they bring.</summary>
    /// <param name="margin">The margins of the customer's rows that are known.</param>
    /// <param name="amount">The amounts of these rows; without a positive one the share is everybody's.</param>
    public double Of(double margin, double amount) =>
        amount > 0 ? (margin + (Strength * Overall)) / (amount + Strength) : Overall;
}
