using Clv.Core.History;
using FsCheck;
using FsCheck.Fluent;

namespace Clv.Core.Tests.History;

public class PurchaseSummaryTests
{
    [Fact]
    public void Of_OrdersAndReturns_CountsOccasionsByTheRule()
    {
        // Day 1 a free order, 2 bought and returned, 3 bought twice, 4 only a return, 5 bought and partly returned, 6 two free orders,
        // 7 free and a return, 9 after the end.
        int[] days = [1, 2, 2, 3, 3, 4, 5, 5, 6, 6, 7, 7, 9];
        long[] micros = [0, 10, -10, 5, 6, -11, 20, -19, 0, 0, 0, -1, 100];

        var summary = PurchaseSummary.Of(days, micros, endDay: 8);

        Assert.Equal(new PurchaseSummary(1, 3, 5, 7, 2, new Money(12), new Money(0)) { ReturnTotal = new Money(12) }, summary);
        Assert.True(summary.HasPurchase);
        Assert.Equal(6e-6, summary.MeanSpend, 1e-15);
    }

    [Fact]
    public void Of_NothingBought_HasNoPurchase()
    {
        Assert.Equal(new PurchaseSummary(-1, 0, 0, 0, 0, default, new Money(-5)) { ReturnTotal = new Money(5) }, PurchaseSummary.Of([3, 9], [-5, 7], endDay: 8));
        Assert.Equal(new PurchaseSummary(-1, 0, 0, 0, 0, default, default), PurchaseSummary.Of([], [], endDay: 8));
        Assert.False(PurchaseSummary.Of([9], [1], endDay: 8).HasPurchase);
        Assert.Equal(0, PurchaseSummary.Of([3], [1], endDay: 8).MeanSpend);
    }

    [Fact]
    public void Of_LargestAmounts_DoNotOverflow()
    {
        var summary = PurchaseSummary.Of([1, 2, 2, 2], [long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue], endDay: 3);

        Assert.Equal((Int128)long.MaxValue * 3, summary.SpendTotal.Micros);
        Assert.Equal((Int128)long.MaxValue * 4, summary.NetTotal.Micros);
    }

    [Fact]
    public void Of_UnequalSpans_Throws() => Assert.Throws<ArgumentException>(() => PurchaseSummary.Of([1], [], endDay: 8));

    [Fact]
    public void Of_AnyRows_IsWhatTheSlowRuleSays() =>
        Prop.ForAll(Gen.Choose(0, 1 << 24).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var rows = Base.Random(random, random.Next(30), customers: 1).OrderBy(static sale => sale.Day).ToList();
            var end = Base.FirstDay + random.Next(50) - 2;
            return PurchaseSummary.Of(rows.Select(static r => r.Day).ToArray(), rows.Select(static r => r.Micros).ToArray(), end) == Base.Summary(rows, end);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
}
