using Clv.Core.Industry;
using Clv.Core.Relationship;
using static Clv.Core.Tests.Relationship.Person;

namespace Clv.Core.Tests.Relationship;

public class StakeTests
{
    private static readonly IndustryProfile FeesDebited = Business with { Contracts = new() { FeesInTransactions = true } };

    [Fact]
    public void Of_SilentCustomer_IsWorthMinusCostsIfActive()
    {
        Assert.Equal(180, Of(new() { Alive = 0.5 }));
        Assert.Equal(180 - 40 - 8, Of(new() { Alive = 0.5, FutureServing = 20, FutureLatePayment = 4 }));
    }

    [Fact]
    public void Of_BoughtOnce_IsWhatFirstBuyersAreWorth()
    {
        var once = new Person { Repeats = 0, Alive = 1, ExpectedOccasions = Math.Log(1 / 0.9), FirstOccasions = Math.Log(2), FuturePurchases = 9 };

        // A chance of .1 is left of .5.
        Assert.Equal(45, Of(once));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-300)]
    public void Of_SomebodyCertainlyGone_IsNoMoreThanServingThemCosts(double alive)
    {
        Assert.Equal(0, Of(new() { Alive = alive, FuturePurchases = 0 }));
        Assert.InRange(Of(new() { Alive = alive, FuturePurchases = 0, FutureServing = 8 }), -8, -7.9m);
    }

    [Theory]
    [InlineData(12, 1)]
    [InlineData(6, 2)]
    [InlineData(1, 12)]
    public void Of_CancelledContract_HasNoCliffAtItsEnd(int term, int terms)
    {
        var profile = Business with { Margins = new() { Contracts = 0.5 } };
        for (var day = -5; day <= 5; day++)
        {
            var person = Subscriber(Yearly(DateOnly.FromDayNumber(Tonight).AddMonths(-term).DayNumber, Tonight - 10, term: term)) with { EndDay = Tonight + day };

            Assert.Equal(60 * terms, Of(person, profile));
            Assert.Equal(120 * terms, Of(person));
        }
    }

    [Fact]
    public void Of_FeesAmongTheTransactions_CountOnce()
    {
        var contract = Yearly(Tonight - 400, Tonight - 90);
        var debited = new Person { Last = Tonight - 30, Contracts = [contract], Alive = 0.5 };

        Assert.Equal(120, Of(debited, FeesDebited));
        Assert.Equal(180, Of(debited with { Contracts = [contract with { FeePerTerm = default(Money) }] }, FeesDebited));
        Assert.Equal(300, Of(debited with { Last = Tonight - 95 }));
    }

    [Fact]
    public void Of_Action_CarriesTheSameStakeAsItsReason()
    {
        var action = new Person { Alive = 0.2, Last = Tonight - 300 }.Judge().Action!;

        Assert.Equal((ActionKind.WinBack, 450), (action.Kind, action.Stake));
        Assert.Equal(450, action.Reasons.Single(static reason => reason.Kind == ReasonKind.ValueAtStake).Figures["value"]);
    }

    private static decimal Of(Person person, IndustryProfile? profile = null)
    {
        var known = profile ?? Business;
        var situation = new Situation(person.Facts, person.Worth, person.EndDay, known.Contracts.FeesInTransactions);
        return new Stake(known, horizonWeeks: 52).Of(situation, PhaseMeasures.Of(situation));
    }
}
