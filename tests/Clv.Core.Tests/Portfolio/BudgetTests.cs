using Clv.Core.Industry;
using Clv.Core.Portfolio;
using Clv.Core.Relationship;
using Clv.Core.Valuation;

namespace Clv.Core.Tests.Portfolio;

public class BudgetTests
{
    [Fact]
    public void Budget_ByHand_IsOrderedByReturnThenBreakEven()
    {
        var profile = new IndustryProfile
        {
            Actions = new ActionThresholds
            {
                Assumptions = new Dictionary<string, ActionAssumption>
                {
                    ["rescue"] = new(5, .1),
                    ["renew"] = new(2, .2),
                    ["win"] = new(30),
                },
            },
        };
        var worth = new CustomerWorth
        {
            Basis = ValueBasis.Contribution,
            FuturePurchases = 50,
            FutureServing = 10,
            Purchases = new CustomerValue(.5, 2, 25, 50),
            Contracts =
            [
                new ContractWorth("late", 0, new DateOnly(2027, 1, 1), false, 900, .1, 900, 90),
                new ContractWorth("gone", 0, new DateOnly(2026, 7, 1), true, 900, 0, 900, 0),
                new ContractWorth("next", 2, new DateOnly(2026, 8, 1), false, 120, .8, 100, 80),
            ],
        };
        Person[] people =
        [
            Customer(worth, ActionKind.Rescue, 30), Customer(worth, ActionKind.Rescue, 50),
            Customer(worth, ActionKind.Renew), Customer(worth, ActionKind.Upsell),
            Prospect(new ProspectEstimate(1, 200, 0, 300, .3, 1)),
        ];

        var rows = Person.Report(people, profile: profile).Budget;

        Assert.Equal(
            [
                new BudgetRow("", ActionKind.Renew, 1, 20, 2, 4, 2, .1, true),
                new BudgetRow("", ActionKind.Rescue, 2, 80, 10, 8, .8, .125, true),
                new BudgetRow("", ActionKind.Win, 1, 60, 30, null, null, .5, true),
                new BudgetRow("", ActionKind.Upsell, 1, 50, null, null, null, null, false),
            ],
            rows);
    }

    [Fact]
    public void Stake_OfEveryAction_IsNeverBelowNothing()
    {
        var worth = new CustomerWorth
        {
            Basis = ValueBasis.Contribution,
            FuturePurchases = -5,
            FutureServing = 8,
            Purchases = new CustomerValue(.4, 1, 1, -5),
        };

        foreach (var action in Enum.GetValues<ActionKind>())
        {
            var stake = ActionStake.Of(new NextAction(action, [], Stake: -7), worth, null);
            Assert.Equal(action switch { ActionKind.PartWell => 13, ActionKind.ServeAtLowerCost => 8, _ => 0 }, stake);
        }
    }

    private static Person Prospect(ProspectEstimate estimate) =>
        new(Person.Known(), null, Person.Judged(RelationshipPhase.Prospect, ActionKind.Win), estimate, null);

    private static Person Customer(CustomerWorth worth, ActionKind action, decimal? stake = null) => new(
        Person.Known(ageDays: 400), worth, Person.Judged(RelationshipPhase.AtRisk) with { Action = new NextAction(action, [], Stake: stake) }, null, null);
}
