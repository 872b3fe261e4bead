using Clv.Core.Extracts;

namespace Clv.Core.History;

/// <summary>
/// Routes the rows of one customer file to partitions, as <see cref="SegmentWriter"/> does with transactions. Of a customer's rows in a
/// chunk the last is kept, with their number, so that the books know of every row.
/// </summary>
public sealed class ProfileSegmentWriter : IDisposable
{
    private readonly SegmentRouter _router;
    private readonly int _chunkBytes;
    private readonly List<(int Rows, int Segment)> _profiles = [];
    private SegmentLabels _labels = new();
    private long _total;

    /// <summary>Starts a segment.</summary>
    /// <param name="output">Receives the segment front to back; is left open.</param>
    /// <param name="partitions">The number of partitions.</param>
    /// <param name="secret">The secret of the customer keys.</param>
    /// <param name="chunkBytes">About how much memory the rows of one chunk may take.</param>
    public ProfileSegmentWriter(Stream output, int partitions, ReadOnlySpan<byte> secret, int chunkBytes = 64 << 20)
    {
        _router = new SegmentRouter(output, partitions, secret);
        _chunkBytes = chunkBytes;
    }

    /// <summary>Adds the reader's current row. All rows must be one reader's.</summary>
    public void Add(CustomerReader row)
    {
        _labels = row.Labels;
        var customer = _router.Customers.GetOrAdd(row.CustomerId);
        if (customer == _profiles.Count)
        {
            _profiles.Add(default);
        }

        _profiles[customer] = (_profiles[customer].Rows + 1, row.Segment);
        _total++;
        if ((_router.Customers.Count * 72L) + _router.Customers.IdBytes > _chunkBytes)
        {
            WriteChunk();
        }
    }

    /// <summary>Writes what is left and the index.</summary>
    public void Complete()
    {
        if (_profiles.Count > 0)
        {
            WriteChunk();
        }

        _router.Complete(_total);
    }

    /// <summary>Gives the buffers back; what was not completed is not a segment.</summary>
    public void Dispose() => _router.Dispose();

    private void WriteChunk()
    {
        _router.WriteChunk((writer, key, customerId, customer) =>
        {
            var (rows, segment) = _profiles[customer];
            ProfileFormat.Write(writer, key, customerId, rows, segment == 0 ? "" : _labels[segment]);
        });
        _profiles.Clear();
    }
}
