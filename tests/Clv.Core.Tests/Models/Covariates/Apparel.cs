using System.Globalization;
using Clv.Core.Models;
using Clv.Core.Models.Covariates;

namespace Clv.Core.Tests.Models.Covariates;

/// <summary>The simulated apparel retailer of the R package CLVTools: 600 customers who began on one day, with two attributes.</summary>
internal static class Apparel
{
    public static readonly DateOnly LastDay = new(2010, 12, 20);

    public static readonly string[] Names = ["Gender", "Channel"];

    /// <summary>The histories up to and including a day.</summary>
    public static CovariateHistories Load(DateOnly end)
    {
        var covariates = Lines("clvtools_apparelStaticCov.csv").ToDictionary(f => f[0], f => new[] { Number(f[1]), Number(f[2]) }, StringComparer.Ordinal);
        var rows = Lines("clvtools_apparelTrans.csv")
            .Select(f => (Id: f[0], Day: DateOnly.ParseExact(f[1], "yyyy-MM-dd", CultureInfo.InvariantCulture)))
            .Where(t => t.Day <= end)
            .GroupBy(t => t.Id, t => t.Day.DayNumber, StringComparer.Ordinal)
            .Select(days => (days.Key, Days: days.Distinct().Order().ToArray()))
            .Select(c => new CovariateGroup(
                new HistoryGroup(c.Days.Length - 1, (c.Days[^1] - c.Days[0]) / 7.0, (end.DayNumber - c.Days[0]) / 7.0, 1), covariates[c.Key]));
        return CovariateHistories.FromTable(Names, rows);
    }

    private static IEnumerable<string[]> Lines(string file) => File.ReadLines(SharedData.File(file)).Skip(1).Select(line => line.Split(','));

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
