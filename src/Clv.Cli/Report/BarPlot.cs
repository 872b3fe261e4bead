using System.Xml.Linq;
using static Clv.Cli.Report.Markup;

namespace Clv.Cli.Report;

/// <summary>Actual numbers as bars and what the model says as dots on a line, by class.</summary>
internal static class BarPlot
{
    /// <summary>Draws it.</summary>
    /// <param name="words">The language.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="unit">What the vertical axis counts.</param>
    /// <param name="across">What the classes are.</param>
    /// <param name="width">Width in units of its own, about pixels.</param>
    /// <param name="bars">The classes.</param>
    public static XElement Draw(Wording words, string title, string unit, string across, double width, IReadOnlyList<Bar> bars)
    {
        var plot = new Plot(words, title, width, 290, Axis.To(bars.Max(static b => Math.Max(b.Actual, b.Model))), unit, across);
        var step = (plot.Right - plot.Left) / bars.Count;
        double Middle(int i) => plot.Left + ((i + 0.5) * step);
        // As many labels as are legible.
        var longest = bars.Max(static b => b.Label.Length);
        var every = (int)Math.Ceiling((longest + 2) * 6.6 / step);
        for (var i = 0; i < bars.Count; i++)
        {
            var bar = bars[i];
            plot.Add(Box("bar", Middle(i) - (step * 0.36), plot.Y(bar.Actual), step * 0.72, plot.Bottom - plot.Y(bar.Actual)));
            if (i % every == 0)
            {
                plot.Below(Middle(i), bar.Label);
            }
        }

        plot.Add(Line("model", bars.Select((b, i) => (Middle(i), plot.Y(b.Model)))));
        plot.Add(bars.Select((b, i) => Shape(
            "circle", At("class", "dot"), At("cx", Middle(i)), At("cy", plot.Y(b.Model)), At("r", bars.Count > 20 ? 2.5 : 4))));
        plot.Add(bars.Select((b, i) => Box("hit", Middle(i) - (step / 2), plot.Top, step, plot.Bottom - plot.Top, Tip(b.Tip))));
        plot.Legend(words.Of("Actual", "Ist"), actualIsBar: true, words.Of("Model", "Modell"), modelHasDots: true);
        return plot.Element;
    }
}

/// <summary>A class of a <see cref="BarPlot"/>.</summary>
internal sealed record Bar(string Label, double Actual, double Model, string Tip);
