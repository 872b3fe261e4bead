using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Clv.Core.Callers;

namespace Clv.Core.History;

/// <summary>
/// Reads the fields of a record that <see cref="FieldWriter"/> wrote. Every method throws <see cref="InvalidDataException"/> where there is no
/// such field.
/// </summary>
internal ref struct FieldReader(ReadOnlySpan<byte> record, TextPool texts)
{
    private readonly TextPool _texts = texts;
    private readonly ReadOnlySpan<byte> _record = record;
    private int _at;

    public static InvalidDataException Damaged(string how) => new($"A record of a customer is damaged: {how}.");

    public bool Bool() => Next() switch
    {
        0 => false,
        1 => true,
        _ => throw Damaged("a flag is neither yes nor no"),
    };

    public int Int()
    {
        uint zigzag = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            uint next = Next();
            zigzag |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                return (int)(zigzag >> 1) ^ -(int)(zigzag & 1);
            }
        }

        throw Damaged("a number has no end");
    }

    /// <summary>A whole number from 0 to <paramref name="most"/>.</summary>
    public int Int(int most) => Int() is >= 0 and var value && value <= most ? value : throw Damaged("a number is out of range");

    /// <summary>A day as in <see cref="DateOnly.DayNumber"/>.</summary>
    public int Day() => Int(DateOnly.MaxValue.DayNumber);

    /// <summary>How many items follow, each of at least a byte.</summary>
    public int Length() => Int(_record.Length - _at);

    public CallerKey Caller() => CallerKey.Read(Take(CallerKey.Size));

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));

    public Money Money()
    {
        // Nine groups fit 64 bits, and nearly every amount fits those.
        ulong low = 0;
        for (var shift = 0; shift < 63; shift += 7)
        {
            ulong next = Next();
            low |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                return new((long)(low >> 1) ^ -(long)(low & 1));
            }
        }

        return Large(low);
    }

    public string Text() => _texts.Get(Take(Length()));

    /// <summary>A text that nobody else has, such as an id.</summary>
    public string OwnText() => Encoding.UTF8.GetString(Take(Length()));

    public int? OptionalInt(int most) => Bool() ? Int(most) : null;

    public int? OptionalDay() => Bool() ? Day() : null;

    public Money? OptionalMoney() => Bool() ? Money() : null;

    public string? OptionalText() => Bool() ? Text() : null;

    public bool? OptionalBool() => Bool() ? Int(1) == 1 : null;

    /// <summary>That nothing follows.</summary>
    public readonly void End()
    {
        if (_at < _record.Length)
        {
            throw Damaged("it is longer than its fields");
        }
    }

    private Money Large(UInt128 zigzag)
    {
        for (var shift = 63; shift < 133; shift += 7)
        {
            var next = Next();
            zigzag |= (UInt128)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return new((Int128)(zigzag >> 1) ^ -(Int128)(zigzag & 1));
            }
        }

        throw Damaged("an amount has no end");
    }

    private byte Next() => _at < _record.Length ? _record[_at++] : Early();

    private ReadOnlySpan<byte> Take(int size)
    {
        if (size > _record.Length - _at)
        {
            Early();
        }

        var field = _record.Slice(_at, size);
        _at += size;
        return field;
    }

    // Apart from the fast path, which would not be inlined with it.
    [DoesNotReturn]
    private static byte Early() => throw Damaged("it ends early");
}
