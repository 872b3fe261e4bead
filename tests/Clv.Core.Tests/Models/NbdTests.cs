using Clv.Core.Models;

namespace Clv.Core.Tests.Models;

/// <summary>The models whose customers never leave.</summary>
public class NbdTests
{
    private static readonly Nbd Model = new(0.384766, 12.072);

    [Fact]
    public void LogLikelihood_IntegralOverRates_Agrees()
    {
        // The expectation of lambda^x exp(-lambda T) over the gamma density, by the trapezoid rule in ln lambda.
        foreach (var (x, age) in new[] { (0, 39.0), (2, 39), (29, 30) })
        {
            const double step = 0.01;
            var total = Enumerable.Range(-12_000, 12_400).Select(i => step * i).Sum(log =>
                Math.Exp(((Model.R + x) * log) - ((Model.Alpha + age) * Math.Exp(log))));
            var expected = Math.Log(step * total) + (Model.R * Math.Log(Model.Alpha)) - MathNet.Numerics.SpecialFunctions.GammaLn(Model.R);

            Assert.Equal(expected, Model.LogLikelihood(x, 0, age), 1e-10);
        }
    }

    [Fact]
    public void ExpectedTransactions_AnyHorizon_IsPosteriorRateTimesWeeks()
    {
        Assert.Equal((Model.R + 5) / (Model.Alpha + 30) * 52, Model.ExpectedTransactions(5, 12, 30, 52), 1e-13);
        Assert.Equal(Model.R / Model.Alpha * 52, Model.ExpectedTransactions(52), 1e-13);
        Assert.Equal(double.PositiveInfinity, Model.ExpectedTransactions(5, 12, 30, double.PositiveInfinity));
        Assert.Equal(1, Model.ProbabilityAlive(5, 0.1, 3000));
    }

    [Fact]
    public void DiscountedTransactions_UnlimitedHorizon_IsTheLimitOfFiniteOnes()
    {
        const double rate = 0.0027;
        var unlimited = Model.DiscountedTransactions(5, 12, 30, double.PositiveInfinity, rate);

        Assert.Equal((Model.R + 5) / (Model.Alpha + 30) / rate, unlimited, 1e-10);
        Assert.Equal(1, Model.DiscountedTransactions(5, 12, 30, 20_000, rate) / unlimited, 1e-12);
        Assert.Equal(Model.ExpectedTransactions(5, 12, 30, 52), Model.DiscountedTransactions(5, 12, 30, 52, 1e-18), 1e-12);
    }

    [Fact]
    public void TransactionProbabilities_ReferenceDistribution_Agrees()
    {
        var probabilities = new double[300];
        Model.TransactionProbabilities(5, 12, 30, 52, probabilities);

        var reference = new MathNet.Numerics.Distributions.NegativeBinomial(Model.R + 5, (Model.Alpha + 30) / (Model.Alpha + 82));
        foreach (var n in new[] { 0, 1, 6, 40 })
        {
            Assert.Equal(reference.Probability(n), probabilities[n], 1e-12);
        }

        Assert.Equal(1, probabilities.Sum(), 1e-12);
        Assert.Equal(Model.ExpectedTransactions(5, 12, 30, 52), probabilities.Select((p, n) => n * p).Sum(), 1e-9);
    }

    [Fact]
    public void EveryMember_AlmostNoDropout_IsTheLimitOfParetoNbd()
    {
        var limit = new ParetoNbd(Model.R, Model.Alpha, 1e-12, 20);
        foreach (var (x, tx, age) in new[] { (0, 0.0, 39.0), (2, 30, 39), (7, 35, 77) })
        {
            Assert.Equal(Model.LogLikelihood(x, tx, age), limit.LogLikelihood(x, tx, age), 1e-9);
            Assert.Equal(Model.ExpectedTransactions(x, tx, age, 52), limit.ExpectedTransactions(x, tx, age, 52), 1e-9);
            Assert.Equal(Model.DiscountedTransactions(x, tx, age, 52, 0.002), limit.DiscountedTransactions(x, tx, age, 52, 0.002), 1e-9);
            var (mine, theirs) = (new double[20], new double[20]);
            Model.TransactionProbabilities(x, tx, age, 52, mine);
            limit.TransactionProbabilities(x, tx, age, 52, theirs);
            Assert.All(mine.Zip(theirs), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
        }
    }

    [Fact]
    public void Poisson_EveryMember_IsThatOfAPoissonProcess()
    {
        var model = new Poisson(0.2);
        var probabilities = new double[60];
        model.TransactionProbabilities(3, 10, 20, 52, probabilities);

        Assert.Equal((3 * Math.Log(0.2)) - 4, model.LogLikelihood(3, 10, 20), 1e-12);
        Assert.Equal(10.4, model.ExpectedTransactions(3, 10, 20, 52), 1e-12);
        Assert.Equal(0.2 / 0.002, model.DiscountedTransactions(3, 10, 20, double.PositiveInfinity, 0.002), 1e-9);
        Assert.Equal(1, model.ProbabilityAlive(3, 10, 20));
        Assert.All(Enumerable.Range(0, 60), n => Assert.Equal(MathNet.Numerics.Distributions.Poisson.PMF(10.4, n), probabilities[n], 1e-12));
    }

    [Fact]
    public void Poisson_RateOfZero_ExpectsNothing()
    {
        var model = new Poisson(0);
        var probabilities = new double[2];
        model.TransactionProbabilities(52, probabilities);

        Assert.Equal([1, 0], probabilities);
        Assert.Equal(0, model.LogLikelihood(0, 0, 20));
        Assert.Equal(double.NegativeInfinity, model.LogLikelihood(1, 2, 20));
        Assert.Equal(0, model.DiscountedTransactions(0, 0, 20, double.PositiveInfinity, 0));
        Assert.Equal(0, model.Simulator(new SeededRandom(1)).NextCustomer(1e6).Length);
    }

    [Fact]
    public void NextCustomer_ManyCustomers_BuyAsOftenAsTheModelExpects()
    {
        const int customers = 100_000;
        foreach (var (model, variance) in new (ITransactionModel Model, double Variance)[]
        {
            // rho tau (1 + tau) with tau = t / alpha; and rate t.
            (new Nbd(0.7, 20), 0.7 * 2.6 * 3.6),
            (new Poisson(0.1), 5.2),
        })
        {
            var simulator = model.Simulator(new SeededRandom(51));
            var total = 0L;
            for (var i = 0; i < customers; i++)
            {
                total += simulator.NextCustomer(52).Length;
            }

            Assert.Equal(model.ExpectedTransactions(52), total / (double)customers, 4 * Math.Sqrt(variance / customers));
        }
    }

    [Fact]
    public void Run_Poisson_IsAllOccasionsOverAllWeeks()
    {
        var fit = PoissonFit.Run(GroupedHistories.FromTable([new(0, 0, 40, 3), new(5, 20, 60, 2)]));

        Assert.Equal(10 / 240.0, fit.Model!.Rate, 1e-15);
        Assert.Equal(10 / 240.0 / Math.Sqrt(10), fit.Parameters[0].StandardError!.Value, 1e-15);
        Assert.Equal((3 * fit.Model.LogLikelihood(0, 0, 40)) + (2 * fit.Model.LogLikelihood(5, 20, 60)), fit.LogLikelihood!.Value, 1e-12);
    }

    [Fact]
    public void Constructor_ImpossibleParameter_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Nbd(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Nbd(1, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Poisson(-1));
    }
}
