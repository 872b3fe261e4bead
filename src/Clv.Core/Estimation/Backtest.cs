using Clv.Core.Models;
using Clv.Core.Valuation;

namespace Clv.Core.Estimation;

/// <summary>
/// Forecasts of the held-out weeks by models that were fitted to what was known before them, side by side with what happened.
/// </summary>
internal sealed class Backtest
{
    private const int DistributionCustomers = 20_000;

    /// <summary>Standard errors within which a difference is noise: the likelihood then decides (Breiman's one-standard-error rule).</summary>
    private const double Noise = 1;

    /// <summary>Standard errors from which a difference is worth a change of what is in use.</summary>
    private const double Clearly = 2;

    private readonly CustomerBase _base;
    private readonly EstimationOptions _options;
    private readonly CandidateFits _fits;
    private readonly SpendEstimate? _spendModel;
    private readonly NetRates _net;
    private readonly double[] _spend;
    private readonly List<ForecastScore> _scores = [];
    private readonly Dictionary<string, Contestant> _contestants = [];

    /// <summary>Of models that are clearly better for a segment, what they expect of its customers, in the order of these.</summary>
    private readonly Dictionary<(string Segment, string Kind), double[]> _segmentOccasions = [];

    private TransactionModelKind? _best;

    public Backtest(CustomerBase customers, EstimationOptions options, CandidateFits fits)
    {
        _base = customers;
        _options = options;
        _fits = fits;
        _net = customers.NetBefore();
        _spendModel = SpendEstimate.Run(customers.SpendBefore(), options.CorrectsSpend, options: new FitOptions { MaxDegreeOfParallelism = options.Threads });
        _spend = Forecast.Spend(_spendModel?.Model, _net, customers.HeldOut);
    }

    /// <summary>All measurements so far: first those on all customers.</summary>
    public IReadOnlyList<ForecastScore> Scores => _scores;

    /// <summary>Tests all candidates and the baselines on all customers.</summary>
    /// <returns>
    /// The candidates that could be fitted, best first: by the mean squared error, those that are as good but for noise by the likelihood of
    /// what was known at the cutoff, and the kind in use before any of these.
    /// </returns>
    public IReadOnlyList<TransactionModelKind> Run()
    {
        int[] everyone = [.. Enumerable.Range(0, _base.HeldOut.Count)];
        var data = _base.All.Before.Build();
        var contestants = new List<Contestant>();
        foreach (var kind in _options.Candidates)
        {
            if (_fits.Fit(kind, data, _options.Last?.Transactions, "On the data up to the cutoff: ") is { Model: { } model } fit
                && _fits.IsNew(kind, fit, contestants.Select(static c => (c.Kind, c.Fit))))
            {
                contestants.Add(Enter(new Contestant(kind, fit, Of(kind.Id, model, everyone)), everyone, segment: null));
            }
        }

        // What will be used instead has its line too.
        if (contestants.Count == 0 && new CandidateFits(_options).Fit(TransactionModels.Simplest, data, start: null) is { Model: { } simplest } fallback)
        {
            Enter(new Contestant(TransactionModels.Simplest, fallback, Of(TransactionModels.Simplest.Id, simplest, everyone)), everyone, segment: null);
        }

        foreach (var baseline in Baselines.All(_base.HeldOut, _options.BacktestWeeks))
        {
            _scores.Add(ForecastMeter.Measure(baseline, _base.HeldOut, everyone, segment: null));
        }

        foreach (var contestant in contestants)
        {
            _contestants[contestant.Kind.Id] = contestant;
        }

        IReadOnlyList<TransactionModelKind> ranking = [.. Rank(contestants, everyone).Select(static c => c.Kind)];
        _best = ranking.Count == 0 ? null : ranking[0];
        return ranking;
    }

    /// <summary>
    /// What the models in use expected at the cutoff of every customer, by their places; null where none could be fitted to what was known then.
    /// </summary>
    /// <param name="chosen">The kind of everybody's model; the best of those tested stands in for one that was not.</param>
    /// <param name="segments">The models of segments of their own.</param>
    public double[]? Occasions(TransactionModelKind chosen, IReadOnlyDictionary<string, EstimatedTransactions> segments)
    {
        if (!_contestants.TryGetValue(chosen.Id, out var everybody) && (_best is null || !_contestants.TryGetValue(_best.Id, out everybody)))
        {
            return null;
        }

        var occasions = (double[])everybody.Forecast.Occasions.Clone();
        foreach (var (label, own) in segments)
        {
            if (_segmentOccasions.TryGetValue((label, own.Kind.Id), out var of))
            {
                var places = _base.Segments[label].Places;
                for (var i = 0; i < of.Length; i++)
                {
                    occasions[places[i]] = of[i];
                }
            }
        }

        return occasions;
    }

    /// <summary>Tests on one segment whether a model of its own forecasts better than everybody's.</summary>
    /// <param name="label">The segment.</param>
    /// <param name="segment">Its customers.</param>
    /// <param name="chosen">Everybody's model.</param>
    /// <returns>The kinds that are clearly better when fitted to the segment, best first; empty when everybody's model serves it.</returns>
    public IReadOnlyList<TransactionModelKind> Run(string label, CustomerBase.Histories segment, TransactionModelKind chosen)
    {
        int[] places = [.. segment.Places];
        if (!_contestants.TryGetValue(chosen.Id, out var everybody))
        {
            return [];
        }

        var common = everybody.Forecast;
        _scores.Add(ForecastMeter.Measure(common, _base.HeldOut, places, label));
        var data = segment.Before.Build();
        var contestants = new List<Contestant>();
        foreach (var kind in _options.Candidates)
        {
            var fits = new CandidateFits(_options);
            if (fits.Fit(kind, data, start: null) is { Model: { } model } fit && fits.IsNew(kind, fit, contestants.Select(static c => (c.Kind, c.Fit))))
            {
                contestants.Add(Enter(new Contestant(kind, fit, Of($"{kind.Id}, fitted to the segment", model, places)), places, label));
            }
        }

        List<Contestant> better =
            [.. Rank(contestants, places).Where(c => ForecastMeter.IsBetter(Clearly, c.Forecast, common, _base.HeldOut, places))];
        foreach (var contestant in better)
        {
            _segmentOccasions[(label, contestant.Kind.Id)] = Array.ConvertAll(places, i => contestant.Forecast.Occasions[i]);
        }

        return [.. better.Select(static c => c.Kind)];
    }

    /// <summary>
    /// Adds to a kind's score the error of its whole-number forecasts, and how many customers its intervals held, both on a reproducible part
    /// of the customers.
    /// </summary>
    public void MeasureDistribution(TransactionModelKind kind)
    {
        var place = _scores.FindIndex(score => score.Forecast == kind.Id && score.Segment is null);
        if (place < 0 || _spendModel is null || !_contestants.TryGetValue(kind.Id, out var contestant))
        {
            return;
        }

        var intervals = new ValueIntervals(
            FittedTransactions.Of(kind, contestant.Fit.Model!, contestant.Fit, run: "").ToPoints(), FittedSpend.Of(_spendModel).ToPoints());
        var model = contestant.Fit.Model!;
        var step = (_base.HeldOut.Count + DistributionCustomers - 1) / DistributionCustomers;
        var count = (_base.HeldOut.Count + step - 1) / step;
        var whole = WholeOccasions.Learn(
            GroupedHistories.FromTable(Enumerable.Range(0, count).Select(i => _base.HeldOut[i * step]).Select(static c => new HistoryGroup(c.Frequency, c.Recency, c.Age, 1))),
            model,
            _options.BacktestWeeks,
            _options.Threads);
        var held = new bool[count];
        var claimed = new double[count];
        var errors = new double[count];
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = _options.Threads }, i =>
        {
            var customer = _base.HeldOut[i * step];
            var interval = intervals.Of(
                customer.Frequency,
                customer.Recency,
                customer.Age,
                customer.SpendCount,
                customer.MeanSpend,
                _options.BacktestWeeks,
                contestant.Forecast.Occasions[i * step]);
            var net = customer.NetRate(_net);
            held[i] = customer.Value >= interval.Low * net && customer.Value <= interval.High * net;
            errors[i] = Math.Abs(
                customer.Occasions - whole.Forecast(model, customer.Frequency, customer.Recency, customer.Age, _options.BacktestWeeks));
            claimed[i] = interval.High == 0 ? interval.NoPurchase : ValueIntervals.Coverage;
        });
        _scores[place] = _scores[place] with
        {
            IntervalCoverage = held.Count(static h => h) / (double)count,
            ClaimedCoverage = claimed.Average(),
            WholeMeanAbsoluteError = errors.Average(),
        };
    }

    private Contestant Enter(Contestant contestant, int[] places, string? segment)
    {
        _scores.Add(ForecastMeter.Measure(contestant.Forecast, _base.HeldOut, places, segment));
        return contestant;
    }

    private List<Contestant> Rank(List<Contestant> contestants, int[] places)
    {
        var ranking = contestants.OrderBy(c => ForecastMeter.MeanSquaredError(c.Forecast, _base.HeldOut, places)).ToList();
        if (ranking.Count == 0)
        {
            return ranking;
        }

        bool IsGood(double standardErrors, Contestant c) => !ForecastMeter.IsBetter(standardErrors, ranking[0].Forecast, c.Forecast, _base.HeldOut, places);
        if (ranking.Find(c => c.Kind.Id == _options.Last?.Kind.Id && IsGood(Clearly, c)) is { } used)
        {
            return [used, .. ranking.Where(c => c != used)];
        }

        var asGood = ranking.Where(c => IsGood(Noise, c)).OrderBy(static c => c.Fit.InformationCriterion).ToList();
        return [.. asGood, .. ranking.Except(asGood)];
    }

    private Forecast Of(string name, ITransactionModel model, int[] places) =>
        Forecast.Of(name, model, _spend, _base.HeldOut, places, _options.BacktestWeeks, _options.Threads);

    /// <summary>A candidate that could be fitted to what was known at the cutoff, and what it made of it.</summary>
    private sealed record Contestant(TransactionModelKind Kind, ModelFit<ITransactionModel> Fit, Forecast Forecast);
}
