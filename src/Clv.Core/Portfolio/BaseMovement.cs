using System.Numerics;
using Clv.Core.Relationship;
using Clv.Core.Valuation;

namespace Clv.Core.Portfolio;

/// <summary>How the value of all customers moved since the last published night. Only who has bought or signed something is one.</summary>
public sealed record BaseMovement : IAdditionOperators<BaseMovement, BaseMovement, BaseMovement>
{
    /// <summary>No movement of nobody.</summary>
    public static BaseMovement None { get; } = new();

    /// <summary>Customers last night.</summary>
    public long Opening { get; init; }

    /// <summary>Customers tonight who were none last night, prospects who were won among them.</summary>
    public long New { get; init; }

    /// <summary>Customers last night who are none tonight: no longer in the data, or with everything they bought withdrawn.</summary>
    public long Gone { get; init; }

    /// <summary>Customers tonight: <see cref="Opening"/> and <see cref="New"/> less <see cref="Gone"/>.</summary>
    public long Closing { get; init; }

    /// <summary>Of them, those whose phase turned to lost or leaving tonight.</summary>
    public long Turned { get; init; }

    /// <summary>How the future value moved.</summary>
    public ValueMovement Future { get; init; } = ValueMovement.None;

    /// <summary>How the lifetime value moved.</summary>
    public ValueMovement Lifetime { get; init; } = ValueMovement.None;

    /// <summary>The movement of both.</summary>
    public static BaseMovement operator +(BaseMovement left, BaseMovement right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new()
        {
            Opening = left.Opening + right.Opening,
            New = left.New + right.New,
            Gone = left.Gone + right.Gone,
            Closing = left.Closing + right.Closing,
            Turned = left.Turned + right.Turned,
            Future = left.Future + right.Future,
            Lifetime = left.Lifetime + right.Lifetime,
        };
    }

    /// <summary>The movement of both.</summary>
    public BaseMovement Add(BaseMovement other) => this + other;

    /// <summary>The movement of one person.</summary>
    /// <param name="before">Last night's standing; null for somebody it did not know.</param>
    /// <param name="worth">Tonight's worth; null for somebody who is no customer.</param>
    /// <param name="judgement">Tonight's judgement; null for somebody of whom there is none.</param>
    internal static BaseMovement Of(Standing? before, CustomerWorth? worth, Judgement? judgement)
    {
        var was = before is { IsCustomer: true } ? before : null;
        return (was, worth) switch
        {
            (null, null) => None,
            (null, { } now) => new()
            {
                New = 1,
                Closing = 1,
                Future = new() { New = now.Future, Closing = now.Future },
                Lifetime = new() { New = now.Lifetime, Closing = now.Lifetime },
            },
            ({ } then, null) => new()
            {
                Opening = 1,
                Gone = 1,
                Future = new() { Opening = then.Future, Lost = -then.Future },
                Lifetime = new() { Opening = then.Historic + then.Future, Lost = -(then.Historic + then.Future) },
            },
            ({ } then, { } now) => Stayed(then, now, judgement),
        };
    }

    private static BaseMovement Stayed(Standing then, CustomerWorth now, Judgement? judgement)
    {
        var turned = judgement is not null && HasEnded(judgement.Standing.Phase) && !HasEnded(then.Phase);
        var model = judgement?.Change?.Model ?? 0;
        var behaviour = now.Future - then.Future - model;
        var future = new ValueMovement
        {
            Opening = then.Future,
            Lost = turned ? behaviour : 0,
            Grown = turned ? 0 : Math.Max(0, behaviour),
            Shrunk = turned ? 0 : Math.Min(0, behaviour),
            Model = model,
            Closing = now.Future,
        };
        return new()
        {
            Opening = 1,
            Closing = 1,
            Turned = turned ? 1 : 0,
            Future = future,
            Lifetime = future with
            {
                Opening = then.Historic + then.Future,
                Historic = now.Historic - then.Historic,
                Closing = now.Lifetime,
            },
        };
    }

    private static bool HasEnded(RelationshipPhase phase) => phase is RelationshipPhase.Lost or RelationshipPhase.Leaving;
}

/// <summary>
/// How a value moved. <see cref="Opening"/> and the parts add up to <see cref="Closing"/> exactly, the sum over tonight's customers.
/// </summary>
public sealed record ValueMovement : IAdditionOperators<ValueMovement, ValueMovement, ValueMovement>
{
    /// <summary>Nothing.</summary>
    public static ValueMovement None { get; } = new();

    /// <summary>Last night's value.</summary>
    public decimal Opening { get; init; }

    /// <summary>The whole value of new customers.</summary>
    public decimal New { get; init; }

    /// <summary>
    /// The whole value of customers who are gone, and what behaviour did to the future value of those who turned to lost or leaving.
    /// </summary>
    public decimal Lost { get; init; }

    /// <summary>What behaviour added to the future value of the others, 0 or more.</summary>
    public decimal Grown { get; init; }

    /// <summary>What it took from theirs, 0 or less.</summary>
    public decimal Shrunk { get; init; }

    /// <summary>The change of the historic value of all who stayed; 0 for the future value.</summary>
    public decimal Historic { get; init; }

    /// <summary>What the models' change did to the future value of all who stayed.</summary>
    public decimal Model { get; init; }

    /// <summary>Tonight's value.</summary>
    public decimal Closing { get; init; }

    /// <summary>The movement of both.</summary>
    public static ValueMovement operator +(ValueMovement left, ValueMovement right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new()
        {
            Opening = left.Opening + right.Opening,
            New = left.New + right.New,
            Lost = left.Lost + right.Lost,
            Grown = left.Grown + right.Grown,
            Shrunk = left.Shrunk + right.Shrunk,
            Historic = left.Historic + right.Historic,
            Model = left.Model + right.Model,
            Closing = left.Closing + right.Closing,
        };
    }

    /// <summary>The movement of both.</summary>
    public ValueMovement Add(ValueMovement other) => this + other;
}
