using Clv.Core.History;
using Clv.Core.Relationship;
using Clv.Core.Valuation;

namespace Clv.Functions.Storage;

/// <summary>
/// What a night stores of one person for lookups: figures and codes, no sentences and nothing personal. It says nothing of the run or of when it
/// was written, so the same person gives the same card in any run.
/// </summary>
public sealed record CustomerCard
{
    /// <summary>The most contracts that a card holds: a table's column holds 32,000 characters.</summary>
    public const int ContractsShown = 20;

    /// <summary>The phase of the relationship.</summary>
    public required RelationshipPhase Phase { get; init; }

    /// <summary>The day on which it began.</summary>
    public required DateOnly PhaseSince { get; init; }

    /// <summary>The tier by lifetime value; null for a prospect.</summary>
    public ValueTier? Tier { get; init; }

    /// <summary>The day on which it began.</summary>
    public DateOnly? TierSince { get; init; }

    /// <summary>The segment; null for none.</summary>
    public string? Segment { get; init; }

    /// <summary>What the customer is worth; null for a prospect.</summary>
    public CardValue? Value { get; init; }

    /// <summary>What was spent on the customer so far; null for a prospect.</summary>
    public CustomerCosts? Costs { get; init; }

    /// <summary>The purchases; null for somebody without an occasion.</summary>
    public CardPurchases? Purchases { get; init; }

    /// <summary>The contracts that run: of very many the first <see cref="ContractsShown"/> to be renewed.</summary>
    public IReadOnlyList<ContractWorth> Contracts { get; init; } = [];

    /// <summary>How many contracts run.</summary>
    public int RunningContracts { get; init; }

    /// <summary>What a prospect is worth, from customers like them; null for a customer, and where there is nobody to compare with.</summary>
    public ProspectEstimate? Prospect { get; init; }

    /// <summary>What behaviour does to the expected purchases; null where none counts.</summary>
    public CardBehaviour? Behaviour { get; init; }

    /// <summary>What to do next; null for nothing.</summary>
    public NextAction? Action { get; init; }

    /// <summary>What changed since the night before; null where there is nothing to compare with.</summary>
    public ValueChange? Change { get; init; }

    /// <summary>Puts a card together.</summary>
    public static CustomerCard Of(
        CustomerFacts facts, CustomerWorth? worth, Judgement judgement, ProspectEstimate? prospect, BehaviourEffects? behaviour)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(judgement);
        var standing = judgement.Standing;
        return new CustomerCard
        {
            Phase = standing.Phase,
            PhaseSince = DateOnly.FromDayNumber(standing.PhaseSince),
            Tier = standing.Tier,
            TierSince = standing.TierSince is { } since ? DateOnly.FromDayNumber(since) : null,
            Segment = facts.Profile?.Segment,
            Value = worth is null ? null : CardValue.Of(worth),
            Costs = worth?.Costs,
            Purchases = worth?.Purchases is { } purchases ? CardPurchases.Of(facts.Purchases.Whole, purchases) : null,
            Contracts = [.. (worth?.Contracts ?? []).OrderBy(static contract => contract.NextRenewal ?? DateOnly.MaxValue).Take(ContractsShown)],
            RunningContracts = worth?.Contracts.Count ?? 0,
            Prospect = prospect,
            Behaviour = worth?.BehaviourFactor is { } factor && behaviour is not null ? CardBehaviour.Of(factor, behaviour, facts) : null,
            Action = judgement.Action,
            Change = judgement.Change,
        };
    }
}

/// <summary>What a customer is worth, in the reporting currency: the plain formula, the past and the future side by side.</summary>
/// <param name="Basis">Whether amounts are contribution margins or revenue.</param>
/// <param name="Plain">The plain formula of the trade: (lifetime x revenue per period x margin) - costs; null without purchases and contracts.</param>
/// <param name="Historic">Contribution so far less what was spent on the customer.</param>
/// <param name="Future">Expected contribution within the horizon, discounted, less the expected cost to serve.</param>
/// <param name="Low">Lower end of the interval that holds the future value in four of five cases.</param>
/// <param name="High">Its upper end.</param>
/// <param name="Lifetime">Historic and future.</param>
/// <param name="Revenue">Bought less returned so far, contract fees included.</param>
/// <param name="Contribution">What is left of it after the costs of what was sold.</param>
/// <param name="FuturePurchases">Of the future value, purchases.</param>
/// <param name="FutureContracts">Of the future value, renewals.</param>
/// <param name="FutureServing">Expected cost to serve, already taken off.</param>
/// <param name="FutureLatePayment">Expected cost of paying late, already taken off.</param>
/// <param name="ProbabilityAlive">The probability that the customer still is one; null without purchases and contracts.</param>
public sealed record CardValue(
    ValueBasis Basis,
    PlainValue? Plain,
    decimal Historic,
    decimal Future,
    decimal? Low,
    decimal? High,
    decimal Lifetime,
    decimal Revenue,
    decimal Contribution,
    decimal FuturePurchases,
    decimal FutureContracts,
    decimal FutureServing,
    decimal FutureLatePayment,
    double? ProbabilityAlive)
{
    internal static CardValue Of(CustomerWorth worth) => new(
        worth.Basis,
        worth.Plain,
        worth.Historic,
        worth.Future,
        worth.FutureLow,
        worth.FutureHigh,
        worth.Lifetime,
        worth.Revenue + worth.ContractRevenue,
        worth.Contribution,
        worth.FuturePurchases,
        worth.FutureContracts,
        worth.FutureServing,
        worth.FutureLatePayment,
        worth.ProbabilityAlive);
}

/// <summary>What is known and expected of purchases.</summary>
/// <param name="First">Day of the first purchase occasion.</param>
/// <param name="Last">Day of the last one.</param>
/// <param name="Frequency">Repeat occasions: all but the first.</param>
/// <param name="RecencyWeeks">Weeks from the first occasion to the last.</param>
/// <param name="AgeWeeks">Weeks from the first occasion to the end of the observation window.</param>
/// <param name="ProbabilityAlive">The probability that purchases go on.</param>
/// <param name="Expected">Expected occasions within the horizon.</param>
/// <param name="Whole">The same as a whole number, made so that those of all customers add up; null where there is none.</param>
/// <param name="Spend">Expected value of a paid occasion, before later returns.</param>
/// <param name="FutureValue">Expected value of the occasions within the horizon, discounted, unrounded.</param>
/// <param name="NoPurchase">The probability that there is no purchase within the horizon.</param>
/// <param name="NetRate">What is left of the expected spend since some occasions are free or returned; null for all of it.</param>
/// <param name="MarginRate">The share that is contribution margin; null when margins are not known.</param>
public sealed record CardPurchases(
    DateOnly First,
    DateOnly Last,
    int Frequency,
    double RecencyWeeks,
    double AgeWeeks,
    double ProbabilityAlive,
    double Expected,
    int? Whole,
    double Spend,
    double FutureValue,
    double? NoPurchase,
    double? NetRate,
    double? MarginRate)
{
    internal static CardPurchases Of(in PurchaseSummary summary, in CustomerValue value) => new(
        DateOnly.FromDayNumber(summary.FirstDay),
        DateOnly.FromDayNumber(summary.FirstDay + summary.RecencyDays),
        summary.Frequency,
        summary.RecencyDays / 7.0,
        summary.AgeDays / 7.0,
        value.ProbabilityAlive,
        value.ExpectedTransactions,
        value.WholeTransactions,
        value.ExpectedSpend,
        value.FutureValue,
        value.NoPurchase,
        value.NetRate < 1 ? value.NetRate : null,
        value.MarginRate);
}

/// <summary>What behaviour does to a customer's expected purchases.</summary>
/// <param name="Factor">What they are multiplied by.</param>
/// <param name="Effects">What each measure contributes.</param>
public sealed record CardBehaviour(double Factor, IReadOnlyList<CardEffect> Effects)
{
    internal static CardBehaviour Of(double factor, BehaviourEffects effects, CustomerFacts facts) => new(factor, [.. effects.Effects.Select(effect =>
    {
        var measure = BehaviourMeasures.Of(effect.Measure, facts.Profile, facts.LastYear);
        return new CardEffect(effect.Measure, measure, Math.Exp(effect.Of(measure)));
    })]);
}

/// <summary>What one measure of behaviour contributes.</summary>
/// <param name="Measure">The measure.</param>
/// <param name="Value">The customer's; null when it is not known.</param>
/// <param name="Factor">What it multiplies expected purchases by, against the mean customer; its estimate and error are the run's.</param>
public sealed record CardEffect(BehaviourMeasure Measure, double? Value, double Factor);
