using System.Text;

namespace Clv.Core.History;

/// <summary>
/// One string for equal texts: segments, categories and the like are few and occur with every customer. Bounded, since a column may turn out
/// to have another value for everybody. Not thread-safe.
/// </summary>
internal sealed class TextPool
{
    private const int MaxTexts = 1 << 14;
    private const int MaxLength = 256;

    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    /// <summary>The text of UTF-8 bytes.</summary>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxLength)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        Span<char> chars = stackalloc char[MaxLength];
        var text = chars[..Encoding.UTF8.GetChars(utf8, chars)];
        if (_texts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var known))
        {
            return known;
        }

        var added = text.ToString();
        if (_texts.Count < MaxTexts)
        {
            _texts.Add(added);
        }

        return added;
    }
}
