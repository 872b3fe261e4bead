using Clv.Core.History;
using Clv.Core.Models;

namespace Clv.Cli.Report;

/// <summary>Repeat occasions by calendar period, actual and as the model expects them of customers with these first purchases.</summary>
/// <param name="Weeks">Length of a period.</param>
/// <param name="Points">The periods in order; the first and the last may be shorter.</param>
internal sealed record Tracking(int Weeks, IReadOnlyList<TimePoint> Points)
{
    private const int MostPeriods = 400;

    /// <summary>The points without a last one that is shorter than the others, whose count would look like a fall.</summary>
    public IReadOnlyList<TimePoint> Full =>
        Points.Count > 1 && Points[^1].LastDay - Points[^1].FirstDay + 1 < Weeks * 7 ? [.. Points.SkipLast(1)] : Points;

    /// <summary>Counts by periods of whole weeks, one of which ends on the last day the model saw: single weeks unless there are too many.</summary>
    /// <param name="calendar">The occasions.</param>
    /// <param name="model">The model.</param>
    /// <param name="endDay">The last day the model saw.</param>
    /// <param name="threads">Threads that may work; the result is the same for any number.</param>
    /// <returns>The periods from the first occasion to the calendar's last day.</returns>
    public static Tracking Of(PurchaseCalendar calendar, ITransactionModel model, int endDay, int threads)
    {
        var firsts = Enumerable.Range(calendar.FirstDay, calendar.LastDay - calendar.FirstDay + 1).Where(day => calendar.FirstsOn(day) > 0).ToList();
        var weeks = ((ReadOnlySpan<int>)[1, 4, 13, 52, 520, 5200]).ToArray().First(w => calendar.LastDay - firsts[0] <= MostPeriods * w * 7 || w == 5200);
        var periods = Periods(firsts[0], calendar.LastDay, endDay, weeks * 7);
        var expectations = Expectations(model, firsts, periods.Select(static p => p.Last).ToList(), threads);

        var points = new List<TimePoint>(periods.Count);
        var before = 0.0;
        foreach (var (first, last) in periods)
        {
            long actual = 0;
            for (var day = first; day <= last; day++)
            {
                actual += calendar.RepeatsOn(day);
            }

            var expected = firsts.TakeWhile(day => day <= last).Sum(day => calendar.FirstsOn(day) * expectations[last - day]);
            points.Add(new TimePoint(first, last, actual, expected - before));
            before = expected;
        }

        return new Tracking(weeks, points);
    }

    /// <summary>The same, added up from the start.</summary>
    public IReadOnlyList<TimePoint> Cumulate()
    {
        double actual = 0, expected = 0;
        return [.. Points.Select(p => p with { Actual = actual += p.Actual, Expected = expected += p.Expected })];
    }

    private static List<(int First, int Last)> Periods(int start, int lastDay, int endDay, int days)
    {
        var periods = new List<(int, int)>();
        var first = endDay + 1 - ((endDay - start + days) / days * days);
        for (; first <= lastDay; first += days)
        {
            periods.Add((Math.Max(start, first), Math.Min(lastDay, first + days - 1)));
        }

        return periods;
    }

    /// <summary>The expectation of a new customer by the days since the first purchase; only where it is needed.</summary>
    private static double[] Expectations(ITransactionModel model, List<int> firsts, List<int> lasts, int threads)
    {
        var needed = new bool[lasts[^1] - firsts[0] + 1];
        foreach (var last in lasts)
        {
            foreach (var day in firsts.TakeWhile(day => day <= last))
            {
                needed[last - day] = true;
            }
        }

        var expectations = new double[needed.Length];
        Parallel.For(0, needed.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, days =>
        {
            if (needed[days])
            {
                expectations[days] = model.ExpectedTransactions(days / 7.0);
            }
        });
        return expectations;
    }
}
