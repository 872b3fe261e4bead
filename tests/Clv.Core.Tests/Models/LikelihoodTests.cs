using Clv.Core.Models;

namespace Clv.Core.Tests.Models;

/// <summary>The grouped likelihoods against the models' own, and their derivatives against differences.</summary>
public class LikelihoodTests
{
    public static readonly TheoryData<double[], bool> BuyingPoints = new()
    {
        { [0.2426, 4.4, 0.79, 2.4], false },
        { [1.7, 0.9, 1, 0.2], false },
        { [0.03, 300, 40, 90], false },
        { [0.2426, 4.4, 0.79, 2.4], true },
        { [1.7, 0.9, 1, 0.2], true },
        { [0.03, 300, 40, 90], true },
    };

    [Theory]
    [MemberData(nameof(BuyingPoints))]
    public void Evaluate_GroupedHistories_IsSumOverCustomers(double[] p, bool modified)
    {
        var data = Simulated.Customers(3000, 11).Histories;
        BetaGeometricModel model = modified ? new MbgNbd(p[0], p[1], p[2], p[3]) : new BgNbd(p[0], p[1], p[2], p[3]);
        var expected = Sum(data, model);

        var actual = new BetaGeometricLikelihood(data, modified, 1).Evaluate(p, new double[4], new double[16]) * data.Customers;

        Assert.Equal(1, actual / expected, 1e-12);
    }

    [Theory]
    [MemberData(nameof(BuyingPoints))]
    public void Evaluate_OneHistory_AddsUpToTheGroups(double[] p, bool modified)
    {
        var data = Simulated.Customers(3000, 11).Histories;
        var (expected, gradient, hessian) = (0.0, new double[4], new double[16]);
        var (first, second) = (new double[4], new double[16]);
        foreach (var g in Enumerable.Range(0, data.GroupCount).Select(i => data[i]))
        {
            expected += g.Count * BetaGeometricHistory.Evaluate(g.Frequency, g.Recency, g.Age, p[0], p[1], p[2], p[3], modified, first, second);
            Assert.Equal(second[7], second[13]);
            for (var i = 0; i < 16; i++)
            {
                gradient[i / 4] += i % 4 == 0 ? g.Count * first[i / 4] : 0;
                hessian[i] += g.Count * second[i];
            }
        }

        var (actualGradient, actualHessian) = (new double[4], new double[16]);
        var actual = new BetaGeometricLikelihood(data, modified, 1).Evaluate(p, actualGradient, actualHessian);

        Assert.Equal(expected / data.Customers, actual, 1e-11);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(gradient[i] / data.Customers, actualGradient[i], 1e-10 * (1 + Math.Abs(actualGradient[i])));
            for (var j = i; j < 4; j++)
            {
                var bend = actualHessian[(4 * i) + j];
                Assert.Equal(hessian[(4 * i) + j] / data.Customers, bend, 1e-10 * (1 + Math.Abs(bend)));
            }
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(6, false)]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(5, true)]
    public void Evaluate_RegularBuyers_IsSumOverCustomersWithItsDerivatives(int k, bool modified)
    {
        var data = Simulated.Customers(3000, 11).Histories;
        foreach (var p in new double[][] { [0.2426, 4.4, 0.79, 2.4], [2.5, 0.9, 1, 0.2], [0.03, 300, 40, 90] })
        {
            BetaGeometricModel model = modified ? new MbgCnbd(k, p[0], p[1], p[2], p[3]) : new BgCnbd(k, p[0], p[1], p[2], p[3]);
            var likelihood = new CnbdLikelihood(data, k, modified, 1);
            // A history's own likelihood divides by Gamma(k) per occasion, which k alone decides.
            var expected = Sum(data, model) + (data.RepeatOccasions * MathNet.Numerics.SpecialFunctions.GammaLn(k));

            Assert.Equal(1, likelihood.Evaluate(p, new double[4], new double[16]) * data.Customers / expected, 1e-12);
            AssertDerivatives(likelihood, p);
        }
    }

    [Theory]
    [InlineData(new[] { 6.25, 3.74, 15.44 })]
    [InlineData(new[] { 0.3, 1.01, 400 })]
    [InlineData(new[] { 80.0, 30, 2 })]
    public void Evaluate_ClassedSpend_IsSumOverCustomers(double[] p)
    {
        var data = Simulated.Customers(3000, 11).Spend;
        var model = new GammaGamma(p[0], p[1], p[2]);
        var expected = 0.0;
        foreach (var c in data.Classes)
        {
            foreach (var mean in data.Means[c.Start..c.End])
            {
                expected += model.LogLikelihood(c.Occasions, mean);
            }
        }

        var actual = new GammaGammaLikelihood(data, 1).Evaluate(p, new double[3], new double[9]) * data.Customers;

        Assert.Equal(1, actual / expected, 1e-11);
    }

    [Theory]
    [MemberData(nameof(BuyingPoints))]
    public void Evaluate_BuyingDerivatives_MatchDifferences(double[] p, bool modified) =>
        AssertDerivatives(new BetaGeometricLikelihood(Simulated.Customers(3000, 12).Histories, modified, 1), p);

    [Theory]
    [InlineData(new[] { 6.25, 3.74, 15.44 })]
    [InlineData(new[] { 0.3, 1.01, 400 })]
    [InlineData(new[] { 80.0, 30, 2 })]
    public void Evaluate_SpendDerivatives_MatchDifferences(double[] p) =>
        AssertDerivatives(new GammaGammaLikelihood(Simulated.Customers(3000, 12).Spend, 1), p);

    private static double Sum(GroupedHistories data, BetaGeometricModel model) =>
        Enumerable.Range(0, data.GroupCount).Select(i => data[i]).Sum(g => g.Count * model.LogLikelihood(g.Frequency, g.Recency, g.Age));

    /// <summary>In log-parameters, by central differences: the gradient against the value, the Hessian against the gradient.</summary>
    private static void AssertDerivatives(IMeanLogLikelihood likelihood, double[] p)
    {
        const double h = 1e-5;
        var limits = p.Select((_, i) => new ParameterLimits($"{i}", 0, 1e-9, 1e9, "", "")).ToArray();
        var surface = new LogParameterSurface(likelihood, limits);
        var point = surface.At(surface.ToLog(p));
        for (var i = 0; i < p.Length; i++)
        {
            SurfacePoint Moved(double by)
            {
                var theta = (double[])point.Theta.Clone();
                theta[i] += by;
                return surface.At(theta);
            }

            var (up, down) = (Moved(h), Moved(-h));
            var slope = (up.Value - down.Value) / (2 * h);
            Assert.Equal(slope, point.Gradient[i], 1e-6 * (1 + Math.Abs(slope)));
            for (var j = 0; j < p.Length; j++)
            {
                var bend = (up.Gradient[j] - down.Gradient[j]) / (2 * h);
                Assert.Equal(bend, point.Hessian[i, j], 1e-6 * (1 + Math.Abs(bend)));
            }
        }
    }
}
