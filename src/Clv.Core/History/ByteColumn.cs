namespace Clv.Core.History;

/// <summary>Byte strings one behind the other in an array that is used again.</summary>
internal sealed class ByteColumn
{
    private byte[] _bytes = new byte[64];
    private int[] _ends = new int[16];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Their bytes together.</summary>
    public int Bytes => Count == 0 ? 0 : _ends[Count - 1];

    /// <summary>One of them, valid until the next addition.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            var start = index == 0 ? 0 : _ends[index - 1];
            return _bytes.AsSpan(start, _ends[index] - start);
        }
    }

    /// <summary>Adds one, which must not lie in this column itself.</summary>
    /// <exception cref="InvalidOperationException">All together would exceed 2 GB.</exception>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        var start = Bytes;
        if (bytes.Length > Array.MaxLength - start)
        {
            throw new InvalidOperationException("The rows of one customer or of one part of a file exceed 2 GB.");
        }

        var end = start + bytes.Length;
        if (end > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(end, _bytes.Length * 2L)));
        }

        if (Count == _ends.Length)
        {
            Array.Resize(ref _ends, Count * 2);
        }

        bytes.CopyTo(_bytes.AsSpan(start));
        _ends[Count++] = end;
    }

    /// <summary>Forgets all and keeps the memory.</summary>
    public void Clear() => Count = 0;
}
