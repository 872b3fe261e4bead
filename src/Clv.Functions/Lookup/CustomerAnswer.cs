using Clv.Core.Relationship;
using Clv.Core.Valuation;
using Clv.Functions.Storage;

namespace Clv.Functions.Lookup;

/// <summary>A person's score as a lookup answers it: the stored card, with its terms and with labels and sentences in the asker's language.</summary>
/// <param name="Key">The person's pseudonym.</param>
/// <param name="Currency">The currency of the amounts, if the extracts say it.</param>
/// <param name="HorizonWeeks">Weeks of the future that count.</param>
/// <param name="DiscountRate">Discount rate a year, effective.</param>
/// <param name="Language">The language of labels and sentences.</param>
/// <param name="Phase">The phase of the relationship.</param>
/// <param name="Tier">The tier by lifetime value; null for a prospect.</param>
/// <param name="Segment">The segment; null for none.</param>
/// <param name="Value">What the customer is worth; null for a prospect.</param>
/// <param name="ValueLabel">What the amounts are made of.</param>
/// <param name="Costs">What was spent on the customer so far; null for a prospect.</param>
/// <param name="Purchases">The purchases; null for somebody without an occasion.</param>
/// <param name="Contracts">The contracts that run: of very many the first to be renewed.</param>
/// <param name="RunningContracts">How many contracts run.</param>
/// <param name="Prospect">What a prospect is worth; null for a customer.</param>
/// <param name="Behaviour">What behaviour does to the expected purchases; null where none counts.</param>
/// <param name="Action">What to do next; null for nothing.</param>
/// <param name="Change">What changed since the night before; null where there is nothing to compare with.</param>
public sealed record CustomerAnswer(
    string Key,
    string? Currency,
    double HorizonWeeks,
    double DiscountRate,
    string Language,
    Labelled Phase,
    Labelled? Tier,
    string? Segment,
    CardValue? Value,
    string? ValueLabel,
    CustomerCosts? Costs,
    CardPurchases? Purchases,
    IReadOnlyList<ContractWorth> Contracts,
    int RunningContracts,
    ProspectEstimate? Prospect,
    CardBehaviour? Behaviour,
    ActionAnswer? Action,
    ChangeAnswer? Change)
{
    /// <summary>By what several people are put in order: the lifetime value, of a prospect the expected one.</summary>
    internal decimal Worth => Value?.Lifetime ?? Prospect?.Expected ?? 0;

    /// <summary>Words a card.</summary>
    public static CustomerAnswer Of(string key, CustomerCard card, string? currency, double horizonWeeks, double discountRate, Wording wording)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(wording);
        return new CustomerAnswer(
            key,
            currency,
            horizonWeeks,
            discountRate,
            wording.Language,
            new Labelled(Codes.Of(card.Phase), wording.Phase(card.Phase), card.PhaseSince),
            card.Tier is { } tier ? new Labelled(Codes.Of(tier), wording.Tier(tier), card.TierSince) : null,
            card.Segment,
            card.Value,
            card.Value is { } value ? wording.Basis(value.Basis) : null,
            card.Costs,
            card.Purchases,
            card.Contracts,
            card.RunningContracts,
            card.Prospect,
            card.Behaviour,
            card.Action is { } action ? ActionAnswer.Of(action, wording.Action(action, currency ?? "")) : null,
            card.Change is { } change ? ChangeAnswer.Of(change, wording) : null);
    }
}

/// <summary>A code with its label.</summary>
/// <param name="Code">The code.</param>
/// <param name="Label">The label.</param>
/// <param name="Since">The day on which it began; null where that is not known.</param>
public sealed record Labelled(string Code, string Label, DateOnly? Since = null);

/// <summary>What to do next.</summary>
/// <param name="Code">The action's code.</param>
/// <param name="Title">Its name.</param>
/// <param name="Sentence">What the agent can say or do.</param>
/// <param name="Category">The category to offer; null where the action is not about one.</param>
/// <param name="Due">The last day on which it makes sense; null without one.</param>
/// <param name="Reasons">Why, the weightiest first.</param>
public sealed record ActionAnswer(string Code, string Title, string Sentence, string? Category, DateOnly? Due, IReadOnlyList<ReasonAnswer> Reasons)
{
    internal static ActionAnswer Of(NextAction action, ActionWording words) => new(
        Codes.Of(action.Kind),
        words.Title,
        words.Sentence,
        action.Category,
        action.Due is { } day ? DateOnly.FromDayNumber(day) : null,
        [.. action.Reasons.Zip(words.Reasons, static (reason, sentence) => new ReasonAnswer(Codes.Of(reason.Kind), sentence, reason.Figures, reason.Text))]);
}

/// <summary>A reason.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Sentence">The reason in words, with its figures.</param>
/// <param name="Figures">The figures by name.</param>
/// <param name="Text">A name in it; null without one.</param>
public sealed record ReasonAnswer(string Code, string Sentence, IReadOnlyDictionary<string, decimal> Figures, string? Text);

/// <summary>How the lifetime value moved since the night before; the parts add up to the total.</summary>
/// <param name="Total">The change of the lifetime value.</param>
/// <param name="Historic">What happened.</param>
/// <param name="Behaviour">Of the future value, what the customer did or did not do.</param>
/// <param name="Model">Of the future value, what the models' change did.</param>
/// <param name="Causes">Why, the weightiest first.</param>
public sealed record ChangeAnswer(decimal Total, decimal Historic, decimal Behaviour, decimal Model, IReadOnlyList<Labelled> Causes)
{
    internal static ChangeAnswer Of(ValueChange change, Wording wording) => new(
        change.Total,
        change.Historic,
        change.Behaviour,
        change.Model,
        [.. change.Causes.Select(cause => new Labelled(Codes.Of(cause), wording.Cause(cause)))]);
}
