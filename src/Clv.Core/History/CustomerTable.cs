using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Clv.Core.History;

/// <summary>
/// Gives each distinct customer id a dense index, 0, 1, 2 ... in the order of first appearance. Ids are kept as bytes in one array, so a
/// million customers cost about 30 MB and no object each. Not thread-safe.
/// </summary>
public sealed class CustomerTable
{
    private readonly ulong _seed = MemoryMarshal.Read<ulong>(RandomNumberGenerator.GetBytes(8));
    private byte[] _ids = new byte[1 << 16];
    private int[] _ends = new int[1 << 10];
    private Slot[] _slots = new Slot[1 << 12];
    private int _last = -1;
    private ulong _lastHead;

    /// <summary>How many distinct ids there are.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes held by the ids alone.</summary>
    public int IdBytes => Count == 0 ? 0 : _ends[Count - 1];

    /// <summary>The id with this index, UTF-8. Valid until the next addition.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            var start = index == 0 ? 0 : _ends[index - 1];
            return _ids.AsSpan(start, _ends[index] - start);
        }
    }

    /// <summary>The index of an id, which is added when it is new.</summary>
    /// <param name="id">A normalised customer id, UTF-8.</param>
    /// <exception cref="InvalidOperationException">The ids together would exceed 2 GB.</exception>
    public int GetOrAdd(ReadOnlySpan<byte> id)
    {
        // Extracts are often grouped by customer: the same id again needs no hashing.
        var head = Head(id);
        if (_last >= 0 && head == _lastHead && (id.Length < 8 || this[_last].SequenceEqual(id)))
        {
            return _last;
        }

        _lastHead = head;
        var hash = Hash(id);
        var at = Locate(id, head, hash);
        return _last = _slots[at].Next == 0 ? Add(id, at, new Slot(head, Tag(hash), 0)) : _slots[at].Next - 1;
    }

    /// <summary>The index of an id, or -1.</summary>
    /// <param name="id">A normalised customer id, UTF-8.</param>
    public int Find(ReadOnlySpan<byte> id)
    {
        var at = Locate(id, Head(id), Hash(id));
        return _slots[at].Next - 1;
    }

    /// <summary>Forgets every id and keeps the memory.</summary>
    public void Clear()
    {
        Count = 0;
        _last = -1;
        Array.Clear(_slots);
    }

    // The slot of an id, or the free one where it belongs.
    private int Locate(ReadOnlySpan<byte> id, ulong head, ulong hash)
    {
        var mask = _slots.Length - 1;
        for (var at = (int)hash & mask; ; at = (at + 1) & mask)
        {
            // The head and the length are most ids' whole text, so a hit touches one cache line.
            ref var slot = ref _slots[at];
            if (slot.Next == 0 || (slot.Head == head && slot.Tag == Tag(hash) && (id.Length < 8 || this[slot.Next - 1].SequenceEqual(id))))
            {
                return at;
            }
        }
    }

    private static int Tag(ulong hash) => (int)(hash >> 32);

    private int Add(ReadOnlySpan<byte> id, int at, Slot slot)
    {
        var index = Count;
        var start = IdBytes;
        if (start > Array.MaxLength - id.Length)
        {
            throw new InvalidOperationException("The customer ids of one unit exceed 2 GB: raise the number of partitions.");
        }

        Grow(ref _ids, start + id.Length);
        Grow(ref _ends, index + 1);
        id.CopyTo(_ids.AsSpan(start));
        _ends[index] = start + id.Length;
        Count++;
        _slots[at] = slot with { Next = index + 1 };
        if (Count * 2L > _slots.Length)
        {
            Rehash();
        }

        return index;
    }

    private void Rehash()
    {
        var old = _slots;
        _slots = new Slot[old.Length * 2];
        var mask = _slots.Length - 1;
        foreach (var slot in old)
        {
            if (slot.Next == 0)
            {
                continue;
            }

            var at = (int)Hash(this[slot.Next - 1]) & mask;
            while (_slots[at].Next != 0)
            {
                at = (at + 1) & mask;
            }

            _slots[at] = slot;
        }
    }

    // Up to seven bytes and the length, so that shorter ids are equal exactly when their heads are.
    private static ulong Head(ReadOnlySpan<byte> id)
    {
        ulong head = (byte)Math.Min(id.Length, 255);
        for (var i = 0; i < Math.Min(id.Length, 7); i++)
        {
            head |= (ulong)id[i] << (8 * (i + 1));
        }

        return head;
    }

    // Seeded per table, so that no file can be made to collide; only the index, never the hash, leaves this class.
    private ulong Hash(ReadOnlySpan<byte> id) => ByteHash.Of(id, _seed);

    private static void Grow<T>(ref T[] array, int needed)
    {
        if (needed > array.Length)
        {
            Array.Resize(ref array, (int)Math.Min(Array.MaxLength, Math.Max(needed, array.Length * 2L)));
        }
    }

    // Next is the customer's index plus one, so that a new table is empty.
    private readonly record struct Slot(ulong Head, int Tag, int Next);
}
