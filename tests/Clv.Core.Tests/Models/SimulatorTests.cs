using Clv.Core.Models;

namespace Clv.Core.Tests.Models;

public class SimulatorTests
{
    [Fact]
    public void NextBits_KnownSeed_NeverChanges()
    {
        // Generated data sets are cited by their seed, so these numbers are for good.
        var random = new SeededRandom(42, 7);

        Assert.Equal([7094150420702097787UL, 16892645422181031343UL], [random.NextBits(), random.NextBits()]);
    }

    [Fact]
    public void Restart_SameStream_RepeatsTheCustomer()
    {
        var random = new SeededRandom(1, 5);
        var simulator = new DaySimulator(new BgNbd(5, 5, 0.5, 20).Simulator(random), random);
        var first = simulator.NextCustomer(700).ToArray();

        random.Restart(1, 6);
        Assert.NotEqual(first, simulator.NextCustomer(700).ToArray());
        random.Restart(1, 5);
        Assert.Equal(first, simulator.NextCustomer(700).ToArray());
    }

    [Fact]
    public void NextCustomer_AnyCustomer_BuysOnAscendingDaysWithinAge()
    {
        // Several purchases a day, if days could hold them.
        var random = new SeededRandom(9);
        var simulator = new DaySimulator(new BgNbd(2, 0.1, 0.5, 200).Simulator(random), random);
        for (var age = 0; age < 600; age++)
        {
            var last = 0;
            foreach (var day in simulator.NextCustomer(age))
            {
                Assert.InRange(day, last + 1, age);
                last = day;
            }
        }
    }

    [Fact]
    public void NextCustomer_ManyCustomers_BuyAsOftenAsTheModelExpects()
    {
        const int customers = 200_000;
        var random = new SeededRandom(10);
        var simulator = new DaySimulator(Simulated.Buying.Simulator(random), random);
        var total = 0L;
        for (var i = 0; i < customers; i++)
        {
            total += simulator.NextCustomer(364).Length;
        }

        // Occasions per customer have a standard deviation of about 2.6.
        Assert.Equal(Simulated.Buying.ExpectedTransactions(52), total / (double)customers, 4 * 2.6 / Math.Sqrt(customers));
    }

    [Fact]
    public void NextValue_ManyCustomers_HasThePopulationMean()
    {
        const int customers = 200_000;
        var simulator = new GammaGammaSimulator(Simulated.Spending, new SeededRandom(11));
        var total = 0.0;
        for (var i = 0; i < customers; i++)
        {
            simulator.NextCustomer();
            total += simulator.NextValue();
        }

        Assert.Equal(Simulated.Spending.PopulationMean, total / customers, 0.5);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.8)]
    [InlineData(3)]
    [InlineData(400)]
    public void NextGamma_ManyDraws_HaveMeanAndVariance(double shape)
    {
        const int draws = 200_000;
        var random = new SeededRandom(12);
        var (sum, squares) = (0.0, 0.0);
        for (var i = 0; i < draws; i++)
        {
            var deviation = random.NextGamma(shape) - shape;
            sum += deviation;
            squares += deviation * deviation;
        }

        // The variance of a squared deviation is (2 + 6 / shape) shape^2.
        Assert.Equal(0, sum / draws, 4 * Math.Sqrt(shape / draws));
        Assert.Equal(1, squares / draws / shape, 4 * Math.Sqrt((2 + (6 / shape)) / draws));
    }
}
