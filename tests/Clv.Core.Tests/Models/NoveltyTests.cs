using Clv.Core.Models;

namespace Clv.Core.Tests.Models;

public class NoveltyTests
{
    private static readonly BgNbd Settled = new(.2794, 7.037, .585, 2.464);
    private static readonly NoveltyBgNbd Model = new(Settled, new NoveltyClock(1.86, 5.47));

    private static readonly NoveltyClock[] Clocks = [new(1.86, 5.47), new(.2, 3), new(9.5, 40), new(1.0001, .01), new(3, 2000)];

    [Fact]
    public void Elapsed_BetweenAges_IsTheIntegralOfThePace()
    {
        foreach (var clock in Clocks)
        {
            foreach (var (age, horizon) in new[] { (0.0, 0.5), (0.0, 39), (3, 10), (39, 39), (500, 1000) })
            {
                const int steps = 20_000;
                var sum = 0.0;
                // In the square root of time, which is fine where the pace changes.
                var end = Math.Sqrt(horizon);
                for (var i = 0; i < steps; i++)
                {
                    var root = (i + 0.5) / steps * end;
                    sum += clock.PaceAt(age + (root * root)) * 2 * root * end / steps;
                }

                Assert.Equal(1, clock.Elapsed(age, horizon) / sum, 2e-6);
                Assert.Equal(clock.Elapsed(age + horizon) - clock.Elapsed(age), clock.Elapsed(age, horizon), 1e-10 * (1 + age));
            }

            Assert.Equal(0, clock.Elapsed(0));
            Assert.Equal(double.PositiveInfinity, clock.Elapsed(5, double.PositiveInfinity));
        }
    }

    [Fact]
    public void AgeAt_AnyClock_InvertsElapsed()
    {
        foreach (var clock in Clocks)
        {
            foreach (var age in (double[])[0, 1e-6, .1, 1, 7, 39, 400, 1565])
            {
                Assert.Equal(age, clock.AgeAt(clock.Elapsed(age)), 1e-11 * (1 + age));
            }
        }
    }

    [Fact]
    public void Pace_OfOne_IsTheBgNbd()
    {
        var plain = new NoveltyBgNbd(Settled, new NoveltyClock(1, 5));
        Span<double> one = stackalloc double[20], other = stackalloc double[20];
        foreach (var (x, tx, age) in new[] { (0, 0.0, 39.0), (0, 0, 0), (2, 30.43, 38.86), (20_000, 1500, 1565), (3, .1, 20) })
        {
            Assert.Equal(Settled.LogLikelihood(x, tx, age), plain.LogLikelihood(x, tx, age), 1e-12);
            Assert.Equal(Settled.ProbabilityAlive(x, tx, age), plain.ProbabilityAlive(x, tx, age), 1e-12);
            Assert.Equal(Settled.ExpectedTransactions(x, tx, age, 39), plain.ExpectedTransactions(x, tx, age, 39), 1e-12);
            Assert.Equal(
                Settled.DiscountedTransactions(x, tx, age, double.PositiveInfinity, .002),
                plain.DiscountedTransactions(x, tx, age, double.PositiveInfinity, .002),
                1e-12);
            Settled.TransactionProbabilities(x, tx, age, 39, one);
            plain.TransactionProbabilities(x, tx, age, 39, other);
            Assert.Equal(one, other);
        }
    }

    [Fact]
    public void Likelihood_OverAllTimesOfTheLastPurchase_IsTheDistribution()
    {
        Span<double> probabilities = stackalloc double[4];
        foreach (var model in Clocks.Select(c => new NoveltyBgNbd(Settled, c)).Where(m => m.Clock.Weeks > 1))
        {
            const double age = 26;
            model.TransactionProbabilities(age, probabilities);

            Assert.Equal(probabilities[0], Math.Exp(model.LogLikelihood(0, 0, age)), 1e-12);
            for (var x = 1; x < 4; x++)
            {
                // The purchases before the last one may fall anywhere before it: a volume of tx^(x-1) / (x-1)!.
                var volume = x == 3 ? 2.0 : 1;
                var sum = Simpson(0, age, 4000, tx => Math.Exp(model.LogLikelihood(x, tx, age)) * Math.Pow(tx, x - 1) / volume);
                Assert.Equal(probabilities[x], sum, 1e-9);
            }
        }
    }

    [Fact]
    public void Expectation_AnyHistory_IsTheMeanOfTheDistribution()
    {
        var probabilities = new double[4000];
        foreach (var (x, tx, age) in new[] { (0, 0.0, 0.0), (0, 0, 39), (2, 1, 2), (2, 30.43, 38.86), (9, 20, 30) })
        {
            foreach (var clock in Clocks)
            {
                var model = new NoveltyBgNbd(Settled, clock);
                model.TransactionProbabilities(x, tx, age, 39, probabilities);
                var mean = 0.0;
                for (var n = 1; n < probabilities.Length; n++)
                {
                    mean += n * probabilities[n];
                }

                Assert.Equal(1, probabilities.Sum(), 1e-9);
                Assert.Equal(1, mean / model.ExpectedTransactions(x, tx, age, 39), 1e-8);
            }
        }
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 0, 39)]
    [InlineData(2, 1, 2)]
    [InlineData(7, 30, 39)]
    [InlineData(300, 1500, 1565)]
    public void Discounting_AgainstSimpson_AgreesToNineDigits(int x, double tx, double age)
    {
        foreach (var clock in Clocks)
        {
            var model = new NoveltyBgNbd(Settled, clock);
            foreach (var (horizon, rate) in new[] { (0.5, .002), (39, .0018), (39, .0133), (520, .0027) })
            {
                // By parts, in ln(1 + t / shortest), which is fine at every scale there is.
                var shortest = Math.Min(.05, clock.Weeks / 20);
                var integral = Simpson(0, Math.Log(1 + (horizon / shortest)), 6000, s =>
                {
                    var t = shortest * (Math.Exp(s) - 1);
                    return rate * Math.Exp(-rate * t) * model.ExpectedTransactions(x, tx, age, t) * shortest * Math.Exp(s);
                });
                var expected = integral + (Math.Exp(-rate * horizon) * model.ExpectedTransactions(x, tx, age, horizon));

                var value = model.DiscountedTransactions(x, tx, age, horizon, rate);
                Assert.True(Math.Abs((value / expected) - 1) < 1e-9, $"{clock} {horizon} {rate}: {value:r} {expected:r} {(value / expected) - 1}");
            }

            var (century, ever) = (model.DiscountedTransactions(x, tx, age, 15_000, .0027), model.DiscountedTransactions(x, tx, age, double.PositiveInfinity, .0027));
            Assert.Equal(1, century / ever, 1e-9);
            Assert.Equal(model.ExpectedTransactions(x, tx, age, 39), model.DiscountedTransactions(x, tx, age, 39, 0));
        }
    }

    [Fact]
    public void Extremes_OfTheHistory_StayFinite()
    {
        foreach (var clock in Clocks)
        {
            var model = new NoveltyBgNbd(Settled, clock);
            foreach (var (x, tx, age) in new[] { (20_000, 1565.0, 1565.0), (20_000, 1, 1565), (1, 0, 0), (5, 0, 30), (1, 1e-9, 1e-9), (0, 0, 1565) })
            {
                Assert.True(double.IsFinite(model.LogLikelihood(x, tx, age)));
                Assert.InRange(model.ProbabilityAlive(x, tx, age), 0, 1);
                var last = 0.0;
                foreach (var horizon in (double[])[0, 1 / 7.0, 13, 39, 520])
                {
                    var discounted = model.DiscountedTransactions(x, tx, age, horizon, .002);
                    Assert.InRange(discounted, last, model.ExpectedTransactions(x, tx, age, horizon) + 1e-300);
                    last = discounted;
                }
            }

            Assert.Throws<ArgumentOutOfRangeException>(() => model.ExpectedTransactions(1, 5, 4, 1));
            Assert.Throws<ArgumentOutOfRangeException>(() => model.ExpectedTransactions(1, 4, 5, double.NaN));
            Assert.Throws<ArgumentOutOfRangeException>(() => model.DiscountedTransactions(1, 4, 5, 1, -1));
        }

        Assert.Throws<ArgumentOutOfRangeException>(static () => new NoveltyClock(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(static () => new NoveltyClock(1, double.NaN));
    }

    [Fact]
    public void Simulator_ManyCustomers_BuyAsExpected()
    {
        const int customers = 40_000;
        var simulator = Model.Simulator(new SeededRandom(5));
        double early = 0, late = 0, lateSquares = 0, earlySquares = 0;
        for (var i = 0; i < customers; i++)
        {
            var times = simulator.NextCustomer(52);
            var first = 0;
            var before = 0.0;
            foreach (var time in times)
            {
                Assert.InRange(time, before, 52);
                before = time;
                first += time <= 4 ? 1 : 0;
            }

            early += first;
            earlySquares += first * first;
            late += times.Length - first;
            lateSquares += (times.Length - first) * (times.Length - first);
        }

        var expectedEarly = Model.ExpectedTransactions(4);
        Assert.Equal(expectedEarly, early / customers, 4 * Math.Sqrt(earlySquares) / customers);
        Assert.Equal(Model.ExpectedTransactions(52) - expectedEarly, late / customers, 4 * Math.Sqrt(lateSquares) / customers);
    }

    [Fact]
    public void Fit_SimulatedNovelty_FindsIt()
    {
        var data = Customers(Model, 20_000, 12);

        var fit = NoveltyBgNbdFit.Run(data);

        Assert.True(fit.Converged, fit.Reason);
        var truth = Model.Parameters.ToDictionary();
        foreach (var parameter in fit.Parameters)
        {
            Assert.NotNull(parameter.StandardError);
            Assert.InRange(parameter.StandardError.Value / parameter.Estimate, .001, .5);
            Assert.True(
                Math.Abs(parameter.Estimate - truth[parameter.Name]) < 3 * parameter.StandardError,
                $"{parameter.Name} {parameter.Estimate} +- {parameter.StandardError}, not {truth[parameter.Name]}");
        }

        Assert.Equal(36, fit.LogCovariance.Count);
        Assert.InRange(fit.GradientNorm!.Value, 0, 1e-5);
        Assert.True(fit.LogLikelihood > BgNbdFit.Run(data).LogLikelihood + 20);
    }

    [Fact]
    public void Fit_WithoutNovelty_IsRefused()
    {
        for (ulong seed = 1; seed <= 6; seed++)
        {
            var fit = NoveltyBgNbdFit.Run(Customers(Simulated.Buying, 3000, seed));

            Assert.Equal(FitVerdict.TooLittleData, fit.Verdict);
            Assert.Null(fit.Model);
            Assert.Contains("to tell it from chance", fit.Reason, StringComparison.Ordinal);
        }
    }

    // Data of other models look a little like novelty to a BG/NBD; what is made of that must not move the forecast.
    [Fact]
    public void Fit_AnotherModelTrue_LeavesTheTotalAlone()
    {
        ITransactionModel[] truths = [new MbgNbd(.52484, 6.1831, .8914, 1.614), new ParetoNbd(.5533, 10.578, .6061, 11.66), new MbgCnbd(2, .9, 4, .7, 2.5)];
        foreach (var truth in truths)
        {
            for (ulong seed = 1; seed <= 3; seed++)
            {
                var data = Customers(truth, 5000, seed);
                ITransactionModel plain = BgNbdFit.Run(data).Model!;
                var chosen = NoveltyBgNbdFit.Run(data).Model ?? plain;
                double Total(ITransactionModel model) => Enumerable.Range(0, data.GroupCount).Select(i => data[i])
                    .Sum(g => g.Count * model.ExpectedTransactions(g.Frequency, g.Recency, g.Age, 39));

                Assert.Equal(1, Total(chosen) / Total(plain), .02);
            }
        }
    }

    [Fact]
    public void Fit_ThreadsOrderAndStart_DoNotMatter()
    {
        var (data, reversed) = (Customers(Model, 4000, 3), Customers(Model, 4000, 3, reverse: true));

        var one = NoveltyBgNbdFit.Run(data, null, new FitOptions { MaxDegreeOfParallelism = 1 });
        var two = NoveltyBgNbdFit.Run(reversed, null, new FitOptions { MaxDegreeOfParallelism = 2 });
        var warm = NoveltyBgNbdFit.Run(data, new NoveltyBgNbd(new BgNbd(.3, 6, .5, 2), new NoveltyClock(1.5, 8)));
        var absurd = NoveltyBgNbdFit.Run(data, new NoveltyBgNbd(new BgNbd(1e100, 1e-200, 1e300, 1e-9), new NoveltyClock(1e200, 1e-200)));

        Assert.True(one.Converged, one.Reason);
        Assert.Equal(one.Model, two.Model);
        Assert.Equal(one.LogLikelihood, two.LogLikelihood);
        Assert.Equal(one.LogCovariance, two.LogCovariance);
        foreach (var other in (ModelFit<NoveltyBgNbd>[])[warm, absurd])
        {
            Assert.True(other.Converged, other.Reason);
            foreach (var (expected, actual) in one.Parameters.Zip(other.Parameters))
            {
                Assert.Equal(1, actual.Estimate / expected.Estimate, 1e-3);
            }
        }
    }

    [Fact]
    public void Fit_OddData_IsAnAnswerOrARefusal()
    {
        var random = new SeededRandom(7);
        var bases = new (string Name, int[][] Days, int Age)[]
        {
            ("nobody", [], 100),
            ("one customer", [[3, 9]], 100),
            ("one purchase each", [.. Enumerable.Repeat(Array.Empty<int>(), 500)], 100),
            ("identical", [.. Enumerable.Repeat<int[]>([10, 20, 30], 500)], 100),
            ("all on the first day after", [.. Enumerable.Repeat<int[]>([1], 500)], 100),
            ("every day", [.. Enumerable.Range(0, 200).Select(_ => Enumerable.Range(1, 100).ToArray())], 100),
            ("only at the end", [.. Enumerable.Range(0, 300).Select(_ => Enumerable.Range(1, 100).Where(d => d > 80 && random.NextDouble() < .3).ToArray())], 100),
            ("only at the start", [.. Enumerable.Range(0, 300).Select(_ => Enumerable.Range(1, 5).Where(d => random.NextDouble() < .5).ToArray())], 700),
            ("a day old", [.. Enumerable.Range(0, 300).Select(i => i % 2 == 0 ? new[] { 1 } : [])], 1),
            ("a month old", [.. Enumerable.Range(0, 300).Select(i => i % 2 == 0 ? new[] { 1, 9 } : [])], 30),
            ("no age", [.. Enumerable.Range(0, 300).Select(_ => Array.Empty<int>())], 0),
        };
        foreach (var (name, days, age) in bases)
        {
            var grouper = new HistoryGrouper();
            foreach (var customer in days)
            {
                Add(grouper, customer, age);
            }

            var fit = NoveltyBgNbdFit.Run(grouper.Build());

            Assert.NotEmpty(fit.Reason);
            Assert.Equal(fit.Converged, fit.Model is not null);
            Assert.All(fit.Parameters, p => Assert.True(double.IsFinite(p.Estimate) && p.StandardError is null or >= 0, name));
            Assert.True(fit.LogLikelihood is null || double.IsFinite(fit.LogLikelihood.Value), name);
        }
    }

    [Fact]
    public void Fit_AgesOfRepeatsUnknown_IsRefused()
    {
        var grouper = new HistoryGrouper();
        grouper.Add(3, 60, 200, 100);
        grouper.AddRepeat(60, 200);

        var data = grouper.Build();

        Assert.Null(data.RepeatAges);
        Assert.Equal(FitVerdict.TooLittleData, NoveltyBgNbdFit.Run(data).Verdict);
        grouper.AddRepeat(7, 100);
        Assert.Equal([KeyValuePair.Create(1.0, 100L), KeyValuePair.Create(60 / 7.0, 200L)], grouper.Build().RepeatAges!);
        Assert.Throws<ArgumentOutOfRangeException>(() => grouper.AddRepeat(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => grouper.AddRepeat(HistoryGrouper.Largest + 1));
    }

    // No published fit exists. The figures are those of a second program: the simplex search of all six parameters at once, with the
    // likelihood of the paper's equation (3) on the clock's times.
    [Fact]
    public void Fit_CdnowSample_IsThatOfASecondProgram()
    {
        var fit = NoveltyBgNbdFit.Run(Cdnow.Load("cdnow_sample_tx.csv").Histories);

        Assert.True(fit.Converged, fit.Reason);
        Assert.Equal(-9558.9, fit.LogLikelihood!.Value, .06);
        foreach (var (parameter, expected) in fit.Parameters.Zip((double[])[.279, 7.037, .585, 2.464, 1.86, 5.47]))
        {
            Assert.Equal(1, parameter.Estimate / expected, 5e-3);
        }
    }

    private static GroupedHistories Customers(ITransactionModel model, int count, ulong seed, bool reverse = false)
    {
        var random = new SeededRandom(seed);
        var simulator = new DaySimulator(model.Simulator(random), random);
        var customers = Enumerable.Range(0, count).Select(i => (Age: 190 + (i % 90), Days: simulator.NextCustomer(190 + (i % 90)).ToArray())).ToArray();
        var grouper = new HistoryGrouper();
        foreach (var (age, days) in reverse ? customers.Reverse() : customers)
        {
            Add(grouper, days, age);
        }

        return grouper.Build();
    }

    private static void Add(HistoryGrouper grouper, int[] days, int age)
    {
        grouper.Add(days.Length, days.LastOrDefault(), age);
        foreach (var day in days)
        {
            grouper.AddRepeat(day);
        }
    }

    private static double Simpson(double from, double to, int steps, Func<double, double> f)
    {
        var h = (to - from) / steps;
        var sum = f(from) + f(to);
        for (var i = 1; i < steps; i++)
        {
            sum += (i % 2 == 0 ? 2 : 4) * f(from + (i * h));
        }

        return sum * h / 3;
    }
}
