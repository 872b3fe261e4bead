using Clv.Cli.Simulation;

namespace Clv.Cli.Tests.Simulation;

public sealed class SimulatedWorldTests
{
    private static readonly DateOnly Until = new(2026, 11, 20);

    private static readonly List<SimulatedPerson> Customers =
        [.. new SimulatedWorld(2000, 1, SimulatedWorld.OriginOf(Until), Until).People().Where(static p => p.HasBought(Until.DayNumber))];

    [Fact]
    public void People_OfAllChannels_ButOneBringMoreThanTheyCost()
    {
        foreach (var channel in Customers.GroupBy(static c => c.Traits.Channel))
        {
            var brought = channel.Average(Margin) - channel.Average(static c => (double)(c.Traits.AcquisitionCost ?? 0));
            Assert.Equal(channel.Key.Name != "social ads", brought > 0);
        }
    }

    [Fact]
    public void People_WhoAreFirms_BringMoreThanOthers() =>
        Assert.True(
            Customers.Where(static c => c.Traits.Segment.IsBusiness).Average(Margin)
            > 2 * Customers.Where(static c => !c.Traits.Segment.IsBusiness).Average(Margin));

    [Theory]
    [InlineData("Coffee machines", "Coffee beans", true)]
    [InlineData("Printers", "Toner", true)]
    [InlineData("Coffee machines", "Toner", false)]
    public void People_WhoOwnADurable_BuyItsSupplies(string durable, string supply, bool more)
    {
        var owners = Customers.Where(c => Owns(c, durable)).ToList();
        var lift = owners.Average(c => Owns(c, supply) ? 1 : 0) / Customers.Average(c => Owns(c, supply) ? 1.0 : 0);

        Assert.Equal(more, lift > 1.3);

        static bool Owns(SimulatedPerson person, string category) => person.Sales.Any(s => s.Category == category && s.Amount > 0);
    }

    [Fact]
    public void People_FromWhomMuchComesBack_CallMoreOften()
    {
        var calls = Customers.ToLookup(static c => c.Traits.IsDemanding, static c => (double)c.Contacts.Count(static i => i.Kind == Core.History.InteractionKind.ServiceCall));

        Assert.True(calls[true].Average() > 5 * calls[false].Average());
    }

    [Theory]
    [InlineData(0, 0, 7, 1)]
    [InlineData(1, 0, 7, 0.3299)]
    [InlineData(0, 3, 7, 2)]
    [InlineData(0, 0, 9, 1.6487)]
    public void Factor_OfBehaviour_IsTheExponentialOfItsMeasures(int complaints, int clicks, int nps, double expected) =>
        Assert.Equal(expected, BehaviourTruth.Factor(complaints, clicks, nps), 1e-4);

    private static double Margin(SimulatedPerson person) => person.Sales.Sum(static s => (double)(s.Margin ?? 0));
}
