using System.Globalization;
using System.Text.Json;
using Clv.Core.Models;

namespace Clv.Core.Tests.Models;

/// <summary>Fits of the Pareto/NBD, of the NBD and of the Poisson model.</summary>
public class ParetoNbdFitTests
{
    private static readonly FitOptions NoMinimum = new() { MinimumRepeaters = 0 };
    private static readonly ParetoNbd Truth = new(0.55, 10.6, 0.61, 11.7);

    /// <summary>Fader, Hardie and Lee (2005), Marketing Science 24(2), table 2; standard errors by Fader and Hardie's notes.</summary>
    [Fact]
    public void Run_CdnowSample_MatchesPublishedParetoNbd()
    {
        var fit = ParetoNbdFit.Run(Cdnow.Load("cdnow_sample_tx.csv").Histories);

        AssertPublished(fit, -9594.976, [0.5533, 10.578, 0.6061, 11.66], 1e-3);
        Assert.Equal(0.0476, fit.Parameters[0].StandardError!.Value, 5e-5);
        Assert.Equal(0.843, fit.Parameters[1].StandardError!.Value, 5e-4);
        Assert.Equal(0.187, fit.Parameters[2].StandardError!.Value, 5e-4);
        Assert.Equal(6.21, fit.Parameters[3].StandardError!.Value, 5e-3);
    }

    /// <summary>
    /// The whole CDNOW data, estimates of an independent program. It stopped a little before the top of a flat ridge: its beta is 2e-4 off, its
    /// likelihood lower by less than a thousandth.
    /// </summary>
    [Fact]
    public void Run_CdnowMaster_MatchesPublishedParetoNbd()
    {
        var data = Cdnow.Load("cdnow_master_tx.csv").Histories;
        double[] published = [0.597414, 11.5851, 0.52217, 8.82598];

        var fit = ParetoNbdFit.Run(data);

        AssertPublished(fit, -95415.119, published, 3e-4);
        var there = new ParetoNbdLikelihood(data, 1).Evaluate(published, new double[4], new double[16]) * data.Customers;
        Assert.InRange(there, fit.LogLikelihood!.Value - 1e-3, fit.LogLikelihood.Value);
    }

    /// <summary>Fader, Hardie and Lee (2005), Marketing Science 24(2): the NBD beside the other two.</summary>
    [Fact]
    public void Run_CdnowSample_MatchesPublishedNbd() =>
        AssertPublished(NbdFit.Run(Cdnow.Load("cdnow_sample_tx.csv").Histories), -9763.658, [0.384766, 12.072], 1e-4);

    [Theory]
    [InlineData(new[] { 0.55, 10.6, 0.6, 11.7 })]
    [InlineData(new[] { 1.7, 200, 1, 0.2 })]
    [InlineData(new[] { 0.03, 0.05, 12, 90 })]
    [InlineData(new[] { 15.0, 3, 0.02, 3 })]
    public void Evaluate_GroupedHistories_IsSumOverCustomersWithItsDerivatives(double[] p)
    {
        var data = Customers(3000, 41);
        var (gradient, hessian) = (new double[4], new double[16]);
        var value = new ParetoNbdLikelihood(data, 1).Evaluate(p, gradient, hessian) * data.Customers;

        var model = new ParetoNbd(p[0], p[1], p[2], p[3]);
        var (single, slope, bend) = (0.0, new double[4], new double[16]);
        var (oneSlope, oneBend) = (new double[4], new double[16]);
        for (var i = 0; i < data.GroupCount; i++)
        {
            var group = data[i];
            var one = ParetoNbdHistory.LogLikelihood(model, group.Frequency, group.Recency, group.Age, oneSlope, oneBend);
            Assert.Equal(model.LogLikelihood(group.Frequency, group.Recency, group.Age), one, 1e-9);
            single += group.Count * one;
            for (var k = 0; k < 16; k++)
            {
                slope[k / 4] += k % 4 == 0 ? group.Count * oneSlope[k / 4] : 0;
                bend[k] += group.Count * oneBend[k];
            }
        }

        Assert.Equal(1, value / single, 1e-12);
        for (var k = 0; k < 16; k++)
        {
            Assert.Equal(slope[k / 4] / data.Customers, gradient[k / 4], 1e-10 * (1 + Math.Abs(gradient[k / 4])));
            Assert.Equal(bend[k] / data.Customers, hessian[k], 1e-9 * (1 + Math.Abs(hessian[k])));
        }
    }

    [Theory]
    [InlineData(new[] { 0.55, 10.6, 0.6, 11.7 })]
    [InlineData(new[] { 1.7, 200, 1, 0.2 })]
    [InlineData(new[] { 0.03, 0.05, 12, 90 })]
    [InlineData(new[] { 15.0, 3, 0.02, 3 })]
    public void Evaluate_Derivatives_MatchDifferences(double[] p)
    {
        AssertDerivatives(new ParetoNbdLikelihood(Customers(3000, 42), 1), p);
        AssertDerivatives(new NbdLikelihood(Customers(3000, 42)), p[..2]);
    }

    [Fact]
    public void LogLikelihood_OneExtremeHistory_HasTheDerivativesOfDifferences()
    {
        foreach (var (x, tx, age) in new[] { (0, 0.0, 1565.0), (20_000, 1000, 1565), (20_000, 1564.9, 1565), (1, 0.1, 1500), (3, 40, 40) })
        {
            AssertDerivatives(new OneHistory(x, tx, age), [0.3, 40, 1, 2]);
            AssertDerivatives(new OneHistory(x, tx, age), [3, 0.4, 0.05, 300]);
        }
    }

    [Fact]
    public void Evaluate_NbdGroups_IsSumOverCustomers()
    {
        var data = Customers(3000, 43);
        var model = new Nbd(0.4, 12);
        var expected = Enumerable.Range(0, data.GroupCount).Select(i => data[i]).Sum(g => g.Count * model.LogLikelihood(g.Frequency, g.Recency, g.Age));

        var actual = new NbdLikelihood(data).Evaluate([0.4, 12], new double[2], new double[4]) * data.Customers;

        Assert.Equal(1, actual / expected, 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Run_FiftyThousandCustomers_RecoversWithinThreeStandardErrors(ulong seed) => AssertRecovered(50_000, seed, Truth);

    [Fact]
    public void Run_LongLives_RecoversWithinThreeStandardErrors() => AssertRecovered(50_000, 5, new ParetoNbd(1.5, 30, 1.4, 90));

    [Fact]
    [Trait("Size", "Large")]
    public void Run_MillionCustomers_RecoversWithinThreeStandardErrors() => AssertRecovered(1_000_000, 6, new ParetoNbd(0.8, 14.5, 0.6, 60));

    [Fact]
    public void Run_NbdCustomers_RecoversWithinThreeStandardErrors() =>
        AssertNear(NbdFit.Run(Hourly(50_000, 7, new Nbd(0.7, 20))), [0.7, 24 * 20]);

    [Fact]
    public void Run_OneThreadOrMore_GivesTheSameBits()
    {
        // Enough distinct histories for several chunks and for a search on a part of them.
        var data = Customers(60_000, 44, new ParetoNbd(2, 10, 0.6, 60));
        Assert.True(data.GroupCount > 42_000, $"{data.GroupCount} groups");

        var one = ParetoNbdFit.Run(data, null, new FitOptions { MaxDegreeOfParallelism = 1 });
        var two = ParetoNbdFit.Run(data, null, new FitOptions { MaxDegreeOfParallelism = 2 });

        Assert.True(one.Converged, one.Reason);
        Assert.Equal((3, 3), (one.Starts, one.StartsAgreeing));
        Assert.Equal(one.Parameters, two.Parameters);
        Assert.Equal(one.LogLikelihood, two.LogLikelihood);
        Assert.Equal(one.LogCovariance, two.LogCovariance);
    }

    [Fact]
    public void Run_SearchOnAPart_FindsTheMaximumOfTheWhole()
    {
        var data = Customers(60_000, 44, new ParetoNbd(2, 10, 0.6, 60));

        var fit = ParetoNbdFit.Run(data, new ParetoNbd(1, 8, 0.9, 90));

        Assert.True(fit.Converged, fit.Reason);
        Assert.Equal((4, 4), (fit.Starts, fit.StartsAgreeing));
        var (gradient, hessian) = (new double[4], new double[16]);
        var value = new ParetoNbdLikelihood(data, 1).Evaluate([.. fit.Parameters.Select(p => p.Estimate)], gradient, hessian);
        Assert.Equal(fit.LogLikelihood!.Value, value * data.Customers, 1e-6);
        Assert.All(gradient, (g, i) => Assert.InRange(Math.Abs(g) * fit.Parameters[i].Estimate, 0, 1e-8));
    }

    [Fact]
    public void Run_AbsurdWarmStart_DoesNoHarm()
    {
        var data = Customers(5000, 45);
        var (plain, absurd) = (ParetoNbdFit.Run(data), ParetoNbdFit.Run(data, new ParetoNbd(1e125, 1e-300, 1e300, 1e-9)));

        Assert.True(plain.Converged, plain.Reason);
        Assert.True(absurd.Converged, absurd.Reason);
        Assert.All(plain.Parameters.Zip(absurd.Parameters), pair => Assert.Equal(1, pair.First.Estimate / pair.Second.Estimate, 1e-6));
    }

    [Fact]
    public void Run_OtherUnitOfTime_ScalesTheTimesAlone()
    {
        var weeks = Customers(5000, 46);
        var days = GroupedHistories.FromTable(Enumerable.Range(0, weeks.GroupCount).Select(i => weeks[i])
            .Select(g => g with { Recency = g.Recency * 7, Age = g.Age * 7 }));

        var (byWeek, byDay) = (ParetoNbdFit.Run(weeks).Model!, ParetoNbdFit.Run(days).Model!);

        Assert.Equal(1, byDay.Alpha / (7 * byWeek.Alpha), 1e-7);
        Assert.Equal(1, byDay.Beta / (7 * byWeek.Beta), 1e-6);
        Assert.Equal(byWeek.R, byDay.R, 1e-7);
        Assert.Equal(byWeek.S, byDay.S, 1e-7);
    }

    [Fact]
    public void Run_AbsurdWarmStartOnManyHistories_CountsOnlyTheOthersAsAgreeing()
    {
        var data = Customers(60_000, 44, new ParetoNbd(2, 10, 0.6, 60));

        var fit = ParetoNbdFit.Run(data, new ParetoNbd(1e125, 1e-300, 1e300, 1e-9));

        Assert.True(fit.Converged, fit.Reason);
        Assert.Equal(4, fit.Starts);
        Assert.InRange(fit.StartsAgreeing, 3, 4);
    }

    [Fact]
    public void Run_ManyHistoriesOfCustomersWhoStay_IsRefusedOrAlmostWithoutDropout()
    {
        var model = new Nbd(2, 10);
        var data = Hourly(60_000, 48, model);
        Assert.True(data.GroupCount > 40_000, $"{data.GroupCount} groups");

        var fit = ParetoNbdFit.Run(data);

        AssertSound(fit);
        // Chance decides on which side of no dropout at all the maximum lies; a tenth of a per cent a year is none to speak of.
        var dropoutAYear = fit.Parameters[2].Estimate / fit.Parameters[3].Estimate * 52 * 24;
        Assert.InRange(dropoutAYear, 0, 1e-3);
    }

    /// <summary>The 39 weeks after the calibration period of the CDNOW sample; the error is that of published fits.</summary>
    [Fact]
    public void Run_CdnowSample_PredictsTheHoldoutAsPublished()
    {
        var (end, stop) = (new DateOnly(1997, 9, 30).DayNumber, new DateOnly(1998, 6, 30).DayNumber);
        var customers = File.ReadLines(SharedData.File("cdnow_sample_tx.csv")).Skip(1)
            .Select(line => line.Split(','))
            .GroupBy(f => f[0], f => DateOnly.Parse(f[1], CultureInfo.InvariantCulture).DayNumber)
            .Select(days => days.Distinct().Order().ToArray())
            .ToArray();
        var model = ParetoNbdFit.Run(Cdnow.Load("cdnow_sample_tx.csv").Histories).Model!;

        var (error, actual) = (0.0, 0);
        foreach (var days in customers)
        {
            var x = days.Count(d => d <= end) - 1;
            var later = days.Count(d => d > end && d <= stop);
            actual += later;
            error += Math.Abs(later - model.ExpectedTransactions(x, (days[x] - days[0]) / 7.0, (end - days[0]) / 7.0, 39));
        }

        Assert.Equal(1882, actual);
        Assert.Equal(0.7545, error / customers.Length, 5e-5);
    }

    [Theory]
    [InlineData(0, 0, 0, 5)]
    [InlineData(0, 0, 300, 5000)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(3, 100, 300, 1)]
    [InlineData(3, 100, 300, 100_000)]
    [InlineData(1, 300, 300, 1000)]
    [InlineData(20_000, 20_000, 20_001, 1000)]
    public void Run_IdenticalCustomers_IsRefusedWithItsReason(int x, int recency, int age, long count)
    {
        var data = Histories((x, recency, age, count));

        AssertSound(NbdFit.Run(data, null, NoMinimum));
        AssertSound(ParetoNbdFit.Run(data, null, NoMinimum));
        Assert.False(NbdFit.Run(data, null, NoMinimum).Converged);
        Assert.False(ParetoNbdFit.Run(data, null, NoMinimum).Converged);
        var poisson = PoissonFit.Run(data);
        AssertSound(poisson);
        Assert.Equal(age > 0, poisson.Converged);
    }

    [Fact]
    public void Run_NobodyCameBack_IsAPoissonModelOfNothing()
    {
        var fit = PoissonFit.Run(Histories((0, 0, 300, 20)));

        Assert.Equal(0, fit.Model!.ExpectedTransactions(0, 0, 40, 52));
        Assert.Equal(0, fit.Model.ExpectedTransactions(double.PositiveInfinity));
        Assert.Equal(FitVerdict.TooLittleData, NbdFit.Run(Histories((0, 0, 300, 20))).Verdict);
    }

    [Fact]
    public void Run_NobodyLeaves_IsRefusedByParetoAndFittedByNbd()
    {
        // Busy customers of very different rates who all bought in the last week.
        var data = Histories([.. Enumerable.Range(1, 60).Select(x => (4 * x, 299, 300, 1000L / x))]);

        var pareto = ParetoNbdFit.Run(data);
        Assert.Equal(FitVerdict.Boundary, pareto.Verdict);
        Assert.Contains("drop", pareto.Reason, StringComparison.Ordinal);
        Assert.True(NbdFit.Run(data).Converged);
    }

    [Fact]
    public void Run_EqualRates_IsRefusedByNbdAtTheBoundary()
    {
        var fit = NbdFit.Run(Histories((9, 290, 300, 500), (10, 280, 300, 700), (11, 299, 300, 500)));

        Assert.Equal(FitVerdict.Boundary, fit.Verdict);
        Assert.Contains("same rate", fit.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OddShops_AreSound()
    {
        GroupedHistories[] shops =
        [
            Histories(),
            Histories([.. Enumerable.Range(1, 60).Select(day => (1, day, 700, 20L)), (0, 0, 700, 500)]),
            Histories([.. Enumerable.Range(1, 60).Select(day => (3, day, 3000, 20L))]),
            Histories((0, 0, 0, 1000), (1, 1, 1, 20), (1, 2, 400, 30), (5, 300, 400, 30)),
            Histories((0, 0, 9000, 900_000), (1, 40, 9000, 50_000), (3, 900, 9000, 5000), (20_000, 30_000, 30_001, 1)),
            GroupedHistories.FromTable([new(3, 0, 0, 50), new(0, 0, 0, 20)]),
            .. new[] { 1e-300, 1, 1e300 }.Select(unit => GroupedHistories.FromTable(
                [new(0, 0, 40 * unit, 500), new(1, 9 * unit, 40 * unit, 100), new(4, 30 * unit, 38 * unit, 60), new(2, 11 * unit, 38 * unit, 60)])),
            .. Enumerable.Range(1, 25).Select(seed => Customers(20 + (seed * 5), 100 + (ulong)seed)),
        ];
        foreach (var shop in shops)
        {
            AssertSound(ParetoNbdFit.Run(shop, null, NoMinimum));
            AssertSound(NbdFit.Run(shop, null, NoMinimum));
            AssertSound(PoissonFit.Run(shop));
        }
    }

    [Fact]
    public void Create_FittedParameters_MakesTheSameModel()
    {
        var data = Customers(5000, 47);
        foreach (var id in new[] { "pareto-nbd", "nbd", "poisson" })
        {
            var kind = TransactionModels.Find(id);
            var model = kind.Fit(data, null, new FitOptions()).Model!;

            Assert.Equal(model, kind.Create(model.Parameters.ToDictionary()));
        }
    }

    private static GroupedHistories Histories(params (int X, int Recency, int Age, long Count)[] rows)
    {
        var grouper = new HistoryGrouper();
        foreach (var (x, recency, age, count) in rows)
        {
            grouper.Add(x, recency, age, count);
        }

        return grouper.Build();
    }

    private static GroupedHistories Customers(int count, ulong seed, ParetoNbd? model = null)
    {
        var random = new SeededRandom(seed);
        var simulator = new DaySimulator((model ?? Truth).Simulator(random), random);
        var histories = new HistoryGrouper();
        for (var i = 0; i < count; i++)
        {
            var age = 200 + random.NextInt(400);
            var days = simulator.NextCustomer(age);
            histories.Add(days.Length, days.IsEmpty ? 0 : days[^1], age);
        }

        return histories.Build();
    }

    /// <summary>
    /// Times in hours instead of days: days would merge occasions, which the model does not know and which bias a fit by more than its
    /// standard error. The unit of the groups is then 1/24 of a week.
    /// </summary>
    private static GroupedHistories Hourly(int count, ulong seed, ITransactionModel model)
    {
        const int hoursAWeek = 168;
        var random = new SeededRandom(seed);
        var simulator = model.Simulator(random);
        var histories = new HistoryGrouper();
        for (var i = 0; i < count; i++)
        {
            var age = 24 * (200 + random.NextInt(400));
            var times = simulator.NextCustomer(age / (double)hoursAWeek);
            histories.Add(times.Length, times.IsEmpty ? 0 : Math.Clamp((int)Math.Round(times[^1] * hoursAWeek), 1, age), age);
        }

        return histories.Build();
    }

    private static void AssertRecovered(int customers, ulong seed, ParetoNbd truth) =>
        AssertNear(
            ParetoNbdFit.Run(Hourly(customers, seed, truth)),
            [truth.R, 24 * truth.Alpha, truth.S, 24 * truth.Beta]);

    private static void AssertNear<TModel>(ModelFit<TModel> fit, double[] truth)
        where TModel : class
    {
        Assert.True(fit.Converged, fit.Reason);
        Assert.Equal(fit.Starts, fit.StartsAgreeing);
        foreach (var (parameter, expected) in fit.Parameters.Zip(truth))
        {
            Assert.True(
                Math.Abs(parameter.Estimate - expected) < 3 * parameter.StandardError!.Value,
                $"{parameter.Name}: {parameter.Estimate} against {expected}, standard error {parameter.StandardError}");
        }
    }

    private static void AssertPublished<TModel>(ModelFit<TModel> fit, double logLikelihood, double[] parameters, double tolerance)
        where TModel : class
    {
        Assert.True(fit.Converged, fit.Reason);
        Assert.Equal(fit.Starts, fit.StartsAgreeing);
        Assert.Equal(logLikelihood, fit.LogLikelihood!.Value, 0.001);
        Assert.InRange(fit.GradientNorm!.Value, 0, 1e-9);
        for (var i = 0; i < parameters.Length; i++)
        {
            Assert.InRange(fit.Parameters[i].Estimate, parameters[i] * (1 - tolerance), parameters[i] * (1 + tolerance));
        }
    }

    private static void AssertSound<TModel>(ModelFit<TModel> fit)
        where TModel : class
    {
        // The serialiser refuses NaN and infinity wherever they are.
        _ = JsonSerializer.Serialize(fit);
        Assert.EndsWith(".", fit.Reason, StringComparison.Ordinal);
        Assert.Equal(fit.Converged, fit.Model is not null);
    }

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
            // The difference of two values loses what the values have rounded.
            Assert.Equal(slope, point.Gradient[i], (1e-6 * (1 + Math.Abs(slope))) + (1e-10 * Math.Abs(point.Value)));
            for (var j = 0; j < p.Length; j++)
            {
                var bend = (up.Gradient[j] - down.Gradient[j]) / (2 * h);
                Assert.Equal(bend, point.Hessian[i, j], (1e-6 * (1 + Math.Abs(bend))) + (1e-10 * point.GradientNorm));
            }
        }
    }

    private sealed class OneHistory(int x, double tx, double age) : IMeanLogLikelihood
    {
        public long Customers => 1;

        public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian) =>
            ParetoNbdHistory.LogLikelihood(new ParetoNbd(parameters[0], parameters[1], parameters[2], parameters[3]), x, tx, age, gradient, hessian);
    }
}
