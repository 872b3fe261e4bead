using Clv.Core.Models;

namespace Clv.Core.Tests.Models;

/// <summary>The grouped likelihoods against the models' own, and their derivatives against differences.</summary>
public class LikelihoodTests
{
    [Theory]
    [InlineData(new[] { 0.2426, 4.4, 0.79, 2.4 })]
    [InlineData(new[] { 1.7, 0.9, 1, 0.2 })]
    [InlineData(new[] { 0.03, 300, 40, 90 })]
    public void Evaluate_GroupedHistories_IsSumOverCustomers(double[] p)
    {
        var data = Simulated.Customers(3000, 11).Histories;
        var model = new BgNbd(p[0], p[1], p[2], p[3]);
        var expected = Enumerable.Range(0, data.GroupCount).Select(i => data[i]).Sum(g => g.Count * model.LogLikelihood(g.Frequency, g.Recency, g.Age));

        var actual = new BetaGeometricLikelihood(data, modified: false, 1).Evaluate(p, new double[4], new double[16]) * data.Customers;

        Assert.Equal(1, actual / expected, 1e-12);
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
    [InlineData(new[] { 0.2426, 4.4, 0.79, 2.4 })]
    [InlineData(new[] { 1.7, 0.9, 1, 0.2 })]
    [InlineData(new[] { 0.03, 300, 40, 90 })]
    public void Evaluate_BuyingDerivatives_MatchDifferences(double[] p) =>
        AssertDerivatives(new BetaGeometricLikelihood(Simulated.Customers(3000, 12).Histories, modified: false, 1), p);

    [Theory]
    [InlineData(new[] { 6.25, 3.74, 15.44 })]
    [InlineData(new[] { 0.3, 1.01, 400 })]
    [InlineData(new[] { 80.0, 30, 2 })]
    public void Evaluate_SpendDerivatives_MatchDifferences(double[] p) =>
        AssertDerivatives(new GammaGammaLikelihood(Simulated.Customers(3000, 12).Spend, 1), p);

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
