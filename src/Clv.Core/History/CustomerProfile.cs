using Clv.Core.Callers;

namespace Clv.Core.History;

/// <summary>What a CRM says of a person besides what they bought. Everything may be unknown, which is null.</summary>
public sealed record CustomerProfile
{
    /// <summary>Nothing is known.</summary>
    public static CustomerProfile None { get; } = new();

    /// <summary>
    /// The name of the segment: the column <c>segment</c>, in a file without one the region, and without that the acquisition channel.
    /// </summary>
    public string? Segment { get; init; }

    /// <summary>Where the person lives or is served.</summary>
    public string? Region { get; init; }

    /// <summary>How the person was won, or would be.</summary>
    public string? Channel { get; init; }

    /// <summary>When, as in <see cref="DateOnly.DayNumber"/>.</summary>
    public int? AcquiredOn { get; init; }

    /// <summary>What that cost, in the reporting currency, 0 or more.</summary>
    public Money? AcquisitionCost { get; init; }

    /// <summary>The answer to the net promoter question, 0 to 10.</summary>
    public int? Nps { get; init; }

    /// <summary>How many days after the due date the customer pays on average; 0 for on time or earlier.</summary>
    public int? PaymentDelayDays { get; init; }

    /// <summary>What the CRM takes the person for.</summary>
    public CustomerStatus Status { get; init; }

    /// <summary>Whether the person has agreed to be approached.</summary>
    public bool? Consent { get; init; }

    /// <summary>The pseudonyms of the person's phone numbers and e-mail addresses, by which a caller is found.</summary>
    public CallerKeys Callers { get; init; } = CallerKeys.None;
}

/// <summary>What a CRM takes a person for.</summary>
public enum CustomerStatus
{
    /// <summary>It does not say.</summary>
    Unknown,

    /// <summary>A customer.</summary>
    Customer,

    /// <summary>Somebody who may become one.</summary>
    Prospect,

    /// <summary>Somebody who was one, or declined to become one.</summary>
    Lost,
}
