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
    /// <summary>What of the discounting is left out, as a share of one occasion.</summary>
    private const double Negligible = 1e-13;

    /// <summary>Rate times weeks ahead, above which the settled model's discounted value is no longer nearly the answer.</summary>
    private const double LongNovelty = 0.05;

    private const double WidestPanel = 3;
    private const double WornOff = 40;

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
    /// The integral of exp(-rate t) dE(s(t)) with s(t) = t + k (1 - u), u = exp(-t / weeks). Had the clock been ahead by k from the start,
    /// it would be exp(rate k) times the settled model's discounted value; what that counts too much,
    /// exp(-rate t) (exp(rate k u) - 1) dE, fades with u and is integrated by parts. Where rate k is not small, everything is.
    /// </summary>
    private double DiscountedIfAlive(int x, double age, double T, double horizon, double rate)
    {
        var end = Clock.Elapsed(T, horizon);
        if (rate == 0 || end == 0)
        {
            return Settled.ExpectedTransactionsIfAlive(x, age, end);
        }

        var ahead = rate * Clock.Ahead(T);
        double Expected(double t) => Settled.ExpectedTransactionsIfAlive(x, age, Clock.Elapsed(T, t));
        if (Math.Abs(ahead) > LongNovelty)
        {
            var seen = Math.Min(horizon, DiscountPanels.Forgotten / rate);
            return (Math.Exp(-rate * seen) * Expected(seen)) + Integral(age, seen, rate, t => rate * Math.Exp(-rate * t) * Expected(t));
        }

        var whole = Math.Exp(ahead) * Settled.DiscountedTransactionsIfAlive(x, age, end, rate);
        var fading = Math.Min(horizon, Clock.Weeks * Math.Log(Math.Abs(ahead) / Negligible));
        if (!(fading > 0))
        {
            return whole;
        }

        double Excess(double t) => Math.Exp(-rate * t) * LogMath.Expm1(ahead * Math.Exp(-t / Clock.Weeks));
        double Slope(double t)
        {
            var left = Math.Exp(-t / Clock.Weeks);
            return (rate * Excess(t)) + (Math.Exp((ahead * left) - (rate * t)) * ahead * left / Clock.Weeks);
        }

        return Math.Max(0, whole - (Excess(fading) * Expected(fading)) - Integral(age, fading, rate, t => Slope(t) * Expected(t)));
    }

    /// <summary>By panels short against the novelty, the discounting and the distance to the expectation's singularity, alpha + age before.</summary>
    private double Integral(double age, double end, double rate, Func<double, double> f)
    {
        var sum = 0.0;
        for (var start = 0.0; start < end;)
        {
            var width = Math.Min(WidestPanel / rate, Settled.Alpha + age + start);
            if (start < WornOff * Clock.Weeks)
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
