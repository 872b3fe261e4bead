using Clv.Core.Models;

namespace Clv.Core.Tests.Models;

/// <summary>The weak prior: derivatives, and what it does where the data alone have no maximum and where they have one.</summary>
public class PriorTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Add_AnyParameters_HasTheDerivativesOfItsValue(bool isBeta)
    {
        var pair = new ParameterPair(1, isBeta, 0.3, -0.4);
        double[] at = [9, 0.7, 2.3];
        double Value(params double[] p) => pair.Add(0.8, p, new double[3], new double[9]);
        var gradient = new double[3];
        var hessian = new double[9];
        pair.Add(0.8, at, gradient, hessian);

        const double h = 1e-5;
        for (var i = 0; i < 3; i++)
        {
            double[] up = [.. at], down = [.. at];
            up[i] += h;
            down[i] -= h;
            Assert.Equal((Value(up) - Value(down)) / (2 * h), gradient[i], 1e-8);
            var (above, below) = (new double[3], new double[3]);
            pair.Add(0.8, up, above, new double[9]);
            pair.Add(0.8, down, below, new double[9]);
            for (var j = i; j < 3; j++)
            {
                Assert.Equal((above[j] - below[j]) / (2 * h), hessian[(3 * i) + j], 1e-8);
            }
        }
    }

    [Fact]
    public void Run_NobodyLeaves_ConvergesWithAPriorAtHardlyAnyDropout()
    {
        // Everybody bought on the last day: alone, the likelihood rises as dropout vanishes.
        var histories = new HistoryGrouper();
        for (var x = 1; x <= 60; x++)
        {
            histories.Add(x, 300, 300, 1000L / x);
        }

        var data = histories.Build();
        Assert.Equal(FitVerdict.Boundary, BgNbdFit.Run(data).Verdict);
        foreach (var kind in TransactionModels.All.Where(k => k.HasDropout && k.Id is "bg-nbd" or "mbg-nbd" or "pareto-nbd"))
        {
            var fit = kind.Fit(data, null, new FitOptions { PriorWeight = 1 });
            Assert.True(fit.Converged, $"{kind.Id}: {fit.Reason}");
            Assert.InRange(fit.Model!.ProbabilityAlive(5, 300 / 7.0, 300 / 7.0), 0.98, 1);
        }
    }

    [Fact]
    public void Run_PlentyOfData_HardlyMoves()
    {
        var data = Simulated.Customers(20_000, 3).Histories;
        var (plain, weak) = (BgNbdFit.Run(data), BgNbdFit.Run(data, options: new FitOptions { PriorWeight = 1 }));

        Assert.True(plain.Converged && weak.Converged);
        foreach (var (one, other) in plain.Parameters.Zip(weak.Parameters))
        {
            Assert.True(Math.Abs(one.Estimate - other.Estimate) < 0.1 * one.StandardError!.Value, $"{one.Name}: {one.Estimate} and {other.Estimate}");
        }

        Assert.True(plain.LogLikelihood > weak.LogLikelihood);
        Assert.Equal(plain.LogLikelihood!.Value, weak.LogLikelihood!.Value, 0.01);
    }
}
