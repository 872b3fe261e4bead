using Clv.Core.Models;

namespace Clv.Core.Tests.Models;

public class GroupingTests
{
    [Fact]
    public void Build_EqualHistories_AreOneGroup()
    {
        var grouper = new HistoryGrouper();
        grouper.Add(2, 14, 70);
        grouper.Add(0, 0, 7, 5);
        grouper.Add(2, 14, 70, 3);
        grouper.Add(1, 7, 7);
        grouper.Add(1, 7, 7, 0);

        var groups = grouper.Build();

        Assert.Equal(
            [new HistoryGroup(0, 0, 1, 5), new HistoryGroup(1, 1, 1, 1), new HistoryGroup(2, 2, 10, 4)],
            Enumerable.Range(0, groups.GroupCount).Select(i => groups[i]));
        Assert.Equal((10, 5, 9), (groups.Customers, groups.Repeaters, groups.RepeatOccasions));
    }

    [Fact]
    public void Build_ManyCustomersInAnyOrder_CountsLikeADictionary()
    {
        var random = new SeededRandom(3);
        var grouper = new HistoryGrouper();
        var expected = new Dictionary<(int X, int Age, int Recency), long>();
        for (var i = 0; i < 60_000; i++)
        {
            var age = random.NextInt(400);
            var recency = random.NextInt(age + 1);
            var x = recency == 0 ? 0 : 1 + random.NextInt(3);
            grouper.Add(x, recency, age);
            expected[(x, age, recency)] = expected.GetValueOrDefault((x, age, recency)) + 1;
        }

        var groups = grouper.Build();

        Assert.Equal(
            expected.OrderBy(e => e.Key).Select(e => new HistoryGroup(e.Key.X, e.Key.Recency / 7.0, e.Key.Age / 7.0, e.Value)),
            Enumerable.Range(0, groups.GroupCount).Select(i => groups[i]));
    }

    [Fact]
    public void Build_LargestNumbers_SurviveThePacking()
    {
        var grouper = new HistoryGrouper();
        grouper.Add(HistoryGrouper.Largest, HistoryGrouper.Largest, HistoryGrouper.Largest);

        Assert.Equal(new HistoryGroup(2_097_151, 2_097_151 / 7.0, 2_097_151 / 7.0, 1), grouper.Build()[0]);
    }

    [Theory]
    [InlineData(-1, 0, 5, 1)]
    [InlineData(0, 1, 5, 1)]
    [InlineData(1, 0, 5, 1)]
    [InlineData(1, 6, 5, 1)]
    [InlineData(1, -2, -1, 1)]
    [InlineData(1, 1, HistoryGrouper.Largest + 1, 1)]
    [InlineData(1, 1, 5, -1)]
    public void Add_ImpossibleHistory_Throws(int frequency, int recency, int age, long count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new HistoryGrouper().Add(frequency, recency, age, count));

    [Fact]
    public void Build_LogGaps_AddUpToTheSameBitsInAnyOrder()
    {
        var random = new SeededRandom(8);
        var customers = Enumerable.Range(0, 5000).Select(i => (X: 1 + (i % 7), Age: 100 + (i % 50), Gaps: 20 * random.NextNormal(), Key: random.NextBits())).ToArray();
        double Sum(IEnumerable<(int X, int Age, double Gaps, ulong Key)> order)
        {
            var grouper = new HistoryGrouper();
            foreach (var c in order)
            {
                grouper.Add(c.X, 60, c.Age, 3, c.Gaps);
            }

            grouper.Add(0, 0, 40);
            return grouper.Build().SumLogGaps!.Value;
        }

        var sum = Sum(customers);

        Assert.Equal(3 * customers.Sum(c => c.Gaps), sum, 1e-7);
        Assert.Equal(sum, Sum(customers.OrderBy(c => c.Key)));
        Assert.Equal(sum, Sum(customers.Reverse()));
        Assert.Equal(sum, GroupedHistories.FromTable(customers.Select(c => new HistoryGroup(c.X, 60, c.Age, 3, c.Gaps)).Append(new(0, 0, 9, 4))).SumLogGaps);
    }

    [Fact]
    public void Build_OneRepeaterWithoutGaps_HasNoSum()
    {
        var grouper = new HistoryGrouper();
        grouper.Add(2, 14, 70, logGaps: 0.5);
        Assert.Equal(0.5, grouper.Build().SumLogGaps);

        grouper.Add(1, 7, 70);

        Assert.Null(grouper.Build().SumLogGaps);
        Assert.Null(GroupedHistories.FromTable([new(2, 14, 70, 1, 0.5), new(1, 7, 70, 1)]).SumLogGaps);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void Add_ImpossibleLogGaps_Throws(double gaps) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new HistoryGrouper().Add(1, 1, 1, 1, gaps));

    [Fact]
    public void FromTable_Donations_MergesAndSorts()
    {
        var rows = File.ReadLines(SharedData.File("lifetimes_donations.csv")).Skip(1)
            .Select(line => Array.ConvertAll(line.Split(','), int.Parse))
            .Select(f => new HistoryGroup(f[0], f[1], f[2], f[3]))
            .ToArray();

        var groups = GroupedHistories.FromTable(rows.Reverse().Concat(rows));

        Assert.Equal(22, groups.GroupCount);
        Assert.Equal(2 * 11_104, groups.Customers);
        Assert.Equal(new HistoryGroup(0, 0, 6, 2 * 3464), groups[0]);
    }

    [Fact]
    public void FromTable_ImpossibleRow_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => GroupedHistories.FromTable([new HistoryGroup(1, 3, double.NaN, 1)]));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(HistoryGrouper.Largest + 1, 1)]
    [InlineData(1, 0)]
    [InlineData(1, double.NaN)]
    [InlineData(1, double.PositiveInfinity)]
    public void SpendAdd_ImpossibleSpend_Throws(int count, double mean) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpendGrouper().Add(count, mean));
}
