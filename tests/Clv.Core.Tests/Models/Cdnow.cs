using System.Globalization;
using Clv.Core.History;
using Clv.Core.Models;

namespace Clv.Core.Tests.Models;

/// <summary>
/// The CDNOW data as the published fits read them: an occasion is a day with any purchase row, free orders included; calibration ends
/// 1997-09-30.
/// </summary>
internal static class Cdnow
{
    private static readonly int End = new DateOnly(1997, 9, 30).DayNumber;

    public static (GroupedHistories Histories, GroupedSpend Spend) Load(string file)
    {
        var histories = new HistoryGrouper();
        var spend = new SpendGrouper();
        var rows = File.ReadLines(SharedData.File(file)).Skip(1).Select(Row).Where(r => r.Day <= End);
        foreach (var customer in rows.GroupBy(r => r.Customer))
        {
            var days = customer.GroupBy(r => r.Day).Select(d => (Day: d.Key, Net: d.Sum(r => r.Amount))).OrderBy(d => d.Day).ToArray();
            var first = days[0].Day;
            histories.Add(days.Length - 1, days[^1].Day - first, End - first);
            foreach (var (day, _) in days.Skip(1))
            {
                histories.AddRepeat(day - first);
            }

            // Spend: repeat occasions only, and of those the ones with a positive net value.
            var repeats = days.Skip(1).Where(d => d.Net > 0).ToArray();
            if (repeats.Length > 0)
            {
                spend.Add(repeats.Length, repeats.Average(d => d.Net));
            }
        }

        return (histories.Build(), spend.Build());
    }

    /// <summary>Every customer at the end of the calibration, with the occasions of the 39 weeks after it.</summary>
    public static (int Frequency, double Recency, double Age, int Occasions)[] HeldOut(string file) =>
    [
        .. File.ReadLines(SharedData.File(file)).Skip(1).Select(Row).GroupBy(r => r.Customer).Select(customer =>
        {
            var days = customer.Select(r => r.Day).Distinct().Order().ToArray();
            var known = days.Count(d => d <= End);
            return (known - 1, (days[known - 1] - days[0]) / 7.0, (End - days[0]) / 7.0, days.Length - known);
        }),
    ];

    /// <summary>Every customer as a night on the last day of the calibration knows them.</summary>
    public static IEnumerable<CustomerSummary> Summaries(string file, int holdoutDays, RepeatAges ages) =>
        File.ReadLines(SharedData.File(file)).Skip(1).Select(Row).GroupBy(r => r.Customer).Select(customer =>
        {
            var rows = customer.OrderBy(r => r.Day).ToArray();
            return CustomerSummary.Of(
                Array.ConvertAll(rows, r => r.Day), Array.ConvertAll(rows, r => (long)Math.Round(r.Amount * 1e6)), [], End, holdoutDays, ages);
        });

    private static (string Customer, int Day, double Amount) Row(string line)
    {
        var fields = line.Split(',');
        return (fields[0], DateOnly.Parse(fields[1], CultureInfo.InvariantCulture).DayNumber, double.Parse(fields[2], CultureInfo.InvariantCulture));
    }
}
