using Clv.Core.History;

namespace Clv.Core.Valuation;

/// <summary>
/// What one customer is worth, in the reporting currency and rounded to cents, so that sums over customers are exact. Every sum here is that of
/// its rounded parts.
/// </summary>
public sealed record CustomerWorth
{
    /// <summary>Whether amounts are contribution margins or revenue, because margins are not known.</summary>
    public required ValueBasis Basis { get; init; }

    /// <summary>Bought less returned so far, without contract fees.</summary>
    public decimal Revenue { get; init; }

    /// <summary>Contract fees so far: every term that has begun, unless fees are among the transactions.</summary>
    public decimal ContractRevenue { get; init; }

    /// <summary>What is left of both after the costs of what was sold; equal to both where margins are not known.</summary>
    public decimal Contribution { get; init; }

    /// <summary>What was spent on the customer so far.</summary>
    public CustomerCosts Costs { get; init; } = CustomerCosts.None;

    /// <summary>The historic value: <see cref="Contribution"/> less <see cref="Costs"/>.</summary>
    public decimal Historic => Contribution - Costs.Total;

    /// <summary>Expected value of the purchases within the horizon, discounted.</summary>
    public decimal FuturePurchases { get; init; }

    /// <summary>Expected value of the contracts' renewals within the horizon, discounted.</summary>
    public decimal FutureContracts { get; init; }

    /// <summary>The fees of those renewals as expected, before the costs of what is provided, discounted.</summary>
    public decimal FutureFees { get; init; }

    /// <summary>Expected cost to serve within the horizon, discounted, 0 or more.</summary>
    public decimal FutureServing { get; init; }

    /// <summary>Expected cost of capital of paying late within the horizon, discounted, 0 or more.</summary>
    public decimal FutureLatePayment { get; init; }

    /// <summary>The future value: purchases and contracts less the costs.</summary>
    public decimal Future => FuturePurchases + FutureContracts - FutureServing - FutureLatePayment;

    /// <summary>The lifetime value: historic and future.</summary>
    public decimal Lifetime => Historic + Future;

    /// <summary>The plain formula of the trade; null for somebody without purchases and contracts.</summary>
    public PlainValue? Plain { get; init; }

    /// <summary>
    /// Lower end of the interval that holds the future value in four of five cases, in more where there are purchases and contracts; null without
    /// intervals.
    /// </summary>
    public decimal? FutureLow { get; init; }

    /// <summary>Its upper end.</summary>
    public decimal? FutureHigh { get; init; }

    /// <summary>What the models of purchases say; null for somebody without a purchase.</summary>
    public CustomerValue? Purchases { get; init; }

    /// <summary>
    /// What behaviour multiplies the expected purchases by, already in <see cref="Purchases"/>; null when no behaviour counts.
    /// </summary>
    public double? BehaviourFactor { get; init; }

    /// <summary>The customer's cost to serve a year, as expected; null when no costs are known.</summary>
    public double? ServingPerYear { get; init; }

    /// <summary>The probability that the customer is one: of the purchases, or 1 while a contract runs uncancelled; null without either.</summary>
    public double? ProbabilityAlive { get; init; }

    /// <summary>The contracts that still run, in the order of <see cref="CustomerFacts.Contracts"/>.</summary>
    public IReadOnlyList<ContractWorth> Contracts { get; init; } = [];
}

/// <summary>What values are made of.</summary>
public enum ValueBasis
{
    /// <summary>Revenue, because nothing is known of margins.</summary>
    Revenue,

    /// <summary>Contribution margins.</summary>
    Contribution,
}

/// <summary>What was spent on a customer so far, in cents of the reporting currency, each 0 or more.</summary>
/// <param name="Acquisition">Winning the customer.</param>
/// <param name="Campaigns">Campaigns and visits.</param>
/// <param name="Service">Service calls, complaints and social mentions.</param>
/// <param name="Returns">Handling returns.</param>
/// <param name="LatePayment">Capital bound by paying late.</param>
public sealed record CustomerCosts(decimal Acquisition, decimal Campaigns, decimal Service, decimal Returns, decimal LatePayment)
{
    /// <summary>Nothing.</summary>
    public static CustomerCosts None { get; } = new(0, 0, 0, 0, 0);

    /// <summary>All of it.</summary>
    public decimal Total => Acquisition + Campaigns + Service + Returns + LatePayment;
}

/// <summary>The plain formula of the trade: (lifetime x revenue per period x margin) - costs.</summary>
/// <param name="LifetimeYears">Years from the first purchase or contract to today, and those to come within the horizon weighted with P(alive).</param>
/// <param name="RevenuePerYear">Revenue so far over the years so far, at least one.</param>
/// <param name="MarginRate">The share of revenue that is contribution; 1 where margins are not known.</param>
/// <param name="Costs">Costs so far.</param>
/// <param name="Value">The result, rounded to cents.</param>
public sealed record PlainValue(double LifetimeYears, double RevenuePerYear, double MarginRate, decimal Costs, decimal Value);

/// <summary>What a running contract holds.</summary>
/// <param name="Product">What it is for; null when it is not known.</param>
/// <param name="Renewals">Renewals made so far.</param>
/// <param name="NextRenewal">The day of the next renewal, or of the end when it is cancelled; null when it is not known.</param>
/// <param name="Cancelled">Whether it is cancelled.</param>
/// <param name="FeePerTerm">What a term brings; null when it is not known.</param>
/// <param name="RenewalProbability">The chance of the next renewal, 0 when it is cancelled; null where no model could be estimated.</param>
/// <param name="RenewalValue">What the next renewal would be worth: a term's fee, as contribution, undiscounted; null without a fee.</param>
/// <param name="Future">Expected value of the renewals within the horizon, discounted; null where it is not known.</param>
public sealed record ContractWorth(
    string? Product,
    int Renewals,
    DateOnly? NextRenewal,
    bool Cancelled,
    decimal? FeePerTerm,
    double? RenewalProbability,
    decimal? RenewalValue,
    decimal? Future);
