using Clv.Core.Relationship;
using Clv.Core.Valuation;

namespace Clv.Functions.Lookup;

/// <summary>A calculation as it is told: what goes in, how, and what comes out, step by step.</summary>
/// <param name="Run">The published run.</param>
/// <param name="Date">The date of its extracts.</param>
/// <param name="Key">The person's pseudonym.</param>
/// <param name="Currency">The currency of the amounts, if the extracts say it.</param>
/// <param name="Language">The language of the labels.</param>
/// <param name="Steps">The steps in the order of calculation; none for a prospect.</param>
/// <param name="Prospect">What a prospect's value comes from; null for a customer.</param>
public sealed record ExplanationAnswer(
    string Run, DateOnly Date, string Key, string? Currency, string Language, IReadOnlyList<StepAnswer> Steps, ProspectEstimate? Prospect)
{
    /// <summary>Words an explanation.</summary>
    /// <param name="explained">The explanation of somebody whom the run knows.</param>
    /// <param name="language">The language, <c>en</c> or <c>de</c>; null for the run's own.</param>
    public static ExplanationAnswer Of(ExplainedCustomer explained, string? language)
    {
        ArgumentNullException.ThrowIfNull(explained);
        var run = explained.Run!;
        language ??= run.Settings!.Language;
        return new ExplanationAnswer(
            run.Id,
            run.Date,
            explained.Key!.Value.ToString(),
            run.Settings!.Currency,
            language,
            [.. (explained.Explanation?.Steps ?? []).Select(step => new StepAnswer(
                step.Code, step.Symbol, language == "de" ? step.German : step.English, step.Formula, step.Figures, step.Result, step.Unit, step.Model))],
            explained.Prospect);
    }
}

/// <summary>One step of a calculation; see <see cref="ExplanationStep"/>.</summary>
/// <param name="Code">What is calculated.</param>
/// <param name="Symbol">What later formulas call the result.</param>
/// <param name="Label">What it is, in the asker's language.</param>
/// <param name="Formula">How it follows from the figures.</param>
/// <param name="Figures">What goes in.</param>
/// <param name="Result">The result.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Model">The page of docs/models that has the formulas, where they are too long for one line.</param>
public sealed record StepAnswer(
    string Code, string Symbol, string Label, string Formula, IReadOnlyList<Core.Valuation.Figure> Figures, double Result, string Unit, string? Model);
