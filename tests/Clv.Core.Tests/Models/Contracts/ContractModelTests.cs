using Clv.Core.Models;
using Clv.Core.Models.Contracts;

namespace Clv.Core.Tests.Models.Contracts;

public class ContractModelTests
{
    private static readonly double[] Shapes = [0.01, 0.3, 1, 7, 1000];
    private static readonly int[] Ages = [0, 7, 5000];

    public static TheoryData<double, double> Grid => [.. Shapes.SelectMany(a => Shapes.Select(b => (a, b)))];

    public static TheoryData<double, double, double> WeibullGrid =>
    [
        (0.2, 1.4, 1.7), (0.01, 0.01, 0.4), (3, 50, 0.5), (1000, 1000, 0.3), (0.5, 300, 2.5), (20, 0.05, 1.2), (0.05, 1000, 6),
    ];

    [Theory]
    [MemberData(nameof(Grid))]
    public void Survival_AnyShapes_MatchesQuadrature(double alpha, double beta)
    {
        var model = new ShiftedBetaGeometric(alpha, beta);
        foreach (var from in Ages)
        {
            foreach (var further in new[] { 40, 5000 })
            {
                AssertClose(ContractOracle.Survival(alpha, beta, 1, from, further), model.Survival(from, further));
            }

            AssertClose(ContractOracle.Survival(alpha, beta, 1, from, 1), model.RenewalProbability(from));
        }
    }

    [Theory]
    [MemberData(nameof(WeibullGrid))]
    public void Survival_AnyDurationDependence_MatchesQuadrature(double alpha, double beta, double c)
    {
        var model = new BetaDiscreteWeibull(alpha, beta, c);
        foreach (var from in Ages)
        {
            foreach (var further in new[] { 40, 5000 })
            {
                AssertClose(ContractOracle.Survival(alpha, beta, c, from, further), model.Survival(from, further));
            }

            AssertClose(ContractOracle.Survival(alpha, beta, c, from, 1), model.RenewalProbability(from));
        }
    }

    [Theory]
    [MemberData(nameof(Grid))]
    public void DiscountedResidualTenure_AnyRate_MatchesQuadrature(double alpha, double beta)
    {
        var model = new ShiftedBetaGeometric(alpha, beta);
        foreach (var from in new[] { 0, 4000 })
        {
            foreach (var rate in new[] { 1e-9, 1e-4, 0.01, 1 })
            {
                AssertClose(ContractOracle.Residual(alpha, beta, from, rate, double.PositiveInfinity), model.DiscountedResidualTenure(from, rate));
            }

            foreach (var rate in new[] { 0, 0.001 })
            {
                foreach (var periods in new[] { 12, 700, 100_000 })
                {
                    AssertClose(ContractOracle.Residual(alpha, beta, from, rate, periods), model.DiscountedResidualTenure(from, rate, periods));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(WeibullGrid))]
    public void DiscountedTenure_AnyDurationDependence_IsTheSumOfSurvivals(double alpha, double beta, double c)
    {
        var model = new BetaDiscreteWeibull(alpha, beta, c);
        foreach (var rate in new[] { 0.003, 0.08, 1 })
        {
            var sum = 0.0;
            for (var t = 0; t < 12_000; t++)
            {
                sum += model.Survival(t) * Math.Pow(1 + rate, -t);
                if (t == 2999)
                {
                    AssertClose(sum, model.DiscountedTenure(rate, 3000));
                }
            }

            AssertClose(sum, model.DiscountedTenure(rate));
        }
    }

    /// <summary>Next renewal or not: sums that start at different ages, and so are cut differently, have to agree.</summary>
    [Theory]
    [MemberData(nameof(WeibullGrid))]
    public void DiscountedResidualTenure_OneRenewalLater_ObeysTheRecursion(double alpha, double beta, double c)
    {
        var model = new BetaDiscreteWeibull(alpha, beta, c);
        foreach (var rate in new[] { 1e-12, 1e-6, 0.002, 0.3 })
        {
            foreach (var n in new[] { 0, 7, 90, 3000 })
            {
                var later = model.DiscountedResidualTenure(n + 1, rate);
                AssertClose(model.RenewalProbability(n) * (1 + (later / (1 + rate))), model.DiscountedResidualTenure(n, rate));
            }

            AssertClose(1 + (model.DiscountedResidualTenure(0, rate) / (1 + rate)), model.DiscountedTenure(rate));
        }
    }

    [Fact]
    public void DiscountedTenure_NoDiscount_IsTheMeanOrInfinite()
    {
        // E of (1 - theta) / theta over a beta distribution.
        AssertClose((3.2 + 5) / (1.4 - 1), new ShiftedBetaGeometric(1.4, 3.2).DiscountedResidualTenure(5, 0));
        AssertClose(0.01 / 999, new ShiftedBetaGeometric(1000, 0.01).DiscountedResidualTenure(0, 0));
        AssertClose(1000 / 0.001, new ShiftedBetaGeometric(1.001, 1000).DiscountedResidualTenure(0, 0));
        Assert.Equal(double.PositiveInfinity, new ShiftedBetaGeometric(1, 3).DiscountedTenure(0));
        Assert.Equal(double.PositiveInfinity, new BetaDiscreteWeibull(0.5, 3, 2).DiscountedTenure(0));
        var slow = new BetaDiscreteWeibull(0.9, 3, 1.5);
        AssertClose(slow.RenewalProbability(4) * (1 + slow.DiscountedResidualTenure(5, 0)), slow.DiscountedResidualTenure(4, 0));
        AssertClose(slow.DiscountedResidualTenure(0, 0), slow.DiscountedResidualTenure(0, 1e-13), 1e-3);
    }

    [Theory]
    [MemberData(nameof(Grid))]
    public void BetaDiscreteWeibull_NoDurationDependence_IsShiftedBetaGeometric(double alpha, double beta)
    {
        var (weibull, geometric) = (new BetaDiscreteWeibull(alpha, beta, 1 + 1e-13), new ShiftedBetaGeometric(alpha, beta));

        AssertClose(geometric.Survival(200), weibull.Survival(200));
        AssertClose(geometric.RenewalProbability(30), weibull.RenewalProbability(30));
        AssertClose(geometric.DiscountedTenure(0.02), weibull.DiscountedTenure(0.02));
        AssertClose(geometric.LogLikelihood(30, true), weibull.LogLikelihood(30, true));
    }

    [Theory]
    [InlineData(0.7, 1.2, 1)]
    [InlineData(0.2, 1.4, 1.7)]
    [InlineData(40, 90, 0.6)]
    public void RenewalDistribution_SumsAndSurvival_Agree(double alpha, double beta, double c)
    {
        var model = new BetaDiscreteWeibull(alpha, beta, c);
        var probabilities = new double[300];

        model.RenewalDistribution(6, probabilities);

        Assert.All(probabilities, p => Assert.InRange(p, 0, 1));
        AssertClose(model.Survival(6, 300), 1 - probabilities.Sum(), 1e-11);
        AssertClose(model.Survival(6, 40) - model.Survival(6, 41), probabilities[40]);
        // The mean number of the next 300 renewals, once from the distribution and once undiscounted.
        AssertClose(model.DiscountedResidualTenure(6, 0, 300), probabilities.Select((p, k) => p * k).Sum() + (300 * model.Survival(6, 300)));
    }

    [Theory]
    [InlineData(0.7041, 1.182, 1, 0)]
    [InlineData(0.7041, 1.182, 1, 5)]
    [InlineData(0.21, 1.43, 1.72, 0)]
    [InlineData(0.21, 1.43, 1.72, 9)]
    [InlineData(3, 2, 0.5, 4)]
    public void NextRenewals_ManyDraws_FollowTheDistribution(double alpha, double beta, double c, int renewals)
    {
        const int Draws = 60_000;
        var model = new BetaDiscreteWeibull(alpha, beta, c);
        var random = new SeededRandom(3);
        var probabilities = new double[12];
        model.RenewalDistribution(renewals, probabilities);
        var counts = new int[13];
        for (var i = 0; i < Draws; i++)
        {
            counts[Math.Min(12, model.NextRenewals(random, renewals))]++;
        }

        var expected = probabilities.Append(model.Survival(renewals, 12)).ToArray();
        var chiSquare = expected.Zip(counts).Sum(pair => Math.Pow(pair.Second - (Draws * pair.First), 2) / (Draws * pair.First));
        // The 99.99 % point of chi-square with 12 degrees of freedom.
        Assert.InRange(chiSquare, 0, 39.1);
    }

    [Fact]
    public void Members_ExtremeArguments_AreFinite()
    {
        foreach (var (alpha, beta, c) in new[] { (1e-4, 1e-4, 1e2), (1e4, 1e-4, 1e-2), (1e4, 1e4, 1e2), (1e-4, 1e4, 1e-2), (0.01, 0.01, 50) })
        {
            var model = new BetaDiscreteWeibull(alpha, beta, c);
            foreach (var n in new[] { 0, 1, 100_000, int.MaxValue - 1 })
            {
                Assert.InRange(model.Survival(n), 0, 1);
                Assert.InRange(model.Survival(n, int.MaxValue), 0, 1);
                Assert.InRange(model.RenewalProbability(n), 0, 1);
                Assert.True(double.IsFinite(model.DiscountedResidualTenure(n, 1e-300, 40)));
                Assert.True(double.IsFinite(model.DiscountedResidualTenure(n, 1e-5)));
                Assert.False(double.IsNaN(model.DiscountedResidualTenure(n, 0)));
                Assert.InRange(model.NextRenewals(new SeededRandom(1), n), 0, int.MaxValue);
            }
        }
    }

    [Fact]
    public void Members_ImpossibleArguments_Throw()
    {
        var model = new ShiftedBetaGeometric(1, 2);

        Assert.Throws<ArgumentOutOfRangeException>(() => new ShiftedBetaGeometric(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BetaDiscreteWeibull(1, 1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Survival(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Survival(1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.RenewalProbability(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.RenewalDistribution(-1, new double[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.DiscountedTenure(-0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.DiscountedTenure(double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.DiscountedTenure(0.1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.DiscountedResidualTenure(-1, 0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.LogLikelihood(-1, false));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.NextRenewals(new SeededRandom(1), -1));
    }

    private static void AssertClose(double expected, double actual, double tolerance = 1e-9) =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Abs(expected), $"{actual:r} against {expected:r}, off by {(actual / expected) - 1:g2}");
}
