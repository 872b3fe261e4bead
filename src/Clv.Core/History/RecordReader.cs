namespace Clv.Core.History;

/// <summary>
/// Reads a partition's profiles, contracts or interactions, or one slice of a segment of them, customer by customer in the order of keys.
/// </summary>
public sealed class RecordReader : KeyedReader<CustomerRecords>
{
    /// <summary>Opens a file.</summary>
    /// <param name="content">The bytes; closed with the reader.</param>
    /// <param name="source">Where its records come from: a file's number, or <see cref="PartitionBooks.FromHistory"/>.</param>
    public RecordReader(Stream content, int source)
        : base(content, source)
    {
    }

    private protected override void ReadRow(CustomerRecords rows, int row)
    {
        var identity = ReadNumber(CustomerRecords.MaxIdentityBytes);
        var payload = ReadNumber(CustomerRecords.MaxPayloadBytes);
        var bytes = ReadBytes(identity + payload);
        rows.Add(bytes[..identity], bytes[identity..], Source);
    }
}
