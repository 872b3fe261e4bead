using System.Globalization;
using System.Xml.Linq;
using static Clv.Cli.Report.Markup;

namespace Clv.Cli.Report;

/// <summary>A quantity over frequency and recency, the darker the larger.</summary>
internal static class HeatMap
{
    private const double Width = 490;
    private const double Height = 430;
    private const double Left = 44;
    private const double Top = 36;
    private const double Right = Width - 70;
    private const double Bottom = Height - 44;

    /// <summary>Draws it.</summary>
    /// <param name="words">The language.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="grid">The quantity.</param>
    /// <param name="axis">The scale of the colours.</param>
    /// <param name="decimals">Decimals of the quantity.</param>
    public static XElement Draw(Wording words, string title, HeatGrid grid, Axis axis, int decimals)
    {
        var (columns, rows) = (grid.Frequencies.Count, grid.Recencies.Count);
        var (step, rise) = ((Right - Left) / columns, (Bottom - Top) / rows);
        var svg = Shape("svg", At("viewBox", $"0 0 {Width:0} {Height:0}"), At("role", "img"), At("aria-label", title));
        void Text(string kind, double x, double y, string text, string anchor) =>
            svg.Add(Shape("text", At("class", kind), At("x", x), At("y", y), At("text-anchor", anchor), text));

        var cells = Shape("g", At("class", "heat"));
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                if (grid.Values[row, column] is { } value)
                {
                    var tip = $"x {words.Number(grid.Frequencies[column])}, t\u2093 {words.Number(grid.Recencies[row], grid.RecencyDecimals)}: {words.Number(value, decimals)}";
                    cells.Add(Cell(Left + (column * step), Bottom - ((row + 1) * rise), step, rise, value / axis.Max, Tip(tip)));
                }
            }
        }

        svg.Add(cells);
        svg.Add(Line("base", [(Left, Top), (Left, Bottom), (Right, Bottom)]));
        Labels(grid.Frequencies.Select(x => words.Number(x)).ToList(), step, (at, label) => Text("tick", Left + at, Bottom + 18, label, "middle"));
        Labels(
            grid.Recencies.Select(t => words.Number(t, grid.RecencyDecimals)).ToList(),
            rise * 1.4,
            (at, label) => Text("tick", Left - 8, Bottom - (at / 1.4) + 4, label, "end"));
        Text("unit", 2, 14, words.Of("Weeks from first to last purchase", "Wochen vom ersten bis zum letzten Kauf"), "start");
        Text("unit", (Left + Right) / 2, Height - 6, words.Of("Repeat occasions", "Wiederkäufe"), "middle");
        Scale(words, svg, axis);
        return svg;
    }

    private static void Scale(Wording words, XElement svg, Axis axis)
    {
        const int Steps = 20;
        var height = (Bottom - Top) / Steps;
        var scale = Shape("g", At("class", "heat"));
        for (var i = 0; i < Steps; i++)
        {
            scale.Add(Cell(Right + 18, Bottom - ((i + 1) * height), 12, height, (i + 0.5) / Steps));
        }

        svg.Add(scale);
        foreach (var tick in axis.Ticks)
        {
            svg.Add(Shape(
                "text",
                At("class", "tick"),
                At("x", Right + 35),
                At("y", Bottom - ((Bottom - Top) * tick / axis.Max) + 4),
                words.Number(tick, axis.Decimals)));
        }
    }

    private static XElement Cell(double x, double y, double width, double height, double share, params object?[] content)
    {
        var cell = Box(null, x, y, width, height, content);
        // The least is still told from where no customer can be.
        var opacity = 0.04 + (0.96 * Math.Clamp(share, 0, 1));
        cell.SetAttributeValue("fill-opacity", opacity.ToString("0.###", CultureInfo.InvariantCulture));
        return cell;
    }

    private static void Labels(List<string> labels, double step, Action<double, string> write)
    {
        var least = (int)Math.Ceiling((labels.Max(static l => l.Length) + 1) * 6.6 / step);
        int every = ((ReadOnlySpan<int>)[1, 2, 5, 10, 20, 50]).ToArray().First(e => e >= least || e == 50);
        for (var i = 0; i < labels.Count; i += every)
        {
            write((i + 0.5) * step, labels[i]);
        }
    }
}

/// <summary>A quantity of customers of one age, by frequency and recency.</summary>
/// <param name="Frequencies">Repeat occasions, a column each.</param>
/// <param name="Recencies">Weeks from the first occasion to the last, a row each.</param>
/// <param name="RecencyDecimals">Decimals that these need.</param>
/// <param name="Values">The quantity, row by row; null where no customer can be.</param>
internal sealed record HeatGrid(IReadOnlyList<int> Frequencies, IReadOnlyList<double> Recencies, int RecencyDecimals, double?[,] Values);
