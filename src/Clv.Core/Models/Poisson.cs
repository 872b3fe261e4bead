namespace Clv.Core.Models;

/// <summary>
/// The Poisson model: every customer buys for ever at one and the same rate. The last resort, for data in which customers do not differ or are
/// too few to tell.
/// </summary>
/// <remarks>What a customer has done changes nothing here. Formulas: docs/models/nbd.md.</remarks>
public sealed record Poisson : ITransactionModel
{
    /// <summary>A model at a rate.</summary>
    /// <param name="rate">Repeat occasions a week of every customer, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is negative or not a finite number.</exception>
    public Poisson(double rate)
    {
        Guard.NotNegative(rate);
        Rate = rate;
    }

    /// <summary>Repeat occasions a week.</summary>
    public double Rate { get; }

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, double>> Parameters => [new("rate", Rate)];

    /// <inheritdoc/>
    /// <remarks>At a rate of 0 a repeat occasion is impossible: negative infinity.</remarks>
    public double LogLikelihood(int x, double tx, double T)
    {
        Guard.History(x, tx, T);
        return (x == 0 ? 0 : x * Math.Log(Rate)) - (Rate * T);
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
        return ExpectedTransactions(horizon);
    }

    /// <inheritdoc/>
    public double ExpectedTransactions(double horizon)
    {
        var weeks = SteadyBuying.Weeks(horizon);
        return Rate == 0 ? 0 : Rate * weeks;
    }

    /// <inheritdoc/>
    public double DiscountedTransactions(int x, double tx, double T, double horizon, double continuousWeeklyRate)
    {
        Guard.History(x, tx, T);
        var weeks = SteadyBuying.DiscountedWeeks(horizon, continuousWeeklyRate);
        return Rate == 0 ? 0 : Rate * weeks;
    }

    /// <inheritdoc/>
    public void TransactionProbabilities(int x, double tx, double T, double horizon, Span<double> probabilities)
    {
        Guard.History(x, tx, T);
        TransactionProbabilities(horizon, probabilities);
    }

    /// <inheritdoc/>
    public void TransactionProbabilities(double horizon, Span<double> probabilities)
    {
        Guard.NotNegative(horizon);
        SteadyBuying.Fill(Rate * horizon, probabilities);
    }

    /// <inheritdoc/>
    public ITransactionSimulator Simulator(SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return new PoissonBuyingSimulator(random, () => (Rate, double.PositiveInfinity));
    }
}
