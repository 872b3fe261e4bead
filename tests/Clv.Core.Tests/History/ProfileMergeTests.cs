using System.Text;
using Clv.Core.Extracts;
using Clv.Core.History;
using Clv.Core.Tests.Extracts;
using FsCheck;
using FsCheck.Fluent;

namespace Clv.Core.Tests.History;

public class ProfileMergeTests
{
    [Fact]
    public void Run_HoweverRowsAreSplit_GivesTheBytesOfOneFileAndTheLastSegment() =>
        Prop.ForAll(Gen.Choose(0, 1 << 24).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var rows = Random(random, 1 + random.Next(60));
            var partitions = 1 + random.Next(4);
            var old = random.Next(2) == 0 ? 0 : random.Next(rows.Count);
            var cuts = Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(old, rows.Count)).Append(old).Append(rows.Count).Order().ToList();
            var files = cuts.Zip(cuts.Skip(1), (from, to) => rows[from..to]).ToList();
            var segments = files.ConvertAll(file => Segment(file, partitions, chunkBytes: 1 + random.Next(500)));
            var whole = Segment(rows, partitions, chunkBytes: 1 << 20);
            var before = Segment(rows[..old], partitions, chunkBytes: 100);
            // Some have transactions and no profile, some a profile and no transactions.
            string[] buyers = [.. Enumerable.Range(0, 12).Where(_ => random.Next(3) > 0).Select(static i => $"c{i}")];

            var nights = Enumerable.Range(0, partitions).Select(partition =>
            {
                var yesterday = old == 0 ? null : Merge(null, [before], partition, partitions, []);
                var tonight = Merge(yesterday?.Profiles, segments, partition, partitions, buyers);
                var one = Merge(null, [whole], partition, partitions, buyers);
                Assert.Equal(one.Profiles, tonight.Profiles);
                Assert.Equal(one.Labels, tonight.Labels);
                Assert.Equal(one.Segments, tonight.Segments);
                Assert.Equal(tonight.Books.HistoryRows, (yesterday?.Books.HistoryRows ?? 0) - tonight.Books.HistoryReplaced + tonight.Books.Used.Sum());
                return tonight;
            }).ToList();

            for (var file = 0; file < files.Count; file++)
            {
                // What counts is the last row of each customer.
                var later = files.Skip(file + 1).SelectMany(static f => f).Select(static r => r.Customer).ToHashSet();
                var used = files[file].Select(static r => r.Customer).Distinct().Count(c => !later.Contains(c));
                Assert.Equal(used, nights.Sum(n => n.Books.Used[file]));
                Assert.Equal(files[file].Count - used, nights.Sum(n => n.Books.Replaced[file]));
            }

            var known = rows.Select(static r => r.Customer).ToHashSet();
            Assert.Equal(known.Count, nights.Sum(static n => n.Books.Customers));
            Assert.Equal(known.Except(buyers).Count(), nights.Sum(static n => n.WithoutTransactions));
            var segmentOf = nights.SelectMany(static n => n.Segments).ToDictionary(static s => s.Key, static s => s.Value);
            return buyers.All(buyer => segmentOf[buyer] == (rows.LastOrDefault(r => r.Customer == buyer)?.Segment ?? ""));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void SegmentOf_MoreSegmentsThanThereMayBe_IsNoneForTheOnesBeyond()
    {
        // Two files with fewer than there may be, and more together.
        const int Each = 3 * SegmentLabels.MaxCount / 4;
        List<Member> Members(int file) => [.. Enumerable.Range(file * Each, Each).Select(static i => new Member($"c{i}", $"s{i}"))];
        byte[][] segments = [Segment(Members(0), 1, 1 << 20), Segment(Members(1), 1, 1 << 20)];
        string[] everyone = [.. Enumerable.Range(0, 2 * Each).Select(static i => $"c{i}")];

        var night = Merge(null, segments, 0, 1, everyone);

        Assert.Equal(SegmentLabels.MaxCount, night.Labels.Count);
        // Customers are met in the order of their keys, and the first segments met are the ones there are.
        var met = everyone.OrderBy(static id => CustomerKey.Of(Encoding.UTF8.GetBytes(id), Base.Secret)).ToList();
        Assert.All(met.Take(SegmentLabels.MaxCount), id => Assert.Equal($"s{id[1..]}", night.Segments[id]));
        Assert.All(met.Skip(SegmentLabels.MaxCount), id => Assert.Equal("", night.Segments[id]));
        // The profile remembers what was delivered: with fewer segments about, everybody has the own one.
        var fewer = Merge(night.Profiles, [], 0, 1, met.Skip(SegmentLabels.MaxCount));
        Assert.All(met.Skip(SegmentLabels.MaxCount), id => Assert.Equal($"s{id[1..]}", fewer.Segments[id]));
    }

    [Fact]
    public void SegmentOf_CustomersWhoGoOrChangeSegments_MakeRoomForOthers()
    {
        List<Member> members = [.. Enumerable.Range(0, SegmentLabels.MaxCount).Select(static i => new Member($"c{i}", $"s{i}"))];
        string[] everyone = [.. members.Select(static m => m.Customer)];
        var yesterday = Merge(null, [Segment(members, 1, 1 << 20)], 0, 1, everyone);

        // A customer without transactions needs no number, and one who changes segments gives the old one up.
        Assert.DoesNotContain("", Merge(yesterday.Profiles, [Segment([new("nobody", "s")], 1, 100)], 0, 1, everyone).Segments.Values);
        Assert.Equal("s", Merge(yesterday.Profiles, [Segment([new("c7", "s")], 1, 100)], 0, 1, everyone).Segments["c7"]);
    }

    [Fact]
    public void ProfileReader_DamagedFile_GivesProfilesOrAClearExceptionSoon() =>
        Prop.ForAll(Gen.Choose(0, 1 << 24).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var profiles = Merge(null, [Segment(Random(random, 20), 1, 1 << 20)], 0, 1, []).Profiles;
            profiles = profiles[..random.Next(profiles.Length + 1)];
            for (var hits = random.Next(4); hits > 0 && profiles.Length > 0; hits--)
            {
                profiles[random.Next(profiles.Length)] = (byte)random.Next(256);
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using var reader = new ProfileReader(new MemoryStream(profiles), 0);
                var profile = new Profile();
                while (reader.MoveNext())
                {
                    reader.Read(profile, first: true);
                    Assert.InRange(profile.Label.Length, 0, SegmentLabels.MaxLength);
                }
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
            {
                // As it should be.
            }

            return GC.GetAllocatedBytesForCurrentThread() - allocated < 1 << 20;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void SegmentOf_TwoCustomersWithOneKey_Throws()
    {
        static byte[] Profiles(string customer)
        {
            using var bytes = new MemoryStream();
            using var writer = new BinaryWriter(bytes);
            ProfileFormat.Write(writer, new CustomerKey(17), Encoding.UTF8.GetBytes(customer), rows: 1, "gold");
            writer.Flush();
            return bytes.ToArray();
        }

        using var merge = new ProfileMerge([new(new MemoryStream(Profiles("a")), 0), new(new MemoryStream(Profiles("b")), 1)], 2, Stream.Null);

        Assert.Contains(
            new CustomerKey(17).ToString(), Assert.Throws<InvalidDataException>(() => merge.SegmentOf(new CustomerKey(17))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CustomerSegments_OfAFile_AreByTheIndexOfTheLedger()
    {
        using var transactions = ExtractFile.Open(Encoding.UTF8.GetBytes(ExtractFile.Header + "x,2024-01-01,1\nMüller,2024-01-01,1\nz,2024-01-01,1\n"));
        var ledger = new PurchaseLedger(hasTransactionIds: false);
        ledger.Load(transactions);
        using var customers = Open(Encoding.UTF8.GetBytes("customer_id,segment\nprospect,tin\nMu\u0308ller,gold\nx,silver\nx,gold\nprospect,gold\n"));

        var segments = CustomerSegments.Read(customers, ledger.Customers);

        Assert.Equal(["gold", "gold", ""], segments.Of.Select(segment => segment == 0 ? "" : segments.Labels[segment]));
        Assert.Equal(2, segments.WithoutTransactions);
        Assert.Equal(3, ledger.Customers.Count);
    }

    private static List<Member> Random(Random random, int rows) =>
        [.. Enumerable.Range(0, rows).Select(_ => new Member($"c{random.Next(12)}", random.Next(4) is var s and > 0 ? new string('s', s * s * 11) : ""))];

    private static CustomerReader Open(byte[] csv) => new(new MemoryStream(csv), "customers.csv", ExtractMapping.None, ExtractRules.Any, static _ => { });

    private static byte[] Segment(IEnumerable<Member> members, int partitions, int chunkBytes)
    {
        using var reader = Open(Encoding.UTF8.GetBytes("customer_id,segment\n" + string.Concat(members.Select(static m => $"{m.Customer},{m.Segment}\n"))));
        using var output = new MemoryStream();
        using var writer = new ProfileSegmentWriter(output, partitions, Base.Secret, chunkBytes);
        while (reader.Read())
        {
            writer.Add(reader);
        }

        writer.Complete();
        return output.ToArray();
    }

    private static Outcome Merge(byte[]? yesterday, IReadOnlyList<byte[]> segments, int partition, int partitions, IEnumerable<string> buyers)
    {
        var inputs = new List<ProfileReader>();
        if (yesterday is not null)
        {
            inputs.Add(new ProfileReader(new MemoryStream(yesterday), HistoryMerge.FromHistory));
        }

        inputs.AddRange(segments.SelectMany((segment, file) => Base.Index(segment).SlicesOf(partition)
            .Select(slice => new ProfileReader(new MemoryStream(segment, (int)slice.Offset, (int)slice.Length), file))));
        using var profiles = new MemoryStream();
        using var merge = new ProfileMerge(inputs, segments.Count, profiles);
        var asked = buyers.Select(static id => (Id: id, Key: CustomerKey.Of(Encoding.UTF8.GetBytes(id), Base.Secret)))
            .Where(buyer => buyer.Key.Partition(partitions) == partition).OrderBy(static buyer => buyer.Key).ToList();
        var found = asked.ToDictionary(static buyer => buyer.Id, buyer => merge.SegmentOf(buyer.Key) is var s and > 0 ? merge.Labels[s] : "");
        merge.Complete();
        inputs.ForEach(static input => input.Dispose());
        return new Outcome(
            profiles.ToArray(), [.. Enumerable.Range(1, merge.Labels.Count).Select(i => merge.Labels[i])], found, merge.Books, merge.WithoutTransactions);
    }

    private sealed record Member(string Customer, string Segment);

    private sealed record Outcome(
        byte[] Profiles, IReadOnlyList<string> Labels, Dictionary<string, string> Segments, PartitionBooks Books, long WithoutTransactions);
}
