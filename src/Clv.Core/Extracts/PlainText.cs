using System.Globalization;
using System.Text;

namespace Clv.Core.Extracts;

/// <summary>Text from outside as it may be shown: one line of bounded length, without what a terminal or a reader's eye would follow.</summary>
public static class PlainText
{
    /// <summary>Gives the text with U+FFFD for controls, line ends, marks of direction and other invisible characters.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="maxLength">The most UTF-16 characters, 3 or more; what is longer ends in "...".</param>
    public static string Of(string text, int maxLength)
    {
        ArgumentNullException.ThrowIfNull(text);
        var shown = new StringBuilder(Math.Min(text.Length, maxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length + rune.Utf16SequenceLength > maxLength)
            {
                shown.Length = Math.Min(shown.Length, maxLength - 3);
                return shown.Append("...").ToString();
            }

            shown.Append(IsUnseen(rune) ? Rune.ReplacementChar : rune);
        }

        return shown.ToString();
    }

    /// <summary>Whether <see cref="Of"/> leaves a text of any length as it is.</summary>
    public static bool IsPlain(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return !text.EnumerateRunes().Any(static rune => rune == Rune.ReplacementChar || IsUnseen(rune));
    }

    private static bool IsUnseen(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse;
}
