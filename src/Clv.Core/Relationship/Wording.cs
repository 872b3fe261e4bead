using Clv.Core.Valuation;

namespace Clv.Core.Relationship;

/// <summary>What an agent reads of a customer, in the agent's language and without terms of statistics.</summary>
public abstract class Wording
{
    private readonly WordedFigures _figures;

    private protected Wording(WordedFigures figures) => _figures = figures;

    /// <summary>The codes of the languages there are.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["de", "en"];

    /// <summary>The language's code, <c>de</c> or <c>en</c>.</summary>
    public abstract string Language { get; }

    /// <summary>The wording of a language: German for <c>de</c> and its regions such as <c>de-AT</c>, English for any other.</summary>
    public static Wording Of(string language)
    {
        ArgumentNullException.ThrowIfNull(language);
        return language.Split('-', '_')[0].Equals("de", StringComparison.OrdinalIgnoreCase) ? GermanWording.Instance : EnglishWording.Instance;
    }

    /// <summary>The name of a phase.</summary>
    public abstract string Phase(RelationshipPhase phase);

    /// <summary>The name of a tier.</summary>
    public abstract string Tier(ValueTier tier);

    /// <summary>What values are made of.</summary>
    public abstract string Basis(ValueBasis basis);

    /// <summary>Why a value moved, as a short sentence.</summary>
    public abstract string Cause(ChangeCause cause);

    /// <summary>The name of a kind of event.</summary>
    public abstract string Event(EventKind kind);

    /// <summary>The short name of an action.</summary>
    public abstract string Title(ActionKind kind);

    /// <summary>An action with what to say or do.</summary>
    /// <param name="action">The action.</param>
    /// <param name="currency">Three-letter code of the reporting currency.</param>
    public ActionWording Action(NextAction action, string currency)
    {
        ArgumentNullException.ThrowIfNull(action);
        return new(Title(action.Kind), Sentence(action), [.. action.Reasons.Select(reason => Reason(reason, currency))]);
    }

    /// <summary>A reason as a sentence with its figures.</summary>
    /// <param name="reason">The reason, with the figures that its <see cref="ReasonKind"/> names.</param>
    /// <param name="currency">Three-letter code of the reporting currency.</param>
    /// <exception cref="KeyNotFoundException">A figure that is not optional is missing.</exception>
    public abstract string Reason(Reason reason, string currency);

    /// <summary>How much a value moved, as a sentence.</summary>
    /// <param name="change">The change.</param>
    /// <param name="currency">Three-letter code of the reporting currency.</param>
    public abstract string Change(ValueChange change, string currency);

    /// <summary>An amount of money, whole units from 100 on.</summary>
    /// <param name="value">The amount.</param>
    /// <param name="currency">Its three-letter code.</param>
    public string Money(decimal value, string currency) => _figures.Money(value, currency);

    /// <summary>A share of 1 in whole per cent.</summary>
    public string Percent(decimal share) => _figures.Percent(share);

    /// <summary>A day.</summary>
    public string Day(DateOnly day) => _figures.Day(day);

    /// <summary>A number with a fixed number of decimals.</summary>
    public string Number(decimal value, int decimals = 0) => _figures.Number(value, decimals);

    /// <summary>A number of days.</summary>
    public abstract string Days(decimal days);

    /// <summary>What the agent says to the customer, or does.</summary>
    protected abstract string Sentence(NextAction action);

    private protected string Count(decimal number, string one, string many) => _figures.Count(number, one, many);

    private protected static bool Tells(NextAction action, ReasonKind kind) => action.Reasons.Any(reason => reason.Kind == kind);

    private protected static ArgumentOutOfRangeException Unknown<TEnum>(TEnum value)
        where TEnum : struct, Enum => new(nameof(value), value, $"{typeof(TEnum).Name} has no such value.");
}

/// <summary>An action in words.</summary>
/// <param name="Title">Its short name.</param>
/// <param name="Sentence">What to say to the customer, in quotation marks, or to do.</param>
/// <param name="Reasons">Why, a sentence for each reason.</param>
public sealed record ActionWording(string Title, string Sentence, IReadOnlyList<string> Reasons);
