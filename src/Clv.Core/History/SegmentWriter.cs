using System.Security.Cryptography;
using System.Text;
using Clv.Core.Extracts;

namespace Clv.Core.History;

/// <summary>
/// Routes the rows of one extract file to partitions. The result is one segment: chunks of bounded size, each sorted by partition and key,
/// and an index of where each partition's slice of each chunk lies. Memory is bounded by the size of a chunk, whatever the file's.
/// </summary>
public sealed class SegmentWriter : IDisposable
{
    private readonly CountingStream _output;
    private readonly BinaryWriter _writer;
    private readonly int _partitions;
    private readonly IncrementalHash _hmac;
    private readonly int _chunkBytes;
    private readonly CustomerTable _customers = new();
    private readonly List<int> _customerOf = [];
    private readonly CustomerRows _rows = new();
    private readonly List<SegmentSlice[]> _chunks = [];
    private long _idBytes;
    private long _total;

    /// <summary>Starts a segment.</summary>
    /// <param name="output">Receives the segment front to back; is left open.</param>
    /// <param name="partitions">The number of partitions.</param>
    /// <param name="secret">The secret of the customer keys.</param>
    /// <param name="chunkBytes">About how much memory the rows of one chunk may take.</param>
    public SegmentWriter(Stream output, int partitions, ReadOnlySpan<byte> secret, int chunkBytes = 64 << 20)
    {
        _output = new CountingStream(output);
        _writer = new BinaryWriter(_output, Encoding.UTF8, leaveOpen: true);
        _partitions = partitions;
        _hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        _chunkBytes = chunkBytes;
    }

    /// <summary>Adds the reader's current row.</summary>
    public void Add(TransactionReader row)
    {
        _customerOf.Add(_customers.GetOrAdd(row.CustomerId));
        _rows.Add(row.Day, row.Micros, row.Margin, row.TransactionId, source: 0);
        _idBytes += row.TransactionId.Length;
        _total++;
        if ((_rows.Count * 32L) + _idBytes + (_customers.Count * 64L) + _customers.IdBytes > _chunkBytes)
        {
            FlushChunk();
        }
    }

    /// <summary>Writes what is left and the index.</summary>
    public void Complete()
    {
        if (_rows.Count > 0)
        {
            FlushChunk();
        }

        SegmentIndex.Write(_writer, _chunks, _partitions, _total);
        _writer.Flush();
        _output.FlushBuffer();
    }

    /// <summary>Gives the buffers back; what was not completed is not a segment.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        _output.Dispose();
        _hmac.Dispose();
    }

    private void FlushChunk()
    {
        var routes = new Route[_customers.Count];
        for (var i = 0; i < routes.Length; i++)
        {
            var key = CustomerKey.Of(_customers[i], _hmac);
            routes[i] = new Route(key.Partition(_partitions), key, i);
        }

        Array.Sort(routes, static (l, r) => l.Partition.CompareTo(r.Partition) is var c and not 0 ? c : l.Key.CompareTo(r.Key));
        var (starts, rows) = GroupByCustomer();
        var slices = new SegmentSlice[_partitions];
        var customer = new CustomerRows();
        foreach (var (partition, key, c) in routes)
        {
            var before = _output.Written;
            customer.Start(key, _customers[c]);
            foreach (var row in rows.AsSpan(starts[c], starts[c + 1] - starts[c]))
            {
                customer.Add(_rows.Days[row], _rows.Micros[row], _rows.Margins[row], _rows.TransactionId(row), source: 0);
            }

            HistoryFormat.Write(_writer, customer);
            ref var slice = ref slices[partition];
            slice = slice.Length == 0
                ? new SegmentSlice(before, _output.Written - before)
                : slice with { Length = _output.Written - slice.Offset };
        }

        _chunks.Add(slices);
        _customers.Clear();
        _customerOf.Clear();
        _rows.Start(default, default);
        _idBytes = 0;
    }

    // A stable counting sort of the rows by customer.
    private (int[] Starts, int[] Rows) GroupByCustomer()
    {
        var starts = new int[_customers.Count + 1];
        foreach (var customer in _customerOf)
        {
            starts[customer + 1]++;
        }

        for (var i = 1; i < starts.Length; i++)
        {
            starts[i] += starts[i - 1];
        }

        var next = starts.AsSpan(0, _customers.Count).ToArray();
        var rows = new int[_customerOf.Count];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[next[_customerOf[row]]++] = row;
        }

        return (starts, rows);
    }

    // Where a customer of the chunk goes.
    private readonly record struct Route(int Partition, CustomerKey Key, int Customer);
}
