using static MathNet.Numerics.SpecialFunctions;

namespace Clv.Core.Models;

/// <summary>
/// The beta-geometric/NBD model: purchases of a living customer are Poisson with a gamma-distributed rate, and after every repeat purchase
/// the customer drops out with a beta-distributed probability.
/// </summary>
/// <remarks>
/// Fader, Hardie and Lee (2005), "Counting Your Customers" the Easy Way, Marketing Science 24(2). Formulas as computed here:
/// docs/models/bg-nbd.md.
/// All work is in log space; finite for frequencies beyond 20,000 and ages and horizons of decades.
/// </remarks>
public sealed record BgNbd : ITransactionModel
{
    /// <summary>A model at the given parameters.</summary>
    /// <param name="r">Shape of the purchase rate's gamma distribution, above 0.</param>
    /// <param name="alpha">Its rate parameter in weeks, above 0; the mean purchase rate is <c>r / alpha</c> a week.</param>
    /// <param name="a">First shape of the dropout probability's beta distribution, above 0.</param>
    /// <param name="b">Second shape, above 0; the mean dropout probability after a purchase is <c>a / (a + b)</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is not a finite number above zero.</exception>
    public BgNbd(double r, double alpha, double a, double b)
    {
        R = Guard.Positive(r);
        Alpha = Guard.Positive(alpha);
        A = Guard.Positive(a);
        B = Guard.Positive(b);
    }

    /// <summary>Shape of the purchase rate's gamma distribution; the smaller, the more customers differ.</summary>
    public double R { get; }

    /// <summary>Rate parameter of the purchase rate's gamma distribution, in weeks.</summary>
    public double Alpha { get; }

    /// <summary>First shape of the dropout probability's beta distribution.</summary>
    public double A { get; }

    /// <summary>Second shape of the dropout probability's beta distribution.</summary>
    public double B { get; }

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, double>> Parameters => [new("r", R), new("alpha", Alpha), new("a", A), new("b", B)];

    /// <inheritdoc/>
    public double LogLikelihood(int x, double tx, double T)
    {
        Guard.History(x, tx, T);
        // The survivor's term factored out; what remains is the odds of having dropped out at tx.
        var alive = GammaLn(R + x) - GammaLn(R)
            + (GammaLn(B + x) - GammaLn(A + B + x)) - (GammaLn(B) - GammaLn(A + B))
            - (R * LogMath.Log1p(T / Alpha)) - (x * Math.Log(Alpha + T));
        return x == 0 ? alive : alive + LogMath.Softplus(LogDropoutOdds(x, tx, T));
    }

    /// <inheritdoc/>
    /// <remarks>One for a customer without repeat purchases: in this model nobody drops out before the first of them.</remarks>
    public double ProbabilityAlive(int x, double tx, double T)
    {
        Guard.History(x, tx, T);
        return x == 0 ? 1 : 1 / (1 + Math.Exp(LogDropoutOdds(x, tx, T)));
    }

    /// <inheritdoc/>
    public double ExpectedTransactions(int x, double tx, double T, double horizon) =>
        ProbabilityAlive(x, tx, T) * ExpectedTransactionsIfAlive(x, T, horizon);

    /// <inheritdoc/>
    public double ExpectedTransactions(double horizon) => ExpectedTransactionsIfAlive(0, 0, horizon);

    /// <inheritdoc/>
    public double DiscountedTransactions(int x, double tx, double T, double horizon, double continuousWeeklyRate) =>
        ProbabilityAlive(x, tx, T) * DiscountedTransactionsIfAlive(x, T, horizon, continuousWeeklyRate);

    /// <summary>
    /// The occasions to expect in the next <paramref name="horizon"/> weeks of a customer known to be alive. It depends on frequency and
    /// age alone,
    /// so whoever scores many customers can compute it once per pair and multiply by <see cref="ProbabilityAlive"/>.
    /// </summary>
    /// <param name="x">Repeat occasions.</param>
    /// <param name="T">Weeks from the first occasion to the end of the observation.</param>
    /// <param name="horizon">Weeks ahead, 0 or more.</param>
    public double ExpectedTransactionsIfAlive(int x, double T, double horizon)
    {
        Guard.History(x, 0, T);
        Guard.NotNegative(horizon);
        return new BgNbdExpectation(this, x).At(LogMath.Log1p(horizon / (Alpha + T)));
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
        Guard.NotNegative(horizon);
        Guard.NotNegative(continuousWeeklyRate);
        return new BgNbdExpectation(this, x).Discounted(Alpha + T, horizon, continuousWeeklyRate);
    }

    /// <inheritdoc/>
    public void TransactionProbabilities(int x, double tx, double T, double horizon, Span<double> probabilities)
    {
        var alive = ProbabilityAlive(x, tx, T);
        Guard.NotNegative(horizon);
        var atLeast = new double[probabilities.Length];
        NegativeBinomial.Fill(R + x, horizon / (Alpha + T), probabilities, atLeast);
        // E of (1-p)^n over p ~ beta(a, b+x), and of p (1-p)^(n-1): stayed through n occasions, and left right after the last of them.
        var stayed = 1.0;
        for (var n = 0; n < probabilities.Length; n++)
        {
            var before = stayed;
            stayed *= n == 0 ? 1 : (B + x + n - 1) / (A + B + x + n - 1);
            var left = n == 0 ? 0 : before * (A / (A + B + x + n - 1));
            probabilities[n] = alive * ((stayed * probabilities[n]) + (left * atLeast[n]));
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
        return new BgNbdSimulator(this, random);
    }

    /// <summary>ln of the odds that a customer with x &gt; 0 dropped out right after the last occasion.</summary>
    private double LogDropoutOdds(int x, double tx, double T) =>
        Math.Log(A / (B + x - 1)) + ((R + x) * LogMath.Log1p((T - tx) / (Alpha + tx)));
}
