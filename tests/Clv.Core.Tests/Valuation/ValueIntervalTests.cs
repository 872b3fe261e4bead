using Clv.Core.Estimation;
using Clv.Core.Models;
using Clv.Core.Valuation;

namespace Clv.Core.Tests.Valuation;

/// <summary>Intervals hold what they say on customers whose future is known.</summary>
public class ValueIntervalTests
{
    private const double Horizon = 52;
    private const double WeeklyRate = 0.0018;

    private static readonly GammaGamma Spending = new(6.25, 3.74, 15.44);

    [Theory]
    // Lively customers, nearly all of whom buy again; mixed ones; ones of whom most are gone; and bases so small that the parameters matter.
    [InlineData(6, 12, 0.4, 12, 8_000, 8_000)]
    [InlineData(0.8, 6, 0.9, 6, 8_000, 8_000)]
    [InlineData(0.24, 4.4, 0.8, 2.4, 16_000, 16_000)]
    [InlineData(6, 12, 0.4, 12, 300, 8_000)]
    [InlineData(0.8, 6, 0.9, 6, 400, 8_000)]
    public void Of_SimulatedCustomers_CoversEightyPercent(double r, double alpha, double a, double b, int fitted, int customers)
    {
        var truth = new BgNbd(r, alpha, a, b);
        var random = new SeededRandom(77);
        // Small bases are drawn again and again, because one base's estimates are off in one direction.
        var (covered, tested, coveredByChance, all, expectedZeros, zeros) = (0, 0, 0, 0, 0.0, 0);
        while (all < customers)
        {
            var buyers = Simulate(truth, random, fitted);
            var histories = new HistoryGrouper();
            var spend = new SpendGrouper();
            foreach (var buyer in buyers)
            {
                histories.Add(buyer.X, (int)Math.Round(7 * buyer.Tx), (int)Math.Round(7 * buyer.Age));
                if (buyer.X > 0)
                {
                    spend.Add(buyer.X, buyer.Mean);
                }
            }

            var kind = TransactionModels.Find("bg-nbd");
            var buying = kind.Fit(histories.Build(), null, new FitOptions { PriorWeight = fitted < 1000 ? 1 : 0 });
            var values = SpendEstimate.Run(spend.Build())!;
            Assert.True(buying.Converged, buying.Reason);
            var models = ParameterUncertainty.Points(buying.Model!, buying.Model!.Parameters, [0, 0, 0, 0], buying.LogCovariance, kind.Create);
            var spends = ParameterUncertainty.Points<ISpendModel>(
                values.Model, values.Model.Parameters, [0, 1, 0], values.Fallback is null ? values.Fit.LogCovariance : [], p => SpendEstimate.Create(values.Id, p));
            var intervals = new ValueIntervals(models, spends);
            foreach (var buyer in buyers)
            {
                var expected = buying.Model.ExpectedTransactions(buyer.X, buyer.Tx, buyer.Age, Horizon);
                var discount = buying.Model.DiscountedTransactions(buyer.X, buyer.Tx, buyer.Age, Horizon, WeeklyRate) / expected;
                var interval = intervals.Of(buyer.X, buyer.Tx, buyer.Age, buyer.X, buyer.Mean, Horizon, expected);
                var inside = buyer.Future >= interval.Low * discount && buyer.Future <= interval.High * discount;
                all++;
                if (interval.High > 0)
                {
                    tested++;
                    covered += inside ? 1 : 0;
                }
                else
                {
                    expectedZeros += interval.NoPurchase;
                    zeros += inside ? 1 : 0;
                }

                // An atom that is wider than the interval counts in proportion, as a fair coin would decide it.
                coveredByChance += interval.High > 0 ? inside ? 1 : 0 : inside && random.NextDouble() < ValueIntervals.Coverage / interval.NoPurchase ? 1 : 0;
            }
        }

        Assert.InRange(covered / (double)tested, 0.78, 0.82);
        Assert.InRange(coveredByChance / (double)all, 0.78, 0.82);
        Assert.Equal(expectedZeros, zeros, 0.02 * all);
    }

    private static List<Buyer> Simulate(BgNbd truth, SeededRandom random, int count)
    {
        var simulator = truth.Simulator(random);
        var spender = new GammaGammaSimulator(Spending, random);
        var buyers = new List<Buyer>();
        for (var i = 0; i < count; i++)
        {
            // In whole days, as the grouper counts; the last occasion may be up to half a day off, which no interval notices.
            var age = (100 + random.NextInt(300)) / 7.0;
            var times = simulator.NextCustomer(age + Horizon);
            spender.NextCustomer();
            var x = 0;
            double total = 0, last = 0, future = 0;
            foreach (var time in times)
            {
                var value = spender.NextValue();
                if (time <= age)
                {
                    x++;
                    last = time;
                    total += value;
                }
                else
                {
                    future += value * Math.Exp(-WeeklyRate * (time - age));
                }
            }

            var day = Math.Clamp(Math.Round(7 * last), x > 0 ? 1 : 0, Math.Round(7 * age));
            buyers.Add(new Buyer(x, day / 7, age, x > 0 ? total / x : 0, future));
        }

        return buyers;
    }

    private sealed record Buyer(int X, double Tx, double Age, double Mean, double Future);
}
