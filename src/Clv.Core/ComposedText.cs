using System.Globalization;
using System.Text;

namespace Clv.Core;

/// <summary>
/// Unicode's composed form (NFC, Unicode Standard Annex 15). <see cref="string.Normalize()"/> returns its input unchanged in the invariant
/// globalization mode, which spares the app a native library of 30 MB; so the form is computed here.
/// </summary>
internal static class ComposedText
{
    // Hangul syllables are computed from their parts: 19 leading consonants, 21 vowels, 27 trailing consonants or none.
    private const int Syllables = 0xAC00, Leads = 0x1100, Vowels = 0x1161, Trails = 0x11A7;
    private const int LeadCount = 19, VowelCount = 21, TrailCount = 28, SyllableCount = LeadCount * VowelCount * TrailCount;

    private static readonly Lazy<Tables> Data = new(Tables.Read);

    /// <summary>The text in composed form.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    public static string Of(string text)
    {
        // Everything below the first combining mark is composed and stays so: all of Western Europe needs no table.
        if (!text.AsSpan().ContainsAnyInRange('\u0300', '\uFFFF'))
        {
            return text;
        }

        var data = Data.Value;
        var parts = new List<int>(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
        {
            Decompose(data, rune.Value, parts);
        }

        Order(data, parts);
        Compose(data, parts);
        var composed = new StringBuilder(parts.Count);
        foreach (var part in parts)
        {
            composed.Append(new Rune(part).ToString());
        }

        return composed.ToString();
    }

    private static void Decompose(Tables data, int character, List<int> parts)
    {
        if ((uint)(character - Syllables) < SyllableCount)
        {
            var index = character - Syllables;
            parts.Add(Leads + (index / (VowelCount * TrailCount)));
            parts.Add(Vowels + (index / TrailCount % VowelCount));
            if (index % TrailCount > 0)
            {
                parts.Add(Trails + (index % TrailCount));
            }
        }
        else if (data.Parts.TryGetValue(character, out var pair))
        {
            // Only the first part of a pair can be taken apart further.
            Decompose(data, pair.First, parts);
            if (pair.Second > 0)
            {
                parts.Add(pair.Second);
            }
        }
        else
        {
            parts.Add(character);
        }
    }

    // Marks behind a base go in the order of their classes; marks of one class keep their order.
    private static void Order(Tables data, List<int> parts)
    {
        for (var i = 1; i < parts.Count; i++)
        {
            var (part, rank) = (parts[i], data.Class(parts[i]));
            var at = i;
            for (; rank > 0 && at > 0 && data.Class(parts[at - 1]) > rank; at--)
            {
                parts[at] = parts[at - 1];
            }

            parts[at] = part;
        }
    }

    private static void Compose(Tables data, List<int> parts)
    {
        var (start, last, count) = (-1, 0, 0);
        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i];
            var rank = data.Class(part);
            if (start >= 0 && (start == count - 1 || last < rank) && TryPair(data, parts[start], part, out var whole))
            {
                parts[start] = whole;
                continue;
            }

            start = rank == 0 ? count : start;
            last = rank;
            parts[count++] = part;
        }

        parts.RemoveRange(count, parts.Count - count);
    }

    private static bool TryPair(Tables data, int first, int second, out int whole)
    {
        if ((uint)(first - Leads) < LeadCount && (uint)(second - Vowels) < VowelCount)
        {
            whole = Syllables + ((((first - Leads) * VowelCount) + second - Vowels) * TrailCount);
            return true;
        }

        if ((uint)(first - Syllables) < SyllableCount && (first - Syllables) % TrailCount == 0
            && (uint)(second - Trails - 1) < TrailCount - 1)
        {
            whole = first + second - Trails;
            return true;
        }

        return data.Wholes.TryGetValue((first, second), out whole);
    }

    private sealed class Tables
    {
        private readonly Dictionary<int, byte> _classes = [];

        public Dictionary<int, (int First, int Second)> Parts { get; } = [];

        public Dictionary<(int First, int Second), int> Wholes { get; } = [];

        public static Tables Read()
        {
            var tables = new Tables();
            using var text = new StreamReader(typeof(ComposedText).Assembly.GetManifestResourceStream("CanonicalForms.txt")!);
            while (text.ReadLine() is { } line)
            {
                if (!line.StartsWith('#'))
                {
                    tables.Add(line);
                }
            }

            return tables;
        }

        public int Class(int character) => _classes.GetValueOrDefault(character);

        private void Add(string line)
        {
            var at = line.AsSpan().IndexOfAny("=!:");
            if (line[at] == ':')
            {
                var dash = line.IndexOf('-', StringComparison.Ordinal);
                for (var character = Hex(line[..dash]); character <= Hex(line[(dash + 1)..at]); character++)
                {
                    _classes.Add(character, byte.Parse(line[(at + 1)..], CultureInfo.InvariantCulture));
                }

                return;
            }

            var parts = line[(at + 1)..].Split(' ');
            var pair = (Hex(parts[0]), parts.Length > 1 ? Hex(parts[1]) : 0);
            Parts.Add(Hex(line[..at]), pair);
            if (line[at] == '=')
            {
                Wholes.Add(pair, Hex(line[..at]));
            }
        }

        private static int Hex(string digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
