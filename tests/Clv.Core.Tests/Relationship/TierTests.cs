using Clv.Core.Relationship;
using FsCheck;
using FsCheck.Fluent;
using static Clv.Core.Tests.Relationship.Person;

namespace Clv.Core.Tests.Relationship;

public class TierTests
{
    private static readonly TierThresholds Thresholds = new(Top: 1000, Middle: 100);

    [Theory]
    [InlineData(1000, null, ValueTier.Top)]
    [InlineData(999.99, null, ValueTier.Middle)]
    [InlineData(100, null, ValueTier.Middle)]
    [InlineData(-5, null, ValueTier.Base)]
    [InlineData(950, ValueTier.Top, ValueTier.Top)]
    [InlineData(949.99, ValueTier.Top, ValueTier.Middle)]
    [InlineData(94, ValueTier.Top, ValueTier.Base)]
    [InlineData(1049, ValueTier.Middle, ValueTier.Middle)]
    [InlineData(1050, ValueTier.Middle, ValueTier.Top)]
    [InlineData(95, ValueTier.Middle, ValueTier.Middle)]
    [InlineData(104, ValueTier.Base, ValueTier.Base)]
    [InlineData(105, ValueTier.Base, ValueTier.Middle)]
    [InlineData(1050, ValueTier.Base, ValueTier.Top)]
    public void Of_ValueAndHeldTier_TakesABandToChange(double lifetime, ValueTier? held, ValueTier tier) =>
        Assert.Equal(tier, TierRule.Of((decimal)lifetime, Thresholds, 0.05, held));

    [Fact]
    public void Of_NegativeThreshold_MovesAwayFromTheHeldSide()
    {
        var below = new TierThresholds(Top: 10, Middle: -100);

        Assert.Equal(ValueTier.Middle, TierRule.Of(-104, below, 0.05, ValueTier.Middle));
        Assert.Equal(ValueTier.Base, TierRule.Of(-96, below, 0.05, ValueTier.Base));
    }

    [Fact]
    public void Of_ThresholdAtNothing_HasABandToo()
    {
        var nothing = new TierThresholds(Top: 1000, Middle: 0);

        Assert.Equal(ValueTier.Middle, TierRule.Of(-5, nothing, 0.05, ValueTier.Middle));
        Assert.Equal(ValueTier.Base, TierRule.Of(-5.01m, nothing, 0.05, ValueTier.Middle));
        Assert.Equal(ValueTier.Base, TierRule.Of(4.99m, nothing, 0.05, ValueTier.Base));
    }

    [Theory]
    [InlineData(100, 100, 100, ValueTier.Middle)]
    [InlineData(100, 100, 101, ValueTier.Top)]
    [InlineData(0, -50, 0, ValueTier.Middle)]
    [InlineData(-10, -50, -5, ValueTier.Middle)]
    [InlineData(-10, -50, 1, ValueTier.Top)]
    public void Of_NobodyBetterThanTheOthersOrThanNothing_IsNotTop(decimal top, decimal middle, decimal lifetime, ValueTier tier)
    {
        Assert.Equal(tier, TierRule.Of(lifetime, new(top, middle), 0.05, null));
        Assert.True(tier == ValueTier.Top || TierRule.Of(lifetime, new(top, middle), 0.05, ValueTier.Top) == tier);
    }

    [Fact]
    public void Of_NoiseSmallerThanTheBand_NeverChangesTheTier() =>
        Prop.ForAll(Gen.Choose(0, 1 << 24).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var centre = random.Next(50, 1200);
            var first = TierRule.Of(Noisy(), Thresholds, 0.05, null);
            return Enumerable.Range(0, 60).All(_ => TierRule.Of(Noisy(), Thresholds, 0.05, first) == first);

            decimal Noisy() => centre * (decimal)(1 + (0.045 * (random.NextDouble() - 0.5)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Of_TierAcrossNights_KeepsTheDayOfTheLastChange()
    {
        var first = new Person().Judge().Standing;
        var same = new Person { EndDay = Tonight + 1 }.Judge(first).Standing;
        var risen = new Person { EndDay = Tonight + 2, Contribution = 2000 }.Judge(same).Standing;

        Assert.Equal((ValueTier.Middle, Tonight), (first.Tier, first.TierSince));
        Assert.Equal((ValueTier.Middle, Tonight), (same.Tier, same.TierSince));
        Assert.Equal((ValueTier.Top, Tonight + 2), (risen.Tier, risen.TierSince));
    }

    [Fact]
    public void Of_ProspectOrNoThresholds_HasNoTier()
    {
        Assert.Equal((null, null), (Prospect.Judge().Standing.Tier, Prospect.Judge().Standing.TierSince));
        Assert.Null(new Person().Judge(ranking: Market with { Tiers = null }).Standing.Tier);
    }
}
