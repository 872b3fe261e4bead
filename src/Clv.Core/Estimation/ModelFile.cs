using Clv.Core.Models;
using Clv.Core.Valuation;

namespace Clv.Core.Estimation;

/// <summary>The models of a run as they are stored: parameters and diagnostics, never data.</summary>
/// <param name="Transactions">How often customers buy.</param>
/// <param name="Segments">How often those of segments with a model of their own buy, by the segments' labels.</param>
/// <param name="Spend">How much; null when no customer ever had a purchase with a value.</param>
/// <param name="Margins">What of it is contribution margin; null when margins are not known.</param>
/// <param name="Choice">Why this model of occasions: one plain sentence.</param>
/// <param name="Refused">Why candidates were refused, by their ids.</param>
/// <param name="BacktestWeeks">Weeks that were held out; 0 for no backtest.</param>
/// <param name="Backtest">How each candidate and the two baselines did on them.</param>
public sealed record ModelFile(
    FittedTransactions Transactions,
    IReadOnlyDictionary<string, FittedTransactions> Segments,
    FittedSpend? Spend,
    MarginRates? Margins,
    string Choice,
    IReadOnlyDictionary<string, string> Refused,
    double BacktestWeeks,
    IReadOnlyList<ForecastScore> Backtest)
{
    private const int BriefSegments = 10;

    /// <summary>Takes down an estimate.</summary>
    /// <param name="estimate">The estimate.</param>
    /// <param name="margins">Shares of margin, or null.</param>
    /// <param name="backtestWeeks">Weeks that were held out.</param>
    /// <param name="run">The run whose customers they were estimated on; empty outside a night.</param>
    /// <param name="last">The file of the night that a kept model comes from; null when nothing was kept.</param>
    public static ModelFile Of(Estimate estimate, MarginRates? margins, double backtestWeeks, string run, ModelFile? last = null)
    {
        ArgumentNullException.ThrowIfNull(estimate);
        FittedTransactions Fitted(EstimatedTransactions of) => of.Fit is { } fit
            ? FittedTransactions.Of(of.Kind, of.Model, fit, run) with { WholeLevel = of.Whole?.Level }
            : last!.Transactions with { WholeLevel = of.Whole?.Level };
        return new ModelFile(
            Fitted(estimate.Transactions),
            estimate.Segments.ToDictionary(static s => s.Key, s => Fitted(s.Value), StringComparer.Ordinal),
            estimate.Spend is { } spend ? FittedSpend.Of(spend) : null,
            margins,
            estimate.Choice,
            estimate.Refused,
            backtestWeeks,
            estimate.Backtest);
    }

    /// <summary>What a later night starts from and falls back to.</summary>
    public LastEstimate ToLast() => new(TransactionModels.Find(Transactions.Kind), Transactions.ToModel(), Spend?.ToModel());

    /// <summary>The models, ready to value customers.</summary>
    /// <param name="distribution">Whether they give intervals and whole-number forecasts beside expectations.</param>
    public SegmentedModels ToModels(bool distribution)
    {
        CustomerModels Models(FittedTransactions transactions) => new(
            transactions.ToModel(),
            Spend?.ToModel(),
            Margins,
            distribution && Spend is not null ? new ValueIntervals(transactions.ToPoints(), Spend.ToPoints()) : null,
            distribution && transactions.WholeLevel is { } level ? new WholeOccasions(level) : null);
        return new SegmentedModels(
            Models(Transactions), Segments.ToDictionary(static s => s.Key, s => Models(s.Value), StringComparer.Ordinal));
    }

    /// <summary>The same without what only an analyst reads: calibration, segments' scores, and segments' models beyond the first few.</summary>
    public ModelFile Brief() => this with
    {
        Transactions = Transactions with { LogCovariance = [] },
        Segments = Segments.OrderBy(static s => s.Key, StringComparer.Ordinal).Take(BriefSegments)
            .ToDictionary(static s => s.Key, static s => s.Value with { LogCovariance = [] }, StringComparer.Ordinal),
        Spend = Spend is null ? null : Spend with { LogCovariance = [] },
        Backtest = [.. Backtest.Where(static s => s.Segment is null).Select(static s => s with { Deciles = [], Frequencies = [] })],
    };
}
