namespace Clv.Core.Estimation;

/// <summary>How long the held-out tail of an observation window may be.</summary>
public static class BacktestWindow
{
    private const int LongestShare = 3;

    /// <summary>
    /// The weeks to hold out: those asked for, but at most a third of the window, because a model that is fitted to much less than the whole says
    /// little of one fitted to all of it.
    /// </summary>
    /// <param name="weeks">Weeks asked for, 0 or more.</param>
    /// <param name="firstDay">The first day of any row.</param>
    /// <param name="endDay">The last day of the window.</param>
    public static int Weeks(int weeks, int firstDay, int endDay) => Math.Clamp((endDay - firstDay) / 7 / LongestShare, 0, weeks);
}
