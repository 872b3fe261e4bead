namespace Clv.Core.Portfolio;

/// <summary>What-if changes, all at once.</summary>
/// <param name="Changes">
/// 1 to 100 changes. Where a lever is changed for everybody and for a segment, the segment's change holds there, instead of everybody's.
/// </param>
public sealed record ScenarioRequest(IReadOnlyList<ScenarioChange>? Changes);

/// <summary>One lever moved.</summary>
/// <param name="Lever">What is changed.</param>
/// <param name="Percent">By how much, relative to what it is, -90 to 100: 10 makes an 80 % of something 88 %.</param>
/// <param name="Segment">For which segment; empty for those without one, null for all.</param>
public sealed record ScenarioChange(ScenarioLever Lever, double Percent, string? Segment = null);

/// <summary>What can be changed.</summary>
public enum ScenarioLever
{
    /// <summary>Prices of purchases and contracts, at unchanged volumes and unit costs.</summary>
    Price,

    /// <summary>The share of prospects who become customers.</summary>
    Conversion,

    /// <summary>What is spent on an occasion, at unchanged margins.</summary>
    Upsell,

    /// <summary>The share of customers who stay a year.</summary>
    Retention,

    /// <summary>The cost to serve.</summary>
    ServiceCost,

    /// <summary>The share of revenue that is contribution margin.</summary>
    Margin,
}

/// <summary>A scenario cannot be calculated because of one of its fields.</summary>
public sealed class ScenarioRefusedException : Exception
{
    /// <summary>A refusal.</summary>
    /// <param name="property">The path of the field in the request, such as <c>changes[0].percent</c>.</param>
    /// <param name="message">What is wrong with it and what to do.</param>
    public ScenarioRefusedException(string property, string message)
        : base(message) => Property = property;

    /// <summary>The path of the field in the request.</summary>
    public string Property { get; }
}
