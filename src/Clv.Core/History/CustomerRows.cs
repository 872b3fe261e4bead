using Clv.Core.Extracts;

namespace Clv.Core.History;

/// <summary>
/// One customer's transactions, as columns in buffers that are used again for the next customer. Not thread-safe.
/// </summary>
public sealed class CustomerRows
{
    private int[] _days = new int[16];
    private long[] _micros = new long[16];
    private long[] _margins = new long[16];
    private int[] _idEnds = new int[16];
    private int[] _sources = new int[16];
    private byte[] _ids = new byte[64];
    private byte[] _customerId = [];

    /// <summary>The customer's pseudonym.</summary>
    public CustomerKey Key { get; private set; }

    /// <summary>The customer's id in its one spelling, UTF-8.</summary>
    public ReadOnlySpan<byte> CustomerId => _customerId;

    /// <summary>How many rows there are.</summary>
    public int Count { get; private set; }

    /// <summary>Days of the rows.</summary>
    public ReadOnlySpan<int> Days => _days.AsSpan(0, Count);

    /// <summary>Amounts of the rows in millionths.</summary>
    public ReadOnlySpan<long> Micros => _micros.AsSpan(0, Count);

    /// <summary>Margins of the rows in millionths, <see cref="TransactionReader.NoMargin"/> where one is not known.</summary>
    public ReadOnlySpan<long> Margins => _margins.AsSpan(0, Count);

    /// <summary>Where each row came from: what was passed to <see cref="Add"/>.</summary>
    public ReadOnlySpan<int> Sources => _sources.AsSpan(0, Count);

    /// <summary>The transaction id of a row, UTF-8, or empty.</summary>
    public ReadOnlySpan<byte> TransactionId(int row)
    {
        var start = row == 0 ? 0 : _idEnds[row - 1];
        return _ids.AsSpan(start, _idEnds[row] - start);
    }

    /// <summary>Starts the next customer.</summary>
    public void Start(CustomerKey key, ReadOnlySpan<byte> customerId)
    {
        Key = key;
        Count = 0;
        if (!customerId.SequenceEqual(_customerId))
        {
            _customerId = customerId.ToArray();
        }
    }

    /// <summary>Adds a row behind the others.</summary>
    public void Add(int day, long micros, long margin, ReadOnlySpan<byte> transactionId, int source)
    {
        if (Count == _days.Length)
        {
            Array.Resize(ref _days, Count * 2);
            Array.Resize(ref _micros, Count * 2);
            Array.Resize(ref _margins, Count * 2);
            Array.Resize(ref _idEnds, Count * 2);
            Array.Resize(ref _sources, Count * 2);
        }

        var start = Count == 0 ? 0 : _idEnds[Count - 1];
        if (transactionId.Length > Array.MaxLength - start)
        {
            throw new InvalidOperationException($"The transaction ids of customer {Key} exceed 2 GB.");
        }

        var end = start + transactionId.Length;
        if (end > _ids.Length)
        {
            Array.Resize(ref _ids, (int)Math.Min(Array.MaxLength, Math.Max(end, _ids.Length * 2L)));
        }

        transactionId.CopyTo(_ids.AsSpan(start));
        _days[Count] = day;
        _micros[Count] = micros;
        _margins[Count] = margin;
        _idEnds[Count] = end;
        _sources[Count] = source;
        Count++;
    }

    /// <summary>
    /// Copies the rows that count into <paramref name="into"/>: of the rows with one transaction id the last added, in the canonical order
    /// (day, amount, id, margin), so that the result does not depend on how the rows were delivered.
    /// </summary>
    /// <param name="into">Receives the rows.</param>
    /// <param name="replaced">Called with the source of every row that a later one replaced.</param>
    public void Settle(CustomerRows into, Action<int> replaced)
    {
        into.Start(Key, CustomerId);
        var order = new int[Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        var live = order.Length;
        if (Count > 0 && _idEnds[Count - 1] > 0)
        {
            Array.Sort(order, (l, r) => TransactionId(l).SequenceCompareTo(TransactionId(r)) is var c and not 0 ? c : l.CompareTo(r));
            live = 0;
            for (var i = 0; i < order.Length; i++)
            {
                var id = TransactionId(order[i]);
                if (!id.IsEmpty && i + 1 < order.Length && id.SequenceEqual(TransactionId(order[i + 1])))
                {
                    replaced(_sources[order[i]]);
                    continue;
                }

                order[live++] = order[i];
            }
        }

        order.AsSpan(0, live).Sort((l, r) =>
        {
            var c = _days[l].CompareTo(_days[r]);
            c = c != 0 ? c : _micros[l].CompareTo(_micros[r]);
            c = c != 0 ? c : TransactionId(l).SequenceCompareTo(TransactionId(r));
            return c != 0 ? c : _margins[l].CompareTo(_margins[r]);
        });
        foreach (var row in order.AsSpan(0, live))
        {
            into.Add(_days[row], _micros[row], _margins[row], TransactionId(row), _sources[row]);
        }
    }
}
