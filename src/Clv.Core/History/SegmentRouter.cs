using System.Security.Cryptography;
using System.Text;

namespace Clv.Core.History;

/// <summary>Writes one customer's rows of the chunk at hand.</summary>
/// <param name="writer">Receives them.</param>
/// <param name="key">The customer.</param>
/// <param name="customerId">The customer's id.</param>
/// <param name="rows">The numbers of the customer's rows in the chunk, from 0, in the order of the file.</param>
internal delegate void CustomerWriter(BinaryWriter writer, CustomerKey key, ReadOnlySpan<byte> customerId, ReadOnlySpan<int> rows);

/// <summary>
/// Writes a segment of any kind of rows: chunks, each sorted by partition and key, and an index of where each partition's slice of each
/// chunk lies.
/// </summary>
internal sealed class SegmentRouter : IDisposable
{
    // Customers with so many rows in a chunk are counted over the file's chunks: too few to cost memory, and all that could grow too large.
    private const int HeavyRows = 10_000;

    private readonly CountingStream _output;
    private readonly BinaryWriter _writer;
    private readonly int _partitions;
    private readonly IncrementalHash _hmac;
    private readonly List<SegmentSlice[]> _chunks = [];
    private readonly CustomerTable _customers = new();
    private readonly List<int> _customerOf = [];
    private readonly Dictionary<CustomerKey, long> _heavy = [];
    private long _total;

    /// <summary>Starts a segment.</summary>
    /// <param name="output">Receives the segment front to back; is left open.</param>
    /// <param name="partitions">The number of partitions.</param>
    /// <param name="secret">The secret of the customer keys.</param>
    public SegmentRouter(Stream output, int partitions, ReadOnlySpan<byte> secret)
    {
        _output = new CountingStream(output);
        _writer = new BinaryWriter(_output, Encoding.UTF8, leaveOpen: true);
        _partitions = partitions;
        _hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
    }

    /// <summary>About how much memory the customers of the chunk at hand take.</summary>
    public long Bytes => (_customerOf.Count * 8L) + (_customers.Count * 64L) + _customers.IdBytes;

    /// <summary>Adds a row to the chunk at hand.</summary>
    /// <param name="customerId">Whose it is.</param>
    public void Add(ReadOnlySpan<byte> customerId)
    {
        _customerOf.Add(_customers.GetOrAdd(customerId));
        _total++;
    }

    /// <summary>Writes the chunk at hand and forgets its rows; without rows there is none.</summary>
    /// <param name="write">Called for every customer, in the order of partitions and keys.</param>
    /// <exception cref="OversizedCustomerException">One customer has more rows than <see cref="CustomerLimits"/> allow.</exception>
    public void WriteChunk(CustomerWriter write)
    {
        if (_customerOf.Count == 0)
        {
            return;
        }

        var (starts, rows) = GroupByCustomer();
        var routes = new Route[_customers.Count];
        for (var i = 0; i < routes.Length; i++)
        {
            var key = CustomerKey.Of(_customers[i], _hmac);
            routes[i] = new Route(key.Partition(_partitions), key, i);
        }

        Array.Sort(routes, static (l, r) => l.Partition.CompareTo(r.Partition) is var c and not 0 ? c : l.Key.CompareTo(r.Key));
        var slices = new SegmentSlice[_partitions];
        foreach (var (partition, key, customer) in routes)
        {
            var before = _output.Written;
            var count = starts[customer + 1] - starts[customer];
            Check(key, count);
            write(_writer, key, _customers[customer], rows.AsSpan(starts[customer], count));
            ref var slice = ref slices[partition];
            slice = slice.Length == 0
                ? new SegmentSlice(before, _output.Written - before)
                : slice with { Length = _output.Written - slice.Offset };
        }

        _chunks.Add(slices);
        _customers.Clear();
        _customerOf.Clear();
    }

    /// <summary>Writes the index.</summary>
    public void Complete()
    {
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

    private void Check(CustomerKey key, int rows)
    {
        if (rows >= HeavyRows && (_heavy[key] = _heavy.GetValueOrDefault(key) + rows) > CustomerLimits.MaxRows)
        {
            throw new OversizedCustomerException(key);
        }
    }

    // A stable counting sort of the rows by customer.
    private (int[] Starts, int[] Rows) GroupByCustomer()
    {
        var count = _customers.Count;
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

    // Where a customer of the chunk goes.
    private readonly record struct Route(int Partition, CustomerKey Key, int Customer);
}
