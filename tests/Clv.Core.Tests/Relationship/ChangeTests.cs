using Clv.Core.Relationship;
using FsCheck;
using FsCheck.Fluent;
using static Clv.Core.Tests.Relationship.Person;

namespace Clv.Core.Tests.Relationship;

public class ChangeTests
{
    private static readonly Standing Before = new Person().Judge().Standing;

    public static TheoryData<string, string> Cases => [.. People.Select(p => (p.Key, string.Join(' ', p.Value.Causes.Select(static c => c.ToString()))))];

    private static Dictionary<string, (Person Before, Person Now, ChangeCause[] Causes)> People { get; } = new()
    {
        ["nothing"] = (new(), new(), []),
        ["silence"] = (new(), new() { FuturePurchases = 89 }, [ChangeCause.Silent]),
        ["a purchase"] = (
            new(), new() { Last = Tonight + 1, Revenue = 350, Contribution = 350, FuturePurchases = 95 }, [ChangeCause.Bought]),
        ["a return"] = (new(), new() { Revenue = 270, Contribution = 270 }, [ChangeCause.Returned]),
        ["costs, and less is expected"] = (new(), new() { Acquisition = 30, FuturePurchases = 80 }, [ChangeCause.Costs]),
        ["a contract"] = (new(), new() { Contracts = [Yearly(Tonight + 1)], FutureContracts = 80 }, [ChangeCause.ContractStarted]),
        ["a cancellation"] = (
            Subscriber(Yearly(Tonight - 300)), Subscriber(Yearly(Tonight - 300, Tonight)) with { FutureContracts = 0 }, [ChangeCause.ContractEnded]),
        ["a renewal"] = (
            Subscriber(Yearly(YearBefore(Tonight + 1))), Subscriber(Yearly(YearBefore(Tonight + 1))), [ChangeCause.ContractRenewed]),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Of_WhatHappened_NamesTheCausesByWeight(string happened, string causes)
    {
        var (before, now, _) = People[happened];

        var change = (now with { EndDay = Tonight + 1 }).Judge(before.Judge().Standing).Change!;

        Assert.Equal(causes, string.Join(' ', change.Causes));
        Assert.Equal(0, change.Model);
    }

    [Fact]
    public void Of_OtherModels_TellsTheirPartFromTheCustomers()
    {
        var change = new Person { EndDay = Tonight + 1, FuturePurchases = 70 }.Judge(Before, lastModels: 88).Change!;

        Assert.Equal((0, -2, -18), (change.Historic, change.Behaviour, change.Model));
        Assert.Equal([ChangeCause.ModelChanged, ChangeCause.Silent], change.Causes);
        Assert.Equal([ChangeCause.Silent], new Person { EndDay = Tonight + 1, FuturePurchases = 88.5m }.Judge(Before, lastModels: 88).Change!.Causes);
    }

    [Fact]
    public void Of_AnyValues_PartsAddUpExactly() =>
        Prop.ForAll(Gen.Choose(0, 1 << 24).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var before = Any().Judge().Standing;
            var now = Any() with { EndDay = Tonight + 1 };
            var judgement = now.Judge(before, lastModels: random.Next(2) == 0 ? null : Cents());
            return judgement.Change!.Total == now.Worth!.Lifetime - before.Historic - before.Future
                && judgement.Standing.Historic + judgement.Standing.Future == now.Worth.Lifetime;

            decimal Cents() => random.Next(-100_000, 1_000_000) / 100m;
            Person Any() => new() { Contribution = Cents(), FuturePurchases = Cents(), FutureServing = Math.Abs(Cents()) };
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Of_Prospect_MovesWithTheModelsOnly()
    {
        var ranking = Market with { Prospects = Market.Prospects! with { Cells = new Dictionary<string, ProspectEstimate>() } };

        var change = (Prospect with { EndDay = Tonight + 1 }).Judge(Prospect.Judge().Standing, ranking: ranking).Change!;

        Assert.Equal((0, 0, -40), (change.Historic, change.Behaviour, change.Model));
        Assert.Equal([ChangeCause.ModelChanged], change.Causes);
    }

    [Fact]
    public void Of_FirstNightOrUnknownPerson_TellsNoChange()
    {
        Assert.Null(new Person().Judge().Change);
        Assert.Null(new Person().Judge(lastEndDay: Tonight - 1).Change);
    }
}
