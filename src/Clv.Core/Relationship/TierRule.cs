namespace Clv.Core.Relationship;

/// <summary>The tier of a lifetime value.</summary>
internal static class TierRule
{
    /// <summary>The tier; null where there are no thresholds.</summary>
    /// <param name="lifetime">The lifetime value.</param>
    /// <param name="thresholds">Where tiers begin.</param>
    /// <param name="band">How far beyond a threshold, as a share of it, a value must be to leave the tier it is held in.</param>
    /// <param name="held">That tier; null for a person seen first.</param>
    public static ValueTier? Of(decimal lifetime, TierThresholds? thresholds, double band, ValueTier? held) => thresholds is null ? null
        : lifetime >= Shifted(thresholds.Top, band, held, below: ValueTier.Middle) ? ValueTier.Top
        : lifetime >= Shifted(thresholds.Middle, band, held, below: ValueTier.Base) ? ValueTier.Middle
        : ValueTier.Base;

    private static decimal Shifted(decimal threshold, double band, ValueTier? held, ValueTier below) => held is null
        ? threshold
        : threshold + (Math.Abs(threshold) * (decimal)band * (held >= below ? 1 : -1));
}
