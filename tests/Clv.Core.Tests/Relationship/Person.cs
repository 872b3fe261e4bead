using Clv.Core.History;
using Clv.Core.Industry;
using Clv.Core.Relationship;
using Clv.Core.Valuation;

namespace Clv.Core.Tests.Relationship;

/// <summary>A steady customer of the middle tier, made by hand, from whom each test departs.</summary>
internal sealed record Person
{
    public const int Tonight = 740_000;

    public static IndustryProfile Business { get; } = new();

    public static Ranking Market { get; } = new(
        new TierThresholds(Top: 1000, Middle: 100),
        new ProspectTable(
            new Dictionary<string, ProspectEstimate> { [ProspectTable.CellOf(new() { Channel = "web" })] = new(40, 300, 50, 600, 0.2, 0.5) },
            new ProspectEstimate(1000, 200, 20, 500, 0.1, 0)),
        CategoryAssociations.None,
        new TypicalCustomer(1, new Dictionary<string, double> { [""] = 50, ["Firma"] = 500 }));

    public int? First { get; init; } = Tonight - 900;

    public int Last { get; init; } = Tonight - 60;

    public int Repeats { get; init; } = 20;

    public double Alive { get; init; } = 0.9;

    public double ExpectedOccasions { get; init; } = 8;

    public double? FirstOccasions { get; init; }

    public double ExpectedSpend { get; init; } = 50;

    public double? NoPurchase { get; init; }

    public decimal Revenue { get; init; } = 300;

    public decimal Contribution { get; init; } = 300;

    public decimal Acquisition { get; init; }

    public decimal FuturePurchases { get; init; } = 90;

    public decimal FutureContracts { get; init; }

    public decimal FutureServing { get; init; }

    public decimal FutureLatePayment { get; init; }

    public (int Recent, int Earlier, long RecentNet, long EarlierNet) Years { get; init; } = (8, 8, 100, 100);

    public CustomerProfile? Crm { get; init; }

    public InteractionCounts LastYear { get; init; } = InteractionCounts.None;

    public IReadOnlyList<Contract> Contracts { get; init; } = [];

    public IReadOnlyList<CategoryPurchases> Categories { get; init; } = [];

    public int EndDay { get; init; } = Tonight;

    public static Person Prospect { get; } = new() { First = null, Crm = new() { Channel = "web", Status = CustomerStatus.Prospect, Consent = true } };

    /// <summary>Somebody who never bought anything but has, or had, contracts.</summary>
    public static Person Subscriber(params Contract[] contracts) => new()
    {
        First = null,
        Contracts = contracts,
        FuturePurchases = 0,
        FutureContracts = 80,
        Years = default,
    };

    /// <summary>A yearly contract.</summary>
    public static Contract Yearly(int startedOn, int? cancelledOn = null, string? product = "Premium", int term = 12) => new()
    {
        Id = $"c{startedOn}",
        StartedOn = startedOn,
        TermMonths = term,
        CancelledOn = cancelledOn,
        Product = product,
        FeePerTerm = new Money(120 * Money.Scale),
    };

    /// <summary>The start of a yearly contract whose first renewal is on a day.</summary>
    public static int YearBefore(int day) => DateOnly.FromDayNumber(day).AddYears(-1).DayNumber;

    public CustomerFacts Facts => new()
    {
        Key = new CustomerKey(7),
        Purchases = new CustomerSummary
        {
            Whole = First is { } first
                ? new PurchaseSummary(
                    first, Repeats, Repeats == 0 ? 0 : Last - first, EndDay - first, Repeats, new Money(Repeats), new Money(Repeats))
                : PurchaseSummary.None,
        },
        HasTransactions = First is not null,
        Profile = Crm,
        Contracts = Contracts,
        Categories = Categories,
        LastYear = LastYear,
        RecentOccasions = Years.Recent,
        EarlierOccasions = Years.Earlier,
        RecentNet = new Money(Years.RecentNet * Money.Scale),
        EarlierNet = new Money(Years.EarlierNet * Money.Scale),
    };

    public CustomerWorth? Worth => Facts.IsProspect ? null : new CustomerWorth
    {
        Basis = ValueBasis.Revenue,
        Revenue = Revenue,
        Contribution = Contribution,
        Costs = CustomerCosts.None with { Acquisition = Acquisition },
        FuturePurchases = FuturePurchases,
        FutureContracts = FutureContracts,
        FutureServing = FutureServing,
        FutureLatePayment = FutureLatePayment,
        ServingPerYear = FutureServing > 0 ? (double)FutureServing : null,
        ProbabilityAlive = First is null ? null : Alive,
        Purchases = First is null
            ? null
            : new CustomerValue(Alive, ExpectedOccasions, ExpectedSpend, (double)FuturePurchases)
            {
                NoPurchase = NoPurchase,
                FirstTransactions = FirstOccasions,
            },
        Contracts =
        [
            .. Contracts.Where(c => c.IsRunning(EndDay)).Select(c => new ContractWorth(
                c.Product,
                c.StartedOn > EndDay ? 0 : c.Renewals(EndDay),
                c.NextRenewal(EndDay) is { } day ? DateOnly.FromDayNumber(day) : null,
                c.IsCancelled(EndDay),
                120,
                c.IsCancelled(EndDay) ? 0 : 0.75,
                120,
                c.IsCancelled(EndDay) ? 0 : 80)),
        ],
    };

    /// <summary>The judgement of a night; with a standing the night before is a day earlier.</summary>
    public Judgement Judge(
        Standing? before = null, IndustryProfile? profile = null, Ranking? ranking = null, int? lastEndDay = null, decimal? lastModels = null) =>
        new Judge(profile ?? Business, ranking ?? Market, EndDay, horizonWeeks: 52, before is null ? lastEndDay : lastEndDay ?? EndDay - 1)
            .Of(Facts, Worth, before, lastModels, modelChanged: lastModels is not null);
}
