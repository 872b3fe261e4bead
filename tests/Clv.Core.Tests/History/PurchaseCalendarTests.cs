using Clv.Core.History;

namespace Clv.Core.Tests.History;

public sealed class PurchaseCalendarTests
{
    [Fact]
    public void Add_FirstsAndRepeats_FallOnTheirDays()
    {
        var calendar = new PurchaseCalendar(firstDay: 100, lastDay: 130, lastFirst: 110);
        // Day 102 is undone within the day, day 105 is a free order, day 120 a return only; day 131 lies behind the calendar.
        calendar.Add([101, 102, 102, 105, 105, 120, 125, 131], [5, 7, -7, 0, 0, -5, 1, 9]);
        calendar.Add([110], [3]);
        calendar.Add([105, 111], [-3, 3]);

        Assert.Equal([101, 110], Days(calendar.FirstsOn));
        Assert.Equal([105, 125], Days(calendar.RepeatsOn));

        static IEnumerable<int> Days(Func<int, long> count) => Enumerable.Range(100, 31).Where(day => count(day) == 1);
    }

    [Fact]
    public void Add_ManyCustomers_CountsWhatTheirSummariesCount()
    {
        var random = new Random(3);
        var calendar = new PurchaseCalendar(firstDay: 0, lastDay: 400, lastFirst: 400);
        var (firsts, repeats) = (0L, 0L);
        for (var customer = 0; customer < 500; customer++)
        {
            int[] days = [.. Enumerable.Range(0, random.Next(12)).Select(_ => random.Next(401)).Order()];
            long[] micros = [.. days.Select(_ => (long)random.Next(-4, 6))];
            calendar.Add(days, micros);
            var summary = PurchaseSummary.Of(days, micros, endDay: 400);
            firsts += summary.HasPurchase ? 1 : 0;
            repeats += summary.Frequency;
        }

        Assert.Equal(firsts, Enumerable.Range(0, 401).Sum(calendar.FirstsOn));
        Assert.Equal(repeats, Enumerable.Range(0, 401).Sum(calendar.RepeatsOn));
    }
}
