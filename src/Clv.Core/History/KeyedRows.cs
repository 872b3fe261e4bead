namespace Clv.Core.History;

/// <summary>
/// One customer's rows of one kind, in buffers that are used again for the next customer. A row may have an identity, by which a later
/// delivery of it is recognised. Not thread-safe.
/// </summary>
/// <typeparam name="T">The kind of rows: the class itself.</typeparam>
public abstract class KeyedRows<T>
    where T : KeyedRows<T>
{
    private int[] _sources = new int[16];
    private byte[] _customerId = [];

    private protected KeyedRows()
    {
    }

    /// <summary>The customer's pseudonym.</summary>
    public CustomerKey Key { get; private set; }

    /// <summary>The customer's id in its one spelling, UTF-8.</summary>
    public ReadOnlySpan<byte> CustomerId => _customerId;

    /// <summary>How many rows there are.</summary>
    public int Count { get; private set; }

    /// <summary>Where each row came from: the number of its file, or <see cref="PartitionBooks.FromHistory"/>.</summary>
    public ReadOnlySpan<int> Sources => _sources.AsSpan(0, Count);

    /// <summary>Starts the next customer.</summary>
    public void Start(CustomerKey key, ReadOnlySpan<byte> customerId)
    {
        Key = key;
        Count = 0;
        Clear();
        if (!customerId.SequenceEqual(_customerId))
        {
            _customerId = customerId.ToArray();
        }
    }

    /// <summary>
    /// Copies the rows that count into <paramref name="into"/>: of the rows with one identity the last added, in an order that their content
    /// alone determines, so that the result does not depend on how they were delivered.
    /// </summary>
    /// <param name="into">Receives the rows.</param>
    /// <param name="replaced">Called with the source of every row that a later one replaced.</param>
    public void Settle(T into, Action<int> replaced)
    {
        ArgumentNullException.ThrowIfNull(into);
        ArgumentNullException.ThrowIfNull(replaced);
        into.Start(Key, CustomerId);
        var order = new int[Count];
        var identified = false;
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
            identified |= !Identity(i).IsEmpty;
        }

        var live = order.Length;
        if (identified && live > 1)
        {
            Array.Sort(order, (l, r) => Identity(l).SequenceCompareTo(Identity(r)) is var c and not 0 ? c : l.CompareTo(r));
            live = 0;
            for (var i = 0; i < order.Length; i++)
            {
                var identity = Identity(order[i]);
                if (!identity.IsEmpty && i + 1 < order.Length && identity.SequenceEqual(Identity(order[i + 1])))
                {
                    replaced(_sources[order[i]]);
                    continue;
                }

                order[live++] = order[i];
            }
        }

        order.AsSpan(0, live).Sort(Compare);
        foreach (var row in order.AsSpan(0, live))
        {
            into.Copy((T)this, row);
        }
    }

    /// <summary>About how much memory the rows take.</summary>
    internal abstract long Bytes { get; }

    /// <summary>Writes the customer with all rows.</summary>
    internal abstract void Write(BinaryWriter writer);

    /// <summary>What makes a row unique for its customer, or nothing when it stands for itself.</summary>
    private protected abstract ReadOnlySpan<byte> Identity(int row);

    /// <summary>The canonical order: 0 only for rows that are written alike.</summary>
    private protected abstract int Compare(int left, int right);

    /// <summary>Adds a row of another customer's, with its source.</summary>
    private protected abstract void Copy(T from, int row);

    /// <summary>Forgets the rows.</summary>
    private protected abstract void Clear();

    /// <summary>Counts the row that was just added.</summary>
    private protected void Added(int source)
    {
        if (Count == _sources.Length)
        {
            Array.Resize(ref _sources, Count * 2);
        }

        _sources[Count++] = source;
    }

    /// <summary>Writes what every customer starts with: key (16 bytes), length and bytes of the id, and how many rows follow.</summary>
    private protected void WriteHead(BinaryWriter writer)
    {
        Span<byte> key = stackalloc byte[CustomerKey.Size];
        Key.Write(key);
        writer.Write(key);
        writer.Write7BitEncodedInt(_customerId.Length);
        writer.Write(_customerId);
        writer.Write7BitEncodedInt(Count);
    }
}
