using Clv.Core.History;
using Clv.Core.Industry;
using Clv.Core.Portfolio;
using Clv.Core.Relationship;
using Clv.Core.Valuation;

namespace Clv.Core.Tests.Portfolio;

public class AcquisitionTests
{
    [Fact]
    public void Acquisition_ByHand_IsCostValueRatioAndTheMostToPay()
    {
        // Values before cost: 200 and 100 at costs of 40 and 60; somebody whose cost nobody knows, worth 999, is left out of the ratio.
        var row = Only([Customer(40, 160, 0), Customer(60, 40, 0), Customer(null, 999, 0)]);

        Assert.Equal((3, 2), (row.Customers, row.KnownCosts));
        Assert.Equal(100, row.Cost);
        Assert.Equal(50, row.CostPerCustomer);
        Assert.Equal(150, row.ValuePerCustomer);
        Assert.Equal(3, row.Ratio);
        Assert.Equal(50, row.MaximumCost);
        Assert.False(row.UnderWater);
    }

    [Fact]
    public void Acquisition_WorthLessThanItCost_IsUnderWater()
    {
        var report = Person.Report([Customer(40, -1, 0), Customer(40, 5, 0, channel: "fair")]);

        Assert.Equal(["ads"], report.Acquisition.UnderWater);
        Assert.Equal(39, report.Acquisition.Channels[0].ValuePerCustomer);
        Assert.True(report.Acquisition.Channels[0].UnderWater);
        Assert.Equal(("ads", "2025-Q2"), (report.Acquisition.Cells[0].Channel, report.Acquisition.Cells[0].Cohort));
    }

    [Fact]
    public void Payback_EarnedWithinTheFirstYear_IsTheMonth()
    {
        // Half of 20 a month stays: 10, 20, 30, so a cost of 25 is earned in the third.
        Assert.Equal(3, Only([Customer(25, 0, 0, monthly: 20)]).PaybackMonths);
        Assert.Equal(0, Only([Customer(0, 0, 0, monthly: 20)]).PaybackMonths);
    }

    [Fact]
    public void Payback_YoungCustomers_CountOnlyForTheMonthsTheyHaveSeen()
    {
        // After a month the young one has cost 100 and earned nothing; after two only the old one is seen: 20 of 15.
        Person[] people = [Customer(15, 0, 0, monthly: 20), Customer(100, 0, 0, monthly: 0, age: 40)];

        Assert.Equal(2, Only(people).PaybackMonths);
    }

    [Fact]
    public void Payback_NotEarnedYet_GoesOnAtThePaceOfTheExpectedFuture()
    {
        var months = Person.Terms.HorizonWeeks * 7 / CustomerFacts.MonthDays;
        // 16 of 36 so far leave 20 to earn, at 2 a month 10 months more.
        var future = decimal.Round((decimal)(2 * months), 2);
        var age = 400 / CustomerFacts.MonthDays;
        Assert.Equal(Math.Round(age + 10, 1), Only([Customer(36, future - 20, future, monthly: 2)]).PaybackMonths);
        // At a tenth of that pace it takes longer than the horizon.
        Assert.Null(Only([Customer(36, (future / 10) - 20, future / 10, monthly: 2)]).PaybackMonths);
        Assert.Null(Only([Customer(36, -20, 0, monthly: 2)]).PaybackMonths);
    }

    [Fact]
    public void Payback_EarnedAfterTheFirstYear_IsSpreadOverTheMonthsSince()
    {
        // 12 of 36 in the first 12 months and 38 in the 19 since, of which the missing 24 took 12, whatever the future brings.
        var age = (int)Math.Round(31 * CustomerFacts.MonthDays);

        Assert.Equal(24, Only([Customer(36, 14, 0, monthly: 2, age: age)]).PaybackMonths);
    }

    [Fact]
    public void Payback_ContractBeforeTheFirstPurchase_CountsFromTheContract()
    {
        // A fee of 10 at once, and 20 a month from the 100th day on, which are there when the 5th, 6th ... month since the contract ends.
        var contract = new Contract { Id = "c", StartedOn = Person.Today - 500, TermMonths = 24, FeePerTerm = Person.Of(10) };
        var facts = Person.Known(new CustomerProfile { Channel = "ads", AcquisitionCost = Person.Of(45) }, 400, held: contract) with
        {
            FirstYearNet = [.. Enumerable.Repeat(Person.Of(20), 12)],
        };
        var worth = new CustomerWorth
        {
            Basis = ValueBasis.Contribution,
            Revenue = 260,
            ContractRevenue = 10,
            Contribution = 270,
            Costs = CustomerCosts.None with { Acquisition = 45 },
        };

        var report = Person.Report([new Person(facts, worth, Person.Judged(RelationshipPhase.Steady), null, null)]);

        Assert.Equal(6, report.Acquisition.Total!.PaybackMonths);
        Assert.Equal("2025-Q1", report.Acquisition.Cohorts.Single().Cohort);
    }

    [Fact]
    public void Payback_OfAContract_CountsTheFeesOfTermsBegun()
    {
        var contract = new Contract { Id = "c", StartedOn = Person.Today - 200, TermMonths = 1, FeePerTerm = Person.Of(10) };
        var facts = Person.Known(new CustomerProfile { AcquisitionCost = Person.Of(45) }, held: contract);
        var worth = new CustomerWorth
        {
            Basis = ValueBasis.Contribution,
            ContractRevenue = 70,
            Contribution = 70,
            Costs = CustomerCosts.None with { Acquisition = 45 },
        };
        var person = new Person(facts, worth, Person.Judged(RelationshipPhase.Steady), null, null);
        var inTransactions = new IndustryProfile { Contracts = new ContractTerms { FeesInTransactions = true } };

        // Begun after 0, 31, 62, 90 and 121 days: 50 by the end of the fourth twelfth of a year.
        Assert.Equal(4, Only([person]).PaybackMonths);
        Assert.Null(Person.Report([person], profile: inTransactions).Acquisition.Total!.PaybackMonths);
    }

    private static AcquisitionRow Only(IEnumerable<Person> people) => Person.Report(people).Acquisition.Channels.Single();

    /// <summary>A customer half of whose revenue stays.</summary>
    private static Person Customer(
        decimal? cost, decimal lifetime, decimal future, decimal monthly = 0, int age = 400, string channel = "ads")
    {
        var profile = new CustomerProfile { Channel = channel, AcquisitionCost = cost is { } known ? Person.Of(known) : null };
        var facts = Person.Known(profile, age) with { FirstYearNet = [.. Enumerable.Repeat(Person.Of(monthly), 12)] };
        var contribution = lifetime - future + (cost ?? 0);
        var worth = new CustomerWorth
        {
            Basis = ValueBasis.Contribution,
            Revenue = 100,
            Contribution = lifetime == 0 ? 50 : contribution,
            Costs = CustomerCosts.None with { Acquisition = cost ?? 0 },
            FuturePurchases = future,
        };
        return new Person(facts, worth, Person.Judged(RelationshipPhase.Steady), null, null);
    }
}
