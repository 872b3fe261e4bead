using Clv.Core.Models;

namespace Clv.Core.Estimation;

/// <summary>
/// Forecasts of the held-out weeks by models that were fitted to what was known before them, side by side with what happened.
/// </summary>
internal sealed class Backtest
{
    private const int CustomersAtOnce = 4096;

    private readonly CustomerBase _base;
    private readonly EstimationOptions _options;
    private readonly CandidateFits _fits;
    private readonly double[] _spend;
    private readonly List<ForecastScore> _scores = [];
    private readonly Dictionary<string, Forecast> _forecasts = [];

    public Backtest(CustomerBase customers, EstimationOptions options, CandidateFits fits)
    {
        _base = customers;
        _options = options;
        _fits = fits;
        var spend = SpendEstimate.Run(customers.SpendBefore(), options: new FitOptions { MaxDegreeOfParallelism = options.Threads });
        _spend = new double[customers.HeldOut.Count];
        for (var i = 0; i < _spend.Length; i++)
        {
            _spend[i] = spend?.Model.ExpectedValue(customers.HeldOut[i].SpendCount, customers.HeldOut[i].MeanSpend) ?? 0;
        }
    }

    /// <summary>All measurements so far: first those on all customers.</summary>
    public IReadOnlyList<ForecastScore> Scores => _scores;

    /// <summary>Tests all candidates and the baselines on all customers.</summary>
    /// <returns>The candidates that could be fitted, best first.</returns>
    public IReadOnlyList<TransactionModelKind> Run()
    {
        int[] everyone = [.. Enumerable.Range(0, _base.HeldOut.Count)];
        var data = _base.All.Before.Build();
        foreach (var kind in _options.Candidates)
        {
            if (_fits.Fit(kind, data, _options.Last?.Transactions, "On the data up to the cutoff: ").Model is { } model)
            {
                _forecasts[kind.Id] = Of(kind.Id, model, everyone);
                _scores.Add(ForecastMeter.Measure(_forecasts[kind.Id], _base.HeldOut, everyone, segment: null));
            }
        }

        var tested = _scores.ToDictionary(static s => s.Forecast, static s => s.RootMeanSquaredError, StringComparer.Ordinal);
        foreach (var baseline in Baselines.All(_base.HeldOut, _options.BacktestWeeks))
        {
            _scores.Add(ForecastMeter.Measure(baseline, _base.HeldOut, everyone, segment: null));
        }

        return [.. _options.Candidates.Where(kind => tested.ContainsKey(kind.Id)).OrderBy(kind => tested[kind.Id])];
    }

    /// <summary>Tests on one segment whether a model of its own forecasts better than everybody's.</summary>
    /// <param name="label">The segment.</param>
    /// <param name="segment">Its customers.</param>
    /// <param name="chosen">Everybody's model.</param>
    /// <param name="advantage">The share by which its mean squared error must be lower.</param>
    /// <returns>The kinds that are better by so much when fitted to the segment, best first; empty when everybody's model serves it.</returns>
    public IReadOnlyList<TransactionModelKind> Run(string label, CustomerBase.Histories segment, TransactionModelKind chosen, double advantage)
    {
        int[] places = [.. segment.Places];
        if (!_forecasts.TryGetValue(chosen.Id, out var common))
        {
            return [];
        }

        var limit = ForecastMeter.Measure(common, _base.HeldOut, places, label);
        _scores.Add(limit);
        var data = segment.Before.Build();
        var better = new List<(TransactionModelKind Kind, double Error)>();
        foreach (var kind in _options.Candidates)
        {
            var fit = new CandidateFits(_options).Fit(kind, data, start: null);
            if (fit.Model is not { } model)
            {
                continue;
            }

            var score = ForecastMeter.Measure(Of($"{kind.Id}, fitted to the segment", model, places), _base.HeldOut, places, label);
            _scores.Add(score);
            if (score.RootMeanSquaredError < limit.RootMeanSquaredError * (1 - (advantage / 2)))
            {
                better.Add((kind, score.RootMeanSquaredError));
            }
        }

        return [.. better.OrderBy(static b => b.Error).Select(static b => b.Kind)];
    }

    private Forecast Of(string name, ITransactionModel model, int[] places)
    {
        var occasions = new double[_base.HeldOut.Count];
        var value = new double[occasions.Length];
        Parallel.For(
            0,
            (places.Length + CustomersAtOnce - 1) / CustomersAtOnce,
            new ParallelOptions { MaxDegreeOfParallelism = _options.Threads },
            part =>
            {
                foreach (var i in places.AsSpan(part * CustomersAtOnce, Math.Min(CustomersAtOnce, places.Length - (part * CustomersAtOnce))))
                {
                    var customer = _base.HeldOut[i];
                    occasions[i] = model.ExpectedTransactions(customer.Frequency, customer.Recency, customer.Age, _options.BacktestWeeks);
                    value[i] = occasions[i] * _spend[i];
                }
            });
        return new Forecast(name, occasions, value);
    }
}
