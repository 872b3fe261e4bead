using Clv.Core.Models;

namespace Clv.Core.Tests.Models;

/// <summary>
/// The expectations of the whole family against brute-force quadrature, on random models and histories far beyond what fits give, and at
/// horizons without a limit.
/// </summary>
public class BetaGeometricExpectationTests
{
    /// <summary>Two thousand draws of this test were 8e-11 off at worst, half of them 1e-15.</summary>
    [Fact]
    public void DiscountedTransactionsIfAlive_RandomModelsAnyHorizon_MatchesOracle()
    {
        var draw = new Draw(7);
        for (var i = 0; i < 150; i++)
        {
            var (r, alpha, a, b) = draw.Parameters();
            var x = draw.Frequency(20_000);
            var age = draw.Between(0.2, 1565);
            var rate = draw.Rate();
            var horizon = draw.Horizon(rate);
            var (model, actual) = i % 2 == 0
                ? (new BgNbd(r, alpha, a, b), new BgNbd(r, alpha, a, b).DiscountedTransactionsIfAlive(x, age, horizon, rate))
                : ((BetaGeometricModel)new MbgNbd(r, alpha, a, b), new MbgNbd(r, alpha, a, b).DiscountedTransactionsIfAlive(x, age, horizon, rate));

            // Sixty mean discount times on, a factor of 1e-26 is left.
            var oracle = DropoutOracle.Expected(model, x, age, double.IsInfinity(horizon) ? 60 / rate : horizon, rate);

            AssertClose(oracle, actual, $"{model} x={x} T={age} H={horizon} rate={rate}");
        }
    }

    /// <summary>Several hundred draws of this test were 8e-11 off at worst, half of them 5e-15.</summary>
    [Theory]
    [InlineData(5, 100, 30)]
    [InlineData(3, 20_000, 4)]
    public void DiscountedTransactions_RandomRegularBuyers_MatchesOracle(ulong seed, int highest, int cases)
    {
        var draw = new Draw(seed);
        for (var i = 0; i < cases; i++)
        {
            var (r, alpha, a, b) = draw.Parameters();
            var k = 2 + (i % 5);
            var x = draw.Frequency(highest);
            var age = draw.Between(0.2, 1565);
            var silence = i % 5 == 0 ? 0 : Math.Pow(draw.Between(0.01, 1), 3);
            var tx = x == 0 ? 0 : age * (1 - silence);
            var rate = draw.Rate();
            var horizon = draw.Horizon(rate);
            // Bounded for the oracle, which walks through every purchase.
            horizon = double.IsInfinity(horizon) ? horizon : Math.Min(horizon, 500 * (alpha + age) / (r + x));
            BetaGeometricModel model = i % 2 == 0 ? new BgCnbd(k, r, alpha, a, b) : new MbgCnbd(k, r, alpha, a, b);
            var alive = model.ProbabilityAlive(x, tx, age);
            if (alive > 1e-280)
            {
                AssertClose(
                    CnbdOracle.Expected(k, model, x, tx, age, horizon, rate),
                    model.DiscountedTransactions(x, tx, age, horizon, rate) / alive,
                    $"{model} x={x} tx={tx} T={age} H={horizon} rate={rate}");
            }
        }
    }

    /// <summary>Old customers, for whom nothing but the discount bends within the horizon: Simpson's rule over the weeks, by parts.</summary>
    [Theory]
    [InlineData(3, 1734, 52, .02)]
    [InlineData(0, 1565, 26, .02)]
    [InlineData(13, 2500, 52, .0238)]
    [InlineData(25, 3000, 4, 1.24)]
    [InlineData(25, 3000, 4, 1.99)]
    [InlineData(7, 800, 1, 8)]
    [InlineData(120, 1565, 52, .09)]
    public void DiscountedTransactions_LongHistoryShortHorizon_MatchesSimpson(int x, double age, double horizon, double rate)
    {
        const int Steps = 4000;
        foreach (var model in new BetaGeometricModel[] { new BgNbd(.28, 7.5, .53, 2.8), new MbgNbd(.28, 7.5, .53, 2.8), new BgNbd(4, .5, 6, 3) })
        {
            var tx = x == 0 ? 0 : age - 1;
            double At(double t) => Math.Exp(-rate * t) * model.ExpectedTransactions(x, tx, age, t);
            var sum = At(horizon) + Enumerable.Range(1, Steps - 1).Sum(i => (i % 2 == 1 ? 4 : 2) * At(horizon * i / Steps));

            AssertClose(
                At(horizon) + (rate * sum * horizon / (3 * Steps)), model.DiscountedTransactions(x, tx, age, horizon, rate), $"{model} x={x} H={horizon} rate={rate}");
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    public void ExpectedTransactions_UnlimitedHorizonSomeStay_IsInfinite(double a)
    {
        foreach (var model in Family(0.8, 12, a, 4))
        {
            Assert.Equal(double.PositiveInfinity, model.ExpectedTransactions(3, 10, 20, double.PositiveInfinity));
            Assert.Equal(double.PositiveInfinity, model.ExpectedTransactions(double.PositiveInfinity));
        }
    }

    [Fact]
    public void ExpectedTransactions_UnlimitedHorizonAllLeave_IsTheLimitOfLongOnes()
    {
        foreach (var model in Family(0.8, 12, 3.5, 4))
        {
            var limit = model.ExpectedTransactions(3, 10, 20, double.PositiveInfinity);

            // (a + beta - 1) / (a - 1) with beta = b + x, and one more chance in the modified models.
            var beta = 7 + (model is MbgNbd or MbgCnbd ? 1 : 0);
            Assert.Equal(1, limit / (model.ProbabilityAlive(3, 10, 20) * (2.5 + beta) / 2.5), 1e-13);
            Assert.Equal(1, model.ExpectedTransactions(3, 10, 20, 1e9) / limit, 1e-9);
        }
    }

    /// <summary>
    /// To leading order in a long horizon, at a below 1: E over p of (1 - (1 + p tau)^-rho) / p tends to tau^(1-a) Gamma(a)
    /// Gamma(rho + 1 - a) / Gamma(rho) / ((1 - a) B(a, beta)).
    /// </summary>
    [Fact]
    public void ExpectedTransactions_VeryLongHorizon_FollowsItsPowerLaw()
    {
        const double a = 0.4;
        var model = new BgNbd(2.5, 10, a, 3);
        double Gamma(double z) => MathNet.Numerics.SpecialFunctions.Gamma(z);
        const double horizon = 1e12;
        var law = Math.Pow(horizon / 10, 1 - a) * Gamma(3.5 - a) / Gamma(2.5) * Gamma(a) / (1 - a) / MathNet.Numerics.SpecialFunctions.Beta(a, 3);

        Assert.Equal(1, model.ExpectedTransactions(horizon) / law, 1e-5);
    }

    [Fact]
    public void DiscountedTransactions_EndsOfTheDoubleRange_AreFiniteAndOrdered()
    {
        foreach (var model in Family(0.8, 0.1, 0.5, 4))
        {
            foreach (var (x, tx, age) in new[] { (0, 0.0, 0.0), (3, 10, 20), (20_000, 1560, 1560) })
            {
                var longest = model.ExpectedTransactions(x, tx, age, double.MaxValue);
                Assert.InRange(longest, model.ExpectedTransactions(x, tx, age, 1e250), double.MaxValue);
                var residual = model.DiscountedTransactions(x, tx, age, double.PositiveInfinity, double.Epsilon);
                Assert.InRange(residual, model.DiscountedTransactions(x, tx, age, double.PositiveInfinity, 1e-200), double.MaxValue);
                Assert.Equal(longest, model.DiscountedTransactions(x, tx, age, double.MaxValue, 0));
            }
        }
    }

    /// <summary>Shapes on both sides of where the mass is summed, and every rate of discount, against the quadrature over time.</summary>
    [Fact]
    public void DiscountedTransactions_UnlimitedHorizonAnyShape_MatchesOracle()
    {
        foreach (var r in new[] { 0.01, 0.3, 1.9, 2.1, 8 })
        {
            foreach (var rate in new[] { 1e-6, 0.002, 1 })
            {
                var model = new MbgNbd(r, 7, 0.8, 1.5);
                AssertClose(
                    DropoutOracle.Expected(model, 0, 30, 60 / rate, rate),
                    model.DiscountedTransactionsIfAlive(0, 30, double.PositiveInfinity, rate),
                    $"{model} {rate}");
            }
        }
    }

    [Fact]
    public void DiscountedTransactions_UnlimitedHorizon_IsTheLimitOfFiniteOnes()
    {
        foreach (var model in Family(0.8, 12, 0.7, 4))
        {
            const double rate = 0.002;
            var residual = model.DiscountedTransactions(3, 10, 20, double.PositiveInfinity, rate);
            var before = 0.0;
            foreach (var discountTimes in new[] { 1, 5, 10, 20, 30 })
            {
                var finite = model.DiscountedTransactions(3, 10, 20, discountTimes / rate, rate);
                Assert.InRange(finite, before, residual * (1 + 1e-10));
                before = finite;
            }

            Assert.Equal(1, before / residual, 1e-10);
        }
    }

    /// <summary>The two are computed apart: panels over time, and a quadrature over the rate.</summary>
    [Theory]
    [InlineData(300, 1e-6)]
    [InlineData(300, 0.01)]
    [InlineData(0.02, 1e-6)]
    public void DiscountedTransactions_FortyFourDiscountTimes_AreUnlimited(double r, double rate)
    {
        foreach (var model in Family(r, 7, 0.8, 1.5))
        {
            var residual = model.DiscountedTransactions(2, 20, 30, double.PositiveInfinity, rate);
            Assert.Equal(1, model.DiscountedTransactions(2, 20, 30, 44 / rate, rate) / residual, 1e-9);
        }
    }

    [Fact]
    public void EveryMember_OneStage_IsTheModelOfRandomBuyers()
    {
        var (plain, modified) = (new BgNbd(0.8, 12, 0.7, 4), new MbgNbd(0.8, 12, 0.7, 4));
        foreach (var (one, other) in new (ITransactionModel, ITransactionModel)[] { (plain, new BgCnbd(1, 0.8, 12, 0.7, 4)), (modified, new MbgCnbd(1, 0.8, 12, 0.7, 4)) })
        {
            foreach (var (x, tx, age) in new[] { (0, 0.0, 30.0), (1, 5, 30), (40, 28, 30) })
            {
                Assert.Equal(one.LogLikelihood(x, tx, age), other.LogLikelihood(x, tx, age), 1e-9);
                Assert.Equal(one.ProbabilityAlive(x, tx, age), other.ProbabilityAlive(x, tx, age), 1e-9);
                Assert.Equal(1, one.ExpectedTransactions(x, tx, age, 52) / other.ExpectedTransactions(x, tx, age, 52), 1e-9);
                Assert.Equal(1, one.DiscountedTransactions(x, tx, age, 52, 0.01) / other.DiscountedTransactions(x, tx, age, 52, 0.01), 1e-9);
            }
        }
    }

    /// <summary>The code path of several stages, given one, against that of one.</summary>
    [Fact]
    public void Discounted_OneStageBySeveralStagesFormulas_Agrees()
    {
        var model = new BgNbd(0.8, 12, 0.7, 4);
        foreach (var (x, age) in new[] { (0, 0.0), (3, 30), (5000, 300) })
        {
            foreach (var (horizon, rate) in new[] { (52.0, 0), (520, 0.002), (double.PositiveInfinity, 0.002), (1e5, 0) })
            {
                var expected = model.DiscountedTransactionsIfAlive(x, age, horizon, rate);
                Assert.Equal(1, new ErlangExpectation(model, x, age / 2, age).Discounted(horizon, rate) / expected, 1e-10);
            }
        }
    }

    internal static BetaGeometricModel[] Family(double r, double alpha, double a, double b) =>
    [
        new BgNbd(r, alpha, a, b), new MbgNbd(r, alpha, a, b), new BgCnbd(3, r, alpha / 3, a, b), new MbgCnbd(2, r, alpha / 2, a, b),
    ];

    private static void AssertClose(double oracle, double actual, string customer) =>
        Assert.True(Math.Abs(actual - oracle) <= 1e-9 * oracle, $"{customer}: {actual:r}, oracle {oracle:r}");

    private sealed class Draw(ulong seed)
    {
        private readonly SeededRandom _random = new(seed);

        public double Between(double low, double high) => low * Math.Pow(high / low, _random.NextDouble());

        public (double R, double Alpha, double A, double B) Parameters() => (Between(0.05, 20), Between(0.3, 60), Between(0.01, 30), Between(0.05, 1000));

        public int Frequency(int highest) => _random.NextInt(3) == 0 ? 0 : (int)Between(1, highest);

        public double Rate() => _random.NextInt(3) == 0 ? 0 : Between(1e-4, 0.014);

        public double Horizon(double rate) => rate > 0 && _random.NextInt(4) == 0 ? double.PositiveInfinity : Between(0.1, 3000);
    }
}
