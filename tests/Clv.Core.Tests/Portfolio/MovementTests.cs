using Clv.Core.History;
using Clv.Core.Portfolio;
using Clv.Core.Relationship;
using Clv.Core.Valuation;

namespace Clv.Core.Tests.Portfolio;

public class MovementTests
{
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Movement_OfAnyNight_AddsUpExactly(int seed)
    {
        var (people, gone) = (Person.Many(400, seed), Person.Gone(30, seed));

        var report = Person.Report(people, gone);

        var movement = report.Movement!;
        foreach (var value in (ValueMovement[])[movement.Future, movement.Lifetime])
        {
            Assert.Equal(value.Closing, value.Opening + value.New + value.Lost + value.Grown + value.Shrunk + value.Historic + value.Model);
            Assert.True(value is { Grown: > 0, Shrunk: < 0 });
        }

        var before = people.Select(person => person.Before)
            .Concat(gone)
            .Where(standing => standing is { IsCustomer: true })
            .ToArray();
        Assert.Equal(before.Sum(standing => standing!.Future), movement.Future.Opening);
        Assert.Equal(before.Sum(standing => standing!.Future + standing.Historic), movement.Lifetime.Opening);
        Assert.Equal(report.Total.Future, movement.Future.Closing);
        Assert.Equal(report.Total.Lifetime, movement.Lifetime.Closing);
        Assert.Equal(0, movement.Future.Historic);
        Assert.Equal(movement.Closing, movement.Opening + movement.New - movement.Gone);
        Assert.Equal(report.Total.Customers, movement.Closing);
    }

    [Fact]
    public void Movement_ByHand_IsSplitByWhatHappened()
    {
        var steady = Was(RelationshipPhase.Steady, 100, 50);
        Person[] people =
        [
            // Bought: 20 more of history; the future grew by 9, of which 4 the models.
            Now(RelationshipPhase.Steady, 120, 59, 4, steady),
            // Silent: the future shrank by 10, though the models added 1.
            Now(RelationshipPhase.AtRisk, 100, 40, 1, steady),
            // Turned to lost tonight.
            Now(RelationshipPhase.Lost, 100, 5, 0, steady),
            // Lost before: what it loses now has been lost already.
            Now(RelationshipPhase.Lost, 100, 4, 0, Was(RelationshipPhase.Lost, 100, 5)),
            // A prospect who was won.
            Now(RelationshipPhase.New, 30, 70, 0, Was(RelationshipPhase.Prospect, 0, 12)),
        ];

        var movement = Person.Report(people, [Was(RelationshipPhase.Growing, 60, 33)]).Movement!;

        Assert.Equal(
            new ValueMovement { Opening = 188, New = 70, Lost = -78, Grown = 5, Shrunk = -12, Model = 5, Closing = 178 }, movement.Future);
        Assert.Equal(
            new ValueMovement { Opening = 648, New = 100, Lost = -138, Grown = 5, Shrunk = -12, Historic = 20, Model = 5, Closing = 628 },
            movement.Lifetime);
        Assert.Equal((5, 1, 1, 5, 1), (movement.Opening, movement.New, movement.Gone, movement.Closing, movement.Turned));
    }

    [Fact]
    public void Movement_ProspectWhoDeclines_IsNoNewCustomerAndCostsAreApart()
    {
        var declined = new Person(
            Person.Known(new CustomerProfile { Status = CustomerStatus.Lost, AcquisitionCost = Person.Of(30) }),
            new CustomerWorth { Basis = ValueBasis.Contribution, Costs = CustomerCosts.None with { Acquisition = 30 } },
            Person.Judged(RelationshipPhase.Lost),
            null,
            Was(RelationshipPhase.Prospect, 0, 12));

        var report = Person.Report([declined]);
        var again = Person.Report([declined with { Before = Was(RelationshipPhase.Lost, -30, 0) with { Tier = null } }]);

        Assert.Equal(new ValueTotals { Others = 1, OthersCosts = 30 }, report.Total);
        Assert.Null(report.Movement);
        Assert.Null(again.Movement);
        Assert.Null(report.Acquisition.Total);
        Assert.Empty(report.Scenarios.Segments.Named);
    }

    private static Standing Was(RelationshipPhase phase, decimal historic, decimal future) =>
        new()
        {
            Key = default,
            Phase = phase,
            PhaseSince = Person.Today,
            Tier = phase == RelationshipPhase.Prospect ? null : ValueTier.Base,
            Historic = historic,
            Future = future,
        };

    private static Person Now(RelationshipPhase phase, decimal historic, decimal future, decimal model, Standing before)
    {
        var worth = new CustomerWorth { Basis = ValueBasis.Contribution, Contribution = historic, FuturePurchases = future };
        var change = before.Phase == RelationshipPhase.Prospect
            ? null
            : new ValueChange(historic - before.Historic, future - before.Future - model, model, []);
        return new Person(Person.Known(ageDays: 400), worth, Person.Judged(phase, change: change), null, before);
    }
}
