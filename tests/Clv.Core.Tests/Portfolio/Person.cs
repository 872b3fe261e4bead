using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Clv.Core.History;
using Clv.Core.Industry;
using Clv.Core.Portfolio;
using Clv.Core.Relationship;
using Clv.Core.Valuation;

namespace Clv.Core.Tests.Portfolio;

/// <summary>A person with everything that a portfolio asks of one.</summary>
internal sealed record Person(CustomerFacts Facts, CustomerWorth? Worth, Judgement Judgement, ProspectEstimate? Prospect, Standing? Before)
{
    public static readonly int Today = new DateOnly(2026, 6, 30).DayNumber;
    public static readonly ValuationTerms Terms = new(104, .1);
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly string?[] Names = [null, "north", "south", "east"];

    public bool IsCustomer => Facts.IsCustomer;

    public static PartitionPortfolio Portfolio(
        IEnumerable<Person> people, IEnumerable<Standing>? gone = null, IndustryProfile? profile = null)
    {
        var builder = new PortfolioBuilder(Today, Terms, profile ?? IndustryProfile.Default);
        foreach (var person in people)
        {
            builder.Add(person.Facts, person.Worth, person.Judgement, person.Prospect, person.Before);
        }

        foreach (var standing in gone ?? [])
        {
            builder.Gone(standing);
        }

        return builder.Build();
    }

    public static PortfolioReport Report(IEnumerable<Person> people, IEnumerable<Standing>? gone = null, IndustryProfile? profile = null) =>
        PortfolioReport.Of(Portfolio(people, gone, profile), Terms, profile ?? IndustryProfile.Default);

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Json);

    public static CustomerFacts Known(CustomerProfile? profile = null, int ageDays = -1, ulong key = 1, params Contract[] held) => new()
    {
        Key = new CustomerKey(key),
        HasTransactions = ageDays >= 0,
        Purchases = new CustomerSummary
        {
            Whole = ageDays < 0 ? PurchaseSummary.None : new PurchaseSummary(Today - ageDays, 0, 0, ageDays, 0, default, default),
        },
        Profile = profile,
        Contracts = held,
    };

    public static Judgement Judged(
        RelationshipPhase phase, ActionKind? action = null, ValueChange? change = null, ValueTier? tier = null) => new()
        {
            Standing = new Standing { Key = default, Phase = phase, PhaseSince = Today, Tier = tier },
            Action = action is { } kind ? new NextAction(kind, []) : null,
            Change = change,
        };

    public static Money Of(decimal amount) => new((Int128)(amount * Money.Scale));

    /// <summary>Any kind of person, in amounts that are cents.</summary>
    public static Person Random(Random random, ulong key)
    {
        decimal Amount(int most) => random.Next(-most / 4, most) / 100m;
        decimal Cost(int most) => random.Next(0, most) / 100m;
        T Any<T>(IReadOnlyList<T> values) => values[random.Next(values.Count)];

        // Of ten, two are prospects and one has declined to become a customer.
        var kind = random.Next(10);
        var (isProspect, declined) = (kind < 2, kind == 2);
        var profile = new CustomerProfile
        {
            Segment = Any(Names),
            Channel = Any(Names),
            AcquiredOn = random.Next(2) == 0 ? null : Today - random.Next(2_000),
            AcquisitionCost = random.Next(2) == 0 ? null : Of(Cost(20_000)),
            Status = isProspect ? CustomerStatus.Prospect : declined ? CustomerStatus.Lost : CustomerStatus.Unknown,
        };
        var before = random.Next(3) == 0
            ? null
            : new Standing
            {
                Key = new CustomerKey(key),
                Phase = Any(Enum.GetValues<RelationshipPhase>()),
                PhaseSince = Today - 9,
                Tier = random.Next(4) == 0 ? null : Any(Enum.GetValues<ValueTier>()),
                Historic = Amount(90_000),
                Future = Amount(90_000),
            };
        var action = random.Next(3) == 0 ? (ActionKind?)null : Any(Enum.GetValues<ActionKind>());
        if (isProspect)
        {
            var estimate = new ProspectEstimate(9, Amount(90_000), Amount(100), 900, random.NextDouble(), .5);
            return new Person(Known(profile, key: key), null, Judged(RelationshipPhase.Prospect, ActionKind.Win), estimate, before);
        }

        if (declined)
        {
            var spent = CustomerCosts.None with { Acquisition = profile.AcquisitionCost?.ToDecimal() ?? 0, Campaigns = Cost(900) };
            return new Person(
                Known(profile, key: key),
                new CustomerWorth { Basis = ValueBasis.Contribution, Costs = spent },
                Judged(RelationshipPhase.Lost),
                null,
                before);
        }

        var phase = Any(Enum.GetValues<RelationshipPhase>().Where(phase => phase != RelationshipPhase.Prospect).ToArray());
        var alive = random.NextDouble();
        var purchases = Amount(70_000);
        var low = Amount(1_000);
        var worth = new CustomerWorth
        {
            Basis = Any(Enum.GetValues<ValueBasis>()),
            Revenue = Amount(100_000),
            ContractRevenue = Cost(10_000),
            Contribution = Amount(80_000),
            Costs = new CustomerCosts(profile.AcquisitionCost?.ToDecimal() ?? 0, Cost(900), Cost(900), Cost(900), Cost(900)),
            FuturePurchases = purchases,
            FutureContracts = Cost(9_000),
            FutureFees = Cost(12_000),
            FutureServing = Cost(9_000),
            FutureLatePayment = Cost(900),
            FutureLow = random.Next(2) == 0 ? null : low,
            FutureHigh = low + 900,
            Purchases = new CustomerValue(alive, 3, 50, (double)purchases) { MarginRate = .4, SecondHalfRatio = random.NextDouble() },
            ProbabilityAlive = alive,
        };
        var change = before is null ? null : new ValueChange(0, 0, Amount(2_000), []);
        var facts = Known(profile, random.Next(900), key) with
        {
            FirstYearNet = [.. Enumerable.Range(0, 12).Select(_ => Of(Amount(9_000)))],
        };
        var tier = Any(Enum.GetValues<ValueTier>());
        return new Person(facts, worth, Judged(phase, action, change, tier), null, before);
    }

    public static Person[] Many(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => Random(random, (ulong)i))];
    }

    public static Standing[] Gone(int count, int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, count).Select(i => new Standing
            {
                Key = new CustomerKey((ulong)(1_000_000 + i)),
                Phase = (RelationshipPhase)random.Next(4),
                PhaseSince = Today,
                Tier = random.Next(4) == 0 ? null : ValueTier.Base,
                Historic = random.Next(9_999) / 100m,
                Future = random.Next(9_999) / 100m,
            }),
        ];
    }
}
