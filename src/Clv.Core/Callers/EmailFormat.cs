using System.Buffers;
using System.Globalization;
using System.Text;

namespace Clv.Core.Callers;

/// <summary>
/// Reads e-mail addresses and brings them to their one spelling: without what surrounds them (a name and angle brackets, <c>mailto:</c>), in lower
/// case and composed form (NFC), the domain as the DNS has it. Only what no address can do without is asked for, not that it exists.
/// </summary>
public static class EmailFormat
{
    private const int MaxLength = 254;
    private const int MaxLocalLength = 64;
    private const string Scheme = "mailto:";

    private static readonly SearchValues<char> Separators = SearchValues.Create(";,|\n\r");

    // What an address holds only in quotes, which no customer's has.
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(" \t\"(),:;<>[\\]|\uFFFD");

    private static readonly IdnMapping Domains = new();

    /// <summary>Reads one address.</summary>
    /// <param name="text">The address, as it was typed, sent or delivered.</param>
    /// <param name="email">Its one spelling.</param>
    /// <returns>False for what cannot be an address, however long or odd it is.</returns>
    public static bool TryParse(string text, out ContactPoint email)
    {
        ArgumentNullException.ThrowIfNull(text);
        email = default;
        if (text.Length > ContactText.MaxLength)
        {
            return false;
        }

        var address = Bare(ContactText.Visible(text));
        if (address.Length is 0 or > MaxLength || address.AsSpan().ContainsAny(Forbidden) || address.Any(char.IsControl) || address.Count(static c => c == '@') != 1)
        {
            return false;
        }

        try
        {
            var parts = address.Normalize(NormalizationForm.FormC).ToLowerInvariant().Normalize(NormalizationForm.FormC).Split('@');
            var domain = Domains.GetAscii(parts[1]).ToLowerInvariant();
            var normal = $"{parts[0]}@{domain}";
            if (parts[0].Length is 0 or > MaxLocalLength || normal.Length > MaxLength || domain.EndsWith('.'))
            {
                return false;
            }

            email = new ContactPoint(ContactKind.Email, normal);
            return true;
        }
        catch (ArgumentException)
        {
            // Half a character of UTF-16, or a domain with an empty or overlong part.
            return false;
        }
    }

    /// <summary>Reads a cell with one address or several, separated by <c>;</c>, <c>,</c> or <c>|</c>; names between them are passed over.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="found">Receives the addresses.</param>
    /// <returns>How many parts of the cell are no addresses.</returns>
    public static int Read(string cell, ICollection<ContactPoint> found)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(found);
        if (cell.Length > ContactText.MaxLength || !cell.Contains('@', StringComparison.Ordinal))
        {
            return string.IsNullOrWhiteSpace(cell) ? 0 : 1;
        }

        var unusable = 0;
        var before = found.Count;
        foreach (var range in cell.AsSpan().SplitAny(Separators))
        {
            var part = cell[range];
            if (!part.Contains('@', StringComparison.Ordinal))
            {
                continue;
            }

            if (found.Count - before < ContactText.MaxOfACell && TryParse(part, out var email))
            {
                found.Add(email);
            }
            else
            {
                unusable++;
            }
        }

        return unusable;
    }

    // "Erika Mustermann <erika@example.com>" and "mailto:erika@example.com?subject=..." without what is not the address.
    private static string Bare(string text)
    {
        if (text.EndsWith('>') && text.LastIndexOf('<') is >= 0 and var open)
        {
            text = text[(open + 1)..^1].Trim();
        }

        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return text;
        }

        var end = text.IndexOf('?', StringComparison.Ordinal);
        return text[Scheme.Length..(end < 0 ? text.Length : end)].Trim();
    }
}
