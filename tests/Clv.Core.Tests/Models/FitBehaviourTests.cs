using Clv.Core.Models;

namespace Clv.Core.Tests.Models;

public class FitBehaviourTests
{
    [Fact]
    public void Run_OneThreadOrMore_GivesTheSameBits()
    {
        // Enough distinct histories for several chunks.
        var (histories, spend) = Simulated.Customers(60_000, 21, new BgNbd(0.9, 8, 0.7, 3.5));
        Assert.True(histories.GroupCount > 3 * 8192, $"{histories.GroupCount} groups");
        var (one, two) = (new FitOptions { MaxDegreeOfParallelism = 1 }, new FitOptions { MaxDegreeOfParallelism = 2 });

        AssertSame(BgNbdFit.Run(histories, null, one), BgNbdFit.Run(histories, null, two));
        AssertSame(GammaGammaFit.Run(spend, null, one), GammaGammaFit.Run(spend, null, two));
    }

    [Fact]
    public void Run_CustomersInAnotherOrder_GivesTheSameBits()
    {
        var random = new SeededRandom(4);
        var simulator = new DaySimulator(Simulated.Buying.Simulator(random), random);
        var customers = Enumerable.Range(0, 3000)
            .Select(_ => (Days: simulator.NextCustomer(400).ToArray(), Mean: random.NextGamma(6) / random.NextGamma(4)))
            .ToArray();
        (ModelFit<BgNbd> Buying, ModelFit<GammaGamma> Spend) Fit(IEnumerable<(int[] Days, double Mean)> order)
        {
            var (histories, spend) = (new HistoryGrouper(), new SpendGrouper());
            foreach (var (days, mean) in order)
            {
                histories.Add(days.Length, days.LastOrDefault(), 400);
                spend.Add(1 + (days.Length % 2), mean);
            }

            return (BgNbdFit.Run(histories.Build()), GammaGammaFit.Run(spend.Build()));
        }

        var (one, other) = (Fit(customers), Fit(customers.OrderBy(c => c.Mean)));

        AssertSame(one.Buying, other.Buying);
        AssertSame(one.Spend, other.Spend);
    }

    [Fact]
    public void Run_WarmStart_ReachesTheSameMaximum()
    {
        var (histories, spend) = Simulated.Customers(5000, 22);
        var (cold, coldSpend) = (BgNbdFit.Run(histories), GammaGammaFit.Run(spend));

        var warm = BgNbdFit.Run(histories, new BgNbd(0.25, 4.5, 0.8, 2.5));
        var warmSpend = GammaGammaFit.Run(spend, new GammaGamma(6, 4, 16));

        Assert.Equal((4, 4), (warm.Starts, warm.StartsAgreeing));
        Assert.Equal((4, 4), (warmSpend.Starts, warmSpend.StartsAgreeing));
        AssertNear(cold, warm);
        AssertNear(coldSpend, warmSpend);
    }

    [Fact]
    public void Run_AbsurdWarmStart_DoesNoHarm()
    {
        var (histories, spend) = Simulated.Customers(5000, 22);

        AssertNear(BgNbdFit.Run(histories), BgNbdFit.Run(histories, new BgNbd(1e125, 1e-300, 1e300, 1e-9)));
        AssertNear(GammaGammaFit.Run(spend), GammaGammaFit.Run(spend, new GammaGamma(1e200, 1e300, 1e-300)));
    }

    [Fact]
    public void Run_OtherUnitOfTime_ScalesAlphaAlone()
    {
        var weeks = Simulated.Customers(5000, 23).Histories;
        var days = GroupedHistories.FromTable(Enumerable.Range(0, weeks.GroupCount).Select(i => weeks[i])
            .Select(g => g with { Recency = g.Recency * 7, Age = g.Age * 7 }));

        var (byWeek, byDay) = (BgNbdFit.Run(weeks).Model!, BgNbdFit.Run(days).Model!);

        Assert.Equal(1, byDay.Alpha / (7 * byWeek.Alpha), 1e-8);
        Assert.Equal(byWeek.R, byDay.R, 1e-8);
        Assert.Equal(byWeek.B, byDay.B, 1e-7);
    }

    [Fact]
    public void Run_TooFewIterations_IsRefusedAsNotConverged()
    {
        var fit = BgNbdFit.Run(Simulated.Customers(5000, 24).Histories, null, new FitOptions { MaxIterations = 3 });

        Assert.Equal(FitVerdict.NotConverged, fit.Verdict);
        Assert.Null(fit.Model);
        Assert.Equal(4, fit.Parameters.Count);
    }

    private static void AssertSame<TModel>(ModelFit<TModel> one, ModelFit<TModel> other)
        where TModel : class
    {
        Assert.True(one.Converged, one.Reason);
        Assert.Equal(one.Parameters, other.Parameters);
        Assert.Equal(one.LogCovariance, other.LogCovariance);
        Assert.Equal(one with { Parameters = [], LogCovariance = [] }, other with { Parameters = [], LogCovariance = [] });
    }

    private static void AssertNear<TModel>(ModelFit<TModel> one, ModelFit<TModel> other)
        where TModel : class
    {
        Assert.True(one.Converged, one.Reason);
        Assert.True(other.Converged, other.Reason);
        foreach (var (left, right) in one.Parameters.Zip(other.Parameters))
        {
            Assert.Equal(1, left.Estimate / right.Estimate, 1e-7);
        }
    }
}
