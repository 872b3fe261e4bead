namespace Clv.Core.History;

/// <summary>
/// The bytes of a partition's profiles (what is known of customers besides their transactions) and of a customer file's slices: customers
/// in the order of their keys, each as key (16 bytes), id, how many delivered rows this one stands for, and the name of the segment, which
/// is empty for none; lengths and numbers as 7-bit groups.
/// </summary>
internal static class ProfileFormat
{
    /// <summary>Writes a customer.</summary>
    public static void Write(BinaryWriter writer, CustomerKey key, ReadOnlySpan<byte> customerId, int rows, string label)
    {
        Span<byte> bytes = stackalloc byte[CustomerKey.Size];
        key.Write(bytes);
        writer.Write(bytes);
        writer.Write7BitEncodedInt(customerId.Length);
        writer.Write(customerId);
        writer.Write7BitEncodedInt(rows);
        writer.Write(label);
    }
}
