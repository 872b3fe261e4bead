using System.Text;
using Clv.Core.History;
using FsCheck;
using FsCheck.Fluent;

namespace Clv.Core.Tests.History;

public class CustomerTableTests
{
    [Fact]
    public void GetOrAdd_IdsAroundTheWordSize_AreToldApart()
    {
        string[] ids =
        [
            "", "a", "a\0", "1234567", "1234567\0", "12345678", "12345679", "1234567", "123456789", "1234567890", "12345678", "\0", "\0\0",
            new('x', 255), new('x', 256), new('x', 2048),
        ];
        var table = new CustomerTable();
        var indexes = ids.Select(id => table.GetOrAdd(Encoding.UTF8.GetBytes(id))).ToList();

        Assert.Equal(ids.Select(id => ids.Distinct().ToList().IndexOf(id)), indexes);
        Assert.Equal(ids.Distinct(), Enumerable.Range(0, table.Count).Select(i => Encoding.UTF8.GetString(table[i])));
        Assert.Equal(ids.Distinct().Sum(static id => id.Length), table.IdBytes);
    }

    [Fact]
    public void GetOrAdd_AsManyAsItTakesToGrow_KeepsEveryIndex()
    {
        var table = new CustomerTable();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 100_000; i++)
            {
                Assert.Equal(i, table.GetOrAdd(Encoding.ASCII.GetBytes($"customer-{i}")));
            }
        }

        Assert.Equal(100_000, table.Count);
        Assert.Equal("customer-77777", Encoding.ASCII.GetString(table[77_777]));
    }

    [Fact]
    public void GetOrAdd_AnyIdsInAnyOrder_IsADictionary() =>
        Prop.ForAll(Gen.Choose(0, 1 << 20).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var table = new CustomerTable();
            var oracle = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var i = 0; i < 500; i++)
            {
                if (random.Next(200) == 0)
                {
                    table.Clear();
                    oracle.Clear();
                }

                var id = string.Concat(Enumerable.Range(0, random.Next(11)).Select(_ => (char)random.Next(2)));
                var found = table.Find(Encoding.ASCII.GetBytes(id));
                if (found != oracle.GetValueOrDefault(id, -1))
                {
                    return false;
                }

                oracle.TryAdd(id, oracle.Count);
                if (table.GetOrAdd(Encoding.ASCII.GetBytes(id)) != oracle[id] || table.Count != oracle.Count)
                {
                    return false;
                }
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void Clear_ThenTheSameId_StartsAtZero()
    {
        var table = new CustomerTable();
        table.GetOrAdd("a"u8);
        table.GetOrAdd("b"u8);
        table.Clear();

        Assert.Equal(0, table.Count);
        Assert.Equal(0, table.IdBytes);
        Assert.Throws<ArgumentOutOfRangeException>(() => table[0].Length);
        Assert.Equal(0, table.GetOrAdd("b"u8));
    }

    [Fact]
    public void Indexer_OutsideTheTable_Throws()
    {
        var table = new CustomerTable();
        table.GetOrAdd("a"u8);

        Assert.Throws<ArgumentOutOfRangeException>(() => table[1].Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => table[-1].Length);
    }
}
