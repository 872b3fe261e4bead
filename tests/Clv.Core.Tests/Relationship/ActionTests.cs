using Clv.Core.History;
using Clv.Core.Industry;
using Clv.Core.Relationship;
using static Clv.Core.Tests.Relationship.Person;

namespace Clv.Core.Tests.Relationship;

public class ActionTests
{
    private static readonly InteractionCounts Complaint = InteractionCounts.None with { Complaints = 1 };
    private static readonly CustomerProfile Refused = new() { Consent = false };
    private static readonly int RenewsIn30 = YearBefore(Tonight + 30);
    private static readonly CategoryPurchases Coffee = new("Kaffee", 9, new Money(90), Tonight);
    private static readonly CategoryPurchases Tea = new("Tee", 2, new Money(20), Tonight);
    private static readonly Person Spender = new() { Contribution = 5000 };
    private static readonly Person Thrifty = new() { ExpectedSpend = 39, Categories = [Tea, Coffee] };
    private static readonly Person Costly = new() { Contribution = -50, FutureServing = 100, LastYear = new(6, 0, 0, 0, 0, 0, 0) };

    private static readonly Ranking Associated = Market with
    {
        Categories = new(1000, new Dictionary<string, long>(), [
            new("Wein", "Käse", 90, 0.9, 9), new("Kaffee", "Tassen", 29, 0.5, 5), new("Kaffee", "Filter", 60, 0.4, 3),
            new("Tee", "Kannen", 70, 0.4, 3), new("Kaffee", "Tee", 40, 0.3, 2), new("Kaffee", "Löffel", 400, 0.3, 1.1),
        ]),
    };

    public static TheoryData<string, ActionKind?, string> Cases =>
        [.. People.Select(p => (p.Key, p.Value.Action, string.Join(' ', p.Value.Reasons.Select(static r => r.ToString()))))];

    private static Dictionary<string, (Person Person, ActionKind? Action, ReasonKind[] Reasons)> People { get; } = new()
    {
        ["prospect"] = (Prospect, ActionKind.Win, [ReasonKind.ProspectValue]),
        ["prospect who refused"] = (Prospect with { Crm = Refused with { Status = CustomerStatus.Prospect } }, null, []),
        ["prospect who was not asked"] = (Prospect with { Crm = new() { Channel = "web", Status = CustomerStatus.Prospect } }, null, []),
        ["at risk, but no later than usual"] = (new() { Alive = 0.5, Last = Tonight - 40 }, null, []),
        ["at risk, but bought lately"] = (new() { Alive = 0.5, Last = Tonight - 14, Repeats = 100 }, null, []),
        ["lapsed, but no later than usual"] = (new() { Alive = 0.2, Last = Tonight - 40 }, null, []),
        ["steady, nothing to do"] = (new(), null, []),
        ["top at risk"] =
            (Spender with { Alive = 0.5, Last = Tonight - 200 }, ActionKind.Rescue, [ReasonKind.Silent, ReasonKind.ValueAtStake, ReasonKind.TopTier]),
        ["top at risk who refused"] = (Spender with { Alive = 0.5, Crm = Refused }, null, []),
        ["top, cancelled one contract of which another is due"] = (
            Spender with { Contracts = [Yearly(RenewsIn30, product: "A"), Yearly(Tonight - 400, Tonight - 5)] },
            ActionKind.Renew,
            [ReasonKind.RenewalDue, ReasonKind.TopTier, ReasonKind.FutureValue]),
        ["renewal in 30 days"] = (Subscriber(Yearly(RenewsIn30)), ActionKind.Renew, [ReasonKind.RenewalDue, ReasonKind.FutureValue]),
        ["renewal who refused and complained"] = (
            Subscriber(Yearly(RenewsIn30)) with { Crm = Refused, LastYear = Complaint },
            ActionKind.Renew,
            [ReasonKind.RenewalDue, ReasonKind.Complaints, ReasonKind.FutureValue]),
        ["renewal in 61 days"] = (Subscriber(Yearly(YearBefore(Tonight + 61))), null, []),
        ["monthly renewal in 20 days"] = (Subscriber(Yearly(YearBefore(Tonight + 20), term: 1)), null, []),
        ["renewal of who only costs"] = (
            Costly with { Contracts = [Yearly(RenewsIn30)] }, ActionKind.ServeAtLowerCost,
            [ReasonKind.CostsExceedValue, ReasonKind.ServiceCost]),
        ["cancelled, still runs"] = (
            Subscriber(Yearly(Tonight - 400, Tonight - 5)), ActionKind.Rescue, [ReasonKind.Cancelled, ReasonKind.ValueAtStake]),
        ["cancelled, ran out"] = (
            Subscriber(Yearly(Tonight - 400, Tonight - 100)), ActionKind.WinBack, [ReasonKind.Cancelled, ReasonKind.ValueAtStake]),
        ["at risk, complained"] = (
            new() { Alive = 0.5, LastYear = Complaint }, ActionKind.Rescue, [ReasonKind.Silent, ReasonKind.ValueAtStake, ReasonKind.Complaints]),
        ["lapsed"] = (
            new() { Alive = 0.2, Last = Tonight - 300 }, ActionKind.WinBack, [ReasonKind.Silent, ReasonKind.ValueAtStake, ReasonKind.ProbablyGone]),
        ["owns what goes with more, but returned it"] = (new() { Categories = [Coffee with { Net = default }] }, null, []),
        ["lapsed, nothing to win"] = (new() { Alive = 0.2, FuturePurchases = 2, FutureServing = 15 }, null, []),
        ["lost within two years"] = (
            new() { Alive = 0.01, Last = Tonight - 728, First = Tonight - 2000 },
            ActionKind.WinBack,
            [ReasonKind.Silent, ReasonKind.ValueAtStake, ReasonKind.ProbablyGone]),
        ["lost for longer"] = (new() { Alive = 0.01, Last = Tonight - 729, First = Tonight - 2000 }, null, []),
        ["bought first five days ago"] = (
            new() { First = Tonight - 5, Repeats = 0, Last = Tonight - 5 }, ActionKind.Welcome, [ReasonKind.FirstPurchase, ReasonKind.FutureValue]),
        ["bought first five days ago, complained"] = (
            new() { First = Tonight - 5, Repeats = 0, Last = Tonight - 5, LastYear = Complaint },
            ActionKind.FollowUp,
            [ReasonKind.Complaints, ReasonKind.RecentPurchase, ReasonKind.FutureValue]),
        ["seldom buys, bought lately"] = (new() { Last = Tonight - 4 }, ActionKind.FollowUp, [ReasonKind.RecentPurchase, ReasonKind.FutureValue]),
        ["often buys, bought lately"] = (new() { Last = Tonight - 4, Repeats = 60 }, null, []),
        ["owns what goes with more"] = (
            new() { Categories = [Tea, Coffee] }, ActionKind.CrossSell, [ReasonKind.OwnedBySimilar, ReasonKind.FutureValue]),
        ["owns what goes with more, complained"] = (
            new() { Categories = [Tea, Coffee], LastYear = Complaint }, ActionKind.FollowUp, [ReasonKind.Complaints, ReasonKind.FutureValue]),
        ["owns what goes with more, refused"] = (new() { Categories = [Tea, Coffee], Crm = Refused }, null, []),
        ["spends little"] = (
            Thrifty with { Categories = [new("Brot", 3, new Money(5), Tonight)] }, ActionKind.Upsell, [ReasonKind.SpendsLess, ReasonKind.FutureValue]),
        ["top and loyal"] = (
            Spender with { Years = (9, 9, 150, 100), Crm = new() { Nps = 9 } },
            ActionKind.Reward,
            [ReasonKind.TopTier, ReasonKind.Recommends, ReasonKind.Growth]),
        ["served at a loss"] = (Costly, ActionKind.ServeAtLowerCost, [ReasonKind.CostsExceedValue, ReasonKind.ServiceCost]),
        ["little value, much service"] = (
            Costly with { Contribution = 20, FutureServing = 60 }, ActionKind.ServeAtLowerCost, [ReasonKind.ServiceCost]),
        ["costs without prospects"] = (
            Costly with { FuturePurchases = -5, Crm = new() { PaymentDelayDays = 30 } },
            ActionKind.PartWell,
            [ReasonKind.CostsExceedValue, ReasonKind.ServiceCost, ReasonKind.PaysLate]),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Of_Person_GivesTheFirstActionThatApplies(string person, ActionKind? action, string reasons)
    {
        var next = People[person].Person.Judge(ranking: Associated).Action;

        Assert.Equal(action, next?.Kind);
        Assert.Equal(reasons, string.Join(' ', next?.Reasons.Select(static r => r.Kind) ?? []));
    }

    [Fact]
    public void Cases_Together_ReachEveryActionAndReason()
    {
        Assert.Equal(Enum.GetValues<ActionKind>(), People.Values.Select(static p => p.Action).OfType<ActionKind>().Distinct().Order());
        Assert.Equal(Enum.GetValues<ReasonKind>(), People.Values.SelectMany(static p => p.Reasons).Distinct().Order());
    }

    [Fact]
    public void Of_CrossSell_NamesTheBestPairWithItsFigures()
    {
        var action = new Person { Categories = [Coffee, Tea] }.Judge(ranking: Associated).Action!;

        Assert.Equal("Kannen", action.Category);
        Assert.Equal("Kannen", action.Reasons[0].Text);
        Assert.Equal([("customers", 70m), ("lift", 3m), ("share", 0.4m)], Figures(action.Reasons[0]));
        Assert.Equal("Filter", new Person { Categories = [Coffee] }.Judge(ranking: Associated).Action!.Category);
    }

    [Fact]
    public void Of_Upsell_GoesByTheSegmentAndNamesTheMainCategory()
    {
        var action = Thrifty.Judge().Action!;

        Assert.Equal((ActionKind.Upsell, "Kaffee"), (action.Kind, action.Category));
        Assert.Equal([("spend", 39m), ("usual", 50m)], Figures(action.Reasons[0]));
        Assert.Null((Thrifty with { ExpectedSpend = 40 }).Judge().Action);
        Assert.Null((Thrifty with { Repeats = 2 }).Judge().Action);
        Assert.Null((Thrifty with { Categories = [] }).Judge().Action);
        Assert.Equal([("spend", 399m), ("usual", 500m)], Figures(
            (Thrifty with { ExpectedSpend = 399, Crm = new() { Segment = "Firma" } }).Judge().Action!.Reasons[0]));
    }

    [Fact]
    public void Of_Renewal_IsTheNextWithItsDayAndFigures()
    {
        var action = Subscriber(Yearly(YearBefore(Tonight + 50), product: "Später"), Yearly(RenewsIn30)).Judge().Action!;

        Assert.Equal(Tonight + 30, action.Due);
        Assert.Equal("Premium", action.Reasons[0].Text);
        Assert.Equal([("days", 30m), ("probability", 0.75m), ("value", 120m)], Figures(action.Reasons[0]));
    }

    [Fact]
    public void Of_LeaverWhoSignedAnew_IsNeitherRescuedNorWonBack()
    {
        var cancelled = Yearly(Tonight - 400, Tonight - 5);
        var before = Subscriber(cancelled).Judge().Standing;

        var judgement = (Subscriber(cancelled, Yearly(Tonight + 10)) with { EndDay = Tonight + 1 }).Judge(before);

        Assert.Equal((RelationshipPhase.Leaving, RelationshipPhase.Steady), (judgement.Standing.Phase, judgement.Standing.NextPhase));
        Assert.Null(judgement.Action);
    }

    [Fact]
    public void Of_Figures_ArePlainAmountsAndShares()
    {
        var rescue = (Spender with { Alive = 0.5, Last = Tonight - 200, First = Tonight - 1200, Repeats = 10, FuturePurchases = 90 }).Judge().Action!;
        var cost = Costly.Judge().Action!;
        var win = Prospect.Judge().Action!;

        Assert.Equal([("days", 200m), ("usualDays", 100m)], Figures(rescue.Reasons[0]));
        Assert.Equal([("horizonWeeks", 52m), ("value", 180m)], Figures(rescue.Reasons[1]));
        Assert.Equal([("share", 0.2m), ("value", 5090m)], Figures(rescue.Reasons[2]));
        Assert.Equal([("contribution", 40m), ("costs", 100m)], Figures(cost.Reasons[0]));
        Assert.Equal([("contacts", 6m), ("cost", 100m)], Figures(cost.Reasons[1]));
        Assert.Equal([("conversion", 0.2m), ("value", 300m)], Figures(win.Reasons[0]));
    }

    [Theory]
    [InlineData("winBack", 400, null, true)]
    [InlineData("winBack", 450, null, false)]
    [InlineData("winBack", 40, 0.1, true)]
    [InlineData("winBack", 45, 0.1, false)]
    [InlineData("rescue", 1000, null, true)]
    public void Of_AssumedCost_IsLessThanWhatIsAtStake(string action, double cost, double? effect, bool acts)
    {
        var profile = Business with
        {
            Actions = new() { Assumptions = new Dictionary<string, ActionAssumption> { [action] = new((decimal)cost, effect) } },
        };

        Assert.Equal(acts, new Person { Alive = 0.2 }.Judge(profile: profile).Action is { Kind: ActionKind.WinBack });
    }

    [Fact]
    public void Of_NoProspectTable_KnowsNoValueAndWinsNobody()
    {
        var judgement = Prospect.Judge(ranking: Market with { Prospects = null });

        Assert.Equal((0, null), (judgement.Standing.Future, judgement.Action));
        Assert.Equal(60, Prospect.Judge().Standing.Future);
    }

    [Fact]
    public void Of_NothingToTell_IsLeftOut()
    {
        var shrinking = Spender with { Years = (9, 9, 95, 100) };
        var profile = Business with { Phases = new() { Growing = -0.1 } };
        var once = new Person { First = Tonight - 300, Last = Tonight - 300, Repeats = 0, Alive = 1, ExpectedOccasions = 0.2, FirstOccasions = 2 };

        Assert.Equal(RelationshipPhase.Growing, shrinking.Judge(profile: profile).Standing.Phase);
        Assert.DoesNotContain(shrinking.Judge(profile: profile).Action!.Reasons, static reason => reason.Kind == ReasonKind.Growth);
        Assert.Equal([ReasonKind.Silent, ReasonKind.ValueAtStake], once.Judge().Action!.Reasons.Select(static reason => reason.Kind));
        Assert.Equal(
            [("horizonWeeks", 52m), ("probability", 0.15m)], Figures((once with { NoPurchase = 0.85 }).Judge().Action!.Reasons[2]));
    }

    private static IEnumerable<(string, decimal)> Figures(Reason reason) =>
        reason.Figures.OrderBy(static f => f.Key, StringComparer.Ordinal).Select(static f => (f.Key, f.Value));
}
