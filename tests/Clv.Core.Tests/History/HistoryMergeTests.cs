using System.Text;
using Clv.Core.Extracts;
using Clv.Core.History;
using FsCheck;
using FsCheck.Fluent;

namespace Clv.Core.Tests.History;

public class HistoryMergeTests
{
    [Fact]
    public void Run_HoweverRowsAreSplit_GivesTheBytesOfOneFile() =>
        Prop.ForAll(Gen.Choose(0, 1 << 24).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var sales = Base.Random(random, 1 + random.Next(60));
            var partitions = 1 + random.Next(4);
            var old = random.Next(2) == 0 ? 0 : random.Next(sales.Count);
            var cuts = Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(old, sales.Count)).Append(old).Append(sales.Count).Order().ToList();
            var files = cuts.Zip(cuts.Skip(1), (from, to) => sales[from..to]).ToList();
            var segments = files.ConvertAll(file => Base.Segment(file, partitions, chunkBytes: 1 + random.Next(2000)));
            var whole = Base.Segment(sales, partitions, chunkBytes: 1 << 20);
            var before = Base.Segment(sales[..old], partitions, chunkBytes: 200);

            var nights = Enumerable.Range(0, partitions).Select(partition =>
            {
                var yesterday = old == 0 ? null : Base.Merge(null, [before], partition);
                var tonight = Base.Merge(yesterday?.History, segments, partition);
                var one = Base.Merge(null, [whole], partition);
                Assert.Equal(one.History, tonight.History);
                Assert.Equal(one.Facts, tonight.Facts);
                Assert.Equal(tonight.Books.HistoryRows, (yesterday?.Books.HistoryRows ?? 0) - tonight.Books.HistoryReplaced + tonight.Books.Used.Sum());
                return (Yesterday: yesterday, Tonight: tonight);
            }).ToList();

            // The books, against the rule in its simplest form.
            var live = Base.Live(sales);
            for (var file = 0; file < files.Count; file++)
            {
                var used = files[file].Count(sale => live.Exists(l => ReferenceEquals(l, sale)));
                Assert.Equal(used, nights.Sum(n => n.Tonight.Books.Used[file]));
                Assert.Equal(files[file].Count - used, nights.Sum(n => n.Tonight.Books.Replaced[file]));
            }

            Assert.Equal(live.Count, nights.Sum(static n => n.Tonight.Books.HistoryRows));
            Assert.Equal(sales.Select(static s => s.Customer).Distinct().Count(), nights.Sum(static n => n.Tonight.Books.Customers));
            var summaries = nights.SelectMany(static n => FactsReader.ReadAll(new MemoryStream(n.Tonight.Facts)))
                .ToDictionary(static s => s.Key, static s => s.Purchases);
            return live.GroupBy(static s => s.Customer).All(customer =>
                summaries[CustomerKey.Of(Encoding.UTF8.GetBytes(customer.Key), Base.Secret)] == Base.Customer(customer));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Run_TheSameFilesAgain_ChangesNothing()
    {
        var sales = Base.Random(new Random(3), 200).Where(static sale => sale.Id.Length > 0).ToList();
        var segment = Base.Segment(sales, partitions: 1, chunkBytes: 500);
        var first = Base.Merge(null, [segment], 0);

        var again = Base.Merge(first.History, [segment, segment], 0);

        Assert.Equal(first.History, again.History);
        Assert.Equal(first.Books.HistoryRows, again.Books.HistoryReplaced);
        Assert.Equal([0, first.Books.HistoryRows], again.Books.Used);
        Assert.Equal(sales.Count, again.Books.Replaced[0]);
    }

    [Fact]
    public void Run_NothingAtAll_IsAnEmptyHistory()
    {
        var night = Base.Merge(null, [], 0);

        Assert.Empty(night.History);
        Assert.Equal((0, 0), (night.Books.Customers, night.Books.HistoryRows));
        Assert.Empty(Base.Merge(night.History, [Base.Segment([], 3, 100)], 2).History);
    }

    [Fact]
    public void Settle_RowsInAnyOrder_GivesOneCanonicalOrder()
    {
        const long None = TransactionReader.NoMargin;
        var rows = new CustomerRows();
        var settled = new CustomerRows();
        var replaced = new List<int>();
        rows.Start(new CustomerKey(1), "c"u8);
        rows.Add(5, 10, 1, "x"u8, default, 0);
        rows.Add(4, 20, TransactionReader.NoMargin, ""u8, default, 1);
        rows.Add(5, 10, 3, "b"u8, default, 2);
        rows.Add(3, 7, 4, "x"u8, default, 3);
        rows.Add(4, -20, 5, ""u8, default, 4);
        rows.Add(5, 10, 6, ""u8, default, 5);
        rows.Add(6, 1, 7, "x"u8, default, 6);
        rows.Add(5, 10, -8, ""u8, default, 7);
        rows.Add(5, 10, TransactionReader.NoMargin, ""u8, "b"u8, 8);
        rows.Add(5, 10, TransactionReader.NoMargin, ""u8, "a"u8, 9);
        rows.Add(5, 10, TransactionReader.NoMargin, ""u8, default, 10);

        rows.Settle(settled, replaced.Add);

        Assert.Equal([0, 3], replaced.Order());
        Assert.Equal([4, 4, 5, 5, 5, 5, 5, 5, 6], settled.Days);
        Assert.Equal([-20, 20, 10, 10, 10, 10, 10, 10, 1], settled.Micros);
        Assert.Equal([5, None, None, None, None, -8, 6, 3, 7], settled.Margins);
        Assert.Equal([4, 1, 10, 9, 8, 7, 5, 2, 6], settled.Sources);
        Assert.Equal(["", "", "", "", "", "", "", "b", "x"], Enumerable.Range(0, 9).Select(i => Encoding.UTF8.GetString(settled.TransactionId(i))));
        Assert.Equal(["", "", "", "a", "b", "", "", "", ""], Enumerable.Range(0, 9).Select(i => Encoding.UTF8.GetString(settled.Category(i))));
        Assert.Equal("c"u8, settled.CustomerId);
    }
}
