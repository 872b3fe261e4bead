using System.Text.Json;
using Clv.Core.Portfolio;

namespace Clv.Core.Tests.Portfolio;

public class GroupsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Merge_MoreNamesThanTheLimit_DoesNotDependOnTheOrder(int seed)
    {
        var random = new Random(seed);
        var added = Enumerable.Range(0, 200).Select(_ => (Name: $"n{random.Next(20)}", Amount: (decimal)random.Next(100))).ToArray();
        var firstNames = added.Select(row => row.Name).Distinct().Order(StringComparer.Ordinal).Take(5).ToArray();

        var merged = added.GroupBy(_ => random.Next(6))
            .Select(part => Sum(part))
            .Aggregate((left, right) => left.Merge(right));

        Assert.Equal(firstNames, merged.Named.Keys);
        foreach (var name in firstNames)
        {
            Assert.Equal(added.Where(row => row.Name == name).Sum(row => row.Amount), merged.Named[name].Stake);
        }

        Assert.Equal(added.Where(row => !firstNames.Contains(row.Name)).Sum(row => row.Amount), merged.Others!.Stake);
        var text = Person.Write(merged);
        Assert.Equal(text, Person.Write(Sum(added)));
        Assert.Equal(text, Person.Write(JsonSerializer.Deserialize<Groups<BudgetTotals>>(text, Person.Json)));
    }

    [Fact]
    public void Rows_OthersExist_AreTheLastWithoutAName()
    {
        var groups = Sum([("b", 2m), ("a", 1m), ("", 4m), ("c", 8m), ("d", 16m), ("e", 32m), ("e", 64m)]);

        Assert.Equal(["", "a", "b", "c", "d", null], groups.Rows((name, _) => name));
        Assert.Equal([4m, 1m, 2m, 8m, 16m, 96m], groups.Rows((_, totals) => totals.Stake));
    }

    private static Groups<BudgetTotals> Sum(IEnumerable<(string Name, decimal Amount)> added)
    {
        var groups = new Groups<BudgetTotals>(5);
        foreach (var (name, amount) in added)
        {
            groups.Add(name, new BudgetTotals(1, amount));
        }

        return groups;
    }
}
