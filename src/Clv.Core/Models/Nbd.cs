using static MathNet.Numerics.SpecialFunctions;

namespace Clv.Core.Models;

/// <summary>
/// The NBD model: every customer buys for ever, at a Poisson rate that is gamma-distributed over customers. For data that hold no sign of
/// anybody leaving.
/// </summary>
/// <remarks>
/// Ehrenberg (1959), The Pattern of Consumer Purchases, Applied Statistics 8(1). Formulas as computed here: docs/models/nbd.md. The time
/// of the last
/// occasion says nothing in this model.
/// </remarks>
public sealed record Nbd : ITransactionModel
{
    /// <summary>A model at the given parameters.</summary>
    /// <param name="r">Shape of the purchase rate's gamma distribution, above 0.</param>
    /// <param name="alpha">Its rate parameter in weeks, above 0; the mean purchase rate is <c>r / alpha</c> a week.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not a finite number above zero.</exception>
    public Nbd(double r, double alpha)
    {
        R = Guard.Positive(r);
        Alpha = Guard.Positive(alpha);
    }

    /// <summary>Shape of the purchase rate's gamma distribution; the smaller, the more customers differ.</summary>
    public double R { get; }

    /// <summary>Rate parameter of the purchase rate's gamma distribution, in weeks.</summary>
    public double Alpha { get; }

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, double>> Parameters => [new("r", R), new("alpha", Alpha)];

    /// <inheritdoc/>
    public double LogLikelihood(int x, double tx, double T)
    {
        Guard.History(x, tx, T);
        return GammaLn(R + x) - GammaLn(R) - (R * LogMath.Log1p(T / Alpha)) - (x * Math.Log(Alpha + T));
    }

    /// <inheritdoc/>
    /// <remarks>Always 1: nobody leaves.</remarks>
    public double ProbabilityAlive(int x, double tx, double T)
    {
        Guard.History(x, tx, T);
        return 1;
    }

    /// <inheritdoc/>
    public double ExpectedTransactions(int x, double tx, double T, double horizon)
    {
        Guard.History(x, tx, T);
        return Rate(x, T) * SteadyBuying.Weeks(horizon);
    }

    /// <inheritdoc/>
    public double ExpectedTransactions(double horizon) => ExpectedTransactions(0, 0, 0, horizon);

    /// <inheritdoc/>
    public double DiscountedTransactions(int x, double tx, double T, double horizon, double continuousWeeklyRate)
    {
        Guard.History(x, tx, T);
        return Rate(x, T) * SteadyBuying.DiscountedWeeks(horizon, continuousWeeklyRate);
    }

    /// <inheritdoc/>
    public void TransactionProbabilities(int x, double tx, double T, double horizon, Span<double> probabilities)
    {
        Guard.History(x, tx, T);
        Guard.NotNegative(horizon);
        SteadyBuying.Fill(R + x, Alpha + T, horizon, probabilities);
    }

    /// <inheritdoc/>
    public void TransactionProbabilities(double horizon, Span<double> probabilities) =>
        TransactionProbabilities(0, 0, 0, horizon, probabilities);

    /// <inheritdoc/>
    public ITransactionSimulator Simulator(SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return new PoissonBuyingSimulator(random, () => (random.NextGamma(R) / Alpha, double.PositiveInfinity));
    }

    private double Rate(int x, double T) => (R + x) / (Alpha + T);
}
