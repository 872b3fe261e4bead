using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

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

    public void Add(bool value) => Next(1)[0] = value ? (byte)1 : (byte)0;

    public void Add(int value) => Groups((uint)((value << 1) ^ (value >> 31)));

    public void Add(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Next(sizeof(double)), value);

    public void Add(CustomerKey key) => key.Write(Next(CustomerKey.Size));

    public void Add(Money value)
    {
        var zigzag = (UInt128)(value.Micros << 1) ^ (UInt128)(value.Micros >> 127);
        while (zigzag > ulong.MaxValue)
        {
            Next(1)[0] = (byte)((byte)zigzag | 0x80);
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
            Next(1)[0] = (byte)(value | 0x80);
            value >>= 7;
        }

        Next(1)[0] = (byte)value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Next(int size)
    {
        var start = _length;
        _length += size;
        if (_length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_length, 2 * _bytes.Length));
        }

        return _bytes.AsSpan(start, size);
    }
}
