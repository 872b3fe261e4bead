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
/// <para>A horizon may be <see cref="double.PositiveInfinity"/>: the unlimited future. Undiscounted it holds infinitely many occasions in
/// models whose customers may stay for ever, and the result is then infinite too; discounted at a rate above 0 it is the discounted
/// expected residual transactions (DERT) of the literature.</para>
/// </remarks>
public interface ITransactionModel
{
    /// <summary>The parameters by the names of the model's paper, in its order: all that is needed to make the model again.</summary>
    IReadOnlyList<KeyValuePair<string, double>> Parameters { get; }

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

    /// <summary>
    /// The distribution of the number of occasions in the next <paramref name="horizon"/> weeks: fills
    /// <paramref name="probabilities"/> with the probability of 0, 1, 2 ... of them. What is missing to 1 is the probability of more.
    /// </summary>
    /// <param name="x">Repeat occasions.</param>
    /// <param name="tx">Weeks from the first occasion to the last.</param>
    /// <param name="T">Weeks from the first occasion to the end of the observation.</param>
    /// <param name="horizon">Weeks ahead, 0 or more, finite.</param>
    /// <param name="probabilities">Receives the probabilities.</param>
    void TransactionProbabilities(int x, double tx, double T, double horizon, Span<double> probabilities);

    /// <summary>Likewise for a new customer, in the <paramref name="horizon"/> weeks after the first occasion.</summary>
    /// <param name="horizon">Weeks after the first occasion, 0 or more, finite.</param>
    /// <param name="probabilities">Receives the probabilities.</param>
    void TransactionProbabilities(double horizon, Span<double> probabilities);

    /// <summary>Draws customers who behave as the model says.</summary>
    /// <param name="random">Where chance comes from; the caller may share or restart it.</param>
    ITransactionSimulator Simulator(SeededRandom random);
}
