using Clv.Core.History;
using Clv.Core.Models;
using Clv.Core.Portfolio;
using Clv.Core.Relationship;
using Clv.Core.Valuation;

namespace Clv.Core.Tests.Portfolio;

public class ScenarioTests
{
    private static readonly CustomerWorth Plain = new()
    {
        Basis = ValueBasis.Contribution,
        FuturePurchases = 50,
        FutureServing = 10,
        FutureLow = 20,
        FutureHigh = 60,
        Purchases = new CustomerValue(.9, 4, 25, 50) { DiscountedTransactions = 4, MarginRate = .5, SecondHalfRatio = .8 },
    };

    [Fact]
    public void Run_ChangesOfNothing_ChangeNothing()
    {
        var report = Person.Report(Person.Many(300, 3));
        ScenarioChange[] changes = [.. Enum.GetValues<ScenarioLever>().Select(lever => new ScenarioChange(lever, 0))];

        var result = Scenario.Run(report.Scenarios, new ScenarioRequest(changes));

        Assert.Equal(report.Total.Future, result.Before.Value);
        Assert.Equal(report.Total.ProspectsExpected, result.ProspectsLifetime.Before.Value);
        Assert.Equal(result.ProspectsLifetime.Before, result.ProspectsLifetime.After);
        Assert.Equal(new ScenarioValue(0, 0, 0), result.ProspectsLifetime.Difference);
        Assert.Equal(report.Total.ProspectsExpected, result.Segments.Sum(segment => segment.ProspectsLifetime.Before.Value));
        Assert.Equal(result.Before, result.After);
        Assert.Equal(new ScenarioValue(0, 0, 0), result.Difference);
        Assert.Equal(result.Before.Value, result.Segments.Sum(segment => segment.Before.Value));
        Assert.Equal((report.Total.Customers, report.Total.Prospects), (result.Customers, result.Prospects));
    }

    [Theory]
    [InlineData(ScenarioLever.Price, 10, 50)] // revenue 100, so 10 more
    [InlineData(ScenarioLever.Upsell, 10, 45)]
    [InlineData(ScenarioLever.Margin, -20, 30)]
    [InlineData(ScenarioLever.ServiceCost, 50, 35)]
    [InlineData(ScenarioLever.Conversion, 100, 40)] // prospects are apart
    public void Run_OneLever_IsTheValueByHand(ScenarioLever lever, double percent, decimal after)
    {
        var result = Run([Customer(Plain)], new ScenarioChange(lever, percent));

        Assert.Equal(40, result.Before.Value);
        Assert.Equal(after, result.After.Value);
        Assert.Equal(after - 40, result.Difference.Value);
        // 20 to 60 scaled as the value is.
        Assert.Equal((double)(after - (20 * after / 40)), (double)result.After.Low!.Value, .02);
        Assert.Equal((double)(after + (20 * after / 40)), (double)result.After.High!.Value, .02);
        Assert.Equal((double)Math.Abs(after - 40), (double)(result.Difference.High - result.Difference.Low)!.Value, .03);
    }

    [Fact]
    public void Run_SeveralLevers_AreAppliedOnTopOfEachOther()
    {
        var result = Run([Customer(Plain)],
            new ScenarioChange(ScenarioLever.Price, 10),
            new ScenarioChange(ScenarioLever.Upsell, 20),
            new ScenarioChange(ScenarioLever.Margin, 50),
            new ScenarioChange(ScenarioLever.ServiceCost, -50));

        Assert.Equal(((50 + 10) * 1.2m * 1.5m) - 5, result.After.Value);
    }

    [Fact]
    public void Run_ASegmentsOwnChange_HoldsThereInsteadOfEverybodys()
    {
        var result = Run([Customer(Plain, "a"), Customer(Plain, "b")],
            new ScenarioChange(ScenarioLever.Upsell, 10),
            new ScenarioChange(ScenarioLever.Upsell, 30, "b"));

        Assert.Equal([45m, 55m], result.Segments.Select(segment => segment.After.Value));
        // Independent chance adds up by its variance.
        var half = Math.Sqrt(2) * 20;
        Assert.Equal(80 - half, (double)result.Before.Low!.Value, .03);
    }

    [Fact]
    public void Run_Conversion_ScalesProspectsButNotBeyondCertainty()
    {
        var estimate = new ProspectEstimate(5, 200, 100, 300, .6, 1);
        var prospect = new Person(Person.Known(), null, Person.Judged(RelationshipPhase.Prospect), estimate, null);

        Assert.Equal(132, Run([prospect], new ScenarioChange(ScenarioLever.Conversion, 10)).ProspectsLifetime.After.Value);
        Assert.Equal(200, Run([prospect], new ScenarioChange(ScenarioLever.Conversion, 100)).ProspectsLifetime.After.Value);
    }

    [Fact]
    public void Run_IntervalOfOnePointBesideTheExpectation_IsNoInterval()
    {
        // Probably buys nothing, and costs nothing but 10; yet 40 are expected.
        var point = Customer(Plain with { FutureLow = -10, FutureHigh = -10 });
        // Of somebody of whom nothing is expected the same is certain.
        var certain = Customer(new CustomerWorth { Basis = ValueBasis.Contribution, FutureServing = 10, FutureLow = -10, FutureHigh = -10 });
        var change = new ScenarioChange(ScenarioLever.ServiceCost, 10);

        var result = Run([point], change);

        Assert.Equal(0, result.WithInterval);
        Assert.Null(result.Before.Low);
        Assert.Contains(PortfolioNote.IntervalsMissing, Person.Report([point]).Notes);
        Assert.Equal(1, Run([certain], change).WithInterval);
        Assert.Equal(new ScenarioValue(-11, -11, -11), Run([certain], change).After);
    }

    [Fact]
    public void Run_PriceWhereNothingIsLeft_IsTheRevenueItself()
    {
        // No margin on purchases nor on contracts: 10 % more is 10 % of the discounted revenue and of the fees.
        var worth = new CustomerWorth
        {
            Basis = ValueBasis.Contribution,
            FutureFees = 60,
            Purchases = new CustomerValue(.9, 4, 25, 0) { DiscountedTransactions = 3.6, NetRate = .9, MarginRate = 0 },
        };
        var change = new ScenarioChange(ScenarioLever.Price, 10);

        Assert.Equal(14.1m, Run([Customer(worth)], change).After.Value);
        // Fees that are among the transactions: the model of purchases says 90, none of which counts.
        var within = worth with { Purchases = worth.Purchases!.Value with { FutureValue = 81, MarginRate = null } };
        Assert.Equal(6m, Run([Customer(within)], change).After.Value);
    }

    [Fact]
    public void Run_AbsurdAmounts_AreCalculatedAllTheSame()
    {
        const decimal most = 1_000_000_000_000_000_000m;
        var worth = new CustomerWorth
        {
            Basis = ValueBasis.Contribution,
            FuturePurchases = most,
            FutureServing = most,
            FutureLow = -most,
            FutureHigh = most,
            Purchases = new CustomerValue(1, 1, 1e18, 1e18) { DiscountedTransactions = 1, SecondHalfRatio = .5 },
        };
        var estimate = new ProspectEstimate(1, 3 * most, -most, 3 * most, .5, 1);
        var prospect = new Person(Person.Known(), null, Person.Judged(RelationshipPhase.Prospect), estimate, null);

        var result = Run([.. Enumerable.Repeat(Customer(worth), 500), prospect], new ScenarioChange(ScenarioLever.Price, 10));

        Assert.Equal(50 * most, result.After.Value);
        Assert.Equal(3 * most / 2, result.ProspectsLifetime.After.Value);
    }

    [Fact]
    public void Run_Contracts_AreRenewedMoreOrLessOften()
    {
        var start = Person.Today - 100;
        var contract = new Contract { Id = "c", StartedOn = start, TermMonths = 12, FeePerTerm = Person.Of(200) };
        var first = contract.NextRenewal(Person.Today)!.Value;
        var (wait, year) = ((first - Person.Today) / 7.0, 12 * CustomerFacts.MonthDays / 7);
        double Discount(double weeks) => Math.Exp(-Person.Terms.WeeklyRate * weeks);
        double Value(double p) => 100 * Discount(wait) * (p + (p * p * Discount(year)));
        var future = decimal.Round((decimal)Value(.7), 2);
        var worth = new CustomerWorth
        {
            Basis = ValueBasis.Contribution,
            FutureContracts = future,
            FutureFees = 2 * future,
            Contracts = [new ContractWorth(null, 0, DateOnly.FromDayNumber(first), false, 200, .7, 100, future)],
        };
        var person = new Person(Person.Known(held: contract), worth, Person.Judged(RelationshipPhase.Steady), null, null);

        Assert.Equal(Value(.77), (double)Run([person], new ScenarioChange(ScenarioLever.Retention, 10)).After.Value, .02);
        Assert.Equal(Value(.35), (double)Run([person], new ScenarioChange(ScenarioLever.Retention, -50)).After.Value, .02);
        Assert.Equal(Value(1), (double)Run([person], new ScenarioChange(ScenarioLever.Retention, 100)).After.Value, .02);
        // Half of the fee is contribution.
        Assert.Equal(1.2 * (double)future, (double)Run([person], new ScenarioChange(ScenarioLever.Price, 10)).After.Value, .01);
    }

    [Fact]
    public void Run_Retention_IsMonotone()
    {
        var people = Leaving(100).Select(customer => Customer(customer.Worth)).ToArray();
        var report = Person.Report(people);
        decimal At(double percent) =>
            Scenario.Run(report.Scenarios, new ScenarioRequest([new ScenarioChange(ScenarioLever.Retention, percent)])).After.Value;

        for (var percent = -90; percent <= 97; percent += 3)
        {
            Assert.True(At(percent) < At(percent + 3), $"{percent}");
        }
    }

    [Theory]
    [InlineData(-50)]
    [InlineData(-20)]
    [InlineData(-7)]
    [InlineData(10)]
    [InlineData(33)]
    public void Run_Retention_IsWhatSimulatedLifetimesGive(double percent)
    {
        var customers = Leaving(400);
        var random = new Random(5);
        var (horizon, rate) = (Person.Terms.HorizonWeeks, Person.Terms.WeeklyRate);
        double simulated = 0;
        const int draws = 300;
        foreach (var (_, hazard, perWeek) in customers)
        {
            var kept = Math.Min(1, Math.Exp(-hazard * ValuationTerms.WeeksPerYear) * (1 + (percent / 100)));
            var changed = -Math.Log(kept) / ValuationTerms.WeeksPerYear;
            for (var i = 0; i < draws; i++)
            {
                var life = changed == 0 ? horizon : Math.Min(horizon, -Math.Log(1 - random.NextDouble()) / changed);
                simulated += perWeek * (1 - Math.Exp(-rate * life)) / rate / draws;
            }
        }

        var result = Run([.. customers.Select(customer => Customer(customer.Worth))], new ScenarioChange(ScenarioLever.Retention, percent));

        Assert.Equal(simulated, (double)result.After.Value, .01 * simulated);
        Assert.True(Math.Abs(result.Difference.Value) > .01m * result.Before.Value);
    }

    [Fact]
    public void SecondHalfRatio_OfAModel_IsTheSecondHalfOverTheFirst()
    {
        var models = new CustomerModels(new BgNbd(.243, 4.414, .793, 2.426), new GammaGamma(6.25, 3.74, 15.44));
        var summary = new CustomerSummary { Whole = new PurchaseSummary(730_000, 2, 213, 272, 2, Person.Of(44.7m), Person.Of(60)) };
        double Expected(double weeks) => models.Value(summary, new ValuationTerms(weeks, .1))!.Value.ExpectedTransactions;

        var ratio = models.SecondHalfRatio(summary.Whole, new ValuationTerms(52, .1))!.Value;

        Assert.Equal((Expected(52) - Expected(26)) / Expected(26), ratio, 1e-12);
        Assert.InRange(ratio, .5, 1);
    }

    [Theory]
    [InlineData(ScenarioLever.Price, 101, null, "changes[0].percent")]
    [InlineData(ScenarioLever.Price, double.NaN, null, "changes[0].percent")]
    [InlineData((ScenarioLever)99, 1, null, "changes[0].lever")]
    [InlineData(ScenarioLever.Price, 1, "nowhere", "changes[0].segment")]
    public void Run_AWrongField_IsRefusedByItsName(ScenarioLever lever, double percent, string? segment, string property)
    {
        var change = new ScenarioChange(lever, percent, segment);

        var refusal = Assert.Throws<ScenarioRefusedException>(() => Run([Customer(Plain, "a")], change));

        Assert.Equal(property, refusal.Property);
        Assert.NotEmpty(refusal.Message);
    }

    [Fact]
    public void Run_NoChangesOrTheSameTwice_IsRefused()
    {
        var change = new ScenarioChange(ScenarioLever.Price, 1);

        Assert.Equal("changes", Assert.Throws<ScenarioRefusedException>(() => Run([])).Property);
        Assert.Equal("changes[1].lever", Assert.Throws<ScenarioRefusedException>(() => Run([], change, change)).Property);
    }

    private static ScenarioResult Run(IEnumerable<Person> people, params ScenarioChange[] changes) =>
        Scenario.Run(Person.Report(people).Scenarios, new ScenarioRequest(changes));

    private static Person Customer(CustomerWorth worth, string? segment = null) =>
        new(Person.Known(new CustomerProfile { Segment = segment }, 400), worth, Person.Judged(RelationshipPhase.Steady), null, null);

    /// <summary>Customers who buy at a constant rate and leave at another, with their value by its closed form.</summary>
    private static IReadOnlyList<(CustomerWorth Worth, double Hazard, double PerWeek)> Leaving(int count)
    {
        var random = new Random(9);
        var (horizon, rate) = (Person.Terms.HorizonWeeks, Person.Terms.WeeklyRate);
        return
        [
            .. Enumerable.Range(0, count).Select(_ =>
            {
                var (hazard, perWeek) = (.001 - (.02 * Math.Log(1 - random.NextDouble())), 1 + (20 * random.NextDouble()));
                double Weeks(double at, double weeks) => (1 - Math.Exp(-at * weeks)) / at;
                var value = perWeek * Weeks(hazard + rate, horizon);
                var half = Weeks(hazard, horizon / 2);
                var worth = new CustomerWorth
                {
                    Basis = ValueBasis.Revenue,
                    FuturePurchases = decimal.Round((decimal)value, 2),
                    Purchases = new CustomerValue(1, Weeks(hazard, horizon), perWeek, value)
                    {
                        SecondHalfRatio = (Weeks(hazard, horizon) - half) / half,
                    },
                };
                return (worth, hazard, perWeek);
            }),
        ];
    }
}
