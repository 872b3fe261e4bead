using System.Buffers.Binary;
using System.Text;

namespace Clv.Core.History;

/// <summary>
/// Reads the fields of a record that <see cref="FieldWriter"/> wrote. Every method throws <see cref="InvalidDataException"/> where there is no
/// such field.
/// </summary>
internal ref struct FieldReader(ReadOnlySpan<byte> record, TextPool texts)
{
    private readonly TextPool _texts = texts;
    private ReadOnlySpan<byte> _rest = record;

    public static InvalidDataException Damaged(string how) => new($"A record of a customer is damaged: {how}.");

    public bool Bool() => Take(1)[0] switch
    {
        0 => false,
        1 => true,
        _ => throw Damaged("a flag is neither yes nor no"),
    };

    public int Int()
    {
        var zigzag = Groups(5);
        return zigzag <= uint.MaxValue
            ? (int)((uint)zigzag >> 1) ^ -(int)((uint)zigzag & 1)
            : throw Damaged("a number is out of range");
    }

    /// <summary>A whole number from 0 to <paramref name="most"/>.</summary>
    public int Int(int most) => Int() is >= 0 and var value && value <= most ? value : throw Damaged("a number is out of range");

    /// <summary>A day as in <see cref="DateOnly.DayNumber"/>.</summary>
    public int Day() => Int(DateOnly.MaxValue.DayNumber);

    /// <summary>How many items follow, each of at least a byte.</summary>
    public int Length() => Int(_rest.Length);

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));

    public Money Money()
    {
        var zigzag = Groups(19);
        return new((Int128)(zigzag >> 1) ^ -(Int128)(zigzag & 1));
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
        if (!_rest.IsEmpty)
        {
            throw Damaged("it is longer than its fields");
        }
    }

    private UInt128 Groups(int most)
    {
        ulong low = 0;
        UInt128 high = 0;
        for (var i = 0; i < most; i++)
        {
            var next = Take(1)[0];
            // The first nine groups fit 64 bits, which is what nearly every number has.
            if (i < 9)
            {
                low |= (ulong)(next & 0x7F) << (7 * i);
            }
            else
            {
                high |= (UInt128)(next & 0x7F) << (7 * i);
            }

            if (next < 0x80)
            {
                return high | low;
            }
        }

        throw Damaged("a number has no end");
    }

    private ReadOnlySpan<byte> Take(int size)
    {
        if (size > _rest.Length)
        {
            throw Damaged("it ends early");
        }

        var field = _rest[..size];
        _rest = _rest[size..];
        return field;
    }
}
