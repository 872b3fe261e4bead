using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Clv.Cli.Report;

/// <summary>Elements of a page that is HTML and well-formed XML at once. Text is escaped when it is written, so none can become markup.</summary>
internal static class Markup
{
    private static readonly XNamespace Html = "http://www.w3.org/1999/xhtml";
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly HashSet<string> Void = ["meta", "br", "hr", "col"];

    /// <summary>An HTML element.</summary>
    public static XElement Tag(string name, params object?[] content)
    {
        var element = new XElement(Html + name, content);
        if (element.IsEmpty && !Void.Contains(name))
        {
            // A browser takes <td/> for an opening tag.
            element.Add("");
        }

        return element;
    }

    /// <summary>An SVG element.</summary>
    public static XElement Shape(string name, params object?[] content) => new(Svg + name, content);

    /// <summary>An attribute.</summary>
    public static XAttribute At(string name, string value) => new(name, value);

    /// <summary>A length or position.</summary>
    public static XAttribute At(string name, double value) => new(name, Length(value));

    /// <summary>What a pointer that rests on a shape shows.</summary>
    public static XElement Tip(string text) => Shape("title", text);

    /// <summary>A line through points.</summary>
    public static XElement Line(string kind, IEnumerable<(double X, double Y)> points)
    {
        var path = new StringBuilder();
        foreach (var (x, y) in points)
        {
            path.Append(path.Length == 0 ? 'M' : 'L').Append(Length(x)).Append(' ').Append(Length(y));
        }

        return Shape("path", At("class", kind), At("d", path.ToString()));
    }

    /// <summary>A rectangle; one of negative height has none. Two that share an edge share it as it is written, too.</summary>
    public static XElement Box(string? kind, double x, double y, double width, double height, params object?[] content)
    {
        var (left, top) = (Edge(x), Edge(y));
        return Shape(
            "rect",
            kind is null ? null : At("class", kind),
            At("x", left),
            At("y", top),
            At("width", Edge(x + width) - left),
            At("height", Math.Max(0, Edge(y + height) - top)),
            content);
    }

    /// <summary>Text without the characters that no XML document can hold.</summary>
    public static string Printable(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            result.Append(Rune.IsControl(rune) || (rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value)) ? "\uFFFD" : rune.ToString());
        }

        return result.ToString();
    }

    private static string Length(double value) => (Math.Round(value, 1) + 0.0).ToString("0.#", CultureInfo.InvariantCulture);

    // An edge that two neighbours compute in two ways differs in its last bits, which must not decide how it is rounded.
    private static double Edge(double value) => Math.Round(Math.Round(value, 6), 1);
}
