using Clv.Core.History;
using Clv.Core.Industry;
using Clv.Core.Models;
using Clv.Core.Relationship;
using FsCheck;
using FsCheck.Fluent;
using static Clv.Core.Tests.Relationship.Person;

namespace Clv.Core.Tests.Relationship;

public class PhaseTests
{
    private static readonly Person OneTimer = new() { Repeats = 0, Alive = 1, ExpectedOccasions = 0.4, FirstOccasions = 2, Years = default };

    public static TheoryData<string, RelationshipPhase> Cases => [.. People.Select(p => (p.Key, p.Value.Phase))];

    private static Dictionary<string, (Person Person, RelationshipPhase Phase)> People { get; } = new()
    {
        ["prospect"] = (Prospect, RelationshipPhase.Prospect),
        ["buys as ever"] = (new(), RelationshipPhase.Steady),
        ["first purchase 90 days ago"] = (new() { First = Tonight - 90 }, RelationshipPhase.New),
        ["first purchase 91 days ago"] = (new() { First = Tonight - 91 }, RelationshipPhase.Steady),
        ["at the threshold of risk"] = (new() { Alive = 0.60 }, RelationshipPhase.Steady),
        ["below it"] = (new() { Alive = 0.5999 }, RelationshipPhase.AtRisk),
        ["below that of lapsing"] = (new() { Alive = 0.2999 }, RelationshipPhase.Lapsed),
        ["below that of loss"] = (new() { Alive = 0.0999 }, RelationshipPhase.Lost),
        ["20 % more than a year ago"] = (new() { Years = (8, 8, 120, 100) }, RelationshipPhase.Growing),
        ["more, but too few purchases to tell"] = (new() { Years = (2, 3, 200, 100) }, RelationshipPhase.Steady),
        ["more, but no two whole years"] = (new() { First = Tonight - 727, Years = (8, 8, 200, 100) }, RelationshipPhase.Steady),
        ["more, but silent"] = (new() { Alive = 0.5, Years = (8, 8, 200, 100) }, RelationshipPhase.AtRisk),
        ["bought once and will hardly again"] = (OneTimer, RelationshipPhase.AtRisk),
        ["costs more than it ever brings"] = (new() { Contribution = -50, FutureServing = 100 }, RelationshipPhase.Unprofitable),
        ["costs more from now on, but brought a lot"] = (new() { FutureServing = 100 }, RelationshipPhase.Steady),
        ["has not yet earned the acquisition"] = (new() { Acquisition = 900 }, RelationshipPhase.Steady),
        ["gone, so costs nothing any more"] = (new() { Alive = 0.05, Contribution = -50, FutureServing = 100 }, RelationshipPhase.Lost),
        ["silent, but a contract runs"] = (new() { Alive = 0.01, Contracts = [Yearly(Tonight - 500)] }, RelationshipPhase.Steady),
        ["contract a month old"] = (Subscriber(Yearly(Tonight - 30)), RelationshipPhase.New),
        ["contract of years"] = (Subscriber(Yearly(Tonight - 800)), RelationshipPhase.Steady),
        ["cancelled, still runs"] = (Subscriber(Yearly(Tonight - 400, Tonight - 5)), RelationshipPhase.Leaving),
        ["cancelled, ran out lately"] = (Subscriber(Yearly(Tonight - 400, Tonight - 100)), RelationshipPhase.Leaving),
        ["cancelled one of two"] = (Subscriber(Yearly(Tonight - 400, Tonight - 5), Yearly(Tonight - 300)), RelationshipPhase.Steady),
        ["cancelled, ran out long ago"] = (Subscriber(Yearly(Tonight - 1200, Tonight - 900)), RelationshipPhase.Lost),
        ["cancelled, but bought since"] = (new() { Last = Tonight - 3, Contracts = [Yearly(Tonight - 400, Tonight - 5)] }, RelationshipPhase.Steady),
        ["a customer by the CRM alone"] = (new() { First = null, Crm = new() { Status = CustomerStatus.Customer }, Years = default }, RelationshipPhase.Lapsed),
        ["the same, acquired lately"] =
            (new() { First = null, Crm = new() { Status = CustomerStatus.Customer, AcquiredOn = Tonight - 9 }, Years = default }, RelationshipPhase.New),
        ["lost by the CRM alone"] =
            (new() { First = null, Crm = new() { Status = CustomerStatus.Lost, AcquiredOn = Tonight - 9 }, Years = default }, RelationshipPhase.Lost),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Of_PersonSeenFirst_HasThePhase(string person, RelationshipPhase phase)
    {
        var standing = People[person].Person.Judge().Standing;

        Assert.Equal((phase, Tonight), (standing.Phase, standing.PhaseSince));
        Assert.Null(standing.NextPhase);
    }

    [Theory]
    [InlineData(2.0, 2.0, RelationshipPhase.Steady)]
    [InlineData(0.3, 0.4, RelationshipPhase.Steady)]
    [InlineData(0.6, 2.0, RelationshipPhase.AtRisk)]
    [InlineData(0.2, 0.4, RelationshipPhase.AtRisk)]
    [InlineData(0.2, 2.0, RelationshipPhase.Lapsed)]
    [InlineData(0.05, 2.0, RelationshipPhase.Lost)]
    [InlineData(0.0, 0.0, RelationshipPhase.Steady)]
    public void Of_BoughtOnce_GoesByWhatIsLeftOfTheChanceOfAnotherPurchase(double expected, double first, RelationshipPhase phase) =>
        Assert.Equal(phase, (OneTimer with { ExpectedOccasions = expected, FirstOccasions = first }).Judge().Standing.Phase);

    [Fact]
    public void Of_BoughtOnceUnderAModel_PassesEveryPhaseOfSilence()
    {
        var model = new BgNbd(0.243, 4.414, 0.793, 2.426);
        var first = model.ExpectedTransactions(0, 0, 0, 52);
        var (phases, standing) = (new List<RelationshipPhase>(), (Standing?)null);
        for (var day = 0; day < 4000; day++)
        {
            var person = new Person
            {
                First = Tonight,
                Last = Tonight,
                Repeats = 0,
                Alive = 1,
                EndDay = Tonight + day,
                ExpectedOccasions = model.ExpectedTransactions(0, 0, day / 7.0, 52),
                FirstOccasions = first,
            };
            standing = person.Judge(standing).Standing;
            if (phases.Count == 0 || phases[^1] != standing.Phase)
            {
                phases.Add(standing.Phase);
            }
        }

        Assert.Equal([RelationshipPhase.New, RelationshipPhase.AtRisk, RelationshipPhase.Lapsed, RelationshipPhase.Lost], phases);
    }

    [Fact]
    public void Of_Purchase_NeedsNoBand()
    {
        var before = new Person { Alive = 0.5 }.Judge().Standing;
        var now = new Person { Alive = 0.62, EndDay = Tonight + 1 };

        Assert.Equal(RelationshipPhase.Steady, (now with { Last = Tonight + 1 }).Judge(before).Standing.Phase);
        Assert.Null((now with { EndDay = Tonight + 1 }).Judge(before).Standing.NextPhase);
    }

    [Fact]
    public void Of_DebitAfterTheCancellation_BringsNobodyBack()
    {
        var debited = new Person { Last = Tonight - 3, Contracts = [Yearly(Tonight - 400, Tonight - 5)] };
        var profile = Business with { Contracts = new() { FeesInTransactions = true } };

        Assert.Equal(RelationshipPhase.Leaving, debited.Judge(profile: profile).Standing.Phase);
    }

    [Theory]
    [InlineData(RelationshipPhase.Steady, 0.56, RelationshipPhase.Steady)]
    [InlineData(RelationshipPhase.Steady, 0.54, RelationshipPhase.AtRisk)]
    [InlineData(RelationshipPhase.AtRisk, 0.64, RelationshipPhase.AtRisk)]
    [InlineData(RelationshipPhase.AtRisk, 0.65, RelationshipPhase.Steady)]
    [InlineData(RelationshipPhase.AtRisk, 0.26, RelationshipPhase.AtRisk)]
    [InlineData(RelationshipPhase.AtRisk, 0.24, RelationshipPhase.Lapsed)]
    [InlineData(RelationshipPhase.Lapsed, 0.34, RelationshipPhase.Lapsed)]
    [InlineData(RelationshipPhase.Lapsed, 0.06, RelationshipPhase.Lapsed)]
    [InlineData(RelationshipPhase.Lapsed, 0.04, RelationshipPhase.Lost)]
    [InlineData(RelationshipPhase.Lost, 0.14, RelationshipPhase.Lost)]
    [InlineData(RelationshipPhase.Lost, 0.16, RelationshipPhase.Lapsed)]
    public void Raw_HeldPhase_TakesABandToLeave(RelationshipPhase held, double alive, RelationshipPhase phase) =>
        Assert.Equal(phase, PhaseRule.Raw(new() { Active = alive, Days = 900 }, new(), held));

    [Fact]
    public void Raw_BandWiderThanAThreshold_CanStillBePassed()
    {
        var wide = new PhaseThresholds { Band = 0.5 };

        Assert.Equal(RelationshipPhase.Lost, PhaseRule.Raw(new() { Active = 0.01, Days = 900 }, wide, RelationshipPhase.Steady));
        Assert.Equal(RelationshipPhase.Steady, PhaseRule.Raw(new() { Active = 0.99, Days = 900 }, wide, RelationshipPhase.Lost));
    }

    [Fact]
    public void Raw_GrowthOrCostsWithinTheBand_StayWhatTheyAre()
    {
        var (growing, costly) = (new PhaseMeasures { Active = 1, Days = 900, Growth = 0.18 },
            new PhaseMeasures { Active = 1, Days = 900, Future = 2, Lifetime = 2, FutureCosts = 100, LifetimeCosts = 100 });

        Assert.Equal(RelationshipPhase.Growing, PhaseRule.Raw(growing, new(), RelationshipPhase.Growing));
        Assert.Equal(RelationshipPhase.Steady, PhaseRule.Raw(growing with { Growth = 0.22 }, new(), RelationshipPhase.Steady));
        Assert.Equal(RelationshipPhase.Unprofitable, PhaseRule.Raw(costly, new(), RelationshipPhase.Unprofitable));
        Assert.Equal(RelationshipPhase.Steady, PhaseRule.Raw(costly with { Future = -2, Lifetime = -2 }, new(), RelationshipPhase.Steady));
        Assert.Equal(RelationshipPhase.Unprofitable, PhaseRule.Raw(costly with { Future = -2, Lifetime = -2 }, new(), null));
    }

    [Fact]
    public void Of_NoiseSmallerThanTheBand_NeverChangesThePhase() =>
        Prop.ForAll(Gen.Choose(0, 1 << 24).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var centre = 0.03 + (0.94 * random.NextDouble());
            var first = Night(null, 0);
            var standing = first;
            for (var night = 1; night <= 60; night++)
            {
                standing = Night(standing, night);
                if (standing.Phase != first.Phase || standing.PhaseSince != first.PhaseSince)
                {
                    return false;
                }
            }

            return true;

            Standing Night(Standing? before, int night) =>
                new Person { EndDay = Tonight + night, Alive = centre + (0.0499 * (random.NextDouble() - 0.5)) }
                    .Judge(before, Business with { Phases = new() { Nights = 1 } }).Standing;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Of_SingleOddNight_NeverChangesThePhase() =>
        Prop.ForAll(Gen.Choose(0, 1 << 24).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var profile = Business with { Phases = new() { Nights = 2 + random.Next(3) } };
            double[] levels = [0.02, 0.2, 0.45, 0.9];
            var usual = levels[random.Next(4)];
            var standing = new Person { Alive = usual }.Judge().Standing;
            var odd = 0;
            for (var night = 1; night <= 60; night++)
            {
                odd = odd == 0 && random.Next(3) == 0 ? 1 : 0;
                var now = new Person { EndDay = Tonight + night, Alive = odd == 1 ? levels[random.Next(4)] : usual }
                    .Judge(standing, profile).Standing;
                if ((now.Phase, now.PhaseSince) != (standing.Phase, standing.PhaseSince))
                {
                    return false;
                }

                standing = now;
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Of_NightsInARow_ChangeThePhaseWithTheLast()
    {
        var profile = Business with { Phases = new() { Nights = 3 } };
        var standings = new List<Standing> { new Person().Judge(profile: profile).Standing };
        for (var night = 1; night <= 4; night++)
        {
            standings.Add(Silent(night).Judge(standings[^1], profile).Standing);
        }

        Assert.Equal(
            [RelationshipPhase.Steady, RelationshipPhase.Steady, RelationshipPhase.Steady, RelationshipPhase.AtRisk, RelationshipPhase.AtRisk],
            standings.Select(static s => s.Phase));
        Assert.Equal([Tonight, Tonight, Tonight, Tonight + 3, Tonight + 3], standings.Select(static s => s.PhaseSince));
        Assert.Equal([0, 1, 2, 0, 0], standings.Select(static s => s.NextPhaseNights));
        Assert.Equal(
            [null, RelationshipPhase.AtRisk, RelationshipPhase.AtRisk, null, null], standings.Select(static s => s.NextPhase));
    }

    [Fact]
    public void Of_SameDayAgain_IsNoSecondNight()
    {
        var standing = Silent(1).Judge(new Person().Judge().Standing).Standing;

        Assert.Equal(standing, Silent(1).Judge(standing, lastEndDay: Tonight + 1).Standing);
        Assert.Equal(RelationshipPhase.AtRisk, Silent(2).Judge(standing).Standing.Phase);
    }

    [Fact]
    public void Of_PurchaseOrContract_ChangesThePhaseAtOnce()
    {
        var silent = new Person { Alive = 0.2, Last = Tonight - 400 }.Judge().Standing;
        var subscriber = Subscriber(Yearly(Tonight - 400)).Judge().Standing;

        Assert.Equal(RelationshipPhase.Steady, new Person { EndDay = Tonight + 1, Last = Tonight + 1 }.Judge(silent).Standing.Phase);
        Assert.Equal(
            RelationshipPhase.Leaving, (Subscriber(Yearly(Tonight - 400, Tonight + 1)) with { EndDay = Tonight + 1 }).Judge(subscriber).Standing.Phase);
        Assert.Equal(
            RelationshipPhase.New,
            new Person { EndDay = Tonight + 1, First = Tonight + 1, Last = Tonight + 1, Repeats = 0 }.Judge(Prospect.Judge().Standing).Standing.Phase);
    }

    private static Person Silent(int night) => new() { EndDay = Tonight + night, Alive = 0.5 };
}
