using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Clv.Core.Callers;

/// <summary>
/// The pseudonym of a phone number or an e-mail address: the first 128 bits of HMAC-SHA-256("phone\n" or "email\n" and the one spelling, secret).
/// No customer id holds a line break, so no caller ever has the key of a customer.
/// </summary>
/// <param name="Value">The 128 bits, the HMAC's first byte the most significant.</param>
public readonly record struct CallerKey(UInt128 Value) : IComparable<CallerKey>
{
    /// <summary>Bytes of a key.</summary>
    public const int Size = 16;

    /// <summary>The partition a key belongs to: its leading 32 bits modulo the number of partitions.</summary>
    /// <param name="partitions">The number of partitions, at least 1.</param>
    public int Partition(int partitions) => (int)((uint)(Value >> 96) % (uint)partitions);

    /// <summary>The key of a phone number or an e-mail address.</summary>
    /// <param name="contact">In its one spelling.</param>
    /// <param name="secret">The secret from configuration.</param>
    public static CallerKey Of(ContactPoint contact, ReadOnlySpan<byte> secret)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        return Of(contact, hmac);
    }

    /// <summary>The key, for many in a row.</summary>
    /// <param name="contact">In its one spelling.</param>
    /// <param name="hmac">HMAC-SHA-256 with the secret from configuration, without data; is left so.</param>
    internal static CallerKey Of(ContactPoint contact, IncrementalHash hmac)
    {
        hmac.AppendData(contact.Kind == ContactKind.Phone ? "phone\n"u8 : "email\n"u8);
        hmac.AppendData(Encoding.UTF8.GetBytes(contact.Normal));
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        hmac.GetHashAndReset(mac);
        return Read(mac);
    }

    /// <summary>Reads a key from its 16 bytes.</summary>
    public static CallerKey Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    /// <summary>Writes the key's 16 bytes.</summary>
    public void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);

    /// <summary>The order of keys as numbers, which is also the order of their hexadecimal forms.</summary>
    public int CompareTo(CallerKey other) => Value.CompareTo(other.Value);

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>Order of keys.</summary>
    public static bool operator <(CallerKey left, CallerKey right) => left.Value < right.Value;

    /// <summary>Order of keys.</summary>
    public static bool operator >(CallerKey left, CallerKey right) => left.Value > right.Value;

    /// <summary>Order of keys.</summary>
    public static bool operator <=(CallerKey left, CallerKey right) => left.Value <= right.Value;

    /// <summary>Order of keys.</summary>
    public static bool operator >=(CallerKey left, CallerKey right) => left.Value >= right.Value;
}
