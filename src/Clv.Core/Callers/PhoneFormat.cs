using System.Buffers;
using PhoneNumbers;

namespace Clv.Core.Callers;

/// <summary>
/// Reads phone numbers as people write them and brings them to their one spelling, E.164: <c>0171/39 20 012</c> and <c>+49 (171) 3920012</c> are the
/// same number. By Google's libphonenumber. An extension is dropped, for whoever calls from it shows the main number as often as not.
/// </summary>
/// <param name="region">
/// The ISO 3166 code of the country whose dialling rules apply to numbers without an international prefix; null when only international
/// ones are understood, which begin with + or 00.
/// </param>
public sealed class PhoneFormat(string? region)
{
    private const int MaxNumberLength = 64;

    private static readonly SearchValues<char> Separators = SearchValues.Create(";,|\n\r");

    // Costs tens of milliseconds, which only whoever reads a number waits for.
    private static readonly Lazy<PhoneNumberUtil> Numbers = new(PhoneNumberUtil.GetInstance);

    /// <summary>Whether the dialling rules of a country are known.</summary>
    /// <param name="region">Its ISO 3166 code.</param>
    public static bool Knows(string region) => Numbers.Value.GetSupportedRegions().Contains(region);

    /// <summary>Reads one number.</summary>
    /// <param name="text">The number, as it was typed, sent or delivered.</param>
    /// <param name="phone">Its one spelling.</param>
    /// <returns>False for what cannot be a number, however long or odd it is.</returns>
    public bool TryParse(string text, out ContactPoint phone)
    {
        ArgumentNullException.ThrowIfNull(text);
        phone = default;
        return text.Length <= ContactText.MaxLength && ContactText.Visible(text) is { Length: > 0 and <= MaxNumberLength } number && TryFormat(number, out phone);
    }

    /// <summary>
    /// Reads a cell with one number or several, separated by <c>;</c>, <c>,</c> or <c>|</c>, or by <c>/</c> where it does not merely stand behind a number's
    /// area code.
    /// </summary>
    /// <param name="cell">The cell.</param>
    /// <param name="found">Receives the numbers.</param>
    /// <returns>How many parts of the cell are no numbers.</returns>
    public int Read(string cell, ICollection<ContactPoint> found)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(found);
        if (cell.Length > ContactText.MaxLength)
        {
            return 1;
        }

        var unusable = 0;
        var before = found.Count;
        foreach (var range in cell.AsSpan().SplitAny(Separators))
        {
            var part = ContactText.Visible(cell.AsSpan(range));
            if (part.Length > 0)
            {
                unusable += found.Count - before >= ContactText.MaxOfACell ? 1 : ReadPart(part, found);
            }
        }

        return unusable;
    }

    private int ReadPart(string part, ICollection<ContactPoint> found)
    {
        var pieces = part.Split('/', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var numbers = pieces.Select(piece => TryParse(piece, out var phone) ? phone : (ContactPoint?)null).OfType<ContactPoint>().ToList();

        // Whatever stands behind an area code begins with neither 0 nor a plus; a second number begins with one of both.
        var several = pieces.Length > 1 && numbers.Count == pieces.Length && Array.TrueForAll(pieces, static piece => piece[0] is '0' or '+');
        if (!several && TryParse(part, out var whole))
        {
            found.Add(whole);
            return 0;
        }

        numbers.ForEach(found.Add);
        return numbers.Count == 0 ? 1 : pieces.Length - numbers.Count;
    }

    private bool TryFormat(string number, out ContactPoint phone)
    {
        phone = default;
        var util = Numbers.Value;
        try
        {
            var international = region is null && number.StartsWith("00", StringComparison.Ordinal) ? string.Concat("+", number.AsSpan(2)) : number;
            var parsed = util.Parse(international, region ?? "ZZ");
            if (util.IsPossibleNumberWithReason(parsed) != PhoneNumberUtil.ValidationResult.IS_POSSIBLE)
            {
                return false;
            }

            phone = new ContactPoint(ContactKind.Phone, util.Format(parsed, PhoneNumberFormat.E164));
            return true;
        }
        catch (NumberParseException)
        {
            return false;
        }
    }
}
