namespace Clv.Core.Models.Contracts;

/// <summary>
/// A model of how long a customer under contract stays, at fixed parameters: the contract comes up for renewal once a period, and whether it
/// was renewed is seen.
/// </summary>
/// <remarks>
/// <para>A contract's history is one number, its <c>renewals</c>: how often it was renewed so far, 0 for a contract in its first period. A
/// contract with n renewals is in its period n + 1 and was paid for n + 1 times.</para>
/// <para>Implementations are immutable and safe to share between threads. Every member throws <see cref="ArgumentOutOfRangeException"/> for
/// a negative number of renewals or periods or a rate that is negative or not finite, and otherwise returns a number that is never NaN.</para>
/// </remarks>
public interface IContractModel
{
    /// <summary>The parameters by the names of the model's paper, in its order: all that is needed to make the model again.</summary>
    IReadOnlyList<KeyValuePair<string, double>> Parameters { get; }

    /// <summary>The probability that a new contract is renewed at least <paramref name="renewals"/> times: S of the literature.</summary>
    /// <param name="renewals">How often, 0 or more.</param>
    double Survival(int renewals);

    /// <summary>The probability that a contract renewed so often already is renewed at least so often again.</summary>
    /// <param name="renewals">Renewals so far, 0 or more.</param>
    /// <param name="further">Renewals to come, 0 or more.</param>
    double Survival(int renewals, int further);

    /// <summary>The probability that the next renewal takes place: the retention rate of contracts of this age.</summary>
    /// <param name="renewals">Renewals so far, 0 or more.</param>
    double RenewalProbability(int renewals);

    /// <summary>
    /// The distribution of the number of renewals still to come: fills <paramref name="probabilities"/> with the probability of exactly 0, 1,
    /// 2 ... of them. What is missing to 1 is the probability of more.
    /// </summary>
    /// <param name="renewals">Renewals so far, 0 or more.</param>
    /// <param name="probabilities">Receives the probabilities.</param>
    void RenewalDistribution(int renewals, Span<double> probabilities);

    /// <summary>
    /// The discounted expected tenure of a new contract (DEL): the periods it will be paid for, each discounted from its beginning to the
    /// beginning of the first, which counts in full.
    /// </summary>
    /// <param name="periodRate">Discount rate a period, 0 or more: a payment one period later counts <c>1 / (1 + rate)</c>.</param>
    /// <param name="periods">Count the first so many periods only, the first one included; null for all.</param>
    /// <returns>Infinite where all periods are counted at a rate of 0 and the mean tenure has no bound.</returns>
    double DiscountedTenure(double periodRate, int? periods = null);

    /// <summary>
    /// The discounted expected residual tenure (DERL) on the eve of the next renewal: the renewals to come, each discounted to the next one,
    /// which counts in full.
    /// </summary>
    /// <param name="renewals">Renewals so far, 0 or more.</param>
    /// <param name="periodRate">Discount rate a period, 0 or more.</param>
    /// <param name="periods">Count the next so many renewals only; null for all.</param>
    /// <returns>Infinite where all renewals are counted at a rate of 0 and their mean number has no bound.</returns>
    double DiscountedResidualTenure(int renewals, double periodRate, int? periods = null);

    /// <summary>The natural logarithm of the likelihood of one contract.</summary>
    /// <param name="renewals">Renewals it was seen to make, 0 or more.</param>
    /// <param name="lost">Whether it was lost at the next one; otherwise it was still running when last seen.</param>
    double LogLikelihood(int renewals, bool lost);

    /// <summary>Draws the number of renewals a contract will still make.</summary>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="renewals">Renewals so far, 0 or more.</param>
    /// <returns>0 or more; <see cref="int.MaxValue"/> stands for so many or more.</returns>
    int NextRenewals(SeededRandom random, int renewals = 0);
}
