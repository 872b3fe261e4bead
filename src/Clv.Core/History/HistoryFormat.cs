using Clv.Core.Extracts;

namespace Clv.Core.History;

/// <summary>
/// The bytes of a history file and of a segment's slices: customers in the order of their keys, each as key (16 bytes), id, and rows of
/// day, amount, length of the transaction id, margin where one is known, category where there is one, and transaction id; lengths and numbers
/// as 7-bit groups, amounts and margins zigzag. A row whose margin is known says so by a length that is <see cref="WithMargin"/> higher, one
/// with a category by a length that is <see cref="WithCategory"/> higher, so rows without them, and files from before there were margins or
/// categories, are the same.
/// </summary>
/// <remarks>
/// A category is a byte: how many rows before this one the same customer has the same category, or 0 for a name of its own, whose length
/// follows the byte and whose bytes follow the transaction id.
/// </remarks>
internal static class HistoryFormat
{
    /// <summary>What is added to the length of the transaction id, which is never so long itself, when a margin follows.</summary>
    public const int WithMargin = 2 * CustomerId.MaxBytes;

    /// <summary>What is added when a category follows.</summary>
    public const int WithCategory = 2 * WithMargin;

    // A name is looked for so far back and not farther, which bounds the work for a customer who buys of thousands of categories.
    private const int FarthestRow = byte.MaxValue;

    /// <summary>Writes a customer's rows.</summary>
    public static void WriteRows(BinaryWriter writer, CustomerRows customer)
    {
        for (var i = 0; i < customer.Count; i++)
        {
            var margin = customer.Margins[i];
            var hasMargin = margin != TransactionReader.NoMargin;
            var id = customer.TransactionId(i);
            var category = customer.Category(i);
            writer.Write7BitEncodedInt(customer.Days[i]);
            WriteAmount(writer, customer.Micros[i]);
            writer.Write7BitEncodedInt(id.Length + (hasMargin ? WithMargin : 0) + (category.IsEmpty ? 0 : WithCategory));
            if (hasMargin)
            {
                WriteAmount(writer, margin);
            }

            if (!category.IsEmpty)
            {
                var back = RowsBack(customer, i);
                writer.Write((byte)back);
                category = back == 0 ? category : default;
                if (back == 0)
                {
                    writer.Write7BitEncodedInt(category.Length);
                }
            }

            writer.Write(id);
            writer.Write(category);
        }
    }

    private static int RowsBack(CustomerRows customer, int row)
    {
        for (var back = 1; back <= Math.Min(row, FarthestRow); back++)
        {
            if (customer.SameCategory(row, row - back))
            {
                return back;
            }
        }

        return 0;
    }

    private static void WriteAmount(BinaryWriter writer, long micros) => writer.Write7BitEncodedInt64((micros << 1) ^ (micros >> 63));
}
