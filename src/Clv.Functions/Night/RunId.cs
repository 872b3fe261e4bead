using System.Globalization;

namespace Clv.Functions.Night;

/// <summary>
/// Runs are numbered in the order in which they were started: r00001, r00002 ... Up to r99999 a number sorts; it fits a table's name, and two starters at
/// the same moment arrive at the same one, so that together they start one run.
/// </summary>
public static class RunId
{
    /// <summary>The id that follows <paramref name="last"/>, or the first one when there is none.</summary>
    public static string After(string? last) =>
        $"r{(last is null ? 1 : int.Parse(last.AsSpan(1), CultureInfo.InvariantCulture) + 1):D5}";

    /// <summary>Whether a text can be a run's id: r and at least five digits.</summary>
    public static bool IsValid(string text) =>
        text.Length is >= 6 and <= 10 && text[0] == 'r' && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>Whether the first run was started after the second.</summary>
    public static bool IsLater(string run, string than) =>
        int.Parse(run.AsSpan(1), CultureInfo.InvariantCulture) > int.Parse(than.AsSpan(1), CultureInfo.InvariantCulture);
}
