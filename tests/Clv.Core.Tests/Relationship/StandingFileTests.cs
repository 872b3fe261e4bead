using Clv.Core.History;
using Clv.Core.Relationship;
using FsCheck;
using FsCheck.Fluent;

namespace Clv.Core.Tests.Relationship;

public class StandingFileTests
{
    [Fact]
    public void Read_AnyStandings_ComeBackAndTheInputStaysOpen() =>
        Prop.ForAll(Gen.Choose(0, 1 << 24).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var standings = Any(random, random.Next(50));
            using var file = Written(standings);
            return StandingFile.Read(file).SequenceEqual(standings) && file.CanRead;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Copy_PeopleErased_LeavesTheOthersBytes()
    {
        var standings = Any(new Random(4), 20);
        var erased = standings.Where(static (_, i) => i % 3 == 0).Select(static standing => standing.Key).ToHashSet();
        using var copy = new MemoryStream();

        var removed = StandingErasure.Copy(Written(standings), erased, copy);

        Assert.Equal(Written([.. standings.Where(standing => !erased.Contains(standing.Key))]).ToArray(), copy.ToArray());
        Assert.Equal(erased.Order(), removed);
    }

    [Fact]
    public void Read_TruncatedAnywhere_ThrowsEndOfStream()
    {
        var bytes = Written(Any(new Random(1), 3)).ToArray();

        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<EndOfStreamException>(() => StandingFile.Read(new MemoryStream(bytes, 0, length)).Count());
        }
    }

    [Fact]
    public void Read_AnyBitFlipped_Throws()
    {
        var bytes = Written(Any(new Random(2), 2)).ToArray();

        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            byte[] damaged = [.. bytes];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            var thrown = Record.Exception(() => StandingFile.Read(new MemoryStream(damaged)).Count());
            Assert.True(thrown is InvalidDataException or EndOfStreamException, $"Bit {bit}: {thrown}");
        }
    }

    [Fact]
    public void Read_BytesAfterTheEnd_Throws() =>
        Assert.Throws<InvalidDataException>(() => StandingFile.Read(new MemoryStream([.. Written([]).ToArray(), 0])).Count());

    [Fact]
    public void Write_OutOfOrderOrAfterTheEnd_Throws()
    {
        var standings = Any(new Random(3), 2);
        using var writer = new StandingWriter(new MemoryStream());
        writer.Write(standings[1]);

        Assert.Throws<ArgumentException>("standing", () => writer.Write(standings[1]));
        Assert.Throws<ArgumentException>("standing", () => writer.Write(standings[0]));
        writer.Complete();
        Assert.Throws<InvalidOperationException>(() => writer.Write(standings[1]));
    }

    [Fact]
    public void Cursor_AnyPeople_FindsWhoIsKnownAndKeepsWhoIsGone() =>
        Prop.ForAll(Gen.Choose(0, 1 << 24).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var all = Any(random, random.Next(30));
            var known = all.Where(_ => random.Next(3) > 0).ToList();
            var tonight = all.Where(_ => random.Next(3) > 0).Select(static s => s.Key).ToList();
            using var cursor = new StandingCursor(known);
            return tonight.Select(cursor.Find).SequenceEqual(tonight.Select(key => known.Find(s => s.Key == key)))
                && cursor.Finish().SequenceEqual(known.Where(s => !tonight.Contains(s.Key)))
                && cursor.Gone.Count == cursor.Finish().Count;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Cursor_KeysOutOfOrder_Throws()
    {
        using var cursor = new StandingCursor([]);
        Assert.Null(cursor.Find(new CustomerKey(5)));

        Assert.Throws<ArgumentException>("key", () => cursor.Find(new CustomerKey(5)));
        Assert.Throws<ArgumentException>("key", () => cursor.Find(new CustomerKey(4)));
    }

    private static MemoryStream Written(IEnumerable<Standing> standings)
    {
        var file = new MemoryStream();
        using var writer = new StandingWriter(file);
        foreach (var standing in standings)
        {
            writer.Write(standing);
        }

        writer.Complete();
        file.Position = 0;
        return file;
    }

    private static List<Standing> Any(Random random, int count)
    {
        return [.. Enumerable.Range(0, count).Select(n => new Standing
        {
            Key = new CustomerKey(((UInt128)(uint)n << 96) + (uint)random.Next()),
            Phase = Pick<RelationshipPhase>(),
            PhaseSince = random.Next(),
            NextPhase = random.Next(2) == 0 ? null : Pick<RelationshipPhase>(),
            NextPhaseNights = random.Next(4),
            Tier = random.Next(2) == 0 ? null : Pick<ValueTier>(),
            TierSince = random.Next(2) == 0 ? null : random.Next(),
            Historic = Money(),
            Future = Money(),
            ProbabilityAlive = random.Next(2) == 0 ? null : random.NextDouble(),
            LastPurchase = random.Next(2) == 0 ? null : random.Next(),
            RunningContracts = random.Next(3),
            CancelledContracts = random.Next(3),
            Renewals = random.Next(9),
            RenewalsTold = random.Next(2) == 0 ? null : random.Next(),
            Revenue = Money(),
            ContractRevenue = Money(),
            Costs = random.Next(2) == 0 ? decimal.MaxValue : Money(),
        })];

        TEnum Pick<TEnum>()
            where TEnum : struct, Enum => random.GetItems(Enum.GetValues<TEnum>(), 1)[0];
        decimal Money() => random.NextInt64(-1L << 40, 1L << 40) / 100m;
    }
}
