using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Clv.Core.History;

/// <summary>
/// A customer's pseudonym: the first 128 bits of HMAC-SHA-256(customer id, secret). Safe as a row key and in logs; without the secret
/// it cannot be traced back to an id.
/// </summary>
/// <param name="Value">The 128 bits, the HMAC's first byte the most significant.</param>
public readonly record struct CustomerKey(UInt128 Value) : IComparable<CustomerKey>
{
    /// <summary>Bytes of a key.</summary>
    public const int Size = 16;

    /// <summary>The partition a key belongs to: its leading 32 bits modulo the number of partitions.</summary>
    /// <param name="partitions">The number of partitions, at least 1.</param>
    public int Partition(int partitions) => (int)((uint)(Value >> 96) % (uint)partitions);

    /// <summary>The key of an id.</summary>
    /// <param name="normalId">The id in its one spelling (<see cref="CustomerId"/>), UTF-8.</param>
    /// <param name="secret">The secret from configuration.</param>
    public static CustomerKey Of(ReadOnlySpan<byte> normalId, ReadOnlySpan<byte> secret)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, normalId, mac);
        return Read(mac);
    }

    /// <summary>The key of an id, for many in a row: an HMAC that is used again costs half of one that is set up for each.</summary>
    /// <param name="normalId">The id in its one spelling (<see cref="CustomerId"/>), UTF-8.</param>
    /// <param name="hmac">HMAC-SHA-256 with the secret from configuration, without data; is left so.</param>
    internal static CustomerKey Of(ReadOnlySpan<byte> normalId, IncrementalHash hmac)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        hmac.AppendData(normalId);
        hmac.GetHashAndReset(mac);
        return Read(mac);
    }

    /// <summary>Reads a key from its 16 bytes.</summary>
    public static CustomerKey Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    /// <summary>Writes the key's 16 bytes.</summary>
    public void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);

    /// <summary>The order of keys as numbers, which is also the order of their hexadecimal forms.</summary>
    public int CompareTo(CustomerKey other) => Value.CompareTo(other.Value);

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>Order of keys.</summary>
    public static bool operator <(CustomerKey left, CustomerKey right) => left.Value < right.Value;

    /// <summary>Order of keys.</summary>
    public static bool operator >(CustomerKey left, CustomerKey right) => left.Value > right.Value;

    /// <summary>Order of keys.</summary>
    public static bool operator <=(CustomerKey left, CustomerKey right) => left.Value <= right.Value;

    /// <summary>Order of keys.</summary>
    public static bool operator >=(CustomerKey left, CustomerKey right) => left.Value >= right.Value;
}
