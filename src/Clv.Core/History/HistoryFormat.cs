namespace Clv.Core.History;

/// <summary>
/// The bytes of a history file and of a segment's slices: customers in the order of their keys, each as key (16 bytes), id, and rows of
/// day, amount and transaction id; lengths and numbers as 7-bit groups, amounts zigzag.
/// </summary>
internal static class HistoryFormat
{
    /// <summary>Writes a customer with all rows.</summary>
    public static void Write(BinaryWriter writer, CustomerRows customer)
    {
        Span<byte> key = stackalloc byte[CustomerKey.Size];
        customer.Key.Write(key);
        writer.Write(key);
        writer.Write7BitEncodedInt(customer.CustomerId.Length);
        writer.Write(customer.CustomerId);
        writer.Write7BitEncodedInt(customer.Count);
        for (var i = 0; i < customer.Count; i++)
        {
            var micros = customer.Micros[i];
            var id = customer.TransactionId(i);
            writer.Write7BitEncodedInt(customer.Days[i]);
            writer.Write7BitEncodedInt64((micros << 1) ^ (micros >> 63));
            writer.Write7BitEncodedInt(id.Length);
            writer.Write(id);
        }
    }
}
