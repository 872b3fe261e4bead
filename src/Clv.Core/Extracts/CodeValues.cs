using System.Text;

namespace Clv.Core.Extracts;

/// <summary>What the cells of a column with a fixed set of values mean: the mapping's own values as they stand, others by the usual names.</summary>
/// <typeparam name="T">What they mean.</typeparam>
internal sealed class CodeValues<T>
    where T : struct
{
    private readonly Dictionary<string, T> _mapped = new(StringComparer.Ordinal);
    private readonly Dictionary<string, T> _usual;

    /// <summary>Makes the values of a column.</summary>
    /// <param name="usual">Usual names, letters and digits only: case, blanks and punctuation do not matter.</param>
    /// <param name="mapped">The mapping's values, each with one of the usual names.</param>
    /// <exception cref="ArgumentException">A value is mapped to something that is no usual name.</exception>
    public CodeValues(IReadOnlyDictionary<string, T> usual, IReadOnlyDictionary<string, string> mapped)
    {
        _usual = new Dictionary<string, T>(usual, StringComparer.OrdinalIgnoreCase);
        foreach (var (cell, name) in mapped)
        {
            _mapped[cell.Trim().Normalize(NormalizationForm.FormC)] =
                name is not null && TryFindUsual(name, out var value) ? value : throw new ArgumentException("No known value.", nameof(mapped));
        }
    }

    /// <summary>What a cell means.</summary>
    /// <param name="cell">UTF-8 in its one spelling, at most <see cref="SegmentLabels.MaxLength"/> characters.</param>
    /// <param name="value">The meaning.</param>
    public bool TryFind(ReadOnlySpan<byte> cell, out T value)
    {
        Span<char> text = stackalloc char[SegmentLabels.MaxLength];
        text = text[..Encoding.UTF8.GetChars(cell, text)];
        return _mapped.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out value) || TryFindUsual(text, out value);
    }

    private bool TryFindUsual(ReadOnlySpan<char> text, out T value)
    {
        value = default;
        if (text.Length > SegmentLabels.MaxLength)
        {
            return false;
        }

        Span<char> bare = stackalloc char[SegmentLabels.MaxLength];
        var length = 0;
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
            {
                bare[length++] = c;
            }
        }

        return _usual.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(bare[..length], out value);
    }
}
