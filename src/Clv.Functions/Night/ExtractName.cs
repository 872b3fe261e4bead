using Clv.Core.Extracts;

namespace Clv.Functions.Night;

/// <summary>
/// What the name of an extract may be: it becomes part of other blobs' names, of reports and of messages, so it must lead nowhere else and look
/// like what it is. A file may lie in a folder below the date's.
/// </summary>
internal static class ExtractName
{
    /// <summary>The longest name, in UTF-16 characters.</summary>
    public const int MaxLength = 200;

    /// <summary>Why a name cannot be used, as the rest of a sentence; null when it can.</summary>
    public static string? Problem(string name) =>
        name.Length > MaxLength ? $"has a name of more than {MaxLength} characters: give it a shorter one"
        : !PlainText.IsPlain(name) ? "has a name with invisible characters (shown as \uFFFD): name it anew"
        : name.Contains('\\', StringComparison.Ordinal) || IsEscaped(name) || name.Split('/').Any(static part => part is "" or "." or "..")
            ? "is no plain name of a file in the folder: name it without steps such as ../ and without escapes such as %2f"
        : null;

    // Storage takes it as it stands, but not everything on the way to it does.
    private static bool IsEscaped(string name)
    {
        for (var at = name.IndexOf('%', StringComparison.Ordinal); at >= 0 && at + 2 < name.Length; at = name.IndexOf('%', at + 1))
        {
            if (char.IsAsciiHexDigit(name[at + 1]) && char.IsAsciiHexDigit(name[at + 2]))
            {
                return true;
            }
        }

        return false;
    }
}
