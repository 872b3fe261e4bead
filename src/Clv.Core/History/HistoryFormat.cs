using Clv.Core.Extracts;

namespace Clv.Core.History;

/// <summary>
/// The bytes of a history file and of a segment's slices: customers in the order of their keys, each as key (16 bytes), id, and rows of
/// day, amount, length of the transaction id, margin where one is known, and transaction id; lengths and numbers as 7-bit groups, amounts
/// and margins zigzag. A row whose margin is known says so by a length that is <see cref="WithMargin"/> higher, so rows without one, and
/// files from before there were margins, are the same.
/// </summary>
internal static class HistoryFormat
{
    /// <summary>What is added to the length of the transaction id, which is never so long itself, when a margin follows.</summary>
    public const int WithMargin = 2 * CustomerId.MaxBytes;

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
            var margin = customer.Margins[i];
            var hasMargin = margin != TransactionReader.NoMargin;
            var id = customer.TransactionId(i);
            writer.Write7BitEncodedInt(customer.Days[i]);
            WriteAmount(writer, customer.Micros[i]);
            writer.Write7BitEncodedInt(id.Length + (hasMargin ? WithMargin : 0));
            if (hasMargin)
            {
                WriteAmount(writer, margin);
            }

            writer.Write(id);
        }
    }

    private static void WriteAmount(BinaryWriter writer, long micros) => writer.Write7BitEncodedInt64((micros << 1) ^ (micros >> 63));
}
