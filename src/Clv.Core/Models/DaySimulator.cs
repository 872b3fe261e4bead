namespace Clv.Core.Models;

/// <summary>
/// Draws customers as a calendar sees them: in whole days, with at most one occasion a day. Reuses one buffer. Not safe for use from several
/// threads at once.
/// </summary>
/// <remarks>
/// A first purchase falls anywhere within its day, which makes the days between two purchases right on average. An occasion on a day that is
/// taken moves to the next one: dropping it would thin out the busiest customers and bias a fit.
/// </remarks>
/// <param name="simulator">Draws the times; must take its chance from <paramref name="random"/>, so that a restart repeats everything.</param>
/// <param name="random">Where chance comes from.</param>
public sealed class DaySimulator(ITransactionSimulator simulator, SeededRandom random)
{
    private const double DaysPerWeek = 7;

    private int[] _days = new int[64];

    /// <summary>
    /// The repeat purchase days of one customer, counted from the day of the first purchase (day 0, not listed): ascending, distinct, 1 to
    /// <paramref name="ageDays"/>.
    /// </summary>
    /// <param name="ageDays">Days from the first purchase to the last day that is observed, 0 or more.</param>
    /// <returns>A view of the reused buffer, valid until the next call.</returns>
    public ReadOnlySpan<int> NextCustomer(int ageDays)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ageDays);
        var ofDay = random.NextDouble();
        var times = simulator.NextCustomer(ageDays / DaysPerWeek);
        if (times.Length > _days.Length)
        {
            _days = new int[times.Length * 2];
        }

        var length = 0;
        var last = 0;
        foreach (var time in times)
        {
            last = Math.Max(last + 1, (int)(ofDay + (time * DaysPerWeek)));
            if (last > ageDays)
            {
                break;
            }

            _days[length++] = last;
        }

        return _days.AsSpan(0, length);
    }
}
