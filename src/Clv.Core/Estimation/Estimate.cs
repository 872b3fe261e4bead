using Clv.Core.Models;
using Clv.Core.Valuation;

namespace Clv.Core.Estimation;

/// <summary>The models of a customer base and how they came about.</summary>
public sealed record Estimate
{
    /// <summary>The model of occasions of every customer whose segment has none of its own.</summary>
    public required EstimatedTransactions Transactions { get; init; }

    /// <summary>The models of segments that have their own, by the segments' labels.</summary>
    public required IReadOnlyDictionary<string, EstimatedTransactions> Segments { get; init; }

    /// <summary>The model of spend; null when no customer has a purchase with a positive value.</summary>
    public required SpendEstimate? Spend { get; init; }

    /// <summary>What is left of the value of a paid occasion, where some are free or returned.</summary>
    public required NetRates Net { get; init; }

    /// <summary>What of it is contribution margin; null when margins are not known.</summary>
    public required ShrunkShare? Margins { get; init; }

    /// <summary>How long contracts last, by the months of a term.</summary>
    public required IReadOnlyDictionary<int, EstimatedContracts> Contracts { get; init; }

    /// <summary>What behaviour beside purchases tells of those to come.</summary>
    public required BehaviourEstimate Behaviour { get; init; }

    /// <summary>What serving a customer costs a year; null when no costs are known.</summary>
    public required ShrunkShare? ServingPerYear { get; init; }

    /// <summary>
    /// The backtest: every candidate and the two baselines on all customers, then on each large segment; empty where nothing was held out or
    /// nobody had bought by then.
    /// </summary>
    public required IReadOnlyList<ForecastScore> Backtest { get; init; }

    /// <summary>Why candidates were refused, by their ids.</summary>
    public required IReadOnlyDictionary<string, string> Refused { get; init; }

    /// <summary>Why this model: one plain sentence.</summary>
    public required string Choice { get; init; }
}

/// <summary>A model of occasions in use.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Model">The model.</param>
/// <param name="Fit">The fit; null when the model was kept from an earlier night.</param>
/// <param name="Whole">Whole-number forecasts of its customers over the horizon; null where nobody could be forecast.</param>
public sealed record EstimatedTransactions(
    TransactionModelKind Kind, ITransactionModel Model, ModelFit<ITransactionModel>? Fit, WholeOccasions? Whole = null);
