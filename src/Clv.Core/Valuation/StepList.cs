using System.Text.RegularExpressions;

namespace Clv.Core.Valuation;

/// <summary>Steps of an explanation as they are written down, and the figures that later ones can name.</summary>
internal sealed partial class StepList
{
    private static readonly string[] Functions = ["exp", "ln", "min", "max", "lnB", "cents"];

    private readonly List<ExplanationStep> _steps = [];
    private readonly Dictionary<string, double> _known = [];

    /// <summary>The steps so far.</summary>
    public IReadOnlyList<ExplanationStep> Steps => _steps;

    /// <summary>Makes a figure known to all formulas from here on.</summary>
    public StepList Given(string symbol, double value)
    {
        _known[symbol] = value;
        return this;
    }

    /// <summary>Makes a model's parameters known.</summary>
    public StepList Given(IEnumerable<KeyValuePair<string, double>> parameters)
    {
        foreach (var (name, value) in parameters)
        {
            _known[name] = value;
        }

        return this;
    }

    /// <summary>Adds a step; its figures are those that the formula names, and what is told beside them.</summary>
    public void Add(
        string code, string symbol, string formula, double result, string unit, string english, string german, params IEnumerable<string> beside)
    {
        var symbols = Symbols().Matches(formula).Select(static match => match.Value).Except(Functions, StringComparer.Ordinal);
        Add(code, symbol, formula, result, unit, english, german, model: null, [.. symbols, .. beside]);
    }

    /// <summary>Adds a step whose result follows from a model's own formulas.</summary>
    public void AddModel(
        string code, string symbol, string formula, double result, string unit, string english, string german, string model, IEnumerable<string> figures) =>
        Add(code, symbol, formula, result, unit, english, german, model, figures);

    private void Add(
        string code, string symbol, string formula, double result, string unit, string english, string german, string? model, IEnumerable<string> figures)
    {
        _steps.Add(new ExplanationStep(
            code, symbol, english, german, formula,
            [.. figures.Distinct(StringComparer.Ordinal).Select(name => new Figure(name, _known[name]))], result, unit, model));
        _known[symbol] = result;
    }

    [GeneratedRegex("[A-Za-z_][A-Za-z0-9_]*", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Symbols();
}
