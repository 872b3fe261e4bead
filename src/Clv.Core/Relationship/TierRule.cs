namespace Clv.Core.Relationship;

/// <summary>The tier of a lifetime value.</summary>
internal static class TierRule
{
    // A threshold near 0 has a band too: a share of this part of the distance between both.
    private const decimal LeastWidth = 0.1m;

    /// <summary>
    /// The tier; null where there are no thresholds. Nobody is of the top tier whose value is not above 0, or no more than that of the least
    /// of the middle tier.
    /// </summary>
    /// <param name="lifetime">The lifetime value.</param>
    /// <param name="thresholds">Where tiers begin.</param>
    /// <param name="band">How far beyond a threshold, as a share of it or of a tenth of the distance between both if that is more, a value must be to leave the tier it is held in.</param>
    /// <param name="held">That tier; null for a person seen first.</param>
    public static ValueTier? Of(decimal lifetime, TierThresholds? thresholds, double band, ValueTier? held)
    {
        return thresholds is null ? null
        : lifetime > 0 && lifetime >= Shifted(thresholds.Top, ValueTier.Middle) && (lifetime > thresholds.Top || thresholds.Top > thresholds.Middle)
            ? ValueTier.Top
        : lifetime >= Shifted(thresholds.Middle, ValueTier.Base) ? ValueTier.Middle
        : ValueTier.Base;

        decimal Shifted(decimal threshold, ValueTier below) => held is null
            ? threshold
            : threshold + ((held >= below ? 1 : -1) * (decimal)band * Math.Max(Math.Abs(threshold), LeastWidth * (thresholds.Top - thresholds.Middle)));
    }
}
