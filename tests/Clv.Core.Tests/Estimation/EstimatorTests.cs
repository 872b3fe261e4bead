using System.Text.Json;
using Clv.Core.Estimation;
using Clv.Core.History;
using Clv.Core.Models;
using Clv.Core.Valuation;

namespace Clv.Core.Tests.Estimation;

/// <summary>From customers to models in use: the choice, what it falls back on, and data no textbook has.</summary>
public class EstimatorTests
{
    private const int Weeks = 26;

    [Fact]
    public void Run_CustomersInAnyOrderOnAnyThreads_GivesTheSameFile()
    {
        var customers = Simulate(new BgNbd(.8, 6, .9, 6), 3000, 8);
        var files = new List<string>();
        for (var round = 0; round < 2; round++)
        {
            files.Add(JsonSerializer.Serialize(File(Run(customers, threads: 1 + round)) with { Backtest = [] }));
            customers.Reverse();
        }

        Assert.Equal(files[0], files[1]);
    }

    [Fact]
    public void Run_CustomersWhoLeave_PrefersAModelInWhichTheyDo()
    {
        var estimate = Run(Simulate(new BgNbd(1.5, 6, .9, 4), 6000, 3));

        Assert.True(estimate.Transactions.Kind.HasDropout);
        var scores = estimate.Backtest.Where(s => s.Segment is null).ToDictionary(s => s.Forecast);
        Assert.Contains(Baselines.LastYearName, scores.Keys);
        Assert.Contains(Baselines.AverageName, scores.Keys);
        var chosen = scores[estimate.Transactions.Kind.Id];
        Assert.True(chosen.RootMeanSquaredError < scores["nbd"].RootMeanSquaredError);
        Assert.True(chosen.RootMeanSquaredError < scores[Baselines.AverageName].RootMeanSquaredError);
        Assert.InRange(chosen.TotalError!.Value, -0.1, 0.1);
        Assert.Equal(10, chosen.Deciles.Count);
        Assert.Equal(chosen.ActualOccasions, chosen.Deciles.Sum(d => d.Customers * d.Actual), 1e-6);
        Assert.Equal(chosen.PredictedOccasions, chosen.Deciles.Sum(d => d.Customers * d.Predicted), 1e-6);
    }

    [Fact]
    public void Run_BaseInUseAsGoodButForNoise_Stays()
    {
        var customers = Simulate(new BgNbd(.8, 6, .9, 6), 2000, 5);
        var first = Run(customers);
        var other = TransactionModels.Find(first.Transactions.Kind.Id == "bg-nbd" ? "mbg-nbd" : "bg-nbd");
        var last = new LastEstimate(other, other.Fit(Grouped(customers), null, new FitOptions()).Model!, null);

        Assert.Equal(other, Run(customers, last: last).Transactions.Kind);
    }

    [Fact]
    public void Run_NobodyComesBackTonight_KeepsTheLastModelAndSaysSo()
    {
        var last = File(Run(Simulate(new BgNbd(.8, 6, .9, 6), 2000, 5)));
        List<CustomerSummary> tonight = [.. Enumerable.Range(0, 300).Select(i => Customer(300 + i, [0], 10))];

        var estimate = Run(tonight, last: last.ToLast());
        Assert.Null(estimate.Transactions.Fit);
        Assert.Contains("last accepted", estimate.Choice, StringComparison.Ordinal);
        Assert.NotEmpty(estimate.Refused);
        var file = ModelFile.Of(estimate, Weeks, "r2", last);
        Assert.Equal("r1", file.Transactions.FittedIn);
        Assert.Equal(last.Transactions.Kind, file.Transactions.Kind);
    }

    [Fact]
    public void Run_OnlyTheSimplestCouldBeUsed_IsNotKeptNextNight()
    {
        var first = File(Run([Customer(400, [0], 10)]));
        Assert.Equal(TransactionModels.Simplest.Id, first.Transactions.Kind);
        Assert.Null(first.ToLast());

        List<CustomerSummary> tonight = [.. Enumerable.Range(0, 200).Select(i => Customer(400, i < 8 ? [0, 60, 120, 300] : [0], 10))];
        var second = Run(tonight, last: first.ToLast());
        Assert.True(second.Transactions.Model.ExpectedTransactions(52) > 0);
    }

    [Fact]
    public void Run_AllRefusedTonight_KeepsTheSegmentsModelsToo()
    {
        var customers = new CustomerBase();
        foreach (var (label, model) in new[] { ("often", new BgNbd(6, 10, .3, 20)), ("seldom", new BgNbd(.5, 40, .9, 1.5)) })
        {
            foreach (var customer in Simulate(model, 2500, 4))
            {
                customers.Add(customer, label);
            }
        }

        var last = File(Estimator.Run(customers, new EstimationOptions { BacktestWeeks = Weeks }));
        Assert.Equal(2, last.Segments.Count);
        var tonight = new CustomerBase();
        for (var i = 0; i < 300; i++)
        {
            tonight.Add(Customer(300 + i, [0], 10), "often");
        }

        var kept = ModelFile.Of(Estimator.Run(tonight, new EstimationOptions { BacktestWeeks = Weeks, Last = last.ToLast() }), Weeks, "r2", last);
        Assert.Equal("r1", kept.Segments["often"].FittedIn);
        Assert.Equal(last.Segments["often"].Parameters, kept.Segments["often"].Parameters);
    }

    [Fact]
    public void Run_OneTillAmongCustomers_DoesNotRefuseEveryModel()
    {
        var customers = Simulate(new BgNbd(.3, 6, .9, 3), 400, 1);
        var alone = Run(customers);
        customers.Add(Customer(400, [.. Enumerable.Range(0, 400)], 20));
        var estimate = Run(customers);

        Assert.NotEqual(TransactionModels.Simplest, estimate.Transactions.Kind);
        double Others(Estimate of) => customers.SkipLast(1).Sum(c =>
            of.Transactions.Model.ExpectedTransactions(c.Whole.Frequency, c.Whole.RecencyDays / 7.0, c.Whole.AgeDays / 7.0, 52));
        Assert.InRange(Others(estimate) / Others(alone), 0.5, 2);
    }

    [Fact]
    public void Run_FreeOrdersAndLaterReturns_ReachTheValue()
    {
        var random = new SeededRandom(12);
        var customers = Simulate(new BgNbd(2, 8, .5, 8), 4000, 2, days => [.. days.SelectMany(day => random.NextInt(4) switch
        {
            0 => new (int Day, double Factor)[] { (day, 0) },
            1 => [(day, 1), (day + 3, -1)],
            _ => [(day, 1)],
        })]);
        var estimate = Run(customers);
        Assert.InRange(estimate.Net.Paid!.Overall, 0.7, 0.8);
        Assert.InRange(estimate.Net.Kept!.Overall, 0.6, 0.75);
        var chosen = estimate.Backtest.First(s => s.Forecast == estimate.Transactions.Kind.Id);
        Assert.InRange(chosen.PredictedValue / chosen.ActualValue, 0.85, 1.15);

        var (free, returned) = (Customer(400, [0, 100, 200, 300], 0), CustomerSummary.Of([730_000 - 400, 730_000 - 100, 730_000 - 90], [10_000_000, 10_000_000, -10_000_000], default, 730_000, 0));
        Assert.Equal(0, free.Whole.ReturnTotal.ToDouble());
        Assert.Equal(10, returned.Whole.ReturnTotal.ToDouble());
        Assert.True(estimate.Net.Of(free.Whole) < estimate.Net.Paid.Overall * estimate.Net.Kept.Overall);
    }

    [Fact]
    public void Share_TinyWholesWithAbsurdShares_HardlyCount()
    {
        var random = new SeededRandom(3);
        ShareEstimation Two()
        {
            var shares = new ShareEstimation();
            for (var i = 0; i < 2000; i++)
            {
                var whole = 50 + random.NextInt(200);
                shares.Add(whole * ((i % 2 == 0 ? .6 : .1) + (.05 * random.NextNormal())), whole);
            }

            return shares;
        }

        var plain = Two().Share()!;
        var withOdd = Two();
        withOdd.Add(-2, 0.05);
        withOdd.Add(25, 0.01);
        var odd = withOdd.Share()!;
        Assert.Equal(.35, plain.Overall, .02);
        Assert.InRange(odd.Strength, 0, 20);
        Assert.Equal(.6, odd.Of(.6 * 150, 150), .05);
        Assert.Equal(.35, odd.Of(0, 0), .02);
        Assert.Null(new ShareEstimation().Share());
        Assert.Equal(13, BacktestWindow.Weeks(26, 0, 39 * 7));
    }

    [Fact]
    public void Run_SegmentsThatDiffer_GiveEachItsOwnModel()
    {
        var customers = new CustomerBase();
        foreach (var (label, model) in new[] { ("often", new BgNbd(6, 10, .3, 20)), ("seldom", new BgNbd(.5, 40, .9, 1.5)) })
        {
            foreach (var customer in Simulate(model, 2500, 4))
            {
                customers.Add(customer, label);
            }
        }

        var estimate = Estimator.Run(customers, new EstimationOptions { BacktestWeeks = Weeks });
        Assert.Equal(["often", "seldom"], estimate.Segments.Keys.Order());
        var models = File(estimate).ToModels(distribution: false);
        var regular = Customer(400, [0, 100, 200, 300], 10);
        var terms = new ValuationTerms(52, 0.1);
        Assert.True(models.Of("often").Value(regular, terms)!.Value.FutureValue > 2 * models.Of("seldom").Value(regular, terms)!.Value.FutureValue);
        Assert.Equal(models.Common.Value(regular, terms), models.Of("unheard of").Value(regular, terms));
    }

    [Fact]
    public void Run_SegmentsThatDoNotDiffer_ShareOneModel()
    {
        var customers = new CustomerBase();
        var i = 0;
        foreach (var customer in Simulate(new BgNbd(.8, 6, .9, 6), 5000, 6))
        {
            customers.Add(customer, i++ % 2 == 0 ? "left" : "right");
        }

        var estimate = Estimator.Run(customers, new EstimationOptions { BacktestWeeks = Weeks });
        Assert.Empty(estimate.Segments);
        Assert.Contains(estimate.Backtest, s => s.Segment == "left");
    }

    [Fact]
    public void Run_RegularBuyersWhoAreNot_CarryThePlainName()
    {
        var all = new CustomerBase();
        foreach (var customer in Simulate(new BgNbd(.8, 6, .9, 6), 2000, 5))
        {
            all.Add(customer);
        }

        var estimate = Estimator.Run(all, new EstimationOptions { Candidates = [TransactionModels.Find("bg-cnbd-k"), TransactionModels.Find("bg-nbd")] });
        Assert.Equal("bg-nbd", estimate.Transactions.Kind.Id);
        Assert.IsType<BgNbd>(estimate.Transactions.Model);
    }

    public static TheoryData<string> Odd => [
        "nobody", "one customer", "one who came back", "one purchase each", "identical customers", "no churn", "everyone dead", "amounts all equal",
        "amounts over nine orders of magnitude", "free orders only", "all on the last day", "one monster",
    ];

    [Theory]
    [MemberData(nameof(Odd))]
    public void Run_OddCustomers_GivesAUsableAnswerWithoutNaN(string name)
    {
        var customers = OddCustomers(name);
        var estimate = Run(customers);
        var file = File(estimate);
        // JSON refuses NaN and infinities, so whatever is stored is finite.
        var stored = JsonSerializer.Deserialize<ModelFile>(JsonSerializer.Serialize(file))!;
        var models = stored.ToModels(distribution: true);
        foreach (var horizon in new[] { 1.0, 52, 1040 })
        {
            foreach (var customer in customers)
            {
                var value = models.Common.Value(customer, new ValuationTerms(horizon, 0.1))!.Value;
                Assert.InRange(value.ProbabilityAlive, 0, 1);
                Assert.True(value.ExpectedTransactions >= 0 && double.IsFinite(value.ExpectedTransactions), $"{value}");
                Assert.True(value.FutureValue >= 0 && double.IsFinite(value.FutureValue), $"{value}");
                Assert.True(value.Low is null || (value.Low <= value.High && double.IsFinite(value.High!.Value)), $"{value}");
            }
        }

        Assert.NotEmpty(estimate.Choice);
        if (estimate.Transactions.Kind == TransactionModels.Simplest)
        {
            Assert.NotEmpty(estimate.Refused);
        }
    }

    private static List<CustomerSummary> OddCustomers(string name) => name switch
    {
        "nobody" => [],
        "one customer" => [Customer(400, [0], 25)],
        "one who came back" => [Customer(400, [0, 30, 80], 25)],
        "one purchase each" => [.. Enumerable.Range(0, 500).Select(i => Customer(200 + i, [0], 10 + (i % 7)))],
        "identical customers" => [.. Enumerable.Range(0, 500).Select(_ => Customer(400, [0, 50, 120], 20))],
        "no churn" => [.. Enumerable.Range(0, 500).Select(i => Customer(400 + (i % 40), [.. Enumerable.Range(0, 13 + (i % 40 / 31)).Select(d => d * 31)], 5 + (i % 30)))],
        "everyone dead" => [.. Enumerable.Range(0, 500).Select(i => Customer(1500, [.. Enumerable.Range(0, 2 + (i % 5)).Select(d => d * 20)], 5 + (i % 30)))],
        "amounts all equal" => [.. Simulate(new BgNbd(.8, 6, .9, 6), 500, 1).Select(c => Equal(c, 9.99))],
        "amounts over nine orders of magnitude" =>
            [.. Simulate(new BgNbd(.8, 6, .9, 6), 500, 1).Select((c, i) => Equal(c, Math.Pow(10, (i % 10) - 2)))],
        "free orders only" => [.. Simulate(new BgNbd(.8, 6, .9, 6), 500, 1).Select(c => Equal(c, 0))],
        "all on the last day" => [.. Enumerable.Range(0, 500).Select(_ => Customer(0, [0], 10))],
        _ => [.. Simulate(new BgNbd(.3, 6, .9, 3), 400, 1), Customer(9000, [.. Enumerable.Range(0, 9000)], 1e6)],
    };

    private static CustomerSummary Equal(CustomerSummary customer, double value)
    {
        var whole = customer.Whole;
        var micros = (long)(value * 1e6);
        PurchaseSummary With(PurchaseSummary p) => p with
        {
            SpendCount = micros > 0 ? p.Frequency : 0,
            SpendTotal = new Money(micros * (Int128)p.Frequency),
            NetTotal = new Money(micros * (Int128)(p.Frequency + 1)),
        };
        return customer with { Whole = With(whole), Before = With(customer.Before) };
    }

    private static Estimate Run(IEnumerable<CustomerSummary> customers, int threads = 1, LastEstimate? last = null)
    {
        var all = new CustomerBase();
        foreach (var customer in customers)
        {
            all.Add(customer);
        }

        return Estimator.Run(all, new EstimationOptions { BacktestWeeks = Weeks, Threads = threads, Last = last });
    }

    private static ModelFile File(Estimate estimate) => ModelFile.Of(estimate, Weeks, "r1");

    private static GroupedHistories Grouped(IEnumerable<CustomerSummary> customers)
    {
        var grouper = new HistoryGrouper();
        foreach (var customer in customers)
        {
            grouper.Add(customer.Whole.Frequency, customer.Whole.RecencyDays, customer.Whole.AgeDays, logGaps: customer.SumLogGaps);
        }

        return grouper.Build();
    }

    private static CustomerSummary Customer(int age, int[] days, double value) => CustomerSummary.Of(
        [.. days.Select(d => 730_000 - age + d)], [.. days.Select(_ => (long)(value * 1e6))], default, 730_000, Weeks * 7);

    private static List<CustomerSummary> Simulate(BgNbd model, int count, ulong seed, Func<int[], (int Day, double Factor)[]>? rows = null)
    {
        var random = new SeededRandom(seed);
        var buyers = new DaySimulator(model.Simulator(random), random);
        var spenders = new GammaGammaSimulator(new GammaGamma(6.25, 3.74, 15.44), random);
        var customers = new List<CustomerSummary>();
        for (var i = 0; i < count; i++)
        {
            var age = 200 + random.NextInt(500);
            int[] days = [0, .. buyers.NextCustomer(age)];
            spenders.NextCustomer();
            var all = (rows?.Invoke(days) ?? [.. days.Select(static d => (d, 1.0))]).Where(r => r.Day <= age).OrderBy(static r => r.Day).ToArray();
            customers.Add(CustomerSummary.Of(
                [.. all.Select(r => 730_000 - age + r.Day)],
                [.. all.Select(r => r.Factor == 0 ? 0 : (long)(r.Factor * (1 + spenders.NextValue()) * 1e6))],
                default,
                730_000,
                Weeks * 7));
        }

        return customers;
    }
}
