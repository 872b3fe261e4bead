using Clv.Core.Models;
using Clv.Core.Valuation;

namespace Clv.Core.Estimation;

/// <summary>Tests the candidate models on the held-out weeks, and fits the best one to everything.</summary>
public static class Estimator
{
    /// <summary>Tests, chooses and fits. The result does not depend on the number of threads.</summary>
    /// <param name="customers">The customers.</param>
    /// <param name="options">The candidates and how they are tested.</param>
    /// <returns>The estimate; its models are the last accepted ones, or the simplest there is, where every candidate is refused.</returns>
    public static Estimate Run(CustomerBase customers, EstimationOptions options)
    {
        ArgumentNullException.ThrowIfNull(customers);
        ArgumentNullException.ThrowIfNull(options);
        var fits = new CandidateFits(options);
        var backtest = options.BacktestWeeks > 0 && customers.HeldOut.Count > 0 ? new Backtest(customers, options, fits) : null;
        var ranking = backtest?.Run() ?? [];
        options.Done?.Invoke("backtest");
        var data = customers.All.Whole.Build();
        var transactions = fits.First(Extended(ranking, options), data);
        var spend = SpendEstimate.Run(
            customers.Spend(), options.CorrectsSpend, (options.Last?.Spend as GammaGamma) ?? ((options.Last?.Spend as FrequencySpend)?.Inner as GammaGamma), new FitOptions { MaxDegreeOfParallelism = options.Threads });
        options.Done?.Invoke("fit");
        var segments = new Dictionary<string, EstimatedTransactions>(StringComparer.Ordinal);
        if (transactions is not null)
        {
            backtest?.MeasureDistribution(transactions.Kind);
        }

        if (transactions is null)
        {
            foreach (var (label, kept) in options.Last?.Segments ?? new Dictionary<string, (TransactionModelKind, ITransactionModel)>())
            {
                if (customers.Segments.TryGetValue(label, out var histories))
                {
                    segments[label] = WithWhole(new EstimatedTransactions(kept.Kind, kept.Model, Fit: null), histories.Whole.Build(), options);
                }
            }
        }
        else if (backtest is not null && options.Candidates.Count > 1)
        {
            foreach (var (label, segment) in customers.Segments.Where(s => s.Value.Places.Count >= options.SegmentCustomers))
            {
                var better = backtest.Run(label, segment, transactions.Kind);
                var histories = segment.Whole.Build();
                if (new CandidateFits(options).First(better, histories) is { } own)
                {
                    segments[label] = WithWhole(own, histories, options);
                }
            }
        }

        options.Done?.Invoke("segments");
        var used = WithWhole(transactions ?? KeepOrSimplify(data, options, fits), data, options);
        options.Done?.Invoke("whole");
        return new Estimate
        {
            Transactions = used,
            Segments = segments,
            Spend = spend,
            Net = customers.Net(),
            Margins = customers.Margins(),
            Contracts = ContractEstimation.Run(customers.Contracts, options),
            Behaviour = transactions is null && options.Last is { } last
                ? BehaviourEstimate.Kept(last.Behaviour)
                : BehaviourFit.Run(customers, transactions is null ? null : backtest?.Occasions(transactions.Kind, segments)),
            ServingPerYear = customers.ServingPerYear(),
            Backtest = backtest?.Scores ?? [],
            Refused = fits.Refused,
            Choice = Explain(transactions, ranking, backtest, options),
        };
    }

    /// <summary>
    /// The ranking, each kind behind those that extend it and could not be tested: the window up to the cutoff did not ask for more, but the
    /// whole one may. Those without a test come last.
    /// </summary>
    private static IEnumerable<TransactionModelKind> Extended(IReadOnlyList<TransactionModelKind> ranking, EstimationOptions options) =>
        ranking.SelectMany(kind => options.Candidates.Where(other => other.Extends == kind.Id && !ranking.Contains(other)).Append(kind))
            .Concat(options.Candidates)
            .Distinct();

    private static EstimatedTransactions WithWhole(EstimatedTransactions estimated, GroupedHistories data, EstimationOptions options) =>
        options.HorizonWeeks is { } weeks ? estimated with { Whole = WholeOccasions.Learn(data, estimated.Model, weeks, options.Threads) } : estimated;

    private static EstimatedTransactions KeepOrSimplify(GroupedHistories data, EstimationOptions options, CandidateFits fits)
    {
        if (options.Last is { } last)
        {
            return new EstimatedTransactions(last.Kind, last.Transactions, Fit: null);
        }

        var simplest = TransactionModels.Simplest;
        var fit = fits.Fit(simplest, data, start: null);
        // It is refused only where nothing is known at all: then nothing is expected.
        return new EstimatedTransactions(simplest, fit.Model ?? new Poisson(0), fit);
    }

    private static string Explain(
        EstimatedTransactions? chosen, IReadOnlyList<TransactionModelKind> ranking, Backtest? backtest, EstimationOptions options)
    {
        double Error(TransactionModelKind kind) => backtest!.Scores.First(score => score.Segment is null && score.Forecast == kind.Id).RootMeanSquaredError;
        return chosen switch
        {
            null when options.Last is { } last => $"Every candidate was refused, so the last accepted {last.Kind.Title} stays in use.",
            null => $"Every candidate was refused and there is no accepted model to keep, so the simplest is used: {TransactionModels.Simplest.Title}.",
            _ when options.Candidates.Count == 1 => $"{chosen.Kind.Title} is the only candidate.",
            _ when ranking.Count == 0 && backtest is not null =>
                $"Every candidate was refused on what was known before the held-out weeks, so the first that could be fitted to the whole window is used: {chosen.Kind.Title}.",
            _ when ranking.Count == 0 => $"There was nothing to test the candidates on, so the first that could be fitted is used: {chosen.Kind.Title}.",
            _ when chosen.Kind == ranking[0] && chosen.Kind.Id == options.Last?.Kind.Id =>
                $"{chosen.Kind.Title} was in use, and no candidate was clearly better on the held-out weeks.",
            _ when chosen.Kind == ranking[0] && ranking.All(kind => Error(kind) >= Error(chosen.Kind)) =>
                $"{chosen.Kind.Title} had the lowest mean squared error on the held-out weeks.",
            _ when chosen.Kind == ranking[0] =>
                $"{chosen.Kind.Title} was as good as any on the held-out weeks, but for noise, and is the likeliest on what was known before them.",
            _ when chosen.Kind.Extends == ranking[0].Id =>
                $"{chosen.Kind.Title} extends the best on the held-out weeks, {ranking[0].Title}, by what the whole window asks for.",
            _ when !ranking.Contains(chosen.Kind) =>
                $"No candidate that could be tested on the held-out weeks could be fitted to the whole window, so the first that could is used: {chosen.Kind.Title}.",
            _ => $"{chosen.Kind.Title} is the best on the held-out weeks of those that could be fitted to the whole window.",
        };
    }
}
