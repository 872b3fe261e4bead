using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Clv.Core.Extracts;
using Clv.Core.History;
using FsCheck;
using FsCheck.Fluent;

namespace Clv.Core.Tests.History;

public class HistoryFilesTests
{
    [Fact]
    public void SegmentWriter_TinyChunks_KeepsEveryRowInItsPartition()
    {
        var sales = Base.Random(new Random(1), 300, customers: 20);
        var segment = Base.Segment(sales, partitions: 5, chunkBytes: 1);

        Assert.Equal(300, Enumerable.Range(0, 5).Sum(partition => Base.Index(segment).SlicesOf(partition).Count()));
        for (var partition = 0; partition < 5; partition++)
        {
            var rows = Rows(Base.Slices(segment, partition, 0));
            Assert.Equal(sales.Where(sale => CustomerKey.Of(Encoding.UTF8.GetBytes(sale.Customer), Base.Secret).Partition(5) == partition), rows);
        }
    }

    [Fact]
    public void SegmentWriter_WithoutRows_IsASegmentWithoutSlices()
    {
        var segment = Base.Segment([], partitions: 4, chunkBytes: 1);

        Assert.Equal(SegmentIndex.TrailerSize, segment.Length);
        Assert.All(Enumerable.Range(0, 4), partition => Assert.Empty(Base.Index(segment).SlicesOf(partition)));
    }

    [Fact]
    public void SlicesOf_PartitionThatTheSegmentDoesNotHave_Throws()
    {
        var index = Base.Index(Base.Segment(Base.Random(new Random(1), 10), partitions: 4, chunkBytes: 1));

        Assert.Throws<ArgumentOutOfRangeException>(() => index.SlicesOf(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.SlicesOf(-1));
    }

    [Theory]
    [InlineData(-1, 4)]
    [InlineData(1, 0)]
    [InlineData(-2, -2)]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(1 << 20, 1 << 10)]
    public void SegmentIndex_TrailerThatClaimsTheImpossible_Throws(int chunks, int partitions)
    {
        var trailer = Base.Segment([], 4, 1);
        BinaryPrimitives.WriteInt32LittleEndian(trailer, chunks);
        BinaryPrimitives.WriteInt32LittleEndian(trailer.AsSpan(4), partitions);

        Assert.Throws<InvalidDataException>(() => SegmentIndex.Size(trailer));
    }

    [Fact]
    public void SegmentIndex_DamagedBytes_Throw()
    {
        var segment = Base.Segment(Base.Random(new Random(1), 10), partitions: 2, chunkBytes: 1 << 20);
        var trailer = segment[^SegmentIndex.TrailerSize..];
        var index = segment[^(SegmentIndex.TrailerSize + 32)..^SegmentIndex.TrailerSize];

        Assert.Throws<InvalidDataException>(() => SegmentIndex.Size(trailer.AsSpan(1)));
        Assert.Throws<InvalidDataException>(() => SegmentIndex.Size(new byte[SegmentIndex.TrailerSize]));
        Assert.Throws<InvalidDataException>(() => SegmentIndex.Read(index.AsSpan(1), trailer));
        BinaryPrimitives.WriteInt64LittleEndian(index, -1);
        Assert.Throws<InvalidDataException>(() => SegmentIndex.Read(index, trailer));
    }

    [Fact]
    public void HistoryReader_FileCutAnywhere_EndsWithAnExceptionUnlessBetweenCustomers()
    {
        var history = Base.Merge(null, [Base.Segment(Base.Random(new Random(2), 60), 1, 1 << 20)], 0).History;
        var whole = 0;
        for (var length = 0; length < history.Length; length++)
        {
            try
            {
                Rows([new HistoryReader(new MemoryStream(history, 0, length), 0)]);
                whole++;
            }
            catch (EndOfStreamException)
            {
                // As it should be.
            }
        }

        Assert.Equal(6, whole);
    }

    [Fact]
    public void HistoryReader_DamagedFile_GivesRowsOrAClearExceptionSoon() =>
        Prop.ForAll(Gen.Choose(0, 1 << 24).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var history = random.Next(3) == 0
                ? RandomNumberGenerator.GetBytes(random.Next(300))
                : Base.Merge(null, [Base.Segment(Base.Random(random, 20), 1, 1 << 20)], 0).History;
            for (var hits = 1 + random.Next(4); hits > 0 && history.Length > 0; hits--)
            {
                history[random.Next(history.Length)] = (byte)random.Next(256);
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using var reader = new HistoryReader(new MemoryStream(history), 0);
                var rows = new CustomerRows();
                while (reader.MoveNext())
                {
                    reader.ReadRows(rows, first: true);
                }
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
            {
                // As it should be.
            }

            return GC.GetAllocatedBytesForCurrentThread() - allocated < 1 << 20;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void HistoryReader_CustomersOutOfOrder_Throws()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        foreach (var key in (int[])[2, 1])
        {
            var rows = new CustomerRows();
            rows.Start(new CustomerKey((UInt128)key), "c"u8);
            rows.Write(writer);
        }

        bytes.Position = 0;
        using var reader = new HistoryReader(bytes, 0);
        Assert.True(reader.MoveNext());
        Assert.Throws<InvalidOperationException>(() => reader.MoveNext());
        reader.ReadRows(new CustomerRows(), first: true);
        Assert.Throws<InvalidDataException>(() => reader.MoveNext());
    }

    [Fact]
    public void HistoryFormat_AnyAmountAndIdsOfAnyLength_ComeBack()
    {
        var rows = new CustomerRows();
        rows.Start(CustomerKey.Of("x"u8, Base.Secret), Encoding.UTF8.GetBytes(new string('x', CustomerId.MaxBytes)));
        long[] amounts = [0, 1, -1, 63, 64, -64, -65, long.MaxValue, long.MinValue];
        for (var i = 0; i <= 300; i++)
        {
            rows.Add(i == 0 ? DateOnly.MaxValue.DayNumber : i, amounts[i % amounts.Length], amounts[(i / 3) % amounts.Length], Enumerable.Repeat((byte)i, i).ToArray(), Category(i), i);
        }

        // Some are far enough back that the name is written again, and one has the longest name.
        static byte[] Category(int i) => Encoding.UTF8.GetBytes(i switch
        {
            0 or 299 or 300 => "far",
            7 => new string('c', CustomerRows.MaxCategoryBytes),
            _ => i % 5 == 0 ? "" : $"c{i % 7}",
        });

        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        rows.Write(writer);
        bytes.Position = 0;
        using var reader = new HistoryReader(bytes, source: 9);
        var read = new CustomerRows();
        Assert.True(reader.MoveNext());
        Assert.Equal(rows.Key, reader.Key);
        reader.ReadRows(read, first: true);

        Assert.False(reader.MoveNext());
        Assert.Equal(rows.CustomerId, read.CustomerId);
        Assert.Equal(rows.Days, read.Days);
        Assert.Equal(rows.Micros, read.Micros);
        Assert.Equal(rows.Margins, read.Margins);
        Assert.Contains(TransactionReader.NoMargin, read.Margins.ToArray());
        Assert.All(read.Sources.ToArray(), static source => Assert.Equal(9, source));
        Assert.All(Enumerable.Range(0, 301), i => Assert.True(rows.TransactionId(i).SequenceEqual(read.TransactionId(i))));
        Assert.All(Enumerable.Range(0, 301), i => Assert.Equal(Category(i), read.Category(i)));
    }

    [Fact]
    public void HistoryFormat_CategoryOfAnEarlierRow_TakesAByte()
    {
        static byte[] Bytes(string category, int rows)
        {
            var customer = new CustomerRows();
            customer.Start(new CustomerKey(1), "c"u8);
            for (var i = 0; i < rows; i++)
            {
                customer.Add(i, 0, TransactionReader.NoMargin, default, Encoding.UTF8.GetBytes(category), 0);
            }

            using var bytes = new MemoryStream();
            using var writer = new BinaryWriter(bytes);
            customer.Write(writer);
            writer.Flush();
            return bytes.ToArray();
        }

        // The length of the transaction id takes a byte more too.
        Assert.Equal(Bytes("", 100).Length + 100 + 100 + 1 + "garden".Length, Bytes("garden", 100).Length);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 0)]
    [InlineData(0, CustomerRows.MaxCategoryBytes + 1)]
    public void HistoryReader_CategoryThatIsNone_Throws(int back, int length)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(new byte[CustomerKey.Size]);
        writer.Write((byte)0);
        foreach (var number in (int[])[1, 300, 0, HistoryFormat.WithCategory, back, length])
        {
            writer.Write7BitEncodedInt(number);
        }

        writer.Write(new byte[2 * length]);
        bytes.Position = 0;
        using var reader = new HistoryReader(bytes, source: 0);
        Assert.True(reader.MoveNext());
        Assert.Throws<InvalidDataException>(() => reader.ReadRows(new CustomerRows(), first: true));
    }

    [Fact]
    public void TryFind_KeysInOrder_FindsThoseThatTheFileHas()
    {
        var history = Base.Merge(null, [Base.Segment(Base.Random(new Random(5), 60, customers: 9), 1, 1 << 20)], 0).History;
        var known = new Dictionary<CustomerKey, int>();
        using (var all = new HistoryReader(new MemoryStream(history), 0))
        {
            var rows = new CustomerRows();
            while (all.MoveNext())
            {
                all.ReadRows(rows, first: true);
                known.Add(rows.Key, rows.Count);
            }
        }

        foreach (var key in known.Keys)
        {
            using var reader = new HistoryReader(new MemoryStream(history), 0);
            var rows = new CustomerRows();
            Assert.False(reader.TryFind(new CustomerKey(key.Value - 1)));
            Assert.True(reader.TryFind(key));
            Assert.True(reader.TryFind(key));
            reader.ReadRows(rows, first: true);
            Assert.Equal((key, known[key]), (rows.Key, rows.Count));
            Assert.False(reader.TryFind(new CustomerKey(UInt128.MaxValue)));
        }
    }

    [Fact]
    public void HistoryFormat_RowsWithoutMarginsAndCategories_AreTheBytesOfAHistoryFromBeforeThem()
    {
        // Key 1, id "ab", two rows: day 300, 0.000007, transaction "T"; day 301, -0.000001, no transaction id.
        byte[] before =
        [
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, (byte)'a', (byte)'b', 2,
            0xAC, 2, 14, 1, (byte)'T',
            0xAD, 2, 1, 0,
        ];
        using var reader = new HistoryReader(new MemoryStream(before), source: 0);
        var rows = new CustomerRows();
        Assert.True(reader.MoveNext());
        reader.ReadRows(rows, first: true);

        Assert.Equal([300, 301], rows.Days);
        Assert.Equal([7, -1], rows.Micros);
        Assert.Equal([TransactionReader.NoMargin, TransactionReader.NoMargin], rows.Margins);
        Assert.True(rows.Category(0).IsEmpty && rows.Category(1).IsEmpty);
        using var written = new MemoryStream();
        using var writer = new BinaryWriter(written);
        rows.Write(writer);
        writer.Flush();
        Assert.Equal(before, written.ToArray());
    }

    [Theory]
    [InlineData(CustomerId.MaxBytes + 1)]
    [InlineData(HistoryFormat.WithMargin - 1)]
    [InlineData(HistoryFormat.WithMargin + CustomerId.MaxBytes + 1)]
    public void HistoryReader_TransactionIdLongerThanAny_Throws(int length)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(new byte[CustomerKey.Size]);
        writer.Write((byte)0);
        foreach (var number in (int[])[1, 300, 0, length, 0])
        {
            writer.Write7BitEncodedInt(number);
        }

        writer.Write(new byte[2 * length]);
        bytes.Position = 0;
        using var reader = new HistoryReader(bytes, source: 0);
        Assert.True(reader.MoveNext());
        Assert.Throws<InvalidDataException>(() => reader.ReadRows(new CustomerRows(), first: true));
    }

    private static List<Sale> Rows(IEnumerable<HistoryReader> readers)
    {
        var sales = new List<Sale>();
        foreach (var reader in readers)
        {
            while (reader.MoveNext())
            {
                var rows = new CustomerRows();
                reader.ReadRows(rows, first: true);
                for (var i = 0; i < rows.Count; i++)
                {
                    sales.Add(new Sale(
                        Encoding.UTF8.GetString(rows.CustomerId), rows.Days[i], rows.Micros[i], Encoding.UTF8.GetString(rows.TransactionId(i)),
                        rows.Margins[i] == TransactionReader.NoMargin ? null : rows.Margins[i], Encoding.UTF8.GetString(rows.Category(i))));
                }
            }
        }

        return sales;
    }
}
