namespace Clv.Core.History;

/// <summary>The summaries of a partition's customers as a stream of records of fixed size, in the order of keys.</summary>
public static class SummaryFile
{
    /// <summary>Bytes of one customer.</summary>
    public const int RecordSize = CustomerKey.Size + (5 * sizeof(int)) + (2 * 16);

    /// <summary>Writes one customer.</summary>
    public static void Write(Stream output, CustomerKey key, in PurchaseSummary summary)
    {
        Span<byte> record = stackalloc byte[RecordSize];
        key.Write(record);
        var rest = record[CustomerKey.Size..];
        foreach (var value in (ReadOnlySpan<int>)[summary.FirstDay, summary.Frequency, summary.RecencyDays, summary.AgeDays, summary.SpendCount])
        {
            BitConverter.TryWriteBytes(rest, value);
            rest = rest[sizeof(int)..];
        }

        BitConverter.TryWriteBytes(rest, summary.SpendTotal.Micros);
        BitConverter.TryWriteBytes(rest[16..], summary.NetTotal.Micros);
        output.Write(record);
    }

    /// <summary>Reads all customers, one at a time.</summary>
    /// <param name="input">What <see cref="Write"/> wrote; is left open.</param>
    /// <exception cref="EndOfStreamException">The file ends within a record.</exception>
    public static IEnumerable<(CustomerKey Key, PurchaseSummary Summary)> Read(Stream input)
    {
        // Not disposed, because that would close the input.
        var buffered = new BufferedStream(input, RecordSize * 1024);
        var record = new byte[RecordSize];
        while (buffered.ReadAtLeast(record, RecordSize, throwOnEndOfStream: false) is var got and > 0)
        {
            if (got < RecordSize)
            {
                throw new EndOfStreamException("A summary file ends within a customer.");
            }

            yield return (CustomerKey.Read(record), Parse(record.AsSpan(CustomerKey.Size)));
        }
    }

    private static PurchaseSummary Parse(ReadOnlySpan<byte> fields) => new(
        BitConverter.ToInt32(fields),
        BitConverter.ToInt32(fields[4..]),
        BitConverter.ToInt32(fields[8..]),
        BitConverter.ToInt32(fields[12..]),
        BitConverter.ToInt32(fields[16..]),
        new Money(BitConverter.ToInt128(fields[20..])),
        new Money(BitConverter.ToInt128(fields[36..])));
}
