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
    private readonly CustomerRows _rows = new();
    private readonly CustomerRows _customer = new();

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

    /// <summary>Adds the reader's current row. A category whose name is longer than <see cref="CustomerRows.MaxCategoryBytes"/> is none.</summary>
    public void Add(TransactionReader row)
    {
        FirstDay = Math.Min(FirstDay ?? row.Day, row.Day);
        _router.Add(row.CustomerId);
        var category = row.Category.Length > CustomerRows.MaxCategoryBytes ? default : row.Category;
        _rows.Add(row.Day, row.Micros, row.Margin, row.TransactionId, category, source: 0);
        if (_rows.Bytes + _router.Bytes > _chunkBytes)
        {
            WriteChunk();
        }
    }

    /// <summary>Writes what is left and the index.</summary>
    public void Complete()
    {
        WriteChunk();
        _router.Complete();
    }

    /// <summary>Gives the buffers back; what was not completed is not a segment.</summary>
    public void Dispose() => _router.Dispose();

    private void WriteChunk()
    {
        _router.WriteChunk((writer, key, customerId, rows) =>
        {
            _customer.Start(key, customerId);
            foreach (var row in rows)
            {
                _customer.Add(_rows.Days[row], _rows.Micros[row], _rows.Margins[row], _rows.TransactionId(row), _rows.Category(row), source: 0);
            }

            _customer.Write(writer);
        });
        _rows.Start(default, default);
    }
}
