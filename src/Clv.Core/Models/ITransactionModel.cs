namespace Clv.Core.Models;

/// <summary>
/// A buy-till-you-die model of how often a customer buys, at fixed parameters.
/// </summary>
/// <remarks>
/// <para>A customer's history is three numbers: <c>x</c>, the repeat purchase occasions (the first one not counted, 0 or more);
/// <c>tx</c>, the weeks from the first occasion to the last (0 when <c>x</c> is 0); <c>T</c>, the weeks from the first occasion to the
/// end of the observation, <c>0 &lt;= tx &lt;= T</c>.</para>
/// <para>Implementations are immutable and safe to share between threads. Every member throws
/// <see cref="ArgumentOutOfRangeException"/> for a history that cannot exist (negative, NaN, infinite, or <c>tx &gt; T</c>) and returns a
/// finite
/// number for every one that can.</para>
/// </remarks>
public interface ITransactionModel
{
    /// <summary>The natural logarithm of the likelihood of one history.</summary>
    /// <param name="x">Repeat occasions.</param>
    /// <param name="tx">Weeks from the first occasion to the last.</param>
    /// <param name="T">Weeks from the first occasion to the end of the observation.</param>
    double LogLikelihood(int x, double tx, double T);

    /// <summary>The probability, in [0, 1], that the customer has not dropped out by the end of the observation.</summary>
    /// <param name="x">Repeat occasions.</param>
    /// <param name="tx">Weeks from the first occasion to the last.</param>
    /// <param name="T">Weeks from the first occasion to the end of the observation.</param>
    double ProbabilityAlive(int x, double tx, double T);

    /// <summary>The occasions to expect of this customer in the next <paramref name="horizon"/> weeks.</summary>
    /// <param name="x">Repeat occasions.</param>
    /// <param name="tx">Weeks from the first occasion to the last.</param>
    /// <param name="T">Weeks from the first occasion to the end of the observation.</param>
    /// <param name="horizon">Weeks ahead, 0 or more.</param>
    double ExpectedTransactions(int x, double tx, double T, double horizon);

    /// <summary>The repeat occasions to expect of a new customer in the <paramref name="horizon"/> weeks after the first one.</summary>
    /// <param name="horizon">Weeks after the first occasion, 0 or more.</param>
    double ExpectedTransactions(double horizon);

    /// <summary>
    /// The occasions of <see cref="ExpectedTransactions(int, double, double, double)"/>, each discounted from its own time to today:
    /// <c>integral from 0 to horizon of exp(-rate t) dE(t)</c>.
    /// </summary>
    /// <param name="x">Repeat occasions.</param>
    /// <param name="tx">Weeks from the first occasion to the last.</param>
    /// <param name="T">Weeks from the first occasion to the end of the observation.</param>
    /// <param name="horizon">Weeks ahead, 0 or more.</param>
    /// <param name="continuousWeeklyRate">Continuously compounded discount rate a week, 0 or more; <c>ln(1 + yearly) / 52.1775</c>.</param>
    double DiscountedTransactions(int x, double tx, double T, double horizon, double continuousWeeklyRate);
}
