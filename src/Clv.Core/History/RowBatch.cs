namespace Clv.Core.History;

/// <summary>Some thousand rows on their way from the thread that parses to the one that adds. Used again and again.</summary>
internal sealed class RowBatch(bool hasTransactionIds, bool hasMargins)
{
    private const int Rows = 1 << 14;
    private const int IdBytes = 1 << 19;

    private readonly byte[] _ids = new byte[IdBytes];
    private readonly int[] _ends = new int[Rows];

    /// <summary>How many rows there are.</summary>
    public int Count { get; private set; }

    /// <summary>The rows' days.</summary>
    public int[] Days { get; } = new int[Rows];

    /// <summary>The rows' amounts in millionths.</summary>
    public long[] Micros { get; } = new long[Rows];

    /// <summary>The rows' margins, where they are kept.</summary>
    public long[]? Margins { get; } = hasMargins ? new long[Rows] : null;

    /// <summary>The hashes of the rows' transaction ids, where the file has any.</summary>
    public ulong[]? TransactionIds { get; } = hasTransactionIds ? new ulong[Rows] : null;

    /// <summary>The id of a row's customer.</summary>
    public ReadOnlySpan<byte> CustomerId(int row)
    {
        var start = row == 0 ? 0 : _ends[row - 1];
        return _ids.AsSpan(start, _ends[row] - start);
    }

    /// <summary>Adds a row unless the batch is full.</summary>
    public bool TryAdd(ReadOnlySpan<byte> customerId, int day, long micros, long margin, ReadOnlySpan<byte> transactionId)
    {
        var start = Count == 0 ? 0 : _ends[Count - 1];
        if (Count == Rows || start + customerId.Length > IdBytes)
        {
            return false;
        }

        customerId.CopyTo(_ids.AsSpan(start));
        _ends[Count] = start + customerId.Length;
        Days[Count] = day;
        Micros[Count] = micros;
        if (Margins is not null)
        {
            Margins[Count] = margin;
        }

        if (TransactionIds is not null)
        {
            TransactionIds[Count] = TransactionIdentity.Of(transactionId);
        }

        Count++;
        return true;
    }

    /// <summary>Forgets the rows.</summary>
    public void Clear() => Count = 0;
}
