using System.Security.Cryptography;
using System.Text;

namespace Clv.Core.History;

/// <summary>Writes one customer's rows of the chunk at hand.</summary>
internal delegate void CustomerWriter(BinaryWriter writer, CustomerKey key, ReadOnlySpan<byte> customerId, int customer);

/// <summary>
/// Writes a segment of any kind of rows: chunks, each sorted by partition and key, and an index of where each partition's slice of each
/// chunk lies.
/// </summary>
internal sealed class SegmentRouter : IDisposable
{
    private readonly CountingStream _output;
    private readonly BinaryWriter _writer;
    private readonly int _partitions;
    private readonly IncrementalHash _hmac;
    private readonly List<SegmentSlice[]> _chunks = [];

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

    /// <summary>The customers of the chunk at hand.</summary>
    public CustomerTable Customers { get; } = new();

    /// <summary>Writes the chunk at hand and forgets its customers.</summary>
    /// <param name="write">Called for every customer, in the order of partitions and keys.</param>
    public void WriteChunk(CustomerWriter write)
    {
        var routes = new Route[Customers.Count];
        for (var i = 0; i < routes.Length; i++)
        {
            var key = CustomerKey.Of(Customers[i], _hmac);
            routes[i] = new Route(key.Partition(_partitions), key, i);
        }

        Array.Sort(routes, static (l, r) => l.Partition.CompareTo(r.Partition) is var c and not 0 ? c : l.Key.CompareTo(r.Key));
        var slices = new SegmentSlice[_partitions];
        foreach (var (partition, key, customer) in routes)
        {
            var before = _output.Written;
            write(_writer, key, Customers[customer], customer);
            ref var slice = ref slices[partition];
            slice = slice.Length == 0
                ? new SegmentSlice(before, _output.Written - before)
                : slice with { Length = _output.Written - slice.Offset };
        }

        _chunks.Add(slices);
        Customers.Clear();
    }

    /// <summary>Writes the index.</summary>
    /// <param name="rows">How many rows the segment has.</param>
    public void Complete(long rows)
    {
        SegmentIndex.Write(_writer, _chunks, _partitions, rows);
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

    // Where a customer of the chunk goes.
    private readonly record struct Route(int Partition, CustomerKey Key, int Customer);
}
