using System.Text;
using Clv.Core.Extracts;
using Clv.Core.History;
using Clv.Core.Industry;

namespace Clv.Core.Tests.History;

public class FactsBuilderTests
{
    private const int End = 740_000;

    [Fact]
    public void Build_PersonWithTransactions_GivesWhatTheDefinitionsSay()
    {
        // Two purchase days in the last 364 days, one of them also returned in part; one on the day before those; one before that year too.
        var rows = Rows(
            (End - 728, 9_000_000, null, "shoes"),
            (End - 727, 5_000_000, null, "hats"),
            (End - 364, 7_000_000, null, "shoes"),
            (End - 363, 10_000_000, 4_000_000, "shoes"),
            (End - 363, -2_000_000, null, "hats"),
            (End, 1_000_000, null, ""),
            (End + 1, 100_000_000, null, "later"));
        var facts = new FactsBuilder(End, 0, IndustryProfile.Default).Build(Person(rows));

        Assert.Equal((2, 12_000_000 - 3_000_000), (facts.RecentOccasions, (int)facts.RecentNet.Micros));
        Assert.Equal((2, 12_000_000), (facts.EarlierOccasions, (int)facts.EarlierNet.Micros));
        Assert.Equal(
            [new("hats", 1, new Money(3_000_000), End - 727), new CategoryPurchases("shoes", 3, new Money(26_000_000), End - 363)], facts.Categories);
        Assert.Equal((4_000_000, 10_000_000), ((int)facts.Purchases.MarginTotal.Micros, (int)facts.Purchases.AmountWithMargin.Micros));
        // 364 and 365 days are within the twelfth and beyond it: a month has 30.44 days.
        Assert.Equal([14_000_000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 15_000_000], facts.FirstYearNet.Select(static net => (int)net.Micros));
        Assert.True(facts.HasTransactions);
        Assert.Equal(InteractionCounts.None, facts.LastYearBefore);
    }

    [Fact]
    public void Build_RowsAfterTheWindowOnly_IsSomebodyWithoutTransactions()
    {
        var facts = new FactsBuilder(End, 0, IndustryProfile.Default).Build(
            Person(Rows((End + 1, 1, null, "hats"))) with { Profile = CustomerProfile.None, Interactions = [new(End + 1, InteractionKind.Visit, new Money(5))] });

        Assert.False(facts.HasTransactions);
        Assert.True(facts.IsProspect);
        Assert.Empty(facts.Categories);
        Assert.Empty(facts.FirstYearNet);
        Assert.Equal(default, facts.Costs.Total);
    }

    [Theory]
    [InlineData("shoes", 5, 0.3, 2)]
    [InlineData("shoes", 15, 0.1, 2)]
    [InlineData("shoes", 25, 0.1, 2)]
    [InlineData("shoes", -15, 0.1, -2)]
    [InlineData("shoes", -25, 0.1, -2)]
    [InlineData("shoes", long.MaxValue, 1, long.MaxValue)]
    [InlineData("shoes", 9_000_000_000_000_000_005, 0.1, 900_000_000_000_000_000)]
    [InlineData("shoes", 9_000_000_000_000_000_015, 0.1, 900_000_000_000_000_002)]
    [InlineData("hats", 100, 0.3, 50)]
    [InlineData("", 100, 0.3, 50)]
    public void Build_RowWithoutMargin_GetsItsCategorysShareExactToTheMillionth(string category, long amount, double share, long margin)
    {
        var rates = new MarginRates { Categories = new Dictionary<string, double> { ["shoes"] = share }, Other = 0.5 };
        var industry = new IndustryProfile { Margins = rates };
        var facts = new FactsBuilder(End, 0, industry).Build(Person(Rows((End, amount, null, category))));

        Assert.Equal(margin, (long)facts.Purchases.MarginTotal.Micros);
        Assert.Equal(amount, (long)facts.Purchases.AmountWithMargin.Micros);
    }

    [Fact]
    public void Build_RowWithoutMarginAndWithoutRate_StaysUnknown()
    {
        var industry = new IndustryProfile { Margins = new MarginRates { Categories = new Dictionary<string, double> { ["shoes"] = 0.5 } } };
        var facts = new FactsBuilder(End, 0, industry).Build(Person(Rows((End, 100, null, "hats"), (End, 10, 7, "shoes"), (End, 20, null, "shoes"))));

        Assert.Equal((17, 30), ((int)facts.Purchases.MarginTotal.Micros, (int)facts.Purchases.AmountWithMargin.Micros));
    }

    [Fact]
    public void Build_Contacts_CostWhatTheySayElseTheRateElseNothing()
    {
        var industry = new IndustryProfile { Costs = new CostRates { ServiceCall = 4.50m, Return = 0.0000005m, Visit = 0.0000015m } };
        var person = Person(null) with
        {
            Interactions =
            [
                new(End, InteractionKind.ServiceCall, null),
                new(End - 363, InteractionKind.ServiceCall, new Money(7)),
                new(End - 364, InteractionKind.Complaint, new Money(10)),
                new(End - 1000, InteractionKind.Complaint, null),
                new(End, InteractionKind.Visit, null),
                new(End, InteractionKind.Return, null),
                new(End + 1, InteractionKind.Social, null),
            ],
        };
        var builder = new FactsBuilder(End, 1, industry);
        var facts = builder.Build(person);

        // A rate of half a millionth is rounded to even: the return's down, the visit's up.
        Assert.Equal(new InteractionCosts(new Money(4_500_017), new Money(2), default), facts.Costs);
        Assert.Equal(InteractionCounts.None with { ServiceCalls = 2, Visits = 1, Returns = 1 }, facts.LastYear);
        Assert.Equal(InteractionCounts.None with { ServiceCalls = 1, Complaints = 1 }, facts.LastYearBefore);
        Assert.Equal(1, builder.ContactsWithoutCost(person));
    }

    [Fact]
    public void FactsBuilder_NegativeTail_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FactsBuilder(End, -1, IndustryProfile.Default));

    private static PersonHistory Person(CustomerRows? rows) => new() { Key = new CustomerKey(1), Transactions = rows };

    private static CustomerRows Rows(params (int Day, long Micros, long? Margin, string Category)[] rows)
    {
        var customer = new CustomerRows();
        customer.Start(new CustomerKey(1), "c"u8);
        foreach (var (day, micros, margin, category) in rows)
        {
            customer.Add(day, micros, margin ?? TransactionReader.NoMargin, default, Encoding.UTF8.GetBytes(category), 0);
        }

        return customer;
    }
}
