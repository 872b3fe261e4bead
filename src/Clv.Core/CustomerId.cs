using System.Text;
using Clv.Core.Extracts;

namespace Clv.Core;

/// <summary>
/// The one spelling of a customer id: surrounding blanks removed, Unicode in composed form (NFC), so that an id typed by an agent and
/// the same id in an extract are equal whatever produced them. Case matters.
/// </summary>
public static class CustomerId
{
    /// <summary>The longest id, in bytes of UTF-8.</summary>
    public const int MaxBytes = 2048;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // In invariant globalization mode .NET returns text as it is instead of composing it.
    private static bool CanCompose { get; } = "e\u0301".Normalize(NormalizationForm.FormC) == "\u00e9";

    /// <summary>Brings an id as it stands in a file to its one spelling.</summary>
    /// <param name="id">UTF-8.</param>
    /// <param name="normal">The id in UTF-8: a part of <paramref name="id"/> where it is ASCII, else a new array.</param>
    /// <param name="reason">Why it cannot be an id: empty, too long, or not text.</param>
    public static bool TryNormalise(ReadOnlySpan<byte> id, out ReadOnlySpan<byte> normal, out QuarantineReason reason)
    {
        normal = id.Trim(" \t"u8);
        reason = QuarantineReason.Empty;
        if (normal.IsEmpty)
        {
            return false;
        }

        if (normal.Length > MaxBytes)
        {
            reason = QuarantineReason.TooLong;
            return false;
        }

        reason = QuarantineReason.NotText;
        if (normal.IndexOfAnyInRange((byte)0, (byte)31) >= 0 || normal.Contains((byte)127))
        {
            return false;
        }

        if (Ascii.IsValid(normal))
        {
            return true;
        }

        if (!CanCompose)
        {
            throw new InvalidOperationException(
                "This system cannot bring Unicode to its composed form, so customer ids with umlauts or accents would not be found again: "
                + "install libicu and leave DOTNET_SYSTEM_GLOBALIZATION_INVARIANT unset.");
        }

        string text;
        try
        {
            text = Strict.GetString(normal).Trim().Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            return false;
        }

        // U+FFFD stands where text was lost on the way: two customers' ids could have become the same. A byte order mark within a text is from
        // files that were joined, and would make another customer of the same id.
        if (text.AsSpan().ContainsAnyInRange('\u0080', '\u009F') || text.AsSpan().ContainsAny('\uFFFD', '\uFEFF'))
        {
            return false;
        }

        normal = Strict.GetBytes(text);
        if (normal.IsEmpty || normal.Length > MaxBytes)
        {
            reason = normal.IsEmpty ? QuarantineReason.Empty : QuarantineReason.TooLong;
            return false;
        }

        return true;
    }

    /// <summary>Brings an id as it was typed or sent to its one spelling.</summary>
    /// <param name="id">Any text.</param>
    /// <param name="normal">The id in UTF-8.</param>
    /// <param name="reason">Why it cannot be an id.</param>
    public static bool TryNormalise(string id, out byte[] normal, out QuarantineReason reason)
    {
        normal = [];
        reason = QuarantineReason.NotText;
        if (id.Length > MaxBytes)
        {
            reason = QuarantineReason.TooLong;
            return false;
        }

        byte[] bytes;
        try
        {
            bytes = Strict.GetBytes(id);
        }
        catch (EncoderFallbackException)
        {
            return false;
        }

        if (!TryNormalise(bytes, out var span, out reason))
        {
            return false;
        }

        normal = span.ToArray();
        return true;
    }
}
