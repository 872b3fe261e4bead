using System.Text;

namespace Clv.Core.Extracts;

/// <summary>
/// The names of customer segments, numbered from 1 in the order in which they were met, so that a customer carries a number and not a text;
/// 0 is a customer without a segment. Bounded: a column with a value per customer is no segment. Not thread-safe.
/// </summary>
public sealed class SegmentLabels
{
    /// <summary>The most segments there may be.</summary>
    public const int MaxCount = 1000;

    /// <summary>The longest name, in UTF-16 characters.</summary>
    public const int MaxLength = 100;

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _labels = [];

    /// <summary>How many segments there are.</summary>
    public int Count => _labels.Count;

    /// <summary>The name of a segment.</summary>
    /// <param name="segment">A number from 1 to <see cref="Count"/>.</param>
    public string this[int segment] => _labels[segment - 1];

    /// <summary>The number of a segment, which is added when it is new.</summary>
    /// <param name="label">The name; an empty one is no segment.</param>
    /// <param name="segment">The number; 0 for no segment, and on failure.</param>
    /// <returns>False when the segment would be one more than <see cref="MaxCount"/>.</returns>
    /// <exception cref="ArgumentException">The name is longer than <see cref="MaxLength"/>.</exception>
    public bool TryGetOrAdd(ReadOnlySpan<char> label, out int segment)
    {
        segment = 0;
        if (label.Length > MaxLength)
        {
            throw new ArgumentException($"A segment's name has at most {MaxLength} characters.", nameof(label));
        }

        if (label.IsEmpty || _numbers.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(label, out segment))
        {
            return true;
        }

        if (Count == MaxCount)
        {
            return false;
        }

        _labels.Add(label.ToString());
        segment = Count;
        _numbers.Add(_labels[^1], segment);
        return true;
    }

    /// <summary>Writes the names in the order of their numbers.</summary>
    /// <param name="output">Receives them; is left open.</param>
    public void Write(Stream output)
    {
        using var writer = new BinaryWriter(output, Encoding.UTF8, leaveOpen: true);
        writer.Write7BitEncodedInt(Count);
        _labels.ForEach(writer.Write);
    }

    /// <summary>Reads names.</summary>
    /// <param name="input">What <see cref="Write"/> wrote; is left open.</param>
    /// <exception cref="InvalidDataException">These are no names of segments.</exception>
    /// <exception cref="EndOfStreamException">The file is cut short.</exception>
    public static SegmentLabels Read(Stream input)
    {
        using var reader = new BinaryReader(input, Encoding.UTF8, leaveOpen: true);
        var labels = new SegmentLabels();
        try
        {
            var count = reader.Read7BitEncodedInt();
            for (var i = 1; i <= count; i++)
            {
                if (reader.ReadString() is not { Length: <= MaxLength } label || !labels.TryGetOrAdd(label, out var segment) || segment != i)
                {
                    throw new InvalidDataException("A file of segment names is damaged.");
                }
            }
        }
        catch (Exception e) when (e is FormatException or IOException and not EndOfStreamException)
        {
            throw new InvalidDataException("A file of segment names is damaged.", e);
        }

        return labels;
    }
}
