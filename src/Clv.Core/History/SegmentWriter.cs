using Clv.Core.Extracts;

namespace Clv.Core.History;

/// <summary>
/// Routes the rows of one file of transactions to partitions. The result is one segment: chunks of bounded size, each sorted by partition
/// and key, and an index of where each partition's slice of each chunk lies. Memory is bounded by the size of a chunk, whatever the file's.
/// </summary>
public sealed class SegmentWriter : IDisposable
{
    private readonly SegmentRouter _router;
    private readonly int _chunkBytes;
    private readonly List<int> _customerOf = [];
    private readonly CustomerRows _rows = new();
    private readonly CustomerRows _customer = new();
    private long _idBytes;
    private long _total;

    /// <summary>Starts a segment.</summary>
    /// <param name="output">Receives the segment front to back; is left open.</param>
    /// <param name="partitions">The number of partitions.</param>
    /// <param name="secret">The secret of the customer keys.</param>
    /// <param name="chunkBytes">About how much memory the rows of one chunk may take.</param>
    public SegmentWriter(Stream output, int partitions, ReadOnlySpan<byte> secret, int chunkBytes = 64 << 20)
    {
        _router = new SegmentRouter(output, partitions, secret);
        _chunkBytes = chunkBytes;
    }

    /// <summary>The first day of any row so far; null before the first row.</summary>
    public int? FirstDay { get; private set; }

    /// <summary>Adds the reader's current row.</summary>
    public void Add(TransactionReader row)
    {
        FirstDay = Math.Min(FirstDay ?? row.Day, row.Day);
        _customerOf.Add(_router.Customers.GetOrAdd(row.CustomerId));
        _rows.Add(row.Day, row.Micros, row.Margin, row.TransactionId, source: 0);
        _idBytes += row.TransactionId.Length;
        _total++;
        if ((_rows.Count * 32L) + _idBytes + (_router.Customers.Count * 64L) + _router.Customers.IdBytes > _chunkBytes)
        {
            WriteChunk();
        }
    }

    /// <summary>Writes what is left and the index.</summary>
    public void Complete()
    {
        if (_rows.Count > 0)
        {
            WriteChunk();
        }

        _router.Complete(_total);
    }

    /// <summary>Gives the buffers back; what was not completed is not a segment.</summary>
    public void Dispose() => _router.Dispose();

    private void WriteChunk()
    {
        var (starts, rows) = GroupByCustomer();
        _router.WriteChunk((writer, key, customerId, customer) =>
        {
            _customer.Start(key, customerId);
            foreach (var row in rows.AsSpan(starts[customer], starts[customer + 1] - starts[customer]))
            {
                _customer.Add(_rows.Days[row], _rows.Micros[row], _rows.Margins[row], _rows.TransactionId(row), source: 0);
            }

            HistoryFormat.Write(writer, _customer);
        });
        _customerOf.Clear();
        _rows.Start(default, default);
        _idBytes = 0;
    }

    // A stable counting sort of the rows by customer.
    private (int[] Starts, int[] Rows) GroupByCustomer()
    {
        var count = _router.Customers.Count;
        var starts = new int[count + 1];
        foreach (var customer in _customerOf)
        {
            starts[customer + 1]++;
        }

        for (var i = 1; i < starts.Length; i++)
        {
            starts[i] += starts[i - 1];
        }

        var next = starts.AsSpan(0, count).ToArray();
        var rows = new int[_customerOf.Count];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[next[_customerOf[row]]++] = row;
        }

        return (starts, rows);
    }
}
