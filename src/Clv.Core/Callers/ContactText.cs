using System.Globalization;
using System.Text;

namespace Clv.Core.Callers;

/// <summary>What numbers and addresses have in common as texts.</summary>
internal static class ContactText
{
    /// <summary>The longest cell that is looked into, in characters; nobody has numbers enough to fill it.</summary>
    public const int MaxLength = 2000;

    /// <summary>The most numbers or addresses of one cell that count.</summary>
    public const int MaxOfACell = 20;

    /// <summary>
    /// The text without blanks around it and without characters that are not seen: address books and web pages wrap numbers in marks of
    /// the direction of writing.
    /// </summary>
    public static string Visible(ReadOnlySpan<char> text)
    {
        var visible = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.GetUnicodeCategory(c) != UnicodeCategory.Format)
            {
                visible.Append(char.IsWhiteSpace(c) ? ' ' : c);
            }
        }

        return visible.ToString().Trim();
    }
}
