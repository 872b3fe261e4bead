using Clv.Core.Models;
using Clv.Core.Valuation;

namespace Clv.Core.Estimation;

/// <summary>How models are estimated and chosen.</summary>
public sealed record EstimationOptions
{
    /// <summary>The models of occasions that compete; one of them is simply used.</summary>
    public IReadOnlyList<TransactionModelKind> Candidates { get; init; } =
        [.. TransactionModels.All.Where(static kind => kind != TransactionModels.Simplest)];

    /// <summary>Weeks held out, as the summaries were made; 0 for no backtest.</summary>
    public double BacktestWeeks { get; init; }

    /// <summary>Weeks of the future that whole-number forecasts are made for; null for none.</summary>
    public double? HorizonWeeks { get; init; }

    /// <summary>Whether spend that goes with frequency is corrected for it; otherwise the correlation is only measured.</summary>
    public bool CorrectsSpend { get; init; } = true;

    /// <summary>Threads that may work; the result is the same for any number.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Customers at the cutoff from which a segment may have a model of its own.</summary>
    public int SegmentCustomers { get; init; } = 2000;

    /// <summary>Contracts of a product that must have come up for renewal before it has a model of its own, 0 or more.</summary>
    public int ProductContracts { get; init; } = 200;

    /// <summary>Called with the name of each step that is done: backtest, fit, segments, whole.</summary>
    public Action<string>? Done { get; init; }

    /// <summary>What was accepted last night: where searches start, and what is kept when tonight's are refused; null for none.</summary>
    public LastEstimate? Last { get; init; }

    /// <summary>Models of contracts that were accepted last night, likewise; null for none. A firm can have these and none of purchases.</summary>
    public ContractModels? LastContracts { get; init; }
}

/// <summary>What an earlier night accepted.</summary>
/// <param name="Kind">The kind of model of occasions.</param>
/// <param name="Transactions">The model.</param>
/// <param name="Spend">The model of spend; null when there was none.</param>
/// <param name="Segments">Models of segments of their own, by the segments' labels.</param>
/// <param name="Behaviour">What behaviour does to the expectations of these models; null where none of it counts.</param>
public sealed record LastEstimate(
    TransactionModelKind Kind,
    ITransactionModel Transactions,
    ISpendModel? Spend,
    IReadOnlyDictionary<string, (TransactionModelKind Kind, ITransactionModel Model)>? Segments = null,
    BehaviourEffects? Behaviour = null);
