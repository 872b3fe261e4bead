using Clv.Core.Valuation;

namespace Clv.Core.Estimation;

/// <summary>What behaviour beside purchases was found to tell of those to come.</summary>
public sealed record BehaviourEstimate
{
    /// <summary>The effects that count; null where none does.</summary>
    public BehaviourEffects? Effects { get; init; }

    /// <summary>What became of each measure, in the order of <see cref="BehaviourMeasure"/>; empty where none was tried.</summary>
    public IReadOnlyList<MeasureResult> Measures { get; init; } = [];

    /// <summary>
    /// By how much the effects lower the Poisson deviance of the held-out occasions of customers who had no part in their estimation; null where
    /// there was nothing to measure.
    /// </summary>
    public double? DevianceGain { get; init; }

    /// <summary>What came of it: one plain sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>The effects of last night, with the models that they belong to.</summary>
    /// <param name="effects">The effects; null for none.</param>
    internal static BehaviourEstimate Kept(BehaviourEffects? effects) => new()
    {
        Effects = effects,
        Reason = "The last accepted models of purchases stay in use, and with them what behaviour was found to do to their expectations.",
    };
}

/// <summary>What became of one measure.</summary>
/// <param name="Measure">The measure.</param>
/// <param name="Customers">
/// Customers at the cutoff who had it: of whom the score or the delay is known, or with at least one such contact in the year.
/// </param>
/// <param name="Coefficient">Change in the logarithm of expected purchases per unit of the measure; null where it was not estimated.</param>
/// <param name="StandardError">Its standard error, likewise.</param>
/// <param name="Kept">Whether it counts.</param>
/// <param name="Reason">Why, or why not: one plain sentence.</param>
public sealed record MeasureResult(BehaviourMeasure Measure, long Customers, double? Coefficient, double? StandardError, bool Kept, string Reason);
