using System.Text;

namespace Clv.Core.Extracts;

/// <summary>Three-letter codes of currencies, such as EUR; case does not matter.</summary>
internal static class CurrencyCode
{
    /// <summary>How many letters a code has.</summary>
    public const int Length = 3;

    /// <summary>Whether a text looks like a code.</summary>
    public static bool IsValid(ReadOnlySpan<char> text) =>
        text.Length == Length && char.IsAsciiLetter(text[0]) && char.IsAsciiLetter(text[1]) && char.IsAsciiLetter(text[2]);

    /// <summary>Reads a cell.</summary>
    /// <param name="cell">UTF-8 without surrounding blanks.</param>
    /// <param name="code">Receives the code as it is spelt; <see cref="Length"/> characters long.</param>
    public static bool TryRead(ReadOnlySpan<byte> cell, Span<char> code) =>
        cell.Length == Length && Ascii.IsValid(cell) && Encoding.ASCII.GetChars(cell, code) == Length && IsValid(code);
}
