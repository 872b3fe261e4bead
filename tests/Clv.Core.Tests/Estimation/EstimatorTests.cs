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
        Assert.InRange(chosen.TotalError, -0.1, 0.1);
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
        var file = ModelFile.Of(estimate, null, Weeks, "r2", last);
        Assert.Equal("r1", file.Transactions.FittedIn);
        Assert.Equal(last.Transactions.Kind, file.Transactions.Kind);
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

    private static ModelFile File(Estimate estimate) => ModelFile.Of(estimate, null, Weeks, "r1");

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

    private static List<CustomerSummary> Simulate(BgNbd model, int count, ulong seed)
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
            customers.Add(CustomerSummary.Of(
                [.. days.Select(d => 730_000 - age + d)], [.. days.Select(_ => 1 + (long)(spenders.NextValue() * 1e6))], default, 730_000, Weeks * 7));
        }

        return customers;
    }
}
