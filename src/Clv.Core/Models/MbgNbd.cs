namespace Clv.Core.Models;

/// <summary>
/// The modified beta-geometric/NBD model: purchases of a living customer are Poisson with a gamma-distributed rate, and after every purchase,
/// the first one included, the customer drops out with a beta-distributed probability. So a customer without repeat purchases may be gone.
/// </summary>
/// <remarks>
/// Batislam, Denizel and Filiztekin (2007), Empirical validation and comparison of models for customer base analysis, International Journal
/// of Research in Marketing 24(3). Formulas as computed here: docs/models/mbg-nbd.md.
/// </remarks>
public sealed record MbgNbd : BetaGeometricModel
{
    /// <summary>A model at the given parameters.</summary>
    /// <param name="r">Shape of the purchase rate's gamma distribution, above 0.</param>
    /// <param name="alpha">Its rate parameter in weeks, above 0; the mean purchase rate is <c>r / alpha</c> a week.</param>
    /// <param name="a">First shape of the dropout probability's beta distribution, above 0.</param>
    /// <param name="b">Second shape, above 0; the mean dropout probability after a purchase is <c>a / (a + b)</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not a finite number above zero.</exception>
    public MbgNbd(double r, double alpha, double a, double b)
        : base(1, r, alpha, a, b, modified: true)
    {
    }

    /// <summary>
    /// The occasions to expect in the next <paramref name="horizon"/> weeks of a customer known to be alive. It depends on frequency and
    /// age alone, so whoever scores many customers can compute it once per pair and multiply by
    /// <see cref="BetaGeometricModel.ProbabilityAlive"/>.
    /// </summary>
    /// <param name="x">Repeat occasions.</param>
    /// <param name="T">Weeks from the first occasion to the end of the observation.</param>
    /// <param name="horizon">Weeks ahead, 0 or more; may be infinite.</param>
    public double ExpectedTransactionsIfAlive(int x, double T, double horizon) => DiscountedIfAlive(x, 0, T, horizon, 0);

    /// <summary>
    /// <see cref="BetaGeometricModel.DiscountedTransactions"/> of a customer known to be alive; like
    /// <see cref="ExpectedTransactionsIfAlive"/> it depends on frequency and age alone.
    /// </summary>
    /// <param name="x">Repeat occasions.</param>
    /// <param name="T">Weeks from the first occasion to the end of the observation.</param>
    /// <param name="horizon">Weeks ahead, 0 or more; may be infinite.</param>
    /// <param name="continuousWeeklyRate">Continuously compounded discount rate a week, 0 or more.</param>
    public double DiscountedTransactionsIfAlive(int x, double T, double horizon, double continuousWeeklyRate) =>
        DiscountedIfAlive(x, 0, T, horizon, continuousWeeklyRate);
}
