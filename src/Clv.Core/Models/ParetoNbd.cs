using static MathNet.Numerics.SpecialFunctions;

namespace Clv.Core.Models;

/// <summary>
/// The Pareto/NBD model: purchases of a living customer are Poisson with a gamma-distributed rate, and the customer leaves after an
/// exponential lifetime with a gamma-distributed rate.
/// </summary>
/// <remarks>
/// Schmittlein, Morrison and Colombo (1987), Counting Your Customers: Who Are They and What Will They Do Next?, Management Science 33(1);
/// the form of the likelihood and the discounted expectation after Fader and Hardie (2005), notes on the Pareto/NBD model. Formulas as
/// computed here: docs/models/pareto-nbd.md.
/// All work is in log space and no two terms are subtracted; finite for frequencies beyond 20,000 and ages and horizons of decades.
/// </remarks>
public sealed record ParetoNbd : ITransactionModel
{
    /// <summary>A model at the given parameters.</summary>
    /// <param name="r">Shape of the purchase rate's gamma distribution, above 0.</param>
    /// <param name="alpha">Its rate parameter in weeks, above 0; the mean purchase rate is <c>r / alpha</c> a week.</param>
    /// <param name="s">Shape of the dropout rate's gamma distribution, above 0.</param>
    /// <param name="beta">Its rate parameter in weeks, above 0; the mean dropout rate is <c>s / beta</c> a week.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not a finite number above zero.</exception>
    public ParetoNbd(double r, double alpha, double s, double beta)
    {
        R = Guard.Positive(r);
        Alpha = Guard.Positive(alpha);
        S = Guard.Positive(s);
        Beta = Guard.Positive(beta);
    }

    /// <summary>Shape of the purchase rate's gamma distribution; the smaller, the more customers differ in how often they buy.</summary>
    public double R { get; }

    /// <summary>Rate parameter of the purchase rate's gamma distribution, in weeks.</summary>
    public double Alpha { get; }

    /// <summary>Shape of the dropout rate's gamma distribution; the smaller, the more customers differ in how long they stay.</summary>
    public double S { get; }

    /// <summary>Rate parameter of the dropout rate's gamma distribution, in weeks.</summary>
    public double Beta { get; }

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, double>> Parameters => [new("r", R), new("alpha", Alpha), new("s", S), new("beta", Beta)];

    /// <inheritdoc/>
    public double LogLikelihood(int x, double tx, double T)
    {
        Guard.History(x, tx, T);
        // The survivor's term factored out; what remains is the odds of having left since the last occasion.
        return GammaLn(R + x) - GammaLn(R)
            - (R * LogMath.Log1p(T / Alpha)) - (x * Math.Log(Alpha + T)) - (S * LogMath.Log1p(T / Beta))
            + Dropout.LogOnePlusOdds(R + x, tx, T, out _);
    }

    /// <inheritdoc/>
    public double ProbabilityAlive(int x, double tx, double T)
    {
        Guard.History(x, tx, T);
        _ = Dropout.LogOnePlusOdds(R + x, tx, T, out var alive);
        return alive;
    }

    /// <inheritdoc/>
    /// <remarks>Over an unlimited horizon finite for s above 1, infinite otherwise.</remarks>
    public double ExpectedTransactions(int x, double tx, double T, double horizon) =>
        IfAlive(x, tx, T, ExpectedTransactionsIfAlive(x, T, horizon));

    /// <inheritdoc/>
    public double ExpectedTransactions(double horizon) => ExpectedTransactionsIfAlive(0, 0, horizon);

    /// <inheritdoc/>
    /// <remarks>Over an unlimited horizon without a discount finite for s above 1, infinite otherwise.</remarks>
    public double DiscountedTransactions(int x, double tx, double T, double horizon, double continuousWeeklyRate) =>
        IfAlive(x, tx, T, DiscountedTransactionsIfAlive(x, T, horizon, continuousWeeklyRate));

    /// <summary>
    /// The occasions to expect in the next <paramref name="horizon"/> weeks of a customer known to be alive. It depends on frequency and
    /// age alone, so whoever scores many customers can compute it once per pair and multiply by <see cref="ProbabilityAlive"/>.
    /// </summary>
    /// <param name="x">Repeat occasions.</param>
    /// <param name="T">Weeks from the first occasion to the end of the observation.</param>
    /// <param name="horizon">Weeks ahead, 0 or more.</param>
    public double ExpectedTransactionsIfAlive(int x, double T, double horizon)
    {
        Guard.History(x, 0, T);
        Horizon(horizon);
        return BuyingRate(x, T) * Lifetime(T).Expected(horizon);
    }

    /// <summary>
    /// <see cref="DiscountedTransactions"/> of a customer known to be alive; like <see cref="ExpectedTransactionsIfAlive"/> it depends on
    /// frequency and age alone.
    /// </summary>
    /// <param name="x">Repeat occasions.</param>
    /// <param name="T">Weeks from the first occasion to the end of the observation.</param>
    /// <param name="horizon">Weeks ahead, 0 or more.</param>
    /// <param name="continuousWeeklyRate">Continuously compounded discount rate a week, 0 or more.</param>
    public double DiscountedTransactionsIfAlive(int x, double T, double horizon, double continuousWeeklyRate)
    {
        Guard.History(x, 0, T);
        Horizon(horizon);
        Guard.NotNegative(continuousWeeklyRate);
        return BuyingRate(x, T) * Lifetime(T).Discounted(horizon, continuousWeeklyRate);
    }

    /// <inheritdoc/>
    public void TransactionProbabilities(int x, double tx, double T, double horizon, Span<double> probabilities)
    {
        var alive = ProbabilityAlive(x, tx, T);
        Guard.NotNegative(horizon);
        new ParetoNbdCounts(R + x, Alpha + T, S, Beta + T).Fill(horizon, probabilities);
        foreach (ref var probability in probabilities)
        {
            probability *= alive;
        }

        if (probabilities.Length > 0)
        {
            probabilities[0] += 1 - alive;
        }
    }

    /// <inheritdoc/>
    public void TransactionProbabilities(double horizon, Span<double> probabilities) =>
        TransactionProbabilities(0, 0, 0, horizon, probabilities);

    /// <inheritdoc/>
    public ITransactionSimulator Simulator(SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return new PoissonBuyingSimulator(
            random,
            () => (random.NextGamma(R) / Alpha, random.NextExponential() * Beta / random.NextGamma(S)));
    }

    private ParetoNbdDropout Dropout => new(Alpha, S, Beta);

    private ParetoLifetime Lifetime(double T) => new(S, Beta + T);

    private double BuyingRate(int x, double T) => (R + x) / (Alpha + T);

    /// <summary>What is infinite for the living stays so however unlikely the customer is to be one of them.</summary>
    private double IfAlive(int x, double tx, double T, double value)
    {
        var alive = ProbabilityAlive(x, tx, T);
        return double.IsPositiveInfinity(value) ? value : alive * value;
    }

    private static void Horizon(double horizon)
    {
        if (!(horizon >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(horizon), horizon, "The horizon must be zero weeks or more.");
        }
    }
}
