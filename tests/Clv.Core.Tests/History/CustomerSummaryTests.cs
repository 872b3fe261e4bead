using Clv.Core.Extracts;
using Clv.Core.History;
using FsCheck;
using FsCheck.Fluent;

namespace Clv.Core.Tests.History;

public class CustomerSummaryTests
{
    [Fact]
    public void Of_OccasionsOnBothSidesOfTheCutoff_TellsThemApart()
    {
        // The window ends on day 1000 and the cutoff is day 900, so the year before it starts on day 537.
        int[] days = [500, 536, 537, 700, 900, 901, 950, 950, 960, 1000, 1001];
        long[] micros = [1, 2, 4, 8, 16, 32, 64, -64, -128, 256, 512];

        var summary = CustomerSummary.Of(days, micros, [], endDay: 1000, holdoutDays: 100);

        Assert.Equal(new PurchaseSummary(500, 6, 500, 500, 6, new Money(318), new Money(191)) { ReturnTotal = new Money(128) }, summary.Whole);
        Assert.Equal(new PurchaseSummary(500, 4, 400, 400, 4, new Money(30), new Money(31)), summary.Before);
        Assert.Equal((2, new Money(160)), (summary.HoldoutOccasions, summary.HoldoutNet));
        Assert.Equal((3, new Money(28)), (summary.LastYearOccasions, summary.LastYearNet));
        Assert.Equal(Math.Log(36 / 7.0) + Math.Log(1 / 7.0) + Math.Log(163 / 7.0) + Math.Log(200 / 7.0), summary.SumLogGapsBefore, 1e-12);
        Assert.Equal(summary.SumLogGapsBefore + Math.Log(1 / 7.0) + Math.Log(99 / 7.0), summary.SumLogGaps, 1e-12);
    }

    [Fact]
    public void Of_FirstOccasionInTheTail_HasNoPurchaseBefore()
    {
        var summary = CustomerSummary.Of([850, 950], [-5, 7], [], endDay: 1000, holdoutDays: 100);

        Assert.True(summary.Whole.HasPurchase);
        Assert.Equal(PurchaseSummary.None with { NetTotal = new Money(-5), ReturnTotal = new Money(5) }, summary.Before);
        Assert.Equal((1, 0), (summary.HoldoutOccasions, summary.LastYearOccasions));
        Assert.Equal((0, 0), (summary.SumLogGaps, summary.SumLogGapsBefore));
    }

    [Fact]
    public void Of_NothingHeldOut_HasNoPurchaseBeforeAndTheYearToTheEnd()
    {
        var summary = CustomerSummary.Of([400, 950, 1000], [3, 5, 7], [], endDay: 1000, holdoutDays: 0);

        Assert.Equal(PurchaseSummary.None, summary.Before);
        Assert.Equal((0, default), (summary.HoldoutOccasions, summary.HoldoutNet));
        Assert.Equal((2, new Money(12)), (summary.LastYearOccasions, summary.LastYearNet));
        Assert.Equal(0, summary.SumLogGapsBefore);
        Assert.NotEqual(0, summary.SumLogGaps);
    }

    [Fact]
    public void Of_GapsOfAnyLength_SumsTheirLogarithms()
    {
        int[] days = [1, 2, 8, 1 << 11, 1 << 12, (1 << 12) + (1 << 12) - 1, 3 << 12, 1 << 20];
        var expected = days.Zip(days.Skip(1), static (from, to) => Math.Log((to - from) / 7.0)).Sum();

        Assert.Equal(expected, CustomerSummary.Of(days, [.. days.Select(static _ => 1L)], [], 1 << 20, 0).SumLogGaps, 1e-12);
        Assert.Equal(0, CustomerSummary.Of([7, 14, 21, 28], [1, 1, 1, 1], [], 30, 0).SumLogGaps);
    }

    [Fact]
    public void Of_MarginsOfSomeRows_AddsThoseOfTheWholeWindowUp()
    {
        const long None = TransactionReader.NoMargin;
        int[] days = [100, 200, 300, 950, 1001];
        long[] micros = [10, 20, -30, 40, 50];

        var summary = CustomerSummary.Of(days, micros, [4, None, -9, 0, 25], endDay: 1000, holdoutDays: 100);

        Assert.Equal((new Money(-5), new Money(20)), (summary.MarginTotal, summary.AmountWithMargin));
        Assert.Equal(CustomerSummary.Of(days, micros, [], 1000, 100), CustomerSummary.Of(days, micros, [None, None, None, None, 1], 1000, 100));
        Assert.Equal(
            (Int128)long.MaxValue * 2, CustomerSummary.Of([1, 2], [0, 0], [long.MaxValue, long.MaxValue], 1000, 0).MarginTotal.Micros);
    }

    [Fact]
    public void Of_AnyRows_IsWhatTheSlowRuleSays() =>
        Prop.ForAll(Gen.Choose(0, 1 << 24).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var spread = random.Next(30);
            var rows = Base.Random(random, random.Next(30), customers: 1)
                .ConvertAll(sale => sale with { Day = Base.FirstDay + ((sale.Day - Base.FirstDay) * spread) })
                .OrderBy(static sale => sale.Day).ToList();
            var end = Base.FirstDay + random.Next(45 * 30) - 2;
            var holdout = random.Next(4) == 0 ? 0 : random.Next(500);
            var summary = CustomerSummary.Of(
                [.. rows.Select(static r => r.Day)],
                [.. rows.Select(static r => r.Micros)],
                [.. rows.Select(static r => r.Margin ?? TransactionReader.NoMargin)],
                end,
                holdout);
            return summary == Base.Customer(rows, end, holdout);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void Of_UnusableArguments_Throws()
    {
        Assert.Throws<ArgumentException>(() => CustomerSummary.Of([1], [], [], endDay: 8, holdoutDays: 2));
        Assert.Throws<ArgumentException>(() => CustomerSummary.Of([1, 2], [1, 2], [1], endDay: 8, holdoutDays: 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => CustomerSummary.Of([1], [1], [], endDay: 8, holdoutDays: -1));
    }
}
