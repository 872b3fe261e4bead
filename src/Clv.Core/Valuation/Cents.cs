namespace Clv.Core.Valuation;

/// <summary>
/// Money as it is reported: in cents, rounded half to even, and within a bound under which sums over any number of customers stay exact.
/// </summary>
internal static class Cents
{
    /// <summary>The largest amount of a single figure, on either side of 0; what is beyond counts as this.</summary>
    public const decimal Bound = 1_000_000_000_000_000_000m;

    private static readonly Int128 MicrosBound = (Int128)Bound * Money.Scale;

    public static decimal Of(Money money) => Of(Exact(money));

    public static decimal Of(decimal amount) => decimal.Round(Math.Clamp(amount, -Bound, Bound), 2, MidpointRounding.ToEven);

    /// <exception cref="ArithmeticException">The amount is not a number.</exception>
    public static decimal Of(double amount) => double.IsNaN(amount)
        ? throw new ArithmeticException("An amount of a customer's value is not a number; the models' parameters do not allow this.")
        : Of((decimal)Math.Clamp(amount, -(double)Bound, (double)Bound));

    /// <summary>The amount with all its digits, within the bound.</summary>
    public static decimal Exact(Money money) => (decimal)Int128.Clamp(money.Micros, -MicrosBound, MicrosBound) / Money.Scale;
}
