namespace Clv.Core.History;

/// <summary>
/// Purchase occasions by calendar day, of the customers who had their first one by a given day: what a cohort did, also after that day.
/// 16 bytes a day. Customers may be added from several threads at once; the counts do not depend on the order.
/// </summary>
public sealed class PurchaseCalendar
{
    private readonly int _lastFirst;
    private readonly long[] _firsts;
    private readonly long[] _repeats;

    /// <summary>An empty calendar.</summary>
    /// <param name="firstDay">The first day of any row.</param>
    /// <param name="lastDay">The last day that is counted.</param>
    /// <param name="lastFirst">The last day on which a customer's first occasion may be.</param>
    public PurchaseCalendar(int firstDay, int lastDay, int lastFirst)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lastDay, firstDay);
        (FirstDay, LastDay, _lastFirst) = (firstDay, lastDay, lastFirst);
        _firsts = new long[lastDay - firstDay + 1];
        _repeats = new long[_firsts.Length];
    }

    /// <summary>The first day that is counted.</summary>
    public int FirstDay { get; }

    /// <summary>The last day that is counted.</summary>
    public int LastDay { get; }

    /// <summary>How many customers had their first occasion on a day.</summary>
    /// <param name="day">A day of the calendar.</param>
    public long FirstsOn(int day) => _firsts[day - FirstDay];

    /// <summary>How many repeat occasions there were on a day.</summary>
    /// <param name="day">A day of the calendar.</param>
    public long RepeatsOn(int day) => _repeats[day - FirstDay];

    /// <summary>Adds a customer.</summary>
    /// <param name="days">The rows' days, ascending, none before <see cref="FirstDay"/>.</param>
    /// <param name="micros">The rows' amounts in millionths, beside <paramref name="days"/>; negative is a return.</param>
    public void Add(ReadOnlySpan<int> days, ReadOnlySpan<long> micros)
    {
        var occasions = Occasions.None;
        while (occasions.Rows < days.Length && days[occasions.Rows] <= LastDay)
        {
            var (day, before) = (days[occasions.Rows], occasions.Count);
            occasions.AddUntil(day, days, micros);
            if (occasions.Count == before)
            {
                continue;
            }

            if (before > 0)
            {
                Interlocked.Increment(ref _repeats[day - FirstDay]);
            }
            else if (day <= _lastFirst)
            {
                Interlocked.Increment(ref _firsts[day - FirstDay]);
            }
            else
            {
                return;
            }
        }
    }
}
