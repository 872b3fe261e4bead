using System.Text.Json;
using Clv.Core.History;
using Clv.Core.Industry;
using Clv.Core.Portfolio;
using Clv.Core.Relationship;
using Clv.Core.Valuation;

namespace Clv.Core.Tests.Portfolio;

public class RankingBuilderTests
{
    [Fact]
    public void Tiers_OfTenCustomers_AreTheTwoAndTheEightMostValuable()
    {
        var builder = new RankingBuilder();
        foreach (var value in (decimal[])[3, 10, 1, 7, 5, 9, 2, 8, 6, 4])
        {
            builder.Add(Person.Known(ageDays: 9), Worth(value));
        }

        Assert.Equal(new TierThresholds(9, 3), builder.Build(IndustryProfile.Default).Tiers);
    }

    [Fact]
    public void Tiers_EqualValues_AreAllInTheHigherTier()
    {
        var builder = new RankingBuilder();
        foreach (var value in (decimal[])[1, 5, 5, 5, 5])
        {
            builder.Add(Person.Known(ageDays: 9), Worth(value));
        }

        Assert.Equal(new TierThresholds(5, 5), builder.Build(IndustryProfile.Default).Tiers);
    }

    [Theory]
    [InlineData(1, -3, -2, -1)]
    [InlineData(1, -3, 0, 0)]
    [InlineData(701, 7, 7, 7)]
    [InlineData(200, 1, 1, 2)]
    public void Tiers_WorthNothingOrAllTheSame_NobodyIsAtTheTop(int cents, params int[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var builder = new RankingBuilder();
        foreach (var value in values)
        {
            builder.Add(Person.Known(ageDays: 9), Worth(value));
        }

        var profile = new IndustryProfile { Tiers = new TierShares { Top = .2, Middle = .8 } };
        Assert.Equal(new TierThresholds(cents / 100m, values.Min()), builder.Build(profile).Tiers);
    }

    [Fact]
    public void Build_AbsurdValues_CountAsTheBound()
    {
        var builder = new RankingBuilder();
        builder.Add(Person.Known(ageDays: 9), Worth(4_000_000_000_000_000_000m));
        builder.Add(Person.Known(ageDays: 9), Worth(-4_000_000_000_000_000_000m));

        Assert.Equal(10_000_000_000_000_000m, builder.Build(IndustryProfile.Default).Tiers!.Top);
    }

    [Fact]
    public void Prospects_CustomersWhoAreNotInTheCrm_SayWhatIsEarnedButNotWhoIsWon()
    {
        var builder = new RankingBuilder();
        builder.Add(Person.Known(Of("web"), 9), Worth(100));
        builder.Add(Person.Known(Of("web", CustomerStatus.Prospect)), null);
        for (var i = 0; i < 8; i++)
        {
            builder.Add(Person.Known(ageDays: 9), Worth(10));
        }

        builder.Add(Person.Known(), null);

        var everybody = builder.Build(IndustryProfile.Default).Prospects!.Everybody;

        Assert.Equal((9, 20m, .5), (everybody.Customers, everybody.ValueIfWon, everybody.Conversion));
    }

    [Fact]
    public void Build_OfNobody_KnowsNothing()
    {
        var ranking = new RankingBuilder().Build(IndustryProfile.Default);

        Assert.Null(ranking.Tiers);
        Assert.Null(ranking.Prospects);
        Assert.Same(CategoryAssociations.None, ranking.Categories);
        Assert.Equal(0, ranking.Typical.ServiceContacts);
        Assert.Empty(ranking.Typical.SpendPerOccasion);
    }

    [Fact]
    public void Prospects_CellsThatDiffer_AreDrawnTowardsEverybodyByTheirSize()
    {
        var random = new Random(3);
        var builder = new RankingBuilder();
        var added = new List<(string Channel, decimal Value)>();
        void Add(string channel, int customers, int prospects, double mean)
        {
            for (var i = 0; i < customers; i++)
            {
                var value = decimal.Round((decimal)(mean - (50 * Math.Log(1 - random.NextDouble()))), 2);
                added.Add((channel, value));
                builder.Add(Person.Known(Of(channel), 9), Worth(value - 30, 30));
            }

            for (var i = 0; i < prospects; i++)
            {
                builder.Add(Person.Known(Of(channel, i % 2 == 0 ? CustomerStatus.Prospect : CustomerStatus.Lost)), null);
            }
        }

        Add("ads", 500, 500, 100);
        Add("fair", 500, 1_500, 200);
        Add("web", 500, 250, 20);
        Add("tiny", 2, 6, 500);
        Add("new", 0, 40, 0);

        var table = builder.Build(IndustryProfile.Default).Prospects!;

        var overall = added.Average(row => row.Value);
        Assert.Equal((double)overall, (double)table.Everybody.ValueIfWon, .01);
        Assert.Equal(1502 / 3798.0, table.Everybody.Conversion, 1e-9);
        var large = table.Of(Of("fair"));
        Assert.Equal(500, large.Customers);
        Assert.InRange(large.Own, .97, 1);
        Assert.Equal((double)added.Where(row => row.Channel == "fair").Average(row => row.Value), (double)large.ValueIfWon, 3.0);
        Assert.Equal(.25, large.Conversion, .01);
        Assert.InRange(large.Low, 195, 215);
        Assert.InRange(large.High, 290, 345);
        var tiny = table.Of(Of("tiny"));
        Assert.InRange(tiny.Own, .3, .95);
        var mean = added.Where(row => row.Channel == "tiny").Average(row => row.Value);
        Assert.Equal((double)((mean - overall) * (decimal)tiny.Own), (double)(tiny.ValueIfWon - overall), .02);
        var none = table.Of(Of("new"));
        Assert.Equal((0, table.Everybody.ValueIfWon, 0), (none.Customers, none.ValueIfWon, none.Own));
        Assert.True(none.Conversion < table.Everybody.Conversion);
        Assert.Same(table.Everybody, table.Of(Of("unheard of")));
    }

    [Fact]
    public void Prospects_CellsThatDifferByChanceOnly_AreWorthAboutWhatEverybodyIs()
    {
        var random = new Random(4);
        var builder = new RankingBuilder();
        for (var i = 0; i < 4_000; i++)
        {
            builder.Add(Person.Known(Of($"c{i % 40}"), 9), Worth(random.Next(20_000) / 100m));
            builder.Add(Person.Known(Of($"c{i % 40}", CustomerStatus.Prospect)), null);
        }

        var table = builder.Build(IndustryProfile.Default).Prospects!;

        Assert.All(table.Cells.Values, cell => Assert.InRange(cell.Own, 0, .6));
        Assert.All(table.Cells.Values, cell => Assert.Equal(.5, cell.Conversion, 1e-9));
        Assert.All(table.Cells.Values, cell => Assert.InRange(cell.High, 165, 195));
    }

    [Fact]
    public void Categories_ByHand_HaveTheirLift()
    {
        var builder = new RankingBuilder();
        void Add(int customers, params string[] categories)
        {
            for (var i = 0; i < customers; i++)
            {
                var owned = categories.Select(name => new CategoryPurchases(name, 1, Person.Of(name == "returned" ? 0 : 5), 1)).ToArray();
                builder.Add(Person.Known(ageDays: 9) with { Categories = owned }, Worth(1));
            }
        }

        Add(30, "shoes", "socks");
        Add(10, "shoes");
        Add(60, "hats");
        Add(20, "hats", "socks");
        Add(40, "returned");
        Add(5);

        var categories = builder.Build(IndustryProfile.Default).Categories;

        Assert.Equal(120, categories.Customers);
        Assert.Equal(["hats", "shoes", "socks"], categories.Owners.Keys);
        Assert.Equal([80L, 40, 50], categories.Owners.Values);
        // 30 of 40 owners of shoes own socks, which 50 of 120 do.
        Assert.Equal(
            [
                new CategoryPair("shoes", "socks", 30, .75, .75 * 120 / 50),
                new CategoryPair("socks", "shoes", 30, .6, .6 * 120 / 40),
            ],
            categories.Pairs);
    }

    [Fact]
    public void Typical_IsTheMeanContactsAndTheMedianSpend()
    {
        var builder = new RankingBuilder();
        void Add(string? segment, double spend, int calls)
        {
            var facts = Person.Known(new CustomerProfile { Segment = segment }, 9) with
            {
                LastYear = InteractionCounts.None with { ServiceCalls = calls, Complaints = 1, Opens = 50 },
            };
            builder.Add(facts, Worth(1) with { Purchases = new CustomerValue(1, 1, spend, 1) });
        }

        Add("a", 10, 0);
        Add("a", 30, 1);
        Add("a", 20, 2);
        Add("b", 40, 3);
        Add(null, 100, 4);
        Add(null, 90, 8);

        var typical = builder.Build(IndustryProfile.Default).Typical;

        Assert.Equal(4, typical.ServiceContacts);
        Assert.Equal(new Dictionary<string, double> { [""] = 35, ["a"] = 20, ["b"] = 40 }, typical.SpendPerOccasion);
    }

    [Fact]
    public void Build_WrittenAndRead_IsTheSame()
    {
        var builder = new RankingBuilder();
        foreach (var person in Person.Many(300, 8))
        {
            builder.Add(person.Facts, person.Worth);
        }

        var text = Person.Write(builder.Build(IndustryProfile.Default));

        Assert.Equal(text, Person.Write(JsonSerializer.Deserialize<Ranking>(text, Person.Json)));
        Assert.Contains("valueIfWon", text, StringComparison.Ordinal);
    }

    private static CustomerProfile Of(string channel, CustomerStatus status = CustomerStatus.Unknown) =>
        new() { Channel = channel, Status = status };

    private static CustomerWorth Worth(decimal lifetime, decimal cost = 0) => new()
    {
        Basis = ValueBasis.Contribution,
        Contribution = lifetime + cost,
        Costs = CustomerCosts.None with { Acquisition = cost },
    };
}
