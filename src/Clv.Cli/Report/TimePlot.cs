using System.Xml.Linq;
using static Clv.Cli.Report.Markup;

namespace Clv.Cli.Report;

/// <summary>Actual and expected numbers over calendar time, with the end of what the model saw.</summary>
internal static class TimePlot
{
    private const double Width = 1000;
    private const int MostMonths = 14;

    /// <summary>Draws it.</summary>
    /// <param name="words">The language.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="unit">What the vertical axis counts.</param>
    /// <param name="width">Width in units of its own, about pixels.</param>
    /// <param name="points">A point per period, at its end.</param>
    /// <param name="endDay">The last day the model saw.</param>
    public static XElement Draw(Wording words, string title, string unit, double width, IReadOnlyList<TimePoint> points, int endDay)
    {
        var (first, last) = (points[0].FirstDay - 1, points[^1].LastDay);
        var plot = new Plot(words, title, width, 290, Axis.To(points.Max(static p => Math.Max(p.Actual, p.Expected))), unit, "");
        double X(int day) => plot.Left + ((plot.Right - plot.Left) * (day - first) / (last - first));
        if (endDay < last)
        {
            plot.Element.AddFirst(Box("later", X(endDay), plot.Top, X(last) - X(endDay), plot.Bottom - plot.Top));
        }

        Months(words, plot, width, first, last, X);
        plot.Add(Line("actual", points.Select(p => (X(p.LastDay), plot.Y(p.Actual)))));
        plot.Add(Line("model", points.Select(p => (X(p.LastDay), plot.Y(p.Expected)))));
        if (endDay < last)
        {
            plot.Add(Line("end", [(X(endDay), plot.Top - 8), (X(endDay), plot.Bottom)]));
            var late = X(endDay) > plot.Right - 150;
            plot.Text("note", X(endDay) + (late ? -6 : 6), plot.Top - 1, words.Of("end of the window", "Ende des Zeitfensters"), late ? "end" : "start");
        }

        plot.Add(points.Select(p => Box(
            "hit", X(p.FirstDay - 1), plot.Top, X(p.LastDay) - X(p.FirstDay - 1), plot.Bottom - plot.Top, Tip(p.Tip(words)))));
        plot.Legend(words.Of("Actual", "Ist"), actualIsBar: false, words.Of("Model", "Modell"), modelHasDots: false);
        return plot.Element;
    }

    private static void Months(Wording words, Plot plot, double width, int first, int last, Func<int, double> x)
    {
        var most = Math.Max(2, (int)(MostMonths * width / Width));
        var months = (last - first) / 30.44;
        var step = ((ReadOnlySpan<int>)[1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12000]).ToArray().First(s => months / s <= most || s == 12000);
        var start = DateOnly.FromDayNumber(Math.Max(0, first));
        // Counted from the year 1, so that steps of a year and more begin in January.
        var labelled = false;
        for (var index = ((start.Year - 1) * 12) + start.Month - 1; ; index++)
        {
            if (index % step != 0)
            {
                continue;
            }

            var (year, month) = ((index / 12) + 1, (index % 12) + 1);
            if (year > 9999)
            {
                break;
            }

            var date = new DateOnly(year, month, 1);
            if (date.DayNumber > last)
            {
                break;
            }

            if (date.DayNumber >= first)
            {
                var at = x(date.DayNumber);
                plot.Add(Line("mark", [(at, plot.Bottom), (at, plot.Bottom + 5)]));
                plot.Below(at, step >= 12 ? $"{year:0000}" : words.Month(date, withYear: !labelled || month == 1));
                labelled = true;
            }
        }
    }
}

/// <summary>A period of a <see cref="TimePlot"/>.</summary>
internal sealed record TimePoint(int FirstDay, int LastDay, double Actual, double Expected)
{
    public string Tip(Wording words) => words.Of(
        $"{words.Day(FirstDay)} to {words.Day(LastDay)}: {words.Number(Actual)} actual, {words.Number(Expected, 1)} expected",
        $"{words.Day(FirstDay)} bis {words.Day(LastDay)}: {words.Number(Actual)} tatsächlich, {words.Number(Expected, 1)} erwartet");
}
