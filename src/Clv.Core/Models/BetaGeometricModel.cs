using static MathNet.Numerics.SpecialFunctions;

namespace Clv.Core.Models;

/// <summary>
/// What the beta-geometric models share: a living customer's purchase rate is gamma-distributed over customers, and at certain purchases the
/// customer leaves with a beta-distributed probability.
/// </summary>
/// <remarks>
/// All work is in log space; finite for frequencies beyond 20,000 and ages and horizons of decades. A purchase completes a number of stages,
/// each exponential with the customer's rate: one stage in the (M)BG/NBD, k in the (M)BG/CNBD-k. Formulas as computed here:
/// docs/models/bg-nbd.md, mbg-nbd.md and cnbd-k.md.
/// </remarks>
public abstract record BetaGeometricModel : ITransactionModel
{
    private protected BetaGeometricModel(int stages, double r, double alpha, double a, double b, bool modified)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stages, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stages, CnbdFit.HighestK);
        Stages = stages;
        R = Guard.Positive(r);
        Alpha = Guard.Positive(alpha);
        A = Guard.Positive(a);
        B = Guard.Positive(b);
        Chances = modified ? 1 : 0;
    }

    /// <summary>Shape of the rate's gamma distribution; the smaller, the more customers differ.</summary>
    public double R { get; }

    /// <summary>Rate parameter of the rate's gamma distribution, in weeks.</summary>
    public double Alpha { get; }

    /// <summary>First shape of the dropout probability's beta distribution.</summary>
    public double A { get; }

    /// <summary>Second shape of the dropout probability's beta distribution.</summary>
    public double B { get; }

    /// <inheritdoc/>
    public virtual IReadOnlyList<KeyValuePair<string, double>> Parameters => [new("r", R), new("alpha", Alpha), new("a", A), new("b", B)];

    /// <summary>Exponential stages between two purchases.</summary>
    internal int Stages { get; }

    /// <summary>Chances to drop out before the first repeat purchase: 1 in the modified models, else 0.</summary>
    internal int Chances { get; }

    /// <inheritdoc/>
    public double LogLikelihood(int x, double tx, double T)
    {
        Guard.History(x, tx, T);
        // The survivor's term factored out; what remains is the odds of having dropped out at tx.
        var stayed = x + Chances;
        var alive = GammaLn(R + ((double)Stages * x)) - GammaLn(R)
            + (GammaLn(B + stayed) - GammaLn(A + B + stayed)) - (GammaLn(B) - GammaLn(A + B))
            - (R * LogMath.Log1p(T / Alpha)) - ((double)Stages * x * Math.Log(Alpha + T));
        if (Stages > 1)
        {
            alive += new ErlangStages(this, x, tx, T).LogTotal - (x * GammaLn(Stages));
        }

        return stayed == 0 ? alive : alive + LogMath.Softplus(LogDropoutOdds(x, tx, T));
    }

    /// <inheritdoc/>
    public double ProbabilityAlive(int x, double tx, double T)
    {
        Guard.History(x, tx, T);
        return x + Chances == 0 ? 1 : 1 / (1 + Math.Exp(LogDropoutOdds(x, tx, T)));
    }

    /// <inheritdoc/>
    public double ExpectedTransactions(int x, double tx, double T, double horizon) =>
        DiscountedTransactions(x, tx, T, horizon, 0);

    /// <inheritdoc/>
    public double ExpectedTransactions(double horizon) => ExpectedTransactions(0, 0, 0, horizon);

    /// <inheritdoc/>
    public double DiscountedTransactions(int x, double tx, double T, double horizon, double continuousWeeklyRate)
    {
        var alive = ProbabilityAlive(x, tx, T);
        var expected = DiscountedIfAlive(x, tx, T, horizon, continuousWeeklyRate);
        // A chance to be alive that rounds to 0 is still above 0.
        return double.IsInfinity(expected) ? expected : alive * expected;
    }

    /// <inheritdoc/>
    public void TransactionProbabilities(int x, double tx, double T, double horizon, Span<double> probabilities)
    {
        var alive = ProbabilityAlive(x, tx, T);
        Guard.NotNegative(horizon);
        if (Stages == 1)
        {
            var atLeast = new double[probabilities.Length];
            NegativeBinomial.Fill(R + x, horizon / (Alpha + T), probabilities, atLeast);
            Occasions(x, alive, probabilities, atLeast);
        }
        else
        {
            new ErlangStages(this, x, tx, T).Completed(horizon / (Alpha + T), probabilities, out var atLeast);
            Occasions(x, alive, probabilities, atLeast);
        }
    }

    /// <inheritdoc/>
    public void TransactionProbabilities(double horizon, Span<double> probabilities) =>
        TransactionProbabilities(0, 0, 0, horizon, probabilities);

    /// <inheritdoc/>
    public ITransactionSimulator Simulator(SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return new BetaGeometricSimulator(this, random);
    }

    /// <summary>The occasions of the next weeks of a living customer, discounted; tx matters only where there is more than one stage.</summary>
    private protected double DiscountedIfAlive(int x, double tx, double T, double horizon, double rate)
    {
        Guard.History(x, tx, T);
        if (!(horizon >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(horizon), horizon, "The horizon must be zero or more weeks.");
        }

        Guard.NotNegative(rate);
        if (double.IsPositiveInfinity(horizon) && rate == 0)
        {
            // E of 1 / p over p ~ beta(a, b + x + e).
            return A > 1 ? 1 + ((B + x + Chances) / (A - 1)) : double.PositiveInfinity;
        }

        if (double.IsFinite(horizon))
        {
            // Within the range of a double, with room for the products that follow.
            horizon = Math.Min(horizon, 1e300 / Math.Max(1 / (Alpha + T), (R + ((double)Stages * x)) / (Alpha + T)));
        }

        return Stages == 1
            ? new BetaGeometricExpectation(this, x).Discounted(Alpha + T, horizon, rate)
            : new ErlangExpectation(this, x, tx, T).Discounted(horizon, rate);
    }

    /// <summary>
    /// The distribution of occasions from that of the purchases a customer who never left would make, in place.
    /// </summary>
    private void Occasions(int x, double alive, Span<double> probabilities, ReadOnlySpan<double> atLeast)
    {
        // E of (1-p)^n over p ~ beta(a, b+x+e), and of p (1-p)^(n-1): stayed through n occasions, and left right after the last of them.
        var stays = B + x + Chances;
        var stayed = 1.0;
        for (var n = 0; n < probabilities.Length; n++)
        {
            var before = stayed;
            stayed *= n == 0 ? 1 : (stays + n - 1) / (A + stays + n - 1);
            var left = n == 0 ? 0 : before * (A / (A + stays + n - 1));
            probabilities[n] = alive * ((stayed * probabilities[n]) + (left * atLeast[n]));
        }

        if (probabilities.Length > 0)
        {
            probabilities[0] += 1 - alive;
        }
    }

    /// <summary>ln of the odds that a customer who had the chance dropped out right after the last occasion.</summary>
    private double LogDropoutOdds(int x, double tx, double T)
    {
        var odds = Math.Log(A / (B + x + (Chances - 1))) + ((R + ((double)Stages * x)) * LogMath.Log1p((T - tx) / (Alpha + tx)));
        return Stages == 1 ? odds : odds - new ErlangStages(this, x, tx, T).LogTotal;
    }
}
