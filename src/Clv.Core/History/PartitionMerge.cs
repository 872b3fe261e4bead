using System.Text;

namespace Clv.Core.History;

/// <summary>Everything of one kind that there is of a partition, and where tonight's state of it goes.</summary>
/// <typeparam name="T">The kind: <see cref="CustomerRows"/> or <see cref="CustomerRecords"/>.</typeparam>
/// <param name="Readers">
/// In the order of delivery: yesterday's history first, then tonight's files, each file's chunks in order. Of rows with the same identity the
/// last in this order counts.
/// </param>
/// <param name="Files">How many files of the kind tonight has.</param>
/// <param name="Output">Receives tonight's history of the kind; is left open.</param>
public sealed record KeyedFiles<T>(IReadOnlyList<KeyedReader<T>> Readers, int Files, Stream Output)
    where T : KeyedRows<T>, new();

/// <summary>
/// Merges yesterday's history of one kind with tonight's slices into tonight's history. Everything is in the order of keys, so one customer at
/// a time is in memory. The same input gives the same bytes.
/// </summary>
internal sealed class PartitionMerge<T> : IDisposable
    where T : KeyedRows<T>, new()
{
    private readonly MergeQueue<T> _next;
    private readonly BinaryWriter _writer;
    private readonly T _delivered = new();
    private readonly T _settled = new();

    public PartitionMerge(KeyedFiles<T> files)
    {
        _next = new MergeQueue<T>(files.Readers);
        _writer = new BinaryWriter(new BufferedStream(files.Output, 1 << 16), Encoding.UTF8, leaveOpen: true);
        Books = new PartitionBooks(files.Files);
    }

    /// <summary>What became of the rows.</summary>
    public PartitionBooks Books { get; }

    /// <summary>The smallest key that is left, or null when nothing is.</summary>
    public CustomerKey? Next => _next.TryPeek(out var key) ? key : null;

    /// <summary>Writes a customer's rows to tonight's history.</summary>
    /// <param name="key">The customer; not above <see cref="Next"/>.</param>
    /// <returns>The rows that count, valid until the next customer; null for a customer who has none.</returns>
    /// <exception cref="EndOfStreamException">A file ends within the customer.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or two customer ids have the same key.</exception>
    public T? Merge(CustomerKey key)
    {
        if (!TryRead(key))
        {
            return null;
        }

        _delivered.Settle(_settled, Books.CountReplaced);
        Books.CountUsed(_settled.Sources);
        _settled.Write(_writer);
        return _settled;
    }

    /// <summary>Leaves a customer out of tonight's history.</summary>
    /// <param name="key">The customer; not above <see cref="Next"/>.</param>
    /// <exception cref="EndOfStreamException">A file ends within the customer.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or two customer ids have the same key.</exception>
    public void LeaveOut(CustomerKey key)
    {
        if (TryRead(key))
        {
            Books.CountErased(_delivered.Sources);
        }
    }

    /// <summary>Writes everything out.</summary>
    public void Complete()
    {
        _writer.Flush();
        _writer.BaseStream.Flush();
    }

    /// <summary>Gives the buffers back.</summary>
    public void Dispose() => _writer.Dispose();

    // All rows that any file has of the customer, in the order of delivery.
    private bool TryRead(CustomerKey key)
    {
        if (Next != key)
        {
            return false;
        }

        var first = true;
        foreach (var file in _next.Files(key))
        {
            file.ReadRows(_delivered, first);
            first = false;
        }

        return true;
    }
}
