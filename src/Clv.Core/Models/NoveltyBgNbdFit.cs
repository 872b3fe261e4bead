using MathNet.Numerics.LinearAlgebra;

namespace Clv.Core.Models;

/// <summary>
/// Maximum-likelihood estimation of <see cref="NoveltyBgNbd"/>. Refused unless the data are clearly in favour: the two parameters of the
/// clock must raise the likelihood by what the Bayesian information criterion asks for, and the novelty must have worn off in sight.
/// </summary>
/// <remarks>
/// Deterministic: the same data give the same bits on any number of threads. For every clock that is tried the four parameters of settled
/// customers are fitted anew, so the search itself is over the clock's two, in logarithms.
/// </remarks>
public static class NoveltyBgNbdFit
{
    /// <summary>The pace at the start may differ from the settled one by this factor.</summary>
    private const double MostPace = 10;

    /// <summary>The longest customer age against the longest novelty: at exp(-4) it has worn off within what was seen.</summary>
    private const double LongestInAge = 4;

    /// <summary>What lasts longer than half a year is no novelty, and cannot be told from dropout.</summary>
    private const double LongestWeeks = 26;

    /// <summary>What wears off within a week is seen in a few days only, which is too few to tell it by.</summary>
    private const double ShortestWeeks = 1;

    private const double NearLimit = 0.01;
    private const double Precision = 2e-3;
    private const int MostSteps = 200;

    /// <summary>The longest step that two digits can leave.</summary>
    private const double Farthest = 0.1;

    /// <summary>The distance, in logarithms, over which curvature and slope are measured: small against any standard error there is.</summary>
    private const double Difference = 0.02;

    /// <summary>Fits the model.</summary>
    /// <param name="data">The purchase histories, with <see cref="GroupedHistories.RepeatAges"/>.</param>
    /// <param name="warmStart">A model to start from besides the usual starts, say last night's; null for none.</param>
    /// <param name="options">How to fit; null for the defaults.</param>
    /// <returns>A model, or a refusal with its reason; no data make it throw.</returns>
    public static ModelFit<NoveltyBgNbd> Run(GroupedHistories data, NoveltyBgNbd? warmStart = null, FitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new FitOptions();
        if (data.RepeatAges is not { } ages)
        {
            return MaximumLikelihood.TooLittle<NoveltyBgNbd>(
                data.Customers,
                "The ages at which customers bought again are not known, and without them nothing tells novelty from dropout.");
        }

        if (data.GroupCount > 0 && LongestNovelty(data) < 2 * ShortestWeeks)
        {
            return MaximumLikelihood.TooLittle<NoveltyBgNbd>(data.Customers, "No customer has been one for long enough for a novelty to wear off in sight.");
        }

        var plain = BgNbdFit.Run(data, warmStart?.Settled, options);
        if (plain.Model is not { } model)
        {
            return Refusal(plain, plain.Verdict, plain.Reason);
        }

        var search = new Search(data, ages, options, model);
        var best = search.Polish(search.Run(warmStart?.Clock));
        var fit = BgNbdFit.Run(data.At(best.Clock), best.Settled, options);
        if (fit.Model is not { } settled)
        {
            return Refusal(fit, fit.Verdict, fit.Reason) with { Iterations = plain.Iterations + search.Evaluations + fit.Iterations };
        }

        var curvature = search.Measure(new Point(best.Theta, best.Value, settled));
        var (verdict, reason) = Judge(search, best, best.Value - plain.LogLikelihood!.Value, data.Customers, curvature);
        var result = new NoveltyBgNbd(settled, best.Clock);
        var errors = curvature?.Covariance.Diagonal().Select(Math.Sqrt).ToArray();
        return new ModelFit<NoveltyBgNbd>
        {
            Verdict = verdict,
            Reason = reason,
            Model = verdict == FitVerdict.Converged ? result : null,
            Parameters = [.. result.Parameters.Select((p, i) => new FittedParameter(p.Key, p.Value, errors?[i] * p.Value))],
            LogLikelihood = best.Value,
            Customers = data.Customers,
            GradientNorm = Math.Max(fit.GradientNorm ?? 0, curvature?.Slope / data.Customers ?? 0),
            Iterations = plain.Iterations + search.Evaluations + fit.Iterations,
            Starts = fit.Starts,
            StartsAgreeing = fit.StartsAgreeing,
            LogCovariance = curvature?.Covariance.ToRowMajorArray() ?? [],
        };
    }

    private static double LongestNovelty(GroupedHistories data) => Math.Min(LongestWeeks, data.Times[^1] / LongestInAge);

    private static ModelFit<NoveltyBgNbd> Refusal(ModelFit<BgNbd> fit, FitVerdict verdict, string reason) => new()
    {
        Verdict = verdict,
        Reason = reason,
        Customers = fit.Customers,
        Iterations = fit.Iterations,
        Starts = fit.Starts,
        StartsAgreeing = fit.StartsAgreeing,
    };

    private static (FitVerdict Verdict, string Reason) Judge(Search search, Point best, double gain, long customers, Curvature? curvature)
    {
        // Half of ln n for each of the two parameters.
        var needed = Math.Log(customers);
        if (!(gain > needed))
        {
            return (FitVerdict.TooLittleData, FormattableString.Invariant(
                $"A novelty that wears off raises the log-likelihood by {Math.Max(0, gain):0.0}; it would take {needed:0.0} to tell it from chance."));
        }

        if (search.AtLimit(best.Theta))
        {
            return (FitVerdict.Boundary, FormattableString.Invariant(
                $"The novelty ran to a limit, a pace of {best.Clock.Pace:0.00} for {best.Clock.Weeks:0.0} weeks, where it cannot be told from dropout."));
        }

        return curvature is null
            ? (FitVerdict.NotConverged, "The likelihood is flat at its highest point, so the data do not tell the parameters apart.")
            : (FitVerdict.Converged, "Converged at an interior maximum.");
    }

    /// <summary>A clock in logarithms, the log-likelihood of the best model on it, and the settled part of that.</summary>
    private sealed record Point(double[] Theta, double Value, BgNbd Settled)
    {
        public NoveltyClock Clock => new(Math.Exp(Theta[0]), Math.Exp(Theta[1]));
    }

    /// <summary>The covariance of all logarithms of parameters, and the steepest slope that is left.</summary>
    private sealed record Curvature(Matrix<double> Covariance, double Slope);

    /// <summary>What central differences tell about a point.</summary>
    private sealed record Surroundings(Vector<double> Slope, Matrix<double> Information, Matrix<double> Follow);

    /// <summary>The likelihood of the clock alone: at each the settled parameters are at their best.</summary>
    private sealed class Search
    {
        private readonly GroupedHistories _data;
        private readonly IReadOnlyList<KeyValuePair<double, long>> _ages;
        private readonly FitOptions _options;
        private readonly double[] _lowest;
        private readonly double[] _highest;
        private BgNbd _start;

        public Search(GroupedHistories data, IReadOnlyList<KeyValuePair<double, long>> ages, FitOptions options, BgNbd start)
        {
            _data = data;
            _ages = ages;
            _options = options;
            _start = start;
            _lowest = [-Math.Log(MostPace), Math.Log(ShortestWeeks)];
            _highest = [Math.Log(MostPace), Math.Log(LongestNovelty(data))];
        }

        public int Evaluations { get; private set; }

        public bool AtLimit(double[] theta) =>
            Enumerable.Range(0, theta.Length).Any(i => theta[i] - _lowest[i] < NearLimit || _highest[i] - theta[i] < NearLimit);

        /// <summary>The best of a few clocks, then downhill by the simplex of Nelder and Mead (1965).</summary>
        public Point Run(NoveltyClock? warm)
        {
            var first = At([0, _highest[1] - Math.Log(4)], _start);
            foreach (var part in (double[])[2, 8, 32])
            {
                foreach (var pace in (double[])[2, 0.6])
                {
                    first = Better(first, At([Math.Log(pace), _highest[1] - Math.Log(part)], _start));
                }
            }

            if (warm is not null)
            {
                first = Better(first, At([Math.Log(warm.Pace), Math.Log(warm.Weeks)], _start));
            }

            _start = first.Settled;
            Point[] simplex = [first, Moved(first, 0, 0.2), Moved(first, 1, 0.3)];
            for (var step = 0; step < MostSteps; step++)
            {
                Array.Sort(simplex, static (one, other) => other.Value.CompareTo(one.Value));
                var (best, middle, worst) = (simplex[0], simplex[1], simplex[2]);
                _start = best.Settled;
                if (Math.Max(Distance(best, middle), Distance(best, worst)) < Precision)
                {
                    break;
                }

                Point Along(double factor) =>
                    At([.. best.Theta.Select((t, i) => ((t + middle.Theta[i]) / 2 * (1 + factor)) - (worst.Theta[i] * factor))], _start);
                var reflected = Along(1);
                if (reflected.Value > best.Value)
                {
                    simplex[2] = Better(reflected, Along(2));
                }
                else if (reflected.Value > middle.Value)
                {
                    simplex[2] = reflected;
                }
                else
                {
                    var contracted = Along(reflected.Value > worst.Value ? 0.5 : -0.5);
                    if (contracted.Value > Math.Max(reflected.Value, worst.Value))
                    {
                        simplex[2] = contracted;
                    }
                    else
                    {
                        simplex[1] = Halfway(best, middle);
                        simplex[2] = Halfway(best, worst);
                    }
                }
            }

            return simplex.Aggregate(Better);
        }

        /// <summary>One step of Newton's method, where it leads higher: the simplex stops at two digits.</summary>
        public Point Polish(Point at)
        {
            if (AtLimit(at.Theta) || Around(at) is not { } around)
            {
                return at;
            }

            var step = around.Information.Solve(around.Slope);
            return step.AbsoluteMaximum() > Farthest ? at : Better(at, At([at.Theta[0] + step[0], at.Theta[1] + step[1]], at.Settled));
        }

        /// <summary>
        /// The curvature of the profile gives the clock's covariance; how the settled parameters follow the clock adds it to theirs.
        /// </summary>
        public Curvature? Measure(Point at)
        {
            if (AtLimit(at.Theta) || Around(at) is not { } around || Covariance(Fit(at.Theta, at.Settled)) is not { } own)
            {
                return null;
            }

            var clock = around.Information.Inverse();
            var cross = around.Follow * clock;
            var all = Matrix<double>.Build.Dense(6, 6);
            all.SetSubMatrix(0, 0, own + (cross * around.Follow.Transpose()));
            all.SetSubMatrix(0, 4, cross);
            all.SetSubMatrix(4, 0, cross.Transpose());
            all.SetSubMatrix(4, 4, clock);
            return all.Enumerate().All(double.IsFinite) ? new Curvature(all, around.Slope.AbsoluteMaximum()) : null;
        }

        /// <summary>
        /// By central differences: the profile's slope and information, null unless that is positive definite, and the derivatives of the
        /// settled parameters' logarithms.
        /// </summary>
        private Surroundings? Around(Point at)
        {
            const double h = Difference;
            var steps = new[] { (h, 0), (-h, 0), (0, h), (0, -h), (h, h), (h, -h), (-h, h), (-h, -h) }
                .Select(d => Fit([at.Theta[0] + d.Item1, at.Theta[1] + d.Item2], at.Settled)).ToArray();
            if (Array.Exists(steps, static s => s.LogLikelihood is null))
            {
                return null;
            }

            var values = Array.ConvertAll(steps, static s => s.LogLikelihood!.Value);
            var mixed = (values[5] + values[6] - values[4] - values[7]) / 4;
            var information = Matrix<double>.Build.DenseOfRowMajor(
                2, 2, [(2 * at.Value) - values[0] - values[1], mixed, mixed, (2 * at.Value) - values[2] - values[3]]) / (h * h);
            return information[0, 0] > 0 && information.Determinant() > 1e-12 * information[0, 0] * information[1, 1]
                ? new Surroundings(
                    Vector<double>.Build.Dense([(values[0] - values[1]) / (2 * h), (values[2] - values[3]) / (2 * h)]),
                    information,
                    Matrix<double>.Build.Dense(4, 2, (i, j) =>
                        Math.Log(steps[2 * j].Parameters[i].Estimate / steps[(2 * j) + 1].Parameters[i].Estimate) / (2 * h)))
                : null;
        }

        private static Matrix<double>? Covariance(ModelFit<BgNbd> fit) =>
            fit.LogCovariance.Count == 16 ? Matrix<double>.Build.DenseOfRowMajor(4, 4, fit.LogCovariance) : null;

        private static Point Better(Point one, Point other) => other.Value > one.Value ? other : one;

        private static double Distance(Point one, Point other) => one.Theta.Zip(other.Theta).Max(static p => Math.Abs(p.First - p.Second));

        private Point Moved(Point from, int axis, double by)
        {
            var theta = (double[])from.Theta.Clone();
            theta[axis] += theta[axis] + by < _highest[axis] ? by : -by;
            return At(theta, from.Settled);
        }

        private Point Halfway(Point one, Point other) => At([.. one.Theta.Zip(other.Theta).Select(static p => (p.First + p.Second) / 2)], one.Settled);

        private Point At(double[] theta, BgNbd start)
        {
            var within = theta.Select((t, i) => Math.Clamp(t, _lowest[i], _highest[i])).ToArray();
            var fit = Fit(within, start);
            return new Point(
                within,
                fit.LogLikelihood is { } value && double.IsFinite(value) ? value : double.NegativeInfinity,
                fit.Parameters.Count == 4 ? Model([.. fit.Parameters.Select(static p => p.Estimate)]) : start);
        }

        /// <summary>One climb from a start nearby; the log-likelihood is that of the purchases' ages.</summary>
        private ModelFit<BgNbd> Fit(double[] theta, BgNbd start)
        {
            var clock = new NoveltyClock(Math.Exp(theta[0]), Math.Exp(theta[1]));
            var onClock = _data.At(clock);
            var rate = BuyingLevel.Of(onClock).Rate;
            var fit = MaximumLikelihood.Run(
                new BetaGeometricLikelihood(onClock, modified: false, FixedChunks.Threads(_options)),
                BetaGeometricFit.Limits(rate),
                [[start.R, start.Alpha, start.A, start.B]],
                _options,
                Model,
                BetaGeometricFit.Prior(rate));
            Evaluations += fit.Iterations;
            return fit with { LogLikelihood = fit.LogLikelihood + _ages.Sum(age => age.Value * Math.Log(clock.PaceAt(age.Key))) };
        }

        private static BgNbd Model(double[] p) => new(p[0], p[1], p[2], p[3]);
    }
}
