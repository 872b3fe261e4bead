using Clv.Core.History;
using Clv.Core.Relationship;
using static Clv.Core.Tests.Relationship.Person;

namespace Clv.Core.Tests.Relationship;

public class EventTests
{
    [Fact]
    public void Of_FirstNight_TellsRenewalsOnly()
    {
        var due = Subscriber(Yearly(YearBefore(Tonight + 30))).Judge().Events;

        Assert.Equal([new RelationshipEvent(EventKind.RenewalDue, null, null, DateOnly.FromDayNumber(Tonight + 30), 120)], due);
        Assert.Empty(new Person { Alive = 0.5 }.Judge().Events);
    }

    [Fact]
    public void Of_PersonWhomLastNightDidNotKnow_TellsWhereTheyBegin()
    {
        Assert.Equal(
            [new(EventKind.PhaseChanged, null, "new"), new RelationshipEvent(EventKind.TierChanged, null, "middle")],
            new Person { First = Tonight, Repeats = 0, Last = Tonight }.Judge(lastEndDay: Tonight - 1).Events);
        Assert.Equal([new RelationshipEvent(EventKind.PhaseChanged, null, "prospect")], Prospect.Judge(lastEndDay: Tonight - 1).Events);
    }

    [Fact]
    public void Of_PhaseTierAndRisk_AreToldOnceInOrder()
    {
        var profile = Business with { Phases = new() { Nights = 1 } };
        var before = new Person { Contribution = 5000 }.Judge().Standing;
        var risk = new Person { Contribution = 500, Alive = 0.5, FuturePurchases = 50, EndDay = Tonight + 1 };
        var judgement = risk.Judge(before, profile);

        Assert.Equal(
            [
                new(EventKind.PhaseChanged, "steady", "atRisk"), new(EventKind.TierChanged, "top", "middle"),
                new RelationshipEvent(EventKind.RiskAppeared, null, null, Value: 100),
            ],
            judgement.Events);
        Assert.Empty((risk with { EndDay = Tonight + 2 }).Judge(judgement.Standing, profile).Events);
    }

    [Fact]
    public void Of_SomebodyWhoRefused_TellsCampaignToolsNothing()
    {
        var before = new Person().Judge().Standing;
        var leaver = new Person { Alive = 0.2, EndDay = Tonight + 1, Contracts = [Yearly(YearBefore(Tonight + 30))], Crm = new() { Consent = false } };

        Assert.Empty(leaver.Judge(before).Events);
        Assert.NotEmpty((leaver with { Crm = new() }).Judge(before).Events);
    }

    [Fact]
    public void Of_RiskBeforeTheUsualGapIsOver_IsToldWithTheSilence()
    {
        var profile = Business with { Phases = new() { Nights = 1 } };
        var standing = new Person { Last = Tonight - 40 }.Judge(profile: profile).Standing;
        var told = new List<int>();
        for (var night = 1; night <= 20; night++)
        {
            var judgement = new Person { Last = Tonight - 40, Alive = 0.5, EndDay = Tonight + night }.Judge(standing, profile);
            standing = judgement.Standing;
            if (judgement.Events.Any(static e => e.Kind == EventKind.RiskAppeared))
            {
                told.Add(night);
            }
        }

        // 860 days and 20 repeats: every 43 days.
        Assert.Equal([4], told);
    }

    [Theory]
    [InlineData(12, 365)]
    [InlineData(3, 92)]
    [InlineData(1, 31)]
    public void Of_NightsOfAYear_TellEachRenewalOnce(int term, int longestTerm)
    {
        var (start, told) = (Tonight - 3, new List<DateOnly>());
        Standing? standing = null;
        for (var day = Tonight; day < Tonight + 740; day++)
        {
            var judgement = (Subscriber(Yearly(start, term: term)) with { EndDay = day }).Judge(standing);
            standing = judgement.Standing;
            told.AddRange(judgement.Events.Where(static e => e.Kind == EventKind.RenewalDue).Select(static e => e.Day!.Value));
        }

        var first = DateOnly.FromDayNumber(start);
        Assert.Equal(Enumerable.Range(1, told.Count).Select(n => first.AddMonths(n * term)), told);
        Assert.InRange(told[^1].DayNumber, Tonight + 740 - longestTerm, int.MaxValue);
    }

    [Fact]
    public void Of_RenewalOfAContractNotKnownLastNight_IsTold()
    {
        var before = new Person().Judge().Standing;
        var stated = new Contract { Id = "s", StartedOn = Tonight + 1, RenewsOn = Tonight + 20 };

        var events = new Person { EndDay = Tonight + 1, Contracts = [stated] }.Judge(before).Events;

        Assert.Equal(DateOnly.FromDayNumber(Tonight + 20), Assert.Single(events).Day);
    }

    [Fact]
    public void Of_RenewalBroughtForwardOrLeadMadeLonger_IsToldOnce()
    {
        var far = new Contract { Id = "s", StartedOn = Tonight - 300, RenewsOn = Tonight + 80 };
        var before = new Person { Contracts = [far] }.Judge().Standing;
        var sooner = new Person { EndDay = Tonight + 1, Contracts = [far with { RenewsOn = Tonight + 20 }] };
        var longer = Business with { Actions = new() { RenewalLeadDays = 90 } };

        Assert.Equal(DateOnly.FromDayNumber(Tonight + 20), Assert.Single(sooner.Judge(before).Events).Day);
        Assert.Empty((sooner with { EndDay = Tonight + 2 }).Judge(sooner.Judge(before).Standing).Events);
        Assert.Single(new Person { EndDay = Tonight + 1, Contracts = [far] }.Judge(before, longer).Events);
    }

    [Fact]
    public void Of_SameArguments_GivesTheSameJudgement()
    {
        var person = Subscriber(Yearly(YearBefore(Tonight + 30)), Yearly(Tonight - 400, Tonight - 5));
        var standing = person.Judge().Standing;
        var (one, other) = (person with { EndDay = Tonight + 1 }, person with { EndDay = Tonight + 1 });

        Assert.Equivalent(one.Judge(standing), other.Judge(standing), strict: true);
    }

    [Fact]
    public void Of_ArgumentsOfDifferentPeopleOrNights_Throws()
    {
        var (facts, worth, standing) = (new Person().Facts, new Person().Worth, new Person().Judge().Standing);
        var judge = new Judge(Business, Market, Tonight, 52, Tonight - 1);

        Assert.Throws<ArgumentException>("worth", () => judge.Of(facts, null, null, null, false));
        Assert.Throws<ArgumentException>("worth", () => judge.Of(Prospect.Facts, worth, null, null, false));
        Assert.Throws<ArgumentException>("worth", () => judge.Of(Subscriber(Yearly(Tonight)).Facts, worth, null, null, false));
        Assert.Throws<ArgumentException>("before", () => judge.Of(facts, worth, standing with { Key = new(8) }, null, false));
        Assert.Throws<ArgumentException>("before", () => new Judge(Business, Market, Tonight, 52, null).Of(facts, worth, standing, null, false));
    }
}
