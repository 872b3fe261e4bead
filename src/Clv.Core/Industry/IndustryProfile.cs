namespace Clv.Core.Industry;

/// <summary>
/// What a firm knows of its own business and no model can estimate: one JSON file. Money is in the reporting currency, shares are from 0 to 1.
/// What is absent is unknown, and switches off what needs it; nothing stands in for it.
/// </summary>
public sealed partial record IndustryProfile
{
    /// <summary>The name of the profile's file, in an extract folder or the container's root.</summary>
    public const string FileName = "profile.json";

    /// <summary>What is used where no file is given: no margins, no cost rates, the usual shares and thresholds.</summary>
    public static IndustryProfile Default { get; } = new();

    /// <summary>What the profile is called, such as <c>retail</c>.</summary>
    public string Name { get; init; } = "default";

    /// <summary>Weeks of the future that count, 1 to 1,040; null for the app's setting.</summary>
    public double? HorizonWeeks { get; init; }

    /// <summary>Discount rate a year, effective, 0 to 1; null for the app's setting.</summary>
    public double? DiscountRate { get; init; }

    /// <summary>Three-letter code of the reporting currency; null for the mapping's.</summary>
    public string? Currency { get; init; }

    /// <summary>The language of what is written down for people where nobody asked for one: <c>en</c> or <c>de</c>.</summary>
    public string Language { get; init; } = "en";

    /// <summary>The unit in which paybacks are told to people: <c>week</c>, <c>month</c> or <c>year</c>.</summary>
    public string TimeUnit { get; init; } = "month";

    /// <summary>Contribution margins where the rows themselves have none.</summary>
    public MarginRates Margins { get; init; } = new();

    /// <summary>What contacts cost where the rows themselves do not say, and what money costs.</summary>
    public CostRates Costs { get; init; } = new();

    /// <summary>How contracts are valued.</summary>
    public ContractTerms Contracts { get; init; } = new();

    /// <summary>How customers are ordered by value.</summary>
    public TierShares Tiers { get; init; } = new();

    /// <summary>When a customer is in which phase.</summary>
    public PhaseThresholds Phases { get; init; } = new();

    /// <summary>When which action is due.</summary>
    public ActionThresholds Actions { get; init; } = new();

    /// <summary>What acquisition is measured by.</summary>
    public AcquisitionTargets Acquisition { get; init; } = new();
}

/// <summary>Contribution margins by category: what is left of a row's amount after the costs of what was sold.</summary>
public sealed record MarginRates
{
    /// <summary>Shares by the names of categories, each -1 to 1.</summary>
    public IReadOnlyDictionary<string, double> Categories { get; init; } = new Dictionary<string, double>();

    /// <summary>The share of rows of other categories or none; null when it is not known.</summary>
    public double? Other { get; init; }

    /// <summary>The share of contract fees; null when it is not known, and fees then count in full where no margins are known at all.</summary>
    public double? Contracts { get; init; }
}

/// <summary>What things cost, in the reporting currency, 0 or more; null where it is not known.</summary>
public sealed record CostRates
{
    /// <summary>A service call.</summary>
    public decimal? ServiceCall { get; init; }

    /// <summary>A complaint.</summary>
    public decimal? Complaint { get; init; }

    /// <summary>A campaign's message that was opened.</summary>
    public decimal? CampaignOpen { get; init; }

    /// <summary>A campaign's link that was followed.</summary>
    public decimal? CampaignClick { get; init; }

    /// <summary>A social mention.</summary>
    public decimal? Social { get; init; }

    /// <summary>A visit.</summary>
    public decimal? Visit { get; init; }

    /// <summary>The handling of a return.</summary>
    public decimal? Return { get; init; }

    /// <summary>Cost of capital a year that late payment is charged with, 0 to 1; null for not at all.</summary>
    public double? Capital { get; init; }
}

/// <summary>How contracts are valued.</summary>
public sealed record ContractTerms
{
    /// <summary>
    /// Whether the fees are among the transactions too: then they are not counted twice, and a customer with a running contract is valued by
    /// its renewals alone.
    /// </summary>
    public bool FeesInTransactions { get; init; }

    /// <summary>Contracts of a product that must have come up for renewal before it has a model of its own.</summary>
    public int ProductContracts { get; init; } = 200;
}

/// <summary>How customers are ordered by lifetime value.</summary>
public sealed record TierShares
{
    /// <summary>The share of customers in the top tier, above 0.</summary>
    public double Top { get; init; } = 0.20;

    /// <summary>The share in the middle tier; the rest is the base tier.</summary>
    public double Middle { get; init; } = 0.60;

    /// <summary>How far beyond a threshold, as a share of it, a value must be before a customer's tier changes.</summary>
    public double Band { get; init; } = 0.05;
}

/// <summary>When a customer is in which phase.</summary>
public sealed record PhaseThresholds
{
    /// <summary>Weeks since the first purchase in which a customer is new.</summary>
    public double NewWeeks { get; init; } = 13;

    /// <summary>P(alive) below which a customer is at risk.</summary>
    public double AtRisk { get; init; } = 0.60;

    /// <summary>P(alive) below which a customer has lapsed.</summary>
    public double Lapsed { get; init; } = 0.30;

    /// <summary>P(alive) below which a customer is lost.</summary>
    public double Lost { get; init; } = 0.10;

    /// <summary>Growth of the last year's net over the year before from which a customer is growing.</summary>
    public double Growing { get; init; } = 0.20;

    /// <summary>Distance in P(alive) beyond a threshold that it takes to leave a phase once entered.</summary>
    public double Band { get; init; } = 0.05;

    /// <summary>Nights in a row that must say the same before a customer's phase changes for other reasons than an event, 1 or more.</summary>
    public int Nights { get; init; } = 2;
}

/// <summary>When which action is due, and what it costs and is believed to achieve.</summary>
public sealed record ActionThresholds
{
    /// <summary>Days before a renewal from which it is prepared.</summary>
    public int RenewalLeadDays { get; init; } = 60;

    /// <summary>Days since the first purchase in which a customer is welcomed.</summary>
    public int WelcomeDays { get; init; } = 21;

    /// <summary>Days since the last purchase in which a purchase is followed up.</summary>
    public int FollowUpDays { get; init; } = 14;

    /// <summary>How much more often than chance a category must go with another before it is offered.</summary>
    public double MinimumLift { get; init; } = 1.2;

    /// <summary>Customers who own both categories before their going together counts.</summary>
    public int MinimumSupport { get; init; } = 30;

    /// <summary>
    /// What an action costs per customer and what share of the value at stake it is believed to win, by the action's code. An assumption of
    /// the firm's, and always shown as one; without it only the share is told from which the action pays.
    /// </summary>
    public IReadOnlyDictionary<string, ActionAssumption> Assumptions { get; init; } = new Dictionary<string, ActionAssumption>();
}

/// <summary>What a firm believes of an action.</summary>
/// <param name="Cost">Cost per customer, in the reporting currency, above 0.</param>
/// <param name="Effect">Share of the value at stake that it wins, 0 to 1; null when nobody knows.</param>
public sealed record ActionAssumption(decimal Cost, double? Effect = null);

/// <summary>What acquisition is measured by.</summary>
public sealed record AcquisitionTargets
{
    /// <summary>How many times its cost a customer is to be worth, above 0.</summary>
    public double TargetRatio { get; init; } = 3;
}
