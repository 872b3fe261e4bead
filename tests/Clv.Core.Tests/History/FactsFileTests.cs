using Clv.Core.History;
using FsCheck;
using FsCheck.Fluent;

namespace Clv.Core.Tests.History;

public class FactsFileTests
{
    [Fact]
    public void FactsReader_AnyFacts_ComeBackWholeAndInPart()
    {
        var random = new Random(4);
        var people = Enumerable.Range(0, 2000).Select(i => Facts(random, i)).ToList();
        using var file = new MemoryStream();
        people.ForEach(new FactsWriter(file).Write);

        Assert.Equal(people.Select(FactsReference.Text), FactsReader.ReadAll(new MemoryStream(file.ToArray())).Select(FactsReference.Text));
        using var reader = new FactsReader(new MemoryStream(file.ToArray()));
        foreach (var person in people)
        {
            Assert.True(reader.MoveNext());
            Assert.Equal(person.Key, reader.Key);
            // Others are passed over unread.
            if (random.Next(2) == 0)
            {
                Assert.Equal((person.Purchases, person.HasTransactions, person.Profile?.Segment), reader.Purchases());
            }
        }

        Assert.False(reader.MoveNext());
        Assert.Empty(FactsReader.ReadAll(new MemoryStream()));
    }

    [Fact]
    public void FactsReader_EqualNames_AreOneString()
    {
        using var file = new MemoryStream();
        var writer = new FactsWriter(file);
        writer.Write(Named(1));
        writer.Write(Named(2));

        var read = FactsReader.ReadAll(new MemoryStream(file.ToArray())).ToList();

        Assert.Same(read[0].Profile!.Segment, read[1].Profile!.Segment);
        Assert.Same(read[0].Categories[0].Name, read[1].Categories[0].Name);

        static CustomerFacts Named(int key) => new()
        {
            Key = new CustomerKey((UInt128)key),
            Purchases = default,
            Profile = new CustomerProfile { Segment = "gold" },
            Categories = [new("hats", 1, default, 1)],
        };
    }

    [Fact]
    public void FactsWriter_PartOfAFirstYear_Throws() => Assert.Throws<ArgumentException>(
        () => new FactsWriter(Stream.Null).Write(new CustomerFacts { Key = default, Purchases = default, FirstYearNet = [default] }));

    [Fact]
    public void FactsReader_FileCutAnywhere_EndsWithAnExceptionUnlessBetweenPeople()
    {
        using var file = new MemoryStream();
        var random = new Random(2);
        Enumerable.Range(0, 5).Select(i => Facts(random, i)).ToList().ForEach(new FactsWriter(file).Write);
        var whole = 0;
        for (var length = 0; length < file.Length; length++)
        {
            try
            {
                _ = FactsReader.ReadAll(new MemoryStream(file.ToArray(), 0, length)).Count();
                whole++;
            }
            catch (EndOfStreamException)
            {
                // As it should be.
            }
        }

        Assert.Equal(5, whole);
    }

    [Fact]
    public void FactsReader_DamagedFile_GivesFactsOrAClearExceptionSoon() =>
        Prop.ForAll(Gen.Choose(0, 1 << 24).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            using var file = new MemoryStream();
            Enumerable.Range(0, 4).Select(i => Facts(random, i)).ToList().ForEach(new FactsWriter(file).Write);
            var bytes = Damage(file.ToArray(), random);
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                _ = FactsReader.ReadAll(new MemoryStream(bytes)).Count();
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
            {
                // As it should be.
            }

            return GC.GetAllocatedBytesForCurrentThread() - allocated < 1 << 20;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void FactsReader_PeopleOutOfOrder_Throws()
    {
        using var file = new MemoryStream();
        var writer = new FactsWriter(file);
        writer.Write(Facts(new Random(1), 2));
        writer.Write(Facts(new Random(1), 1));

        Assert.Throws<InvalidDataException>(() => FactsReader.ReadAll(new MemoryStream(file.ToArray())).Count());
    }

    [Fact]
    public void PersonHistory_DamagedRecords_GivePeopleOrAClearExceptionSoon() =>
        Prop.ForAll(Gen.Choose(0, 1 << 24).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var rows = CrmBase.Random(random, 30);
            var night = CrmBase.Merge(null, [CrmBase.File(rows, 1, 1 << 20)], 0, Base.Facts());
            var builder = Base.Facts();
            var damaged = night with
            {
                Profiles = Damage(night.Profiles, random),
                Contracts = Damage(night.Contracts, random),
                Interactions = Damage(night.Interactions, random),
            };
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                CrmBase.Merge(damaged, [], 0, builder);
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
            {
                // As it should be.
            }

            return GC.GetAllocatedBytesForCurrentThread() - allocated < 1 << 23;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static byte[] Damage(byte[] file, Random random)
    {
        var damaged = file[..(random.Next(2) == 0 ? file.Length : random.Next(file.Length + 1))];
        for (var hits = random.Next(4); hits > 0 && damaged.Length > 0; hits--)
        {
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
        }

        return damaged;
    }

    private static CustomerFacts Facts(Random random, int key) => new()
    {
        Key = new CustomerKey((UInt128)key << 100),
        Purchases = new CustomerSummary
        {
            Whole = Purchases(random),
            Before = Purchases(random),
            HoldoutOccasions = random.Next(),
            HoldoutNet = new Money(Int128.MinValue + key),
            LastYearOccasions = random.Next(),
            LastYearNet = new Money(Int128.MaxValue - key),
            SumLogGaps = random.NextDouble() * 1e4,
            SumLogGapsBefore = random.NextDouble() * -1e4,
            MarginTotal = Money(random),
            AmountWithMargin = Money(random),
        },
        HasTransactions = random.Next(2) == 0,
        Profile = random.Next(3) == 0 ? null : CrmBase.Profile(random),
        Contracts = [.. Enumerable.Range(0, random.Next(3)).Select(_ => CrmBase.Contract(random))],
        Categories = [.. Enumerable.Range(0, random.Next(4)).Select(i => new CategoryPurchases($"c{i}", random.Next(), Money(random), random.Next()))],
        Costs = new InteractionCosts(Money(random), Money(random), Money(random)),
        LastYear = Counts(random),
        LastYearBefore = Counts(random),
        RecentOccasions = random.Next(),
        EarlierOccasions = random.Next(),
        RecentNet = Money(random),
        EarlierNet = Money(random),
        FirstYearNet = random.Next(3) == 0 ? [] : [.. Enumerable.Range(0, CustomerFacts.FirstMonths).Select(_ => Money(random))],
    };

    private static PurchaseSummary Purchases(Random random) => random.Next(4) == 0
        ? PurchaseSummary.None
        : new(random.Next(), random.Next(), random.Next(), random.Next(), random.Next(), Money(random), Money(random)) { ReturnTotal = Money(random) };

    private static InteractionCounts Counts(Random random) => random.Next(2) == 0
        ? InteractionCounts.None
        : new(random.Next(9), random.Next(9), random.Next(9), random.Next(9), random.Next(9), random.Next(9), 1 + random.Next(9));

    // Of every length there is, up to the ends of what 128 bits hold.
    private static Money Money(Random random)
    {
        var bits = random.Next(128);
        var micros = ((Int128)random.NextInt64() << 64 | random.NextInt64()) >> bits;
        return new(random.Next(2) == 0 ? micros : ~micros);
    }
}
