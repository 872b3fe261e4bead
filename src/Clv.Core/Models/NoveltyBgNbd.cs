using MathNet.Numerics.Integration;

namespace Clv.Core.Models;

/// <summary>
/// The BG/NBD model on a <see cref="NoveltyClock"/>: customers buy more (or less) while it is new to them and settle down, which a model
/// without the clock has to take for customers leaving.
/// </summary>
/// <remarks>
/// In the BG/NBD nothing but purchases happens in time, so the clock changes the times that go into it and nothing else. The parameters r,
/// alpha, a and b describe settled customers. Formulas as computed here: docs/models/forecast.md.
/// </remarks>
public sealed record NoveltyBgNbd : ITransactionModel
{
    /// <summary>Terms of the series are left out from this share of the sum.</summary>
    private const double Negligible = 1e-12;

    /// <summary>The z of the series, whose radius is 1 / e, up to which it is used: some ten terms.</summary>
    private const double WornOff = 0.05;
    private const int MostTerms = 64;
    private const double WidestPanel = 3;

    /// <summary>Beyond this many times the weeks the clock runs evenly, to the last bit.</summary>
    private const double Even = 40;

    private static readonly GaussLegendreRule Rule = new(0, 1, 16);

    /// <summary>A model of settled customers and how they settle.</summary>
    /// <param name="settled">How customers buy once it is no longer new.</param>
    /// <param name="clock">How they get there.</param>
    public NoveltyBgNbd(BgNbd settled, NoveltyClock clock)
    {
        ArgumentNullException.ThrowIfNull(settled);
        ArgumentNullException.ThrowIfNull(clock);
        Settled = settled;
        Clock = clock;
    }

    /// <summary>How customers buy once it is no longer new; its times are the clock's.</summary>
    public BgNbd Settled { get; }

    /// <summary>How the pace of buying settles.</summary>
    public NoveltyClock Clock { get; }

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, double>> Parameters =>
        [.. Settled.Parameters, new("pace", Clock.Pace), new("weeks", Clock.Weeks)];

    /// <inheritdoc/>
    /// <remarks>
    /// The purchases between the first and the last are integrated over, on the scale on which at a pace of 1 this is the BG/NBD's own
    /// likelihood. <see cref="NoveltyBgNbdFit"/> knows when they were and so knows more.
    /// </remarks>
    public double LogLikelihood(int x, double tx, double T)
    {
        var (recency, age) = OnClock(x, tx, T);
        var settled = Settled.LogLikelihood(x, recency, age);
        if (x == 0)
        {
            return settled;
        }

        var share = tx / Clock.Weeks;
        var meanPace = share > 0 ? 1 - ((Clock.Pace - 1) * LogMath.Expm1(-share) / share) : Clock.Pace;
        return settled + Math.Log(Clock.PaceAt(tx)) + ((x - 1) * Math.Log(meanPace));
    }

    /// <inheritdoc/>
    public double ProbabilityAlive(int x, double tx, double T)
    {
        var (recency, age) = OnClock(x, tx, T);
        return Settled.ProbabilityAlive(x, recency, age);
    }

    /// <inheritdoc/>
    public double ExpectedTransactions(int x, double tx, double T, double horizon)
    {
        var (recency, age) = OnClock(x, tx, T);
        CheckHorizon(horizon);
        return Settled.ExpectedTransactions(x, recency, age, Clock.Elapsed(T, horizon));
    }

    /// <inheritdoc/>
    public double ExpectedTransactions(double horizon) => ExpectedTransactions(0, 0, 0, horizon);

    /// <inheritdoc/>
    public double DiscountedTransactions(int x, double tx, double T, double horizon, double continuousWeeklyRate)
    {
        var (recency, age) = OnClock(x, tx, T);
        CheckHorizon(horizon);
        Guard.NotNegative(continuousWeeklyRate);
        var discounted = DiscountedIfAlive(x, age, T, horizon, continuousWeeklyRate);
        return double.IsInfinity(discounted) ? discounted : Settled.ProbabilityAlive(x, recency, age) * discounted;
    }

    /// <inheritdoc/>
    public void TransactionProbabilities(int x, double tx, double T, double horizon, Span<double> probabilities)
    {
        var (recency, age) = OnClock(x, tx, T);
        Guard.NotNegative(horizon);
        Settled.TransactionProbabilities(x, recency, age, Clock.Elapsed(T, horizon), probabilities);
    }

    /// <inheritdoc/>
    public void TransactionProbabilities(double horizon, Span<double> probabilities) =>
        TransactionProbabilities(0, 0, 0, horizon, probabilities);

    /// <inheritdoc/>
    public ITransactionSimulator Simulator(SeededRandom random) => new ClockSimulator(Settled.Simulator(random), Clock);

    private static void CheckHorizon(double horizon)
    {
        if (!(horizon >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(horizon), horizon, "The horizon must be zero or more weeks.");
        }
    }

    private (double Recency, double Age) OnClock(int x, double tx, double T)
    {
        Guard.History(x, tx, T);
        var age = Clock.Elapsed(T);
        return (Math.Min(Clock.Elapsed(tx), age), age);
    }

    /// <summary>
    /// The integral of exp(-rate t) dE(s), where the clock's s = t + k (1 - u) with u = exp(-t / weeks).
    /// </summary>
    /// <remarks>
    /// With q = k / weeks, q u is Lambert's W of z exp(-s / weeks), z = q exp(q), and exp(-rate t) = exp(rate (k - s)) exp(-beta q u) with
    /// beta = rate weeks. The power series of exp(-beta W) makes it a sum of settled discounted values at the rates rate + n / weeks. It is
    /// short once the novelty has mostly worn off; before that, the expectation is integrated.
    /// </remarks>
    private double DiscountedIfAlive(int x, double age, double T, double horizon, double rate)
    {
        var end = Clock.Elapsed(T, horizon);
        if (rate == 0 || end == 0)
        {
            return Settled.ExpectedTransactionsIfAlive(x, age, end);
        }

        var ahead = Clock.Ahead(T);
        var z = ahead / Clock.Weeks * Math.Exp(ahead / Clock.Weeks);
        if (Math.Abs(z) > WornOff)
        {
            double Expected(double t) => Settled.ExpectedTransactionsIfAlive(x, age, Clock.Elapsed(T, t));
            var seen = Math.Min(horizon, DiscountPanels.Forgotten / rate);
            return (Math.Exp(-rate * seen) * Expected(seen)) + Integral(age, seen, rate, t => rate * Math.Exp(-rate * t) * Expected(t));
        }

        var beta = rate * Clock.Weeks;
        var sum = Settled.DiscountedTransactionsIfAlive(x, age, end, rate);
        var (least, power) = (Negligible * sum, 1.0);
        for (var n = 1; n < MostTerms; n++)
        {
            power *= -z / n;
            var factor = power * beta * Math.Pow(n + beta, n - 1);
            if (Math.Abs(factor) * sum <= least)
            {
                break;
            }

            sum += factor * Settled.DiscountedTransactionsIfAlive(x, age, end, rate + (n / Clock.Weeks));
        }

        return Math.Exp(rate * ahead) * sum;
    }

    /// <summary>By panels short against the novelty, the discounting and the distance to the expectation's singularity, alpha + age before.</summary>
    private double Integral(double age, double end, double rate, Func<double, double> f)
    {
        var sum = 0.0;
        for (var start = 0.0; start < end;)
        {
            var width = Math.Min(WidestPanel / rate, Settled.Alpha + age + start);
            if (start < Even * Clock.Weeks)
            {
                width = Math.Min(width, WidestPanel * Clock.Weeks);
            }

            var panelEnd = width < end - start ? start + width : end;
            for (var i = 0; i < Rule.Order; i++)
            {
                sum += (panelEnd - start) * Rule.GetWeight(i) * f(start + ((panelEnd - start) * Rule.GetAbscissa(i)));
            }

            start = panelEnd;
        }

        return sum;
    }

    private sealed class ClockSimulator(ITransactionSimulator settled, NoveltyClock clock) : ITransactionSimulator
    {
        private double[] _times = new double[64];

        public ReadOnlySpan<double> NextCustomer(double age)
        {
            Guard.NotNegative(age);
            var onClock = settled.NextCustomer(clock.Elapsed(age));
            if (onClock.Length > _times.Length)
            {
                _times = new double[onClock.Length * 2];
            }

            for (var i = 0; i < onClock.Length; i++)
            {
                _times[i] = Math.Min(age, clock.AgeAt(onClock[i]));
            }

            return _times.AsSpan(0, onClock.Length);
        }
    }
}
