using System.Text.Json;
using Clv.Core.Industry;
using Clv.Core.Portfolio;
using Clv.Core.Relationship;
using Clv.Core.Valuation;

namespace Clv.Core.Tests.Portfolio;

public class PartitionPortfolioTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Merge_AnyPartitioningInAnyOrder_GivesTheSameReport(int seed)
    {
        var (people, gone) = (Person.Many(300, seed), Person.Gone(20, seed));
        var random = new Random(seed);
        var shuffled = people.ToArray();
        random.Shuffle(shuffled);

        var parts = shuffled.GroupBy(_ => random.Next(1 + (3 * seed)))
            .Select(part => Person.Portfolio(part, part.Key == 0 ? gone : []))
            .Select(part => JsonSerializer.Deserialize<PartitionPortfolio>(Person.Write(part), Person.Json)!)
            .ToArray();
        random.Shuffle(parts);
        var merged = parts.Aggregate(PartitionPortfolio.None, (sum, part) => sum.Merge(part));

        var profile = IndustryProfile.Default;
        Assert.Equal(Person.Write(Person.Report(people, gone)), Person.Write(PortfolioReport.Of(merged, Person.Terms, profile)));
        Assert.Equal(0, PartitionPortfolio.None.Total.Customers);
    }

    [Fact]
    public void Report_EveryGrouping_AddsUpToTheSumOverCustomersToTheCent()
    {
        var people = Person.Many(500, 7);
        var report = Person.Report(people);
        var worths = people.Where(person => person.IsCustomer).Select(person => person.Worth).OfType<CustomerWorth>().ToArray();

        Assert.Equal(people.Count(person => person.IsCustomer), report.Total.Customers);
        Assert.Equal(worths.Sum(worth => worth.Historic), report.Total.Historic);
        Assert.Equal(worths.Sum(worth => worth.Future), report.Total.Future);
        Assert.Equal(worths.Sum(worth => worth.Lifetime), report.Total.Lifetime);
        Assert.Equal(worths.Sum(worth => worth.Costs.Total), report.Total.Costs.Total);
        Assert.Equal(people.Sum(person => person.Prospect?.Expected ?? 0), report.Total.ProspectsExpected);
        var others = people.Where(person => person.Facts is { IsCustomer: false, IsProspect: false }).ToArray();
        Assert.Equal((others.Length, others.Sum(person => person.Worth!.Costs.Total)), (report.Total.Others, report.Total.OthersCosts));
        IReadOnlyList<PortfolioGroup>[] groupings = [report.Phases, report.Tiers, report.Segments, report.Channels, report.Cohorts];
        foreach (var groups in groupings)
        {
            Assert.True(groups.Count > 1);
            Assert.Equal(report.Total, groups.Aggregate(ValueTotals.None, (sum, group) => sum + group.Totals));
        }

        IReadOnlyList<AcquisitionRow>[] tables = [report.Acquisition.Channels, report.Acquisition.Cohorts, report.Acquisition.Cells];
        foreach (var rows in tables)
        {
            Assert.Equal(report.Acquisition.Total!.Customers, rows.Sum(row => row.Customers));
            Assert.Equal(report.Acquisition.Total!.Cost, rows.Sum(row => row.Cost ?? 0));
        }
    }

    [Fact]
    public void Report_WrittenAndRead_IsTheSame()
    {
        var report = Person.Report(Person.Many(100, 5), Person.Gone(3, 5));

        var text = Person.Write(report);

        Assert.Equal(text, Person.Write(JsonSerializer.Deserialize<PortfolioReport>(text, Person.Json)));
        Assert.NotNull(report.Movement);
    }

    [Fact]
    public void Report_WithoutCostsMarginsOrLastNight_SaysSo()
    {
        var worth = new CustomerWorth { Basis = ValueBasis.Revenue, Contribution = 10 };
        var person = new Person(Person.Known(ageDays: 100), worth, Person.Judged(RelationshipPhase.Steady), null, null);

        var report = Person.Report([person]);

        Assert.Equal(
            [
                PortfolioNote.MarginsUnknown, PortfolioNote.NoLastNight, PortfolioNote.AcquisitionCostsUnknown,
                PortfolioNote.NoActionAssumptions, PortfolioNote.IntervalsMissing,
            ],
            report.Notes);
        Assert.Null(report.Movement);
        Assert.Null(report.Acquisition.Total!.CostPerCustomer);
        Assert.Null(report.Acquisition.Total!.UnderWater);
        Assert.Equal(10, report.Acquisition.Total!.ValuePerCustomer);
    }

    [Fact]
    public void Report_OfNobody_IsEmpty()
    {
        var report = Person.Report([]);

        Assert.Equal(ValueTotals.None, report.Total);
        Assert.Null(report.Acquisition.Total);
        Assert.Empty(report.Budget);
    }
}
