using System.Text.Json;
using Clv.Core.Models;

namespace Clv.Core.Tests.Models;

/// <summary>Data no textbook has: each gives a usable model or a refusal with its reason, never an exception or NaN.</summary>
public class OddDataTests
{
    private static readonly FitOptions NoMinimum = new() { MinimumRepeaters = 0 };

    [Fact]
    public void Run_NoCustomers_IsTooLittle()
    {
        AssertRefused(BgNbdFit.Run(new HistoryGrouper().Build(), null, NoMinimum), FitVerdict.TooLittleData);
        AssertRefused(GammaGammaFit.Run(new SpendGrouper().Build(), null, NoMinimum), FitVerdict.TooLittleData);
    }

    [Fact]
    public void Run_NobodyCameBack_IsTooLittle() =>
        AssertRefused(Histories((0, 0, 300, 5000), (0, 0, 0, 10)), FitVerdict.TooLittleData);

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void Run_FewerThanMinimum_IsTooLittle(int customers)
    {
        AssertRefused(Fit(null, (3, 100, 300, customers)), FitVerdict.TooLittleData);
        AssertRefused(GammaGammaFit.Run(Spend(Enumerable.Repeat((2, 10.0), customers))), FitVerdict.TooLittleData);
    }

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(3, 100, 300, 1)]
    [InlineData(3, 100, 300, 100_000)]
    [InlineData(1, 300, 300, 1000)]
    [InlineData(20_000, 20_000, 20_001, 1000)]
    [InlineData(200_000, 2_097_151, 2_097_151, 1)]
    public void Run_IdenticalCustomers_IsRefused(int x, int recency, int age, long count) =>
        AssertRefused(Histories((x, recency, age, count)));

    [Fact]
    public void Run_NobodyLeaves_IsRefusedAtTheBoundary()
    {
        // Everybody bought on the last day: the likelihood rises as dropout vanishes.
        var fit = Histories([.. Enumerable.Range(1, 60).Select(x => (x, 300, 300, 1000L / x))]);

        AssertRefused(fit, FitVerdict.Boundary);
        Assert.Contains("drop", fit.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_EverybodyLeavesAtOnce_IsSound() =>
        AssertSound(Histories([.. Enumerable.Range(1, 60).Select(day => (1, day, 700, 20L)), (0, 0, 700, 500)]));

    [Fact]
    public void Run_AgesOfZero_IsSound() => AssertSound(Histories((0, 0, 0, 1000), (1, 1, 1, 20), (1, 2, 400, 30), (5, 300, 400, 30)));

    [Fact]
    public void Run_OneMonsterAmongMany_IsSound() =>
        AssertSound(Histories((0, 0, 9000, 900_000), (1, 40, 9000, 50_000), (3, 900, 9000, 5000), (20_000, 30_000, 30_001, 1)));

    [Fact]
    public void Run_SmallShops_AreSound()
    {
        for (ulong seed = 1; seed <= 40; seed++)
        {
            var (histories, spend) = Simulated.Customers(30 + (int)(seed * 5), 100 + seed);
            AssertSound(BgNbdFit.Run(histories, null, NoMinimum));
            AssertSound(GammaGammaFit.Run(spend, null, NoMinimum));
        }
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1)]
    [InlineData(1e300)]
    public void Run_UnusualUnitsOfTime_AreSound(double unit) =>
        AssertSound(BgNbdFit.Run(GroupedHistories.FromTable(
            [new(0, 0, 40 * unit, 500), new(1, 9 * unit, 40 * unit, 100), new(4, 30 * unit, 38 * unit, 60), new(2, 11 * unit, 38 * unit, 60)])));

    [Fact]
    public void Run_TableWithoutTime_IsRefused() =>
        AssertRefused(BgNbdFit.Run(GroupedHistories.FromTable([new(3, 0, 0, 50), new(0, 0, 0, 20)])));

    [Fact]
    public void Run_EqualAmounts_IsRefusedAtTheBoundary() =>
        AssertRefused(GammaGammaFit.Run(Spend(Enumerable.Range(1, 500).Select(i => (1 + (i % 5), 9.99)))));

    [Fact]
    public void Run_OneAmountPerCustomer_IsSound() =>
        AssertSound(GammaGammaFit.Run(Spend(Enumerable.Range(1, 500).Select(i => (1, (double)i)))));

    [Fact]
    public void Run_NineOrdersOfMagnitude_IsRefusedOrSound() =>
        AssertSound(GammaGammaFit.Run(Spend(Enumerable.Range(0, 1000).Select(i => (1 + (i % 4), Math.Pow(10, -2 + (9 * i / 999.0)))))));

    [Fact]
    public void Run_SpendWithoutAMean_IsRefusedAtQ()
    {
        // The model's own customers at q = .6, whose levels have no mean.
        var random = new SeededRandom(6);
        var fit = GammaGammaFit.Run(Spend(Enumerable.Range(1, 2000).Select(_ => (3, random.NextGamma(3 * 4) / 3 / random.NextGamma(0.6)))));

        AssertRefused(fit, FitVerdict.Boundary);
        Assert.StartsWith("q ", fit.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e-9)]
    [InlineData(1e12)]
    [InlineData(1e290)]
    public void Run_UnusualCurrencies_AreSound(double unit) =>
        AssertSound(GammaGammaFit.Run(Spend(Enumerable.Range(1, 500).Select(i => (1 + (i % 5), unit * (1 + (i * 37 % 100)))))));

    [Fact]
    public void Run_OneGiantOrder_IsSound() =>
        AssertSound(GammaGammaFit.Run(Spend(Enumerable.Range(1, 500).Select(i => (1 + (i % 5), 10.0 + (i % 30))).Append((1, 1e12)))));

    private static ModelFit<BgNbd> Histories(params (int X, int Recency, int Age, long Count)[] rows) => Fit(NoMinimum, rows);

    private static ModelFit<BgNbd> Fit(FitOptions? options, params (int X, int Recency, int Age, long Count)[] rows)
    {
        var grouper = new HistoryGrouper();
        foreach (var (x, recency, age, count) in rows)
        {
            grouper.Add(x, recency, age, count);
        }

        return BgNbdFit.Run(grouper.Build(), null, options);
    }

    private static GroupedSpend Spend(IEnumerable<(int Count, double Mean)> customers)
    {
        var grouper = new SpendGrouper();
        foreach (var (count, mean) in customers)
        {
            grouper.Add(count, mean);
        }

        return grouper.Build();
    }

    private static void AssertRefused<TModel>(ModelFit<TModel> fit, FitVerdict? verdict = null)
        where TModel : class
    {
        AssertSound(fit);
        Assert.False(fit.Converged, fit.ToString());
        if (verdict is not null)
        {
            Assert.True(fit.Verdict == verdict, $"{fit.Verdict}: {fit.Reason}");
        }
    }

    private static void AssertSound<TModel>(ModelFit<TModel> fit)
        where TModel : class
    {
        // The serialiser refuses NaN and infinity wherever they are.
        _ = JsonSerializer.Serialize(fit);
        Assert.EndsWith(".", fit.Reason, StringComparison.Ordinal);
        Assert.Equal(fit.Converged, fit.Model is not null);
        if (fit.Converged)
        {
            Assert.True(fit.Parameters.All(p => p.StandardError > 0));
        }
    }
}
