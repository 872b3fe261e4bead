using Clv.Core.History;

namespace Clv.Core.Valuation;

/// <summary>How a customer's figures come about, step by step: a reader with a calculator gets each result from the figures of its step.</summary>
/// <param name="Worth">The figures.</param>
/// <param name="Steps">
/// The steps in the order of calculation. A figure that is the result of an earlier step has that step's symbol; the last ones are the figures
/// of <paramref name="Worth"/>.
/// </param>
public sealed record Explanation(CustomerWorth Worth, IReadOnlyList<ExplanationStep> Steps)
{
    /// <summary>Explains a customer.</summary>
    /// <param name="facts">What is known of the customer.</param>
    /// <param name="valuer">What values the customer.</param>
    /// <param name="rows">
    /// The customer's transactions in any order, those that <paramref name="facts"/> was made of; then the explanation begins with them. Null
    /// begins with their sums.
    /// </param>
    public static Explanation Of(CustomerFacts facts, Valuer valuer, IReadOnlyList<PurchaseRow>? rows = null)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(valuer);
        var (worth, historic, future) = valuer.Calculate(facts);
        var steps = new StepList();
        HistorySteps.Add(steps, facts, valuer, rows ?? []);
        HistoricSteps.Add(steps, facts, valuer, worth, historic);
        PurchaseSteps.Add(steps, facts, valuer, future);
        ContractSteps.Add(steps, valuer, future);
        WorthSteps.Add(steps, facts, valuer, worth, future);
        return new Explanation(worth, steps.Steps);
    }
}

/// <summary>One calculation.</summary>
/// <param name="Code">
/// What is calculated, for programs: the same for all customers and nights. Steps that recur, say for each renewal, share a code.
/// </param>
/// <param name="Symbol">What later formulas call the result; unique within an explanation.</param>
/// <param name="English">What it is, for people.</param>
/// <param name="German">The same in German.</param>
/// <param name="Formula">
/// How the result follows from the figures, in their symbols, numbers, <c>+ - × / ^</c>, parentheses and the functions <c>exp ln min max</c>,
/// <c>lnB</c> (the logarithm of the beta function) and <c>cents</c> (rounded to two places, half to even). For a step with a
/// <paramref name="Model"/> it only names what is asked of the model.
/// </param>
/// <param name="Figures">
/// What goes in, in the order of the formula, and what belongs beside it: a coefficient's standard error, the customers that it is from.
/// </param>
/// <param name="Result">The result.</param>
/// <param name="Unit">Its unit: <c>currency</c> for the reporting currency, <c>weeks</c>, <c>years</c>, <c>occasions</c>, <c>share</c> ...</param>
/// <param name="Model">
/// The page of docs/models whose formulas give the result from the figures, where they are too long for one line; null otherwise.
/// </param>
public sealed record ExplanationStep(
    string Code,
    string Symbol,
    string English,
    string German,
    string Formula,
    IReadOnlyList<Figure> Figures,
    double Result,
    string Unit,
    string? Model = null);

/// <summary>A number in a formula.</summary>
/// <param name="Symbol">What the formula calls it.</param>
/// <param name="Value">The number, with all digits: rounding what is shown may move a result by a cent.</param>
public sealed record Figure(string Symbol, double Value);

/// <summary>A transaction of a customer.</summary>
/// <param name="Day">Its day, as in <see cref="DateOnly.DayNumber"/>.</param>
/// <param name="Amount">Its amount in the reporting currency; negative is a return.</param>
/// <param name="Margin">Its contribution margin; null when it is not known.</param>
public sealed record PurchaseRow(int Day, Money Amount, Money? Margin = null);
