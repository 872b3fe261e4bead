using Clv.Core.Models;

namespace Clv.Core.Tests.Models;

public class ShrunkSpendTests
{
    /// <summary>Where the middle 80 % of a distribution begins and ends.</summary>
    private const double Tail = .1;

    [Theory]
    [MemberData(nameof(Spreads))]
    public void TotalProbability_LognormalValues_HoldsTheMiddle(double within, double between)
    {
        var model = new ShrunkSpend(40 * Math.Exp(((within * within) + (between * between)) / 2), 40, within, between);

        foreach (var (count, occasions) in Cases())
        {
            Assert.InRange(Held(model, count, occasions, within, between, customers: 10_000), .78, .82);
        }
    }

    [Theory]
    [MemberData(nameof(Spreads))]
    public void Run_LognormalValues_HoldsTheMiddle(double within, double between)
    {
        var model = Fit(20_000, seed: 5, within, between);

        // Means alone hardly tell how much one customer's values vary where customers differ four times as much.
        foreach (var (count, occasions) in Cases().Where(c => c.Count == 0 || between < 4 * within))
        {
            Assert.InRange(Held(model, count, occasions, within, between, customers: 4000), .75, .85);
        }
    }

    public static TheoryData<double, double> Spreads()
    {
        var data = new TheoryData<double, double>();
        foreach (var within in (double[])[.5, 1, 2])
        {
            foreach (var between in (double[])[.5, 1, 2])
            {
                data.Add(within, between);
            }
        }

        return data;
    }

    // What a new customer will spend is as uncertain as customers differ, however even each of them is.
    [Fact]
    public void TotalProbability_CustomersWhoNeverVary_KnowsTheOldAndNotTheNew()
    {
        var model = Fit(3000, seed: 3, within: 0, between: 2);

        Assert.InRange(model.Spread, 1.8, 2.2);
        Assert.InRange(Held(model, 0, 1, 0, 2, customers: 4000), .75, .85);
        Assert.InRange(Held(model, 0, 10, 0, 2, customers: 4000), .75, .85);
        Assert.InRange(Quantile(model, 5, 700, 1, .9) / Quantile(model, 5, 700, 1, .1), 1, 5);
    }

    // Nine orders of magnitude: no Gamma-Gamma has a mean there.
    [Fact]
    public void Run_LogUniformOverNineOrders_ExpectsTheTotalAndHoldsTheMiddle()
    {
        var random = new Random(11);
        double Value() => Math.Pow(10, (9 * random.NextDouble()) - 2);
        var grouper = new SpendGrouper();
        var customers = Enumerable.Range(0, 4000).Select(i => (Count: 1 + (i % 4), Mean: Enumerable.Range(0, 1 + (i % 4)).Average(_ => Value()))).ToArray();
        foreach (var (count, mean) in customers)
        {
            grouper.Add(count, mean);
        }

        var estimate = SpendEstimate.Run(grouper.Build())!;
        Assert.Equal(SpendEstimate.ShrunkId, estimate.Id);
        var model = estimate.Model;

        var expected = customers.Sum(c => model.ExpectedValue(c.Count, c.Mean));
        var actual = customers.Sum(_ => Value());
        Assert.InRange(expected / actual, 1 / 1.5, 1.5);
        // A uniform logarithm has no tails: the middle 80 % of a normal one with its variance holds 74 % of it.
        foreach (var (occasions, least, most) in new[] { (1, .65, .79), (3, .8, .95) })
        {
            var held = customers.Average(c => Middle(model, c.Count, c.Mean, occasions, Enumerable.Range(0, occasions).Sum(_ => Value())));
            Assert.InRange(held, least, most);
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(2, .5)]
    [InlineData(2, 2)]
    public void Run_LognormalValues_ExpectsTheTotal(double within, double between)
    {
        var mean = 40 * Math.Exp(((within * within) + (between * between)) / 2);

        Assert.InRange(Fit(50_000, seed: 8, within, between).PopulationMean / mean, .8, 1.2);
    }

    [Theory]
    [InlineData(.1)]
    [InlineData(19.99)]
    [InlineData(1e9 / 7)]
    public void Run_EqualAmounts_ExpectsExactlyThat(double amount)
    {
        var grouper = new SpendGrouper();
        for (var i = 0; i < 101; i++)
        {
            grouper.Add(1 + (i % 7), amount);
        }

        var model = ShrunkSpendFit.Run(grouper.Build())!;

        Assert.Equal(amount, model.PopulationMean);
        Assert.Equal(amount, model.ExpectedValue(3, amount));
        Assert.Equal(1, model.TotalProbability(3, amount, 3, 3 * amount * 1.0001));
        Assert.Equal(0, model.TotalProbability(0, 0, 3, 3 * amount * .9999));
    }

    [Fact]
    public void Run_OneCustomer_ExpectsThatCustomersMean()
    {
        var grouper = new SpendGrouper();
        grouper.Add(3, 12.34);

        var model = ShrunkSpendFit.Run(grouper.Build())!;

        Assert.Equal(12.34, model.PopulationMean);
        Assert.Equal(12.34, model.ExpectedValue(3, 12.34));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(.5)]
    public void Run_OneCustomersMillionsAmongHundreds_AreNotEverybodys(double between)
    {
        var grouper = new SpendGrouper();
        var random = new Random(4);
        for (var i = 0; i < 300; i++)
        {
            grouper.Add(1 + (i % 3), i == 70 ? 5e6 : 40 * Math.Exp(between * Normal(random)));
        }

        Assert.InRange(ShrunkSpendFit.Run(grouper.Build())!.PopulationMean, 38, 40 * Math.Exp(between * between / 2) * 1.1);
    }

    // Nothing that a currency could bring leaves the doubles.
    [Theory]
    [InlineData(1e-300, 1e300)]
    [InlineData(1e300, 1.7e308)]
    [InlineData(1e-12, 1e12)]
    public void Run_ExtremeAmounts_StaysFinite(double low, double high)
    {
        var grouper = new SpendGrouper();
        for (var i = 0; i < 40; i++)
        {
            grouper.Add(1 + (i % 5), i % 2 == 0 ? low : high);
        }

        var model = ShrunkSpendFit.Run(grouper.Build())!;

        Assert.True(double.IsFinite(model.PopulationMean));
        Assert.InRange(model.ExpectedValue(2, high), low, high);
        Assert.InRange(model.TotalProbability(0, 0, 2, high), .4, 1);
        Assert.InRange(model.TotalProbability(2, low, 20_000, low), 0, .6);
    }

    [Fact]
    public void Create_StoredParameters_MakesTheModelAgain()
    {
        var model = Fit(200, seed: 2, within: 1, between: .7);

        Assert.Equal(model, SpendEstimate.Create(SpendEstimate.ShrunkId, model.Parameters.ToDictionary(StringComparer.Ordinal)));
        Assert.NotEqual(model, new ShrunkSpend(model.Level, model.Median, model.Variation + 1, model.Spread));
    }

    // ln of a mean of n lognormal values by simulation, against the location and width of the total's distribution.
    [Theory]
    [InlineData(.3, 4)]
    [InlineData(1, 2)]
    [InlineData(1, 400)]
    [InlineData(2, 10)]
    [InlineData(6, 30)]
    public void TotalProbability_LogarithmOfTheTotal_HasItsMeanAndVariance(double within, int occasions)
    {
        const int Draws = 40_000;
        var random = new Random(9);
        var logs = new double[Draws];
        for (var i = 0; i < Draws; i++)
        {
            logs[i] = Math.Log(Enumerable.Range(0, occasions).Sum(_ => Math.Exp(within * Normal(random))));
        }

        var model = new ShrunkSpend(1, 1, within, 0);
        double Log(double z) => Math.Log(Quantile(model, 0, 0, occasions, MathNet.Numerics.Distributions.Normal.CDF(0, 1, z)));
        var (mean, deviation) = (Log(0), (Log(1) - Log(-1)) / 2);
        var simulated = Math.Sqrt(logs.Average(l => Math.Pow(l - logs.Average(), 2)));

        Assert.Equal(logs.Average(), mean, .02 * simulated);
        Assert.Equal(1, deviation / simulated, .02);
    }

    private static IEnumerable<(int Count, int Occasions)> Cases() =>
        from count in (int[])[0, 1, 5]
        from occasions in (int[])[1, 3, 10]
        select (count, occasions);

    private static ShrunkSpend Fit(int customers, int seed, double within, double between)
    {
        var random = new Random(seed);
        var grouper = new SpendGrouper();
        for (var i = 0; i < customers; i++)
        {
            var count = 1 + (i % 6);
            grouper.Add(count, Values(random, 40 * Math.Exp(between * Normal(random)), within, count) / count);
        }

        return ShrunkSpendFit.Run(grouper.Build())!;
    }

    private static double Held(ShrunkSpend model, int count, int occasions, double within, double between, int customers)
    {
        var random = new Random((count * 100) + occasions);
        return Enumerable.Range(0, customers).Average(_ =>
        {
            var level = 40 * Math.Exp(between * Normal(random));
            var mean = count == 0 ? 0 : Values(random, level, within, count) / count;
            return Middle(model, count, mean, occasions, Values(random, level, within, occasions));
        });
    }

    private static double Middle(ISpendModel model, int count, double mean, int occasions, double total) =>
        model.TotalProbability(count, mean, occasions, total) is > Tail and < 1 - Tail ? 1 : 0;

    private static double Quantile(ShrunkSpend model, int count, double mean, int occasions, double probability)
    {
        double low = -100, high = 100;
        for (var i = 0; i < 60; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = model.TotalProbability(count, mean, occasions, Math.Exp(middle)) < probability ? (middle, high) : (low, middle);
        }

        return Math.Exp(high);
    }

    private static double Values(Random random, double level, double within, int count) =>
        Enumerable.Range(0, count).Sum(_ => level * Math.Exp(within * Normal(random)));

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
