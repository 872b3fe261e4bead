using Clv.Core.History;

namespace Clv.Core.Valuation;

/// <summary>
/// What behaviour beside purchases tells of those to come: expected purchases are multiplied by <c>exp(level + sum of coefficient x (measure - mean))</c>.
/// Estimated on held-out weeks, never assumed. See docs/models/behaviour.md.
/// </summary>
/// <param name="Level">Keeps the total of all customers' expectations where it is without effects.</param>
/// <param name="Effects">The effects that count, in the order of <see cref="BehaviourMeasure"/>.</param>
public sealed record BehaviourEffects(double Level, IReadOnlyList<BehaviourEffect> Effects)
{
    /// <summary>What a customer's expected purchases are multiplied by, above 0.</summary>
    /// <param name="profile">What the CRM says of the customer; null for nothing.</param>
    /// <param name="lastYear">The customer's contacts of the last year.</param>
    public double Factor(CustomerProfile? profile, InteractionCounts lastYear)
    {
        var sum = Level;
        foreach (var effect in Effects)
        {
            sum += effect.Of(BehaviourMeasures.Of(effect.Measure, profile, lastYear));
        }

        return Math.Exp(sum);
    }
}

/// <summary>The effect of one measure.</summary>
/// <param name="Measure">The measure.</param>
/// <param name="Coefficient">Change in the logarithm of expected purchases per unit of the measure.</param>
/// <param name="StandardError">Its standard error.</param>
/// <param name="Mean">The measure's mean among customers who have it, at which the effect is none.</param>
/// <param name="Customers">Customers who have the measure.</param>
public sealed record BehaviourEffect(BehaviourMeasure Measure, double Coefficient, double StandardError, double Mean, long Customers)
{
    /// <summary>A measure beyond this counts as this much: the few who show more tell nothing of it; null for no limit.</summary>
    public double? Highest { get; init; }

    /// <summary>The effect on the logarithm of expected purchases; 0 for a customer of whom the measure is not known.</summary>
    public double Of(double? measure) => measure is { } known ? Coefficient * ((known > Highest ? Highest.Value : known) - Mean) : 0;
}

/// <summary>What is measured of behaviour.</summary>
public enum BehaviourMeasure
{
    /// <summary>The answer to the net promoter question, 0 to 10.</summary>
    Nps,

    /// <summary>ln(1 + days of paying late).</summary>
    PaymentDelay,

    /// <summary>ln(1 + service calls of the last year).</summary>
    ServiceCalls,

    /// <summary>ln(1 + complaints of the last year).</summary>
    Complaints,

    /// <summary>ln(1 + campaign messages opened in the last year).</summary>
    CampaignOpens,

    /// <summary>ln(1 + campaign links followed in the last year).</summary>
    CampaignClicks,

    /// <summary>ln(1 + social mentions of the last year).</summary>
    Social,

    /// <summary>ln(1 + visits of the last year).</summary>
    Visits,
}

/// <summary>Measures behaviour.</summary>
public static class BehaviourMeasures
{
    /// <summary>A customer's measure; null when it is not known.</summary>
    /// <param name="measure">Which one.</param>
    /// <param name="profile">What the CRM says of the customer; null for nothing.</param>
    /// <param name="lastYear">The customer's contacts of a year.</param>
    public static double? Of(BehaviourMeasure measure, CustomerProfile? profile, InteractionCounts lastYear)
    {
        ArgumentNullException.ThrowIfNull(lastYear);
        return measure switch
        {
            BehaviourMeasure.Nps => profile?.Nps,
            BehaviourMeasure.PaymentDelay => profile?.PaymentDelayDays is { } days ? Math.Log(1.0 + days) : null,
            BehaviourMeasure.ServiceCalls => Math.Log(1.0 + lastYear.ServiceCalls),
            BehaviourMeasure.Complaints => Math.Log(1.0 + lastYear.Complaints),
            BehaviourMeasure.CampaignOpens => Math.Log(1.0 + lastYear.Opens),
            BehaviourMeasure.CampaignClicks => Math.Log(1.0 + lastYear.Clicks),
            BehaviourMeasure.Social => Math.Log(1.0 + lastYear.Social),
            BehaviourMeasure.Visits => Math.Log(1.0 + lastYear.Visits),
            _ => throw new ArgumentOutOfRangeException(nameof(measure)),
        };
    }
}
