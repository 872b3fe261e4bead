using Clv.Core.Models;

namespace Clv.Core.Tests.Models;

/// <summary>The expectation and its discounted form against brute-force quadrature and against 40-digit arithmetic.</summary>
public class BgNbdExpectationTests
{
    private static readonly double[] Shapes = [0.01, 0.3, 0.792922, 0.999999, 1, 1.000001, 1.5, 3, 20];
    private static readonly int[] Frequencies = [0, 1, 3, 50, 20_000];

    [Fact]
    public void ExpectedTransactionsIfAlive_Grid_MatchesOracle()
    {
        foreach (var a in Shapes)
        {
            foreach (var b in new[] { 0.05, 2.4, 30 })
            {
                foreach (var x in Frequencies)
                {
                    foreach (var (r, alpha) in new[] { (0.243, 4.414), (12, 40.0) })
                    {
                        Check(new BgNbd(r, alpha, a, b), x, rate: 0, [1 / 7.0, 52, 1560]);
                    }
                }
            }
        }
    }

    [Fact]
    public void DiscountedTransactionsIfAlive_Grid_MatchesOracle()
    {
        foreach (var a in new[] { 0.01, 0.792922, 1, 20 })
        {
            foreach (var x in Frequencies)
            {
                // 5 % and 100 % a year.
                foreach (var rate in new[] { 0.00094, 0.0133 })
                {
                    Check(new BgNbd(0.243, 4.414, a, 2.4), x, rate, [1 / 7.0, 52, 520]);
                }
            }
        }
    }

    /// <summary>Random models far beyond what fits give; 4,000 draws of this test were 1.8e-10 off at worst, half of them 1e-15.</summary>
    [Fact]
    public void DiscountedTransactionsIfAlive_RandomModels_MatchesOracle()
    {
        var random = new SeededRandom(1);
        double Between(double low, double high) => low * Math.Pow(high / low, random.NextDouble());
        for (var i = 0; i < 300; i++)
        {
            var model = new BgNbd(Between(0.05, 5), Between(0.3, 60), Between(0.01, 30), Between(0.05, 50));
            Check(model, random.NextInt(3) == 0 ? 0 : (int)Between(1, 20_000), Between(1e-4, 0.014), [Between(0.1, 522)]);
        }
    }

    /// <summary>Values of the closed form at 50 digits (r, alpha, a, b, x, T, t).</summary>
    [Theory]
    [InlineData(0.243, 4.414, 0.793, 2.426, 2, 38.86, 39, 1.687399305805313)]
    [InlineData(0.243, 4.414, 1, 2.426, 0, 0, 52, 1.289988252484069)]
    [InlineData(0.243, 4.414, 1, 2.426, 7, 100, 520, 14.7437493441573)]
    [InlineData(0.243, 4.414, 1.0000000001, 2.426, 7, 100, 520, 14.74374934306851)]
    [InlineData(0.243, 4.414, 0.01, 0.3, 0, 0, 52, 2.74433846450965)]
    [InlineData(0.3, 4, 0.3, 0.7, 0, 10, 52, 0.7890078826599383)]
    [InlineData(0.243, 4.414, 20, 2.4, 1500, 1560, 1560, 80.07350504640552)]
    [InlineData(0.243, 4.414, 0.793, 2.4, 20000, 1560, 1560, 14874.72460055076)]
    [InlineData(100, 400, 0.5, 0.7, 3, 20, 500, 35.19260466294053)]
    [InlineData(0.05, 0.4, 1.7, 900, 1, 5, 52, 9.928451789517907)]
    [InlineData(0.243, 4.414, 0.793, 2.426, 0, 0, 1560, 7.854964043934483)]
    [InlineData(5, 20, 12, 0.05, 0, 1, 5000, 1.004545454544127)]
    public void ExpectedTransactionsIfAlive_ClosedFormInFiftyDigits_Agrees(
        double r, double alpha, double a, double b, int x, double age, double horizon, double expected) =>
        Assert.Equal(1, new BgNbd(r, alpha, a, b).ExpectedTransactionsIfAlive(x, age, horizon) / expected, 1e-11);

    [Fact]
    public void ExpectedTransactions_DropoutAlmostCertain_IsProbabilityOfOneMore()
    {
        // a huge, b tiny: everyone leaves with the next purchase, so the expectation is the chance that there is one.
        var model = new BgNbd(0.7, 9, 1e7, 1e-3);
        foreach (var horizon in new[] { 1.0, 52, 500 })
        {
            Assert.Equal(1 - Math.Pow(9 / (9 + horizon), 0.7), model.ExpectedTransactions(horizon), 1e-8);
        }
    }

    [Fact]
    public void ExpectedTransactions_AlmostNoDropout_IsGammaPoisson()
    {
        var model = new BgNbd(0.7, 9, 1e-9, 10);
        foreach (var horizon in new[] { 1.0, 52, 500 })
        {
            Assert.Equal(1, model.ExpectedTransactions(4, 20, 30, horizon) / (4.7 / 39 * horizon), 1e-6);
        }
    }

    [Fact]
    public void ExpectedTransactions_SumOverPurchaseCounts_Agrees()
    {
        // With dropout certain to come sometime, E is the sum over j of P(at least j purchases by t): survival of j - 1 dropout chances times
        // the chance that a gamma-Poisson customer buys j times.
        var model = new BgNbd(0.8, 6, 1.0, 2.5);
        const double horizon = 20;
        var z = horizon / (model.Alpha + horizon);
        var pmf = Math.Pow(1 - z, model.R);
        var atLeast = 1.0;
        var survives = 1.0;
        var expected = 0.0;
        for (var j = 1; j < 600; j++)
        {
            atLeast -= pmf;
            expected += survives * Math.Max(atLeast, 0);
            pmf *= z * (model.R + j - 1) / j;
            survives *= (model.B + j - 1) / (model.A + model.B + j - 1);
        }

        Assert.Equal(expected, model.ExpectedTransactions(horizon), 1e-10);
    }

    [Fact]
    public void DiscountedTransactions_NoDiscount_IsExpectation()
    {
        var model = new BgNbd(0.243, 4.414, 0.793, 2.426);

        Assert.Equal(model.ExpectedTransactions(2, 30.43, 38.86, 39), model.DiscountedTransactions(2, 30.43, 38.86, 39, 0));
    }

    private static void Check(BgNbd model, int x, double rate, double[] horizons)
    {
        foreach (var age in new[] { 0, 38.86, 1560 })
        {
            foreach (var horizon in horizons)
            {
                var oracle = DropoutOracle.Expected(model, x, age, horizon, rate);
                var actual = model.DiscountedTransactionsIfAlive(x, age, horizon, rate);
                Assert.True(
                    Math.Abs(actual - oracle) <= 1e-9 * oracle,
                    $"{model} x={x} T={age} H={horizon} rate={rate}: {actual:r}, oracle {oracle:r}");
            }
        }
    }
}
