using Clv.Core.Models;

namespace Clv.Core.Tests.Models;

/// <summary>The Pareto/NBD at fixed parameters: published values, and brute-force quadrature far beyond what fits give.</summary>
public class ParetoNbdTests
{
    /// <summary>The rounded CDNOW estimates of Fader and Hardie's notes.</summary>
    private static readonly ParetoNbd Notes = new(0.553, 10.578, 0.606, 11.669);

    /// <summary>The grid's corners: every shape and scale a fit may reach, s = 1 and its neighbours, alpha and beta far apart.</summary>
    private static readonly ParetoNbd[] Corners =
    [
        .. from r in new[] { 0.01, 0.55, 20 }
           from s in new[] { 0.01, 0.606, 0.999999, 1, 1.0000001, 20 }
           from scales in new[] { (0.01, 1000.0), (1000.0, 0.01), (0.01, 0.01), (10.578, 11.669), (20, 20), (1000, 999) }
           select new ParetoNbd(r, scales.Item1, s, scales.Item2),
    ];

    private static readonly double[] Ages = [1 / 7.0, 38.86, 1565];

    /// <summary>Fader and Hardie, notes on the Pareto/NBD model (P(alive) and conditional expectation of a CDNOW customer).</summary>
    [Fact]
    public void ProbabilityAlive_NotesCustomer_IsPublished() =>
        Assert.Equal(0.8692, Notes.ProbabilityAlive(2, 30.43, 38.86), 5e-5);

    [Fact]
    public void ExpectedTransactions_NotesCustomer_IsPublished() =>
        Assert.Equal(1.4551, Notes.ExpectedTransactions(2, 30.43, 38.86, 39), 5e-5);

    /// <summary>Fader, Hardie and Lee (2005), RFM and CLV, Journal of Marketing Research 42(4), and the note on its DERT.</summary>
    [Fact]
    public void DiscountedTransactions_UnlimitedHorizon_IsPublishedDert()
    {
        Assert.Equal(6.4838, Notes.DiscountedTransactions(2, 30.43, 38.86, double.PositiveInfinity, 0.0027), 5e-5);
        Assert.Equal(
            1.864183328,
            new ParetoNbd(0.5629966, 12.559037, 0.4081095, 10.5148048).DiscountedTransactions(7, 35, 77.86, double.PositiveInfinity, 0.0027),
            1e-9);
    }

    [Fact]
    public void ProbabilityAlive_Grid_MatchesOracle()
    {
        foreach (var model in Corners)
        {
            foreach (var x in new[] { 0, 1, 7, 400, 20_000 })
            {
                foreach (var age in Ages)
                {
                    foreach (var share in x == 0 ? [0.0] : new[] { 0, 0.4, 0.98, 0.999999 })
                    {
                        CheckAlive(model, x, share * age, age);
                    }
                }
            }
        }
    }

    /// <summary>20,000 draws of this kind were 5e-12 off at worst, half of them 1e-15.</summary>
    [Fact]
    public void ProbabilityAlive_RandomModels_MatchesOracle()
    {
        var random = new SeededRandom(31);
        double Between(double low, double high) => low * Math.Pow(high / low, random.NextDouble());
        for (var i = 0; i < 1000; i++)
        {
            var model = new ParetoNbd(Between(0.01, 20), Between(0.01, 1000), Between(0.01, 20), Between(0.01, 1000));
            var age = Between(0.14, 1565);
            CheckAlive(model, 1 + (int)Between(1, 20_000), age * random.NextDouble(), age);
            CheckAlive(model, 0, 0, age);
        }
    }

    [Theory]
    [InlineData(0.553, 10.578, 0.606, 11.669, 2, 30.43, 38.86)]
    [InlineData(0.553, 10.578, 0.606, 11.669, 0, 0, 38.86)]
    [InlineData(2, 0.5, 1, 30, 5, 1, 20)]
    [InlineData(1.2, 30, 3, 0.5, 3, 9, 10)]
    public void LogLikelihood_Story_Agrees(double r, double alpha, double s, double beta, int x, double tx, double age)
    {
        var model = new ParetoNbd(r, alpha, s, beta);

        Assert.Equal(LifetimeOracle.LogLikelihoodOfTheStory(model, x, tx, age), model.LogLikelihood(x, tx, age), 1e-9);
    }

    [Fact]
    public void DiscountedTransactions_Grid_MatchesOracle()
    {
        foreach (var model in Corners)
        {
            foreach (var age in new[] { 0, 38.86, 1565 })
            {
                foreach (var horizon in new[] { 1 / 7.0, 52, 1565, double.PositiveInfinity })
                {
                    // 0.005 %, 5 % and 100 % a year.
                    foreach (var rate in new[] { 1e-6, 0.00094, 0.0133 })
                    {
                        CheckNear(
                            LifetimeOracle.DiscountedIfAlive(model, 3, age, horizon, rate),
                            model.DiscountedTransactionsIfAlive(3, age, horizon, rate),
                            $"{model.Parameters[2]} T={age} H={horizon} rate={rate}");
                    }
                }
            }
        }
    }

    [Fact]
    public void ExpectedTransactions_Grid_MatchesOracle()
    {
        foreach (var model in Corners)
        {
            foreach (var horizon in new[] { 1 / 7.0, 52, 1565 })
            {
                foreach (var age in new[] { 0, 38.86, 1565 })
                {
                    CheckNear(
                        LifetimeOracle.DiscountedIfAlive(model, 3, age, horizon, 0),
                        model.ExpectedTransactionsIfAlive(3, age, horizon),
                        $"s={model.S} beta={model.Beta} T={age} H={horizon}");
                }
            }
        }
    }

    [Fact]
    public void ExpectedTransactions_UnlimitedHorizon_IsFiniteForShortLivesOnly()
    {
        var shortLived = new ParetoNbd(0.5, 10, 1.2, 12);
        Assert.Equal(
            LifetimeOracle.DiscountedIfAlive(shortLived, 3, 40, 1e60, 0),
            shortLived.ExpectedTransactionsIfAlive(3, 40, double.PositiveInfinity),
            1e-9);
        Assert.Equal(double.PositiveInfinity, new ParetoNbd(0.5, 10, 1, 12).ExpectedTransactions(3, 20, 40, double.PositiveInfinity));
        Assert.Equal(double.PositiveInfinity, Notes.DiscountedTransactions(20_000, 1, 1565, double.PositiveInfinity, 0));
    }

    [Theory]
    [InlineData(0.553, 10.578, 0.606, 11.669, 2, 38.86, 39)]
    [InlineData(0.01, 0.01, 20, 1000, 0, 0, 52)]
    [InlineData(20, 1000, 0.01, 0.01, 7, 1, 1565)]
    [InlineData(3, 0.01, 1, 1000, 40, 20, 1565)]
    [InlineData(0.5, 1000, 2, 0.01, 0, 0, 1565)]
    [InlineData(0.5, 10, 1.5, 10, 20_000, 1565, 52)]
    [InlineData(0.5, 10, 1.5, 10, 400, 38.86, 1 / 7.0)]
    public void TransactionProbabilities_Integral_Agrees(double r, double alpha, double s, double beta, int x, double age, double horizon)
    {
        var model = new ParetoNbd(r, alpha, s, beta);
        var probabilities = new double[900];

        // At tx = T everybody is alive.
        model.TransactionProbabilities(x, x == 0 ? 0 : age, age, horizon, probabilities);

        var alive = model.ProbabilityAlive(x, x == 0 ? 0 : age, age);
        foreach (var n in new[] { 0, 1, 2, 5, 20, 60, 300, 660, 899 })
        {
            var expected = (alive * LifetimeOracle.ProbabilityIfAlive(model, x, age, horizon, n)) + (n == 0 ? 1 - alive : 0);
            Assert.Equal(expected, probabilities[n], 1e-10);
        }
    }

    [Fact]
    public void TransactionProbabilities_ManyCounts_SumToOneAndHaveTheExpectedMean()
    {
        var random = new SeededRandom(33);
        double Between(double low, double high) => low * Math.Pow(high / low, random.NextDouble());
        for (var i = 0; i < 60; i++)
        {
            // Few enough occasions for the tail to be in the span.
            var model = new ParetoNbd(Between(0.3, 20), Between(5, 1000), Between(0.01, 20), Between(0.01, 1000));
            var (x, age) = (random.NextInt(30), Between(1, 500));
            var tx = x == 0 ? 0 : age * random.NextDouble();
            var horizon = Between(0.1, 1) * (model.Alpha + age);
            var probabilities = new double[2000];

            model.TransactionProbabilities(x, tx, age, horizon, probabilities);

            Assert.Equal(1, probabilities.Sum(), 1e-10);
            var expected = model.ExpectedTransactions(x, tx, age, horizon);
            Assert.Equal(expected, probabilities.Select((p, n) => n * p).Sum(), 1e-9 * (1 + expected));
        }
    }

    [Fact]
    public void TransactionProbabilities_NoTime_IsNothing()
    {
        var probabilities = new double[3];

        Notes.TransactionProbabilities(2, 30.43, 38.86, 0, probabilities);

        Assert.Equal([1, 0, 0], probabilities);
    }

    [Fact]
    public void NextCustomer_ManyCustomers_BuyAsTheModelSays()
    {
        const int customers = 200_000;
        var model = new ParetoNbd(0.8, 6, 0.9, 15);
        var simulator = model.Simulator(new SeededRandom(34));
        var seen = new int[12];
        var total = 0L;
        for (var i = 0; i < customers; i++)
        {
            var count = simulator.NextCustomer(40).Length;
            total += count;
            if (count < seen.Length)
            {
                seen[count]++;
            }
        }

        var probabilities = new double[400];
        model.TransactionProbabilities(40, probabilities);
        var (mean, square) = (0.0, 0.0);
        for (var n = 0; n < probabilities.Length; n++)
        {
            mean += n * probabilities[n];
            square += (double)n * n * probabilities[n];
        }

        Assert.Equal(model.ExpectedTransactions(40), total / (double)customers, 4 * Math.Sqrt((square - (mean * mean)) / customers));
        for (var n = 0; n < seen.Length; n++)
        {
            var p = probabilities[n];
            Assert.Equal(p, seen[n] / (double)customers, 4.5 * Math.Sqrt(p * (1 - p) / customers));
        }
    }

    [Fact]
    public void NextCustomer_CustomersWithOneHistory_LiveOnAsOftenAsTheModelSays()
    {
        // Of customers with two occasions in 40 weeks, the last in the first half, how many buy again, and how often.
        var model = new ParetoNbd(0.8, 6, 0.9, 15);
        var simulator = model.Simulator(new SeededRandom(35));
        var (expected, actual, variance, customers) = (0.0, 0.0, 0.0, 0);
        for (var i = 0; i < 400_000; i++)
        {
            var times = simulator.NextCustomer(80);
            var x = 0;
            while (x < times.Length && times[x] <= 40)
            {
                x++;
            }

            if (x == 2 && times[1] < 20)
            {
                var more = times.Length - x;
                expected += model.ExpectedTransactions(2, times[1], 40, 40);
                actual += more;
                variance += more * more;
                customers++;
            }
        }

        Assert.InRange(customers, 5000, 100_000);
        Assert.Equal(expected, actual, 4 * Math.Sqrt(variance));
    }

    [Fact]
    public void EveryMember_ExtremeHistories_IsFinite()
    {
        foreach (var model in Corners)
        {
            foreach (var x in new[] { 0, 1, 20_000 })
            {
                foreach (var age in new[] { 0.0, 1565, 1e12 })
                {
                    foreach (var tx in x == 0 ? [0.0] : new[] { 0, age })
                    {
                        Assert.True(double.IsFinite(model.LogLikelihood(x, tx, age)));
                        Assert.InRange(model.ProbabilityAlive(x, tx, age), 0, 1);
                        Assert.InRange(model.ExpectedTransactions(x, tx, age, 1565), 0, 1e12);
                        var dert = model.DiscountedTransactions(x, tx, age, double.PositiveInfinity, 0.002);
                        Assert.InRange(dert, model.DiscountedTransactions(x, tx, age, 1565, 0.002) * (1 - 1e-12), 1e12);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(0, 1, 1, 1)]
    [InlineData(1, -1, 1, 1)]
    [InlineData(1, 1, double.NaN, 1)]
    [InlineData(1, 1, 1, double.PositiveInfinity)]
    public void Constructor_ImpossibleParameter_Throws(double r, double alpha, double s, double beta) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ParetoNbd(r, alpha, s, beta));

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void ExpectedTransactions_ImpossibleHorizon_Throws(double horizon) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Notes.ExpectedTransactions(2, 30, 38, horizon));

    [Theory]
    [InlineData(-1, 0, 1)]
    [InlineData(1, 2, 1)]
    [InlineData(0, 1, 2)]
    public void ProbabilityAlive_ImpossibleHistory_Throws(int x, double tx, double age) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Notes.ProbabilityAlive(x, tx, age));

    private static void CheckAlive(ParetoNbd model, int x, double tx, double age)
    {
        var odds = LifetimeOracle.LogOdds(model, x, tx, age);
        var likelihood = model.LogLikelihood(x, tx, age);
        // Without a chance of being alive there are no digits to compare in a probability; the likelihood still has them.
        if (odds < 600)
        {
            CheckNear(1 / (1 + Math.Exp(odds)), model.ProbabilityAlive(x, tx, age), $"{model} x={x} tx={tx} T={age}");
        }

        var oracle = MathNet.Numerics.SpecialFunctions.GammaLn(model.R + x) - MathNet.Numerics.SpecialFunctions.GammaLn(model.R)
            + (model.R * Math.Log(model.Alpha)) - ((model.R + x) * Math.Log(model.Alpha + age))
            + (model.S * (Math.Log(model.Beta) - Math.Log(model.Beta + age)))
            + Math.Max(odds, 0) + Math.Log(1 + Math.Exp(-Math.Abs(odds)));
        Assert.True(Math.Abs(likelihood - oracle) <= 1e-9 * (1 + Math.Abs(oracle)), $"{model} x={x} tx={tx} T={age}: {likelihood:r}, oracle {oracle:r}");
    }

    private static void CheckNear(double oracle, double actual, string what) =>
        Assert.True(Math.Abs(actual - oracle) <= 1e-9 * oracle, $"{what}: {actual:r}, oracle {oracle:r}");
}
