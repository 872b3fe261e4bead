using System.Security.Cryptography;
using Clv.Core.History;

namespace Clv.Core.Tests.History;

public class CustomerKeyTests
{
    // RFC 4231, test case 2.
    [Fact]
    public void Of_PublishedVector_IsItsFirst128Bits() =>
        Assert.Equal("5bdcc146bf60754e6a042426089575c7", CustomerKey.Of("what do ya want for nothing?"u8, "Jefe"u8).ToString());

    [Fact]
    public void CompareTo_AnyTwoKeys_IsTheOrderOfTheirHexAndTheirBytes()
    {
        var keys = Enumerable.Range(0, 500).Select(static _ => CustomerKey.Read(RandomNumberGenerator.GetBytes(CustomerKey.Size)))
            .Append(new CustomerKey(0)).Append(new CustomerKey(UInt128.MaxValue)).Order().ToList();
        Span<byte> left = stackalloc byte[CustomerKey.Size], right = stackalloc byte[CustomerKey.Size];
        for (var i = 1; i < keys.Count; i++)
        {
            keys[i - 1].Write(left);
            keys[i].Write(right);
            Assert.True(keys[i - 1] < keys[i] && keys[i] > keys[i - 1] && keys[i - 1] <= keys[i] && keys[i] >= keys[i - 1]);
            Assert.True(string.CompareOrdinal(keys[i - 1].ToString(), keys[i].ToString()) < 0);
            Assert.True(left.SequenceCompareTo(right) < 0);
            Assert.Equal(keys[i], CustomerKey.Read(right));
        }

        Assert.All(keys, static key => Assert.Equal(32, key.ToString().Length));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(1000)]
    [InlineData(int.MaxValue)]
    public void Partition_OfAnyKey_IsInRange(int partitions)
    {
        Assert.Equal((int)(uint.MaxValue % (uint)partitions), new CustomerKey(UInt128.MaxValue).Partition(partitions));
        for (var i = 0; i < 1000; i++)
        {
            Assert.InRange(CustomerKey.Of(BitConverter.GetBytes(i), Base.Secret).Partition(partitions), 0, partitions - 1);
        }
    }

    [Fact]
    public void Partition_OfManyCustomers_IsEven()
    {
        var counts = new int[64];
        for (var i = 0; i < 64_000; i++)
        {
            counts[CustomerKey.Of(BitConverter.GetBytes(i), Base.Secret).Partition(64)]++;
        }

        Assert.All(counts, static count => Assert.InRange(count, 800, 1200));
    }
}
