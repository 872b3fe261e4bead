using Clv.Core.Estimation;
using Clv.Core.History;
using Clv.Core.Models;
using Clv.Core.Tests.Models;
using Clv.Core.Valuation;

namespace Clv.Core.Tests.Estimation;

public class ForecastAccuracyTests
{
    private const double Horizon = 39;

    // The best mean absolute errors of the textbook models on the 39 weeks held out: Pareto/NBD's .7545 on the sample and .7938 on the master.
    [Theory]
    [InlineData("cdnow_sample_tx.csv", .7545)]
    [InlineData("cdnow_master_tx.csv", .7938)]
    public void Forecast_Cdnow_BeatsTheTextbook(string file, double textbook)
    {
        var histories = Cdnow.Load(file).Histories;
        var customers = Cdnow.HeldOut(file);
        var plain = BgNbdFit.Run(histories).Model!;
        var fit = NoveltyBgNbdFit.Run(histories);
        Assert.True(fit.Converged, fit.Reason);
        var model = fit.Model!;

        double Rmse(ITransactionModel of) => Math.Sqrt(customers.Average(c => Math.Pow(of.ExpectedTransactions(c.Frequency, c.Recency, c.Age, Horizon) - c.Occasions, 2)));
        double Total(ITransactionModel of) => customers.Sum(c => of.ExpectedTransactions(c.Frequency, c.Recency, c.Age, Horizon));
        var actual = customers.Sum(c => c.Occasions);
        var whole = WholeOccasions.Learn(histories, model, Horizon, threads: 2);
        var forecasts = Array.ConvertAll(customers, c => whole.Forecast(model, c.Frequency, c.Recency, c.Age, Horizon));

        Assert.InRange(Total(model) / actual, .89, 1.11);
        Assert.True(Math.Abs(Total(model) - actual) < Math.Abs(Total(plain) - actual));
        Assert.True(Rmse(model) < Rmse(plain));
        Assert.InRange(forecasts.Sum() / Total(model), .99, 1.01);
        Assert.InRange(forecasts.Sum() / (double)actual, .89, 1.11);
        Assert.InRange(customers.Zip(forecasts).Average(c => Math.Abs(c.First.Occasions - c.Second)), 0, textbook);
    }

    // What a night does by itself on 1997-09-30: hold out the last 13 weeks, choose, fit to everything known, forecast what comes.
    [Theory]
    [InlineData("cdnow_sample_tx.csv", .7545)]
    [InlineData("cdnow_master_tx.csv", .7938)]
    public void Estimator_OnTheLastDayOfCalibration_ChoosesAForecastThatBeatsTheTextbook(string file, double textbook)
    {
        var customers = new CustomerBase();
        var ages = new RepeatAges();
        foreach (var summary in Cdnow.Summaries(file, holdoutDays: 91, ages))
        {
            customers.Add(summary);
        }

        customers.Add(ages);

        var estimate = Estimator.Run(customers, new EstimationOptions { BacktestWeeks = 13, Threads = 2 });
        var model = estimate.Transactions.Model;
        var held = Cdnow.HeldOut(file);
        var whole = WholeOccasions.Learn(Cdnow.Load(file).Histories, model, Horizon, threads: 2);

        Assert.True(estimate.Transactions.Kind.Id == "novelty-bg-nbd", estimate.Choice);
        var actual = held.Sum(c => c.Occasions);
        Assert.InRange(held.Sum(c => model.ExpectedTransactions(c.Frequency, c.Recency, c.Age, Horizon)) / actual, .89, 1.11);
        Assert.InRange(
            held.Average(c => Math.Abs(c.Occasions - whole.Forecast(model, c.Frequency, c.Recency, c.Age, Horizon))), 0, textbook);
    }

    [Fact]
    public void WholeOccasions_FewCustomers_AreTheBestOfAllThatAddUp()
    {
        var model = new BgNbd(.6, 3, .4, 2.5);
        var histories = GroupedHistories.FromTable([new(0, 0, 30, 1), new(1, 12, 20, 1), new(4, 28, 30, 1), new(9, 39, 40, 1)]);
        var whole = WholeOccasions.Learn(histories, model, 20);
        var forecast = Forecasts(whole, histories, model, 20);
        var probabilities = Enumerable.Range(0, 4).Select(i =>
        {
            var p = new double[400];
            model.TransactionProbabilities(histories[i].Frequency, histories[i].Recency, histories[i].Age, 20, p);
            return p;
        }).ToArray();
        double Error(int[] f) => Enumerable.Range(0, 4).Sum(i => probabilities[i].Select((p, n) => p * Math.Abs(n - f[i])).Sum());

        var total = forecast.Sum();
        var least = (from a in Enumerable.Range(0, total + 1)
                     from b in Enumerable.Range(0, total + 1 - a)
                     from c in Enumerable.Range(0, total + 1 - a - b)
                     select Error([a, b, c, total - a - b - c])).Min();

        Assert.InRange(total, 3, 40);
        Assert.Equal(histories.Total(model, 20), total, .5);
        Assert.Equal(least, Error(forecast), 1e-12);
    }

    [Fact]
    public void WholeOccasions_ManyCustomers_AddUpToWhatIsExpected()
    {
        foreach (var (model, seed) in new (BgNbd, ulong)[] { (Simulated.Buying, 1), (new(1.5, 3, .5, 4), 2), (new(.05, 10, 1, 1), 3) })
        {
            var histories = Simulated.Customers(5000, seed, model).Histories;
            foreach (var horizon in (double[])[4, 52, 300])
            {
                var (one, two) = (WholeOccasions.Learn(histories, model, horizon), WholeOccasions.Learn(histories, model, horizon, threads: 2));
                var total = Forecasts(one, histories, model, horizon).Select((f, i) => f * histories[i].Count).Sum();

                Assert.Equal(one, two);
                Assert.InRange(one.Level, 0, 1);
                Assert.Equal(1, total / histories.Total(model, horizon), .02);
            }
        }
    }

    // Models that do not look at recency, or at nothing at all, expect the same of very many: one level, one step of hundreds.
    [Theory]
    [InlineData(.0077, 39, 1)]
    [InlineData(.0077, 39, 3)]
    [InlineData(.05, 26, 2)]
    [InlineData(.4, 52, 3)]
    public void WholeOccasions_TiedCustomers_AreTheNearestThatOneLevelGives(double rate, double horizon, int ages)
    {
        var histories = GroupedHistories.FromTable(
            [.. from i in Enumerable.Range(0, 120)
                let age = 20.0 + (10 * (i % ages))
                select new HistoryGroup(i / 20, i < 20 ? 0 : age * (1 + (i % 20)) / 21, age, 1 + (i % 7))]);
        foreach (var model in (ITransactionModel[])[new Poisson(rate), new Nbd(.3, .3 / rate), new BgNbd(.3, .3 / rate, .5, 2)])
        {
            var expected = histories.Total(model, horizon);
            double Total(WholeOccasions whole) => Forecasts(whole, histories, model, horizon).Select((f, i) => (double)f * histories[i].Count).Sum();
            var total = Total(WholeOccasions.Learn(histories, model, horizon));

            // Every total that a common level can give: just above each of the probabilities of at most n occasions.
            var nearest = Enumerable.Range(0, histories.GroupCount).SelectMany(i =>
                {
                    var sum = 0.0;
                    var levels = new double[200];
                    model.TransactionProbabilities(histories[i].Frequency, histories[i].Recency, histories[i].Age, horizon, levels);
                    return levels.Select(p => sum += p).ToArray();
                })
                .Where(level => level < .999).Select(level => Math.Round(level, 11) + 1e-11).Distinct()
                .Select(level => Total(new WholeOccasions(level))).Append(0).Min(t => Math.Abs(t - expected));

            Assert.Equal(nearest, Math.Abs(total - expected), 1e-6);
        }
    }

    [Fact]
    public void WholeOccasions_NothingToExpect_ForecastNothing()
    {
        var model = new BgNbd(.25, 4, .8, 2.4);
        var histories = GroupedHistories.FromTable([new(0, 0, 30, 10), new(3, 12, 20, 5)]);

        Assert.Equal(0, WholeOccasions.Learn(histories, model, 0).Forecast(model, 3, 12, 20, 0));
        Assert.Equal(new WholeOccasions(0), WholeOccasions.Learn(GroupedHistories.FromTable([]), model, 39));
        Assert.Equal(0, new WholeOccasions(0).Forecast(model, 300, 20, 20, 39));
        Assert.InRange(new WholeOccasions(.7).Forecast(model, 20_000, 1565, 1565, 52), 500, 800);
    }

    private static int[] Forecasts(WholeOccasions whole, GroupedHistories histories, ITransactionModel model, double horizon) =>
        [.. Enumerable.Range(0, histories.GroupCount).Select(i => whole.Forecast(model, histories[i].Frequency, histories[i].Recency, histories[i].Age, horizon))];
}

file static class Expected
{
    public static double Total(this GroupedHistories histories, ITransactionModel model, double horizon) =>
        Enumerable.Range(0, histories.GroupCount).Select(i => histories[i])
            .Sum(g => g.Count * model.ExpectedTransactions(g.Frequency, g.Recency, g.Age, horizon));
}
