using System.Xml.Linq;
using static Clv.Cli.Report.Markup;

namespace Clv.Cli.Report;

/// <summary>The frame of a plot: its area, the vertical axis with a grid, and the legend. What is drawn into it comes on top.</summary>
internal sealed class Plot
{
    private const double LetterWidth = 6.6;

    private readonly Axis _axis;

    /// <summary>Draws the frame.</summary>
    /// <param name="words">The language of the numbers.</param>
    /// <param name="label">What the plot shows, for those who do not see it.</param>
    /// <param name="width">Width in units of its own, about pixels.</param>
    /// <param name="height">Height likewise.</param>
    /// <param name="axis">The vertical axis.</param>
    /// <param name="unit">What the vertical axis counts.</param>
    /// <param name="across">What the horizontal axis counts.</param>
    public Plot(Wording words, string label, double width, double height, Axis axis, string unit, string across)
    {
        _axis = axis;
        var ticks = axis.Ticks.Select(tick => words.Number(tick, axis.Decimals)).ToList();
        (Left, Right, Top, Bottom) = (14 + (LetterWidth * ticks.Max(static t => t.Length)), width - 12, 36, height - 44);
        Element = Shape("svg", At("viewBox", $"0 0 {width:0} {height:0}"), At("role", "img"), At("aria-label", label));
        Text("unit", 2, 14, unit, "start");
        Text("unit", (Left + Right) / 2, height - 6, across, "middle");
        for (var i = 0; i < ticks.Count; i++)
        {
            var y = Y(axis.Ticks[i]);
            Element.Add(Line(i == 0 ? "base" : "grid", [(Left, y), (Right, y)]));
            Text("tick", Left - 8, y + 4, ticks[i], "end");
        }
    }

    public XElement Element { get; }

    public double Left { get; }

    public double Right { get; }

    public double Top { get; }

    public double Bottom { get; }

    public double Y(double value) => Bottom - ((Bottom - Top) * value / _axis.Max);

    public void Add(params object?[] content) => Element.Add(content);

    public void Text(string kind, double x, double y, string text, string anchor) =>
        Element.Add(Shape("text", At("class", kind), At("x", x), At("y", y), At("text-anchor", anchor), text));

    /// <summary>A label below the horizontal axis.</summary>
    public void Below(double x, string text) =>
        Text("tick", x, Bottom + 18, text, x + (LetterWidth * text.Length / 2) > Right + 12 ? "end" : "middle");

    /// <summary>Names what is actual and what the model says, at the top right.</summary>
    /// <param name="actual">The name of the actual.</param>
    /// <param name="actualIsBar">Whether it is drawn as bars.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="modelHasDots">Whether the model's line has dots.</param>
    public void Legend(string actual, bool actualIsBar, string model, bool modelHasDots)
    {
        var x = Right - (LetterWidth * model.Length);
        Text("tick", x, 14, model, "start");
        Add(Line("model", [(x - 24, 10), (x - 6, 10)]));
        if (modelHasDots)
        {
            Add(Shape("circle", At("class", "dot"), At("cx", x - 15), At("cy", 10), At("r", 3.5)));
        }

        x -= 46 + (LetterWidth * actual.Length);
        Text("tick", x, 14, actual, "start");
        Add(actualIsBar ? Box("bar", x - 19, 5, 12, 10) : Line("actual", [(x - 24, 10), (x - 6, 10)]));
    }
}
