using System.Globalization;
using MathNet.Numerics;

namespace Clv.Core.Tests.Valuation;

/// <summary>A calculator for the formulas of an explanation: it knows nothing but the formula's text and the figures of its step.</summary>
internal sealed class FormulaEvaluator
{
    private readonly string _formula;
    private readonly IReadOnlyDictionary<string, double> _figures;
    private int _at;

    private FormulaEvaluator(string formula, IReadOnlyDictionary<string, double> figures) =>
        (_formula, _figures) = (formula.Replace(" ", "", StringComparison.Ordinal), figures);

    public static double Evaluate(string formula, IReadOnlyDictionary<string, double> figures)
    {
        var evaluator = new FormulaEvaluator(formula, figures);
        var result = evaluator.Sum();
        return evaluator._at == evaluator._formula.Length
            ? result
            : throw new FormatException($"Nothing was expected at {evaluator._at} of {formula}.");
    }

    public static double Cents(double value) => (double)decimal.Round((decimal)value, 2, MidpointRounding.ToEven);

    private double Sum()
    {
        var result = Product();
        while (Next('+', '-') is { } sign)
        {
            var term = Product();
            result = sign == '+' ? result + term : result - term;
        }

        return result;
    }

    private double Product()
    {
        var result = Power();
        while (Next('×', '/') is { } sign)
        {
            var factor = Power();
            result = sign == '×' ? result * factor : result / factor;
        }

        return result;
    }

    private double Power()
    {
        if (Next('-', '-') is not null)
        {
            return -Power();
        }

        var result = Value();
        return Next('^', '^') is not null ? Math.Pow(result, Power()) : result;
    }

    private double Value()
    {
        if (Next('(', '(') is not null)
        {
            var inner = Sum();
            Expect(')');
            return inner;
        }

        var start = _at;
        while (_at < _formula.Length && (char.IsAsciiLetterOrDigit(_formula[_at]) || _formula[_at] is '_' or '.'))
        {
            _at++;
        }

        var word = _formula[start.._at];
        return char.IsAsciiDigit(word[0]) ? double.Parse(word, CultureInfo.InvariantCulture)
            : Next('(', '(') is not null ? Function(word)
            : _figures[word];
    }

    private double Function(string name)
    {
        var first = Sum();
        double Second()
        {
            Expect(',');
            return Sum();
        }

        var result = name switch
        {
            "exp" => Math.Exp(first),
            "ln" => Math.Log(first),
            "cents" => Cents(first),
            "min" => Math.Min(first, Second()),
            "max" => Math.Max(first, Second()),
            "lnB" => SpecialFunctions.BetaLn(first, Second()),
            _ => throw new FormatException($"There is no function {name}."),
        };
        Expect(')');
        return result;
    }

    private void Expect(char sign) => Assert.Equal(sign, Next(sign, sign));

    private char? Next(char one, char other) => _at < _formula.Length && (_formula[_at] == one || _formula[_at] == other) ? _formula[_at++] : null;
}
