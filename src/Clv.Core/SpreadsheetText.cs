using System.Buffers;

namespace Clv.Core;

/// <summary>
/// Text from outside on its way into a CSV file that people open in a spreadsheet, which runs a cell that starts like a formula. Such a text gets an
/// apostrophe in front, and so does one that starts with an apostrophe: an apostrophe at the start of a cell is then always one that was put there, and
/// without it the text is as it was.
/// </summary>
public static class SpreadsheetText
{
    private const byte Mark = (byte)'\'';

    private static readonly SearchValues<byte> Starts = SearchValues.Create("=+-@\t\r\n'"u8);

    /// <summary>Gives the text as it may be written.</summary>
    /// <param name="utf8">The text: the same is returned where it needs no apostrophe.</param>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> utf8) => StartsFormula(utf8) ? (byte[])[Mark, .. utf8] : utf8;

    /// <summary>Gives back the text that was written.</summary>
    /// <param name="written">The cell.</param>
    public static ReadOnlySpan<byte> Original(ReadOnlySpan<byte> written) => written is [Mark, .. var original] ? original : written;

    // The wide forms of = + - @ are formulas too where East Asian input is usual.
    private static bool StartsFormula(ReadOnlySpan<byte> utf8) =>
        !utf8.IsEmpty && (Starts.Contains(utf8[0]) || (utf8 is [0xEF, 0xBC, 0x9D or 0x8B or 0x8D or 0xA0, ..]));
}
