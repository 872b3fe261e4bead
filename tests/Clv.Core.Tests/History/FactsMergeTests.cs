using System.Text;
using Clv.Core.Extracts;
using Clv.Core.History;
using FsCheck;
using FsCheck.Fluent;

namespace Clv.Core.Tests.History;

public class FactsMergeTests
{
    [Fact]
    public void Run_HoweverRowsAreSplit_GivesTheBytesOfOneFileAndTheFactsOfTheRowsThatCount() =>
        Prop.ForAll(Gen.Choose(0, 1 << 24).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var rows = CrmBase.Random(random, 1 + random.Next(80));
            var partitions = 1 + random.Next(4);
            var builder = Base.Facts(CrmBase.Industry);
            var old = random.Next(2) == 0 ? 0 : random.Next(rows.Count);
            var cuts = Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(old, rows.Count)).Append(old).Append(rows.Count).Order().ToList();
            var parts = cuts.Zip(cuts.Skip(1), (from, to) => rows[from..to]).ToList();
            var files = parts.ConvertAll(part => CrmBase.File(part, partitions, chunkBytes: 1 + random.Next(2000)));
            var whole = CrmBase.File(rows, partitions, chunkBytes: 1 << 20);
            var before = CrmBase.File(rows[..old], partitions, chunkBytes: 300);

            var nights = Enumerable.Range(0, partitions).Select(partition =>
            {
                var yesterday = old == 0 ? null : CrmBase.Merge(null, [before], partition, builder);
                var tonight = CrmBase.Merge(yesterday, files, partition, builder);
                Assert.True(tonight.SameBytes(CrmBase.Merge(null, [whole], partition, Base.Facts(CrmBase.Industry))));
                Assert.True(tonight.SameBytes(CrmBase.Merge(yesterday, files, partition, builder)));
                foreach (var kind in Kinds)
                {
                    var books = kind(tonight.Books);
                    Assert.Equal(books.HistoryRows, (yesterday is null ? 0 : kind(yesterday.Books).HistoryRows) - books.HistoryReplaced + books.Used.Sum());
                }

                return tonight;
            }).ToList();

            var live = CrmBase.Live(rows);
            for (var file = 0; file < files.Count; file++)
            {
                var counts = (Func<Delivered, bool>[])[static r => r is Bought, static r => r is Told, static r => r is Signed, static r => r is Met];
                for (var kind = 0; kind < Kinds.Length; kind++)
                {
                    var delivered = parts[file].Where(counts[kind]).ToList();
                    var used = delivered.Count(row => live.Exists(l => ReferenceEquals(l, row)));
                    Assert.Equal(used, nights.Sum(n => Kinds[kind](n.Books).Used[file]));
                    Assert.Equal(delivered.Count - used, nights.Sum(n => Kinds[kind](n.Books).Replaced[file]));
                }
            }

            var people = nights.SelectMany(static n => n.People).ToList();
            var expected = rows.Select(static row => row.Customer).Distinct()
                .Select(customer => FactsReference.Of(customer, live, CrmBase.Industry, Base.EndDay, Base.HoldoutDays)).ToList();
            Assert.Equal(expected.Select(FactsReference.Text).Order(StringComparer.Ordinal), people.Select(FactsReference.Text).Order(StringComparer.Ordinal));
            Assert.Equal(people.Count, nights.Sum(static n => n.Books.Persons));
            Assert.Equal(people.Count(static p => p.IsCustomer), nights.Sum(static n => n.Books.Customers));
            Assert.Equal(people.Count(static p => p.IsProspect), nights.Sum(static n => n.Books.Prospects));
            Assert.Equal(
                live.OfType<Met>().Count(static met => met.Interaction.Day <= Base.EndDay && met.Interaction.Cost is null
                    && FactsReference.Rate(CrmBase.Industry.Costs, met.Interaction.Kind) is null),
                nights.Sum(static n => n.Books.ContactsWithoutCost));
            return nights.TrueForAll(static n => n.People.Zip(n.People.Skip(1)).All(static pair => pair.First.Key < pair.Second.Key)
                && n.People.Select(FactsReference.Text).SequenceEqual(FactsReader.ReadAll(new MemoryStream(n.Facts)).Select(FactsReference.Text)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Run_RowsThatReplaceNoneInAnyOrder_GiveTheSameBytes()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var rows = CrmBase.Live(CrmBase.Random(random, 60));
            var shuffled = rows.ToArray();
            random.Shuffle(shuffled);

            var night = CrmBase.Merge(null, [CrmBase.File(rows, 1, 1 << 20)], 0, Base.Facts());

            Assert.True(night.SameBytes(CrmBase.Merge(null, [CrmBase.File(shuffled, 1, 500)], 0, Base.Facts())), $"seed {seed}");
        }
    }

    [Fact]
    public void Run_TheSameFilesAgain_ChangesNothingWhereEveryRowHasAnIdentity()
    {
        var rows = CrmBase.Random(new Random(3), 200).Where(static row => row is not (Met { Id: "" } or Bought { Sale.Id: "" })).ToList();
        var file = CrmBase.File(rows, 1, 700);
        var first = CrmBase.Merge(null, [file], 0, Base.Facts());

        var again = CrmBase.Merge(first, [file, file], 0, Base.Facts());

        Assert.True(first.SameBytes(again));
        Assert.All(Kinds, kind =>
        {
            Assert.Equal(kind(first.Books).HistoryRows, kind(again.Books).HistoryReplaced);
            Assert.Equal([0, kind(first.Books).HistoryRows], kind(again.Books).Used);
        });
        Assert.Equal(rows.Count, Kinds.Sum(kind => kind(again.Books).Replaced[0]));
    }

    [Fact]
    public void Find_EveryPersonOfANight_GivesTheNightsFacts()
    {
        var night = CrmBase.Merge(null, [CrmBase.File(CrmBase.Random(new Random(8), 200), 1, 1 << 20)], 0, Base.Facts(CrmBase.Industry));
        var builder = Base.Facts(CrmBase.Industry);

        Assert.All(night.People, person => Assert.Equal(FactsReference.Text(person), FactsReference.Text(builder.Build(Find(person.Key)!))));
        Assert.Null(Find(new CustomerKey(17)));
        Assert.Contains(night.People, static person => !person.HasTransactions);

        PersonHistory? Find(CustomerKey key)
        {
            using var history = new HistoryReader(new MemoryStream(night.History), 0);
            using var profiles = new RecordReader(new MemoryStream(night.Profiles), 0);
            using var contracts = new RecordReader(new MemoryStream(night.Contracts), 0);
            using var interactions = new RecordReader(new MemoryStream(night.Interactions), 0);
            return PersonHistory.Find(key, history, profiles, contracts, interactions);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Run_TwoCustomersWithOneKey_Throws(bool ofOneKind)
    {
        var sales = new CustomerRows();
        sales.Start(new CustomerKey(17), "a"u8);
        sales.Add(Base.FirstDay, 1, TransactionReader.NoMargin, default, default, 0);
        var records = new CustomerRecords();
        records.Start(new CustomerKey(17), "b"u8);
        records.Add("x"u8, "y"u8, 0);
        var (first, other) = (Bytes(sales.Write), Bytes(records.Write));
        sales.Start(new CustomerKey(17), "b"u8);
        var second = Bytes(sales.Write);

        HistoryReader[] inputs = ofOneKind ? [Open(first, 0), Open(second, 1)] : [Open(first, 0)];
        RecordReader[] others = ofOneKind ? [] : [new RecordReader(new MemoryStream(other), 0)];
        var none = new KeyedFiles<CustomerRecords>([], 0, Stream.Null);
        var thrown = Assert.Throws<InvalidDataException>(() => FactsMerge.Run(
            new KeyedFiles<CustomerRows>(inputs, 2, Stream.Null),
            none,
            none,
            new KeyedFiles<CustomerRecords>(others, 1, Stream.Null),
            Base.Facts(),
            static _ => { }));

        Assert.Contains(new CustomerKey(17).ToString(), thrown.Message, StringComparison.Ordinal);

        static HistoryReader Open(byte[] bytes, int source) => new(new MemoryStream(bytes), source);

        static byte[] Bytes(Action<BinaryWriter> write)
        {
            using var bytes = new MemoryStream();
            using var writer = new BinaryWriter(bytes, Encoding.UTF8);
            write(writer);
            writer.Flush();
            return bytes.ToArray();
        }
    }

    private static Func<FactsBooks, PartitionBooks>[] Kinds { get; } =
        [static books => books.Transactions, static books => books.Profiles, static books => books.Contracts, static books => books.Interactions];
}
