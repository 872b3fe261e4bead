using System.Text;
using Clv.Core.History;
using FsCheck;
using FsCheck.Fluent;

namespace Clv.Core.Tests.History;

public class ErasureTests
{
    [Fact]
    public void Merge_PeopleErased_GivesTheBytesOfFilesThatNeverNamedThem() =>
        Prop.ForAll(Gen.Choose(0, 1 << 24).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var rows = CrmBase.Random(random, 2 + random.Next(80));
            var old = random.Next(rows.Count);
            var gone = rows.Select(static row => row.Customer).Distinct().Where(_ => random.Next(3) == 0).ToHashSet();
            var erased = gone.Select(KeyOf).ToHashSet();
            var builder = Base.Facts(CrmBase.Industry);
            var yesterday = CrmBase.Merge(null, [CrmBase.File(rows[..old], 1, 300)], 0, builder);
            var tonight = rows[old..];

            var without = CrmBase.Merge(yesterday, [CrmBase.File(tonight, 1, 300)], 0, builder, erased);

            var neverThere = CrmBase.Merge(null, [CrmBase.File(Others(rows[..old]), 1, 300)], 0, builder);
            Assert.True(without.SameBytes(CrmBase.Merge(neverThere, [CrmBase.File(Others(tonight), 1, 300)], 0, builder)));
            var books = (PartitionBooks[])[without.Books.Transactions, without.Books.Profiles, without.Books.Contracts, without.Books.Interactions];
            Assert.Equal(tonight.Count, books.Sum(static kind => kind.Used[0] + kind.Replaced[0] + kind.Erased[0]));
            Assert.Equal(tonight.Count(row => gone.Contains(row.Customer)), books.Sum(static kind => kind.Erased[0]));

            List<Delivered> Others(IEnumerable<Delivered> all) => [.. all.Where(row => !gone.Contains(row.Customer))];
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Copy_PeopleErased_LeavesTheOthersBytesAndCountsTheirRows() =>
        Prop.ForAll(Gen.Choose(0, 1 << 24).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var rows = CrmBase.Random(random, 1 + random.Next(80));
            var gone = rows.Select(static row => row.Customer).Distinct().Where(_ => random.Next(3) == 0).ToHashSet();
            var erased = gone.Append("nobody").Select(KeyOf).ToHashSet();
            var builder = Base.Facts(CrmBase.Industry);
            var night = CrmBase.Merge(null, [CrmBase.File(rows, 1, 300)], 0, builder);
            var others = CrmBase.Merge(null, [CrmBase.File([.. rows.Where(row => !gone.Contains(row.Customer))], 1, 300)], 0, builder);
            var live = CrmBase.Live(rows);

            Check<Bought>(new HistoryReader(new MemoryStream(night.History), 0), others.History);
            Check<Told>(new RecordReader(new MemoryStream(night.Profiles), 0), others.Profiles);
            Check<Signed>(new RecordReader(new MemoryStream(night.Contracts), 0), others.Contracts);
            Check<Met>(new RecordReader(new MemoryStream(night.Interactions), 0), others.Interactions);

            void Check<TRow>(IDisposable reader, byte[] expected)
                where TRow : Delivered
            {
                using var copy = new MemoryStream();
                var removed = reader is HistoryReader history
                    ? HistoryErasure.Copy(history, erased, copy)
                    : HistoryErasure.Copy((RecordReader)reader, erased, copy);
                reader.Dispose();
                Assert.Equal(expected, copy.ToArray());
                Assert.Equal(
                    live.OfType<TRow>().Where(row => gone.Contains(row.Customer)).CountBy(static row => KeyOf(row.Customer)).OrderBy(static of => of.Key),
                    removed.OrderBy(static of => of.Key));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Find_HeldPerson_HasEverythingWhetherItCountsOrNot()
    {
        var contract = new Contract { Id = "V1", StartedOn = Base.FirstDay, CancelledOn = Base.FirstDay - 1 };
        var rows = new List<Delivered>
        {
            new Bought(new Sale("a", Base.FirstDay, 5_000_000, "T1", 1_000_000, "shoes")),
            new Told("a", new CustomerProfile { Segment = "gold" }),
            new Signed("a", contract),
            new Met("a", "i1", new Interaction(Base.FirstDay, InteractionKind.Visit, null)),
            new Met("b", "", new Interaction(Base.FirstDay, InteractionKind.Visit, null)),
        };
        var night = CrmBase.Merge(null, [CrmBase.File(rows, 1, 300)], 0, Base.Facts(CrmBase.Industry));

        var person = Find("a")!;

        Assert.Equal(("a", 1, "gold", contract), (person.CustomerId, person.Transactions!.Count, person.Profile!.Segment, person.Contracts.Single()));
        Assert.Equal(new HeldInteraction("i1", new Interaction(Base.FirstDay, InteractionKind.Visit, null)), person.Interactions.Single());
        Assert.Equal(("b", null), (Find("b")!.CustomerId, Find("b")!.Interactions.Single().Id));
        Assert.Null(Find("c"));

        HeldPerson? Find(string customer)
        {
            using var history = new HistoryReader(new MemoryStream(night.History), 0);
            using var profiles = new RecordReader(new MemoryStream(night.Profiles), 0);
            using var contracts = new RecordReader(new MemoryStream(night.Contracts), 0);
            using var interactions = new RecordReader(new MemoryStream(night.Interactions), 0);
            return HeldPerson.Find(KeyOf(customer), history, profiles, contracts, interactions);
        }
    }

    private static CustomerKey KeyOf(string customer) => CustomerKey.Of(Encoding.UTF8.GetBytes(customer), Base.Secret);
}
