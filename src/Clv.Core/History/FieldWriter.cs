using System.Buffers.Binary;
using System.Text;
using Clv.Core.Callers;

namespace Clv.Core.History;

/// <summary>
/// Writes the fields of a record one behind the other, as <see cref="FieldReader"/> reads them: whole numbers zigzag in 7-bit groups, texts as
/// length and UTF-8, optional ones behind a byte that says whether they are there.
/// </summary>
internal sealed class FieldWriter
{
    private byte[] _bytes = new byte[256];
    private int _length;

    /// <summary>What was written since the last <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>Starts anew.</summary>
    public void Clear() => _length = 0;

    public void Add(bool value) => Add((byte)(value ? 1 : 0));

    public void Add(int value) => Groups((uint)((value << 1) ^ (value >> 31)));

    public void Add(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Next(sizeof(double)), value);

    public void Add(CustomerKey key) => key.Write(Next(CustomerKey.Size));

    public void Add(CallerKey key) => key.Write(Next(CallerKey.Size));

    public void Add(Money value)
    {
        // What fits 64 bits, which nearly every amount does, has the same groups and needs no arithmetic of 128.
        var small = (long)value.Micros;
        if (small == value.Micros)
        {
            Groups((ulong)((small << 1) ^ (small >> 63)));
            return;
        }

        var zigzag = (UInt128)(value.Micros << 1) ^ (UInt128)(value.Micros >> 127);
        while (zigzag > ulong.MaxValue)
        {
            Add((byte)((byte)zigzag | 0x80));
            zigzag >>= 7;
        }

        Groups((ulong)zigzag);
    }

    public void Add(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Add(length);
        Encoding.UTF8.GetBytes(value, Next(length));
    }

    public void AddOptional(int? value)
    {
        Add(value.HasValue);
        if (value is { } there)
        {
            Add(there);
        }
    }

    public void AddOptional(Money? value)
    {
        Add(value.HasValue);
        if (value is { } there)
        {
            Add(there);
        }
    }

    public void AddOptional(string? value)
    {
        Add(value is not null);
        if (value is not null)
        {
            Add(value);
        }
    }

    public void AddOptional(bool? value) => AddOptional(value switch { null => null, true => 1, false => (int?)0 });

    private void Groups(ulong value)
    {
        while (value >= 0x80)
        {
            Add((byte)(value | 0x80));
            value >>= 7;
        }

        Add((byte)value);
    }

    private void Add(byte value)
    {
        if (_length == _bytes.Length)
        {
            Grow(1);
        }

        _bytes[_length++] = value;
    }

    private Span<byte> Next(int size)
    {
        if (size > _bytes.Length - _length)
        {
            Grow(size);
        }

        var next = _bytes.AsSpan(_length, size);
        _length += size;
        return next;
    }

    private void Grow(int size) => Array.Resize(ref _bytes, Math.Max(checked(_length + size), 2 * _bytes.Length));
}
