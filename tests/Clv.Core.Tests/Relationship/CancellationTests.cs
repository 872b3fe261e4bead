using Clv.Core.Relationship;
using static Clv.Core.Tests.Relationship.Person;

namespace Clv.Core.Tests.Relationship;

public class CancellationTests
{
    [Fact]
    public void Of_CancellationDatedAhead_IsALeaverTonight()
    {
        var ahead = Yearly(YearBefore(Tonight + 30), cancelledOn: Tonight + 20);

        var judgement = Subscriber(ahead).Judge();

        Assert.Equal(RelationshipPhase.Leaving, judgement.Standing.Phase);
        Assert.Equal((ActionKind.Rescue, Tonight + 30), (judgement.Action!.Kind, judgement.Action.Due));
        Assert.Empty(judgement.Events);
        Assert.Equal((0, 1, null), (judgement.Standing.RunningContracts, judgement.Standing.CancelledContracts, judgement.Standing.RenewalsTold));
    }

    [Fact]
    public void Of_CancellationAfterAnotherRenewal_RenewsOnceMore()
    {
        var judgement = Subscriber(Yearly(YearBefore(Tonight + 30), cancelledOn: Tonight + 40)).Judge();

        Assert.NotEqual(RelationshipPhase.Leaving, judgement.Standing.Phase);
        Assert.Equal(ActionKind.Renew, judgement.Action!.Kind);
        Assert.Single(judgement.Events);
    }

    [Fact]
    public void Of_StatedEndAfterTheCancellation_StaysTheEnd()
    {
        var cancelled = Yearly(Tonight - 300, Tonight - 120) with { RenewsOn = Tonight - 90 };

        var judgement = Subscriber(cancelled).Judge();

        Assert.Equal((RelationshipPhase.Leaving, ActionKind.WinBack), (judgement.Standing.Phase, judgement.Action!.Kind));
        Assert.Equal(-90, judgement.Action.Reasons[0].Figures["days"]);
    }
}
