using Clv.Core.Models;
using Clv.Core.Valuation;

namespace Clv.Core.Estimation;

/// <summary>The models of a run as they are stored: parameters and diagnostics, never data.</summary>
/// <param name="Transactions">How often customers buy.</param>
/// <param name="Segments">How often those of segments with a model of their own buy, by the segments' labels.</param>
/// <param name="Spend">How much; null when no customer ever had a purchase with a value.</param>
/// <param name="Net">What is left of the value of a paid occasion, where some are free or returned.</param>
/// <param name="Margins">What of it is contribution margin; null when margins are not known.</param>
/// <param name="Choice">Why this model of occasions: one plain sentence.</param>
/// <param name="Refused">Why candidates were refused, by their ids.</param>
/// <param name="BacktestWeeks">Weeks that were held out; 0 for no backtest.</param>
/// <param name="Backtest">How each candidate and the two baselines did on them.</param>
public sealed record ModelFile(
    FittedTransactions Transactions,
    IReadOnlyDictionary<string, FittedTransactions> Segments,
    FittedSpend? Spend,
    NetRates Net,
    ShrunkShare? Margins,
    string Choice,
    IReadOnlyDictionary<string, string> Refused,
    double BacktestWeeks,
    IReadOnlyList<ForecastScore> Backtest)
{
    /// <summary>The format that is written and read; files of another one are passed over.</summary>
    public const int CurrentFormat = 4;

    /// <summary>The format of this file.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>How long contracts last.</summary>
    public required FittedContracts Contracts { get; init; }

    /// <summary>What behaviour beside purchases tells of those to come.</summary>
    public required BehaviourEstimate Behaviour { get; init; }

    /// <summary>What serving a customer costs a year; null when no costs are known.</summary>
    public ShrunkShare? ServingPerYear { get; init; }

    private const int BriefSegments = 10;

    private const int BriefTerms = 5;

    private const int BriefProducts = 2;

    /// <summary>Takes down an estimate.</summary>
    /// <param name="estimate">The estimate.</param>
    /// <param name="backtestWeeks">Weeks that were held out.</param>
    /// <param name="run">The run whose customers they were estimated on; empty outside a night.</param>
    /// <param name="last">The file of the night that a kept model comes from; null when nothing was kept.</param>
    public static ModelFile Of(Estimate estimate, double backtestWeeks, string run, ModelFile? last = null)
    {
        ArgumentNullException.ThrowIfNull(estimate);
        FittedTransactions Fitted(EstimatedTransactions of, FittedTransactions? kept) =>
            (of.Fit is { } fit ? FittedTransactions.Of(of.Kind, of.Model, fit, run) : kept!) with { WholeLevel = of.Whole?.Level };
        return new ModelFile(
            Fitted(estimate.Transactions, last?.Transactions),
            estimate.Segments.ToDictionary(static s => s.Key, s => Fitted(s.Value, last?.Segments.GetValueOrDefault(s.Key)), StringComparer.Ordinal),
            estimate.Spend is { } spend ? FittedSpend.Of(spend) : null,
            estimate.Net,
            estimate.Margins,
            estimate.Choice,
            estimate.Refused,
            backtestWeeks,
            estimate.Backtest)
        {
            Contracts = FittedContracts.Of(estimate.Contracts, run, last?.Contracts),
            Behaviour = estimate.Behaviour,
            ServingPerYear = estimate.ServingPerYear,
        };
    }

    /// <summary>What a later night starts from and falls back to; null when only the simplest model could be used, which was never accepted.</summary>
    public LastEstimate? ToLast() => Transactions.Kind == TransactionModels.Simplest.Id ? null : new(
        TransactionModels.Find(Transactions.Kind),
        Transactions.ToModel(),
        Spend?.ToModel(),
        Segments.ToDictionary(static s => s.Key, static s => (TransactionModels.Find(s.Value.Kind), s.Value.ToModel()), StringComparer.Ordinal),
        Behaviour.Effects);

    /// <summary>Everything that a customer's value depends on.</summary>
    /// <param name="distribution">Whether purchases have intervals and whole-number forecasts beside expectations.</param>
    public ValuationModels ToValuation(bool distribution) =>
        new(ToModels(distribution), Contracts.ToModels(), Behaviour.Effects, ServingPerYear);

    /// <summary>The models of purchases, ready to value customers.</summary>
    /// <param name="distribution">Whether they give intervals and whole-number forecasts beside expectations.</param>
    public SegmentedModels ToModels(bool distribution)
    {
        CustomerModels Models(FittedTransactions transactions) => new(
            transactions.ToModel(),
            Spend?.ToModel(),
            Net,
            Margins,
            distribution ? new ValueIntervals(transactions.ToPoints(), Spend?.ToPoints() ?? []) : null,
            distribution && transactions.WholeLevel is { } level ? new WholeOccasions(level) : null);
        return new SegmentedModels(
            Models(Transactions), Segments.ToDictionary(static s => s.Key, s => Models(s.Value), StringComparer.Ordinal));
    }

    /// <summary>
    /// The same without what only an analyst reads: calibration, segments' scores, and the models of segments, terms and products beyond the first few.
    /// </summary>
    public ModelFile Brief() => this with
    {
        Transactions = Transactions with { LogCovariance = [] },
        Segments = Segments.OrderBy(static s => s.Key, StringComparer.Ordinal).Take(BriefSegments)
            .ToDictionary(static s => s.Key, static s => s.Value with { LogCovariance = [] }, StringComparer.Ordinal),
        Spend = Spend is null ? null : Spend with { LogCovariance = [] },
        Contracts = Contracts.Brief(BriefTerms, BriefProducts),
        Backtest = [.. Backtest.Where(static s => s.Segment is null).Select(static s => s with { Deciles = [], Frequencies = [] })],
    };
}
