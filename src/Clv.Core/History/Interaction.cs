namespace Clv.Core.History;

/// <summary>One contact with a customer that is no purchase.</summary>
/// <param name="Day">Its day as in <see cref="DateOnly.DayNumber"/>.</param>
/// <param name="Kind">What it was.</param>
/// <param name="Cost">What it cost the firm, in the reporting currency, 0 or more; null when the extract does not say.</param>
public readonly record struct Interaction(int Day, InteractionKind Kind, Money? Cost);

/// <summary>What a contact was.</summary>
public enum InteractionKind
{
    /// <summary>A call or message to the service.</summary>
    ServiceCall,

    /// <summary>A complaint.</summary>
    Complaint,

    /// <summary>A campaign's message was opened.</summary>
    CampaignOpen,

    /// <summary>A link in a campaign's message was followed.</summary>
    CampaignClick,

    /// <summary>A mention in social media.</summary>
    Social,

    /// <summary>A visit to the shop or site.</summary>
    Visit,

    /// <summary>A return was handled; its amount is a transaction's.</summary>
    Return,
}

/// <summary>How many contacts of each kind there were in some period.</summary>
/// <param name="ServiceCalls">Calls to the service.</param>
/// <param name="Complaints">Complaints.</param>
/// <param name="Opens">Campaign messages opened.</param>
/// <param name="Clicks">Campaign links followed.</param>
/// <param name="Social">Social mentions.</param>
/// <param name="Visits">Visits.</param>
/// <param name="Returns">Returns handled.</param>
public sealed record InteractionCounts(int ServiceCalls, int Complaints, int Opens, int Clicks, int Social, int Visits, int Returns)
{
    /// <summary>No contact.</summary>
    public static InteractionCounts None { get; } = new(0, 0, 0, 0, 0, 0, 0);

    /// <summary>All contacts together.</summary>
    public int Total => ServiceCalls + Complaints + Opens + Clicks + Social + Visits + Returns;
}

/// <summary>What contacts cost so far, in the reporting currency, by whom they are charged to.</summary>
/// <param name="Service">Service calls, complaints and social mentions.</param>
/// <param name="Campaigns">Opens, clicks and visits.</param>
/// <param name="Returns">The handling of returns.</param>
public readonly record struct InteractionCosts(Money Service, Money Campaigns, Money Returns)
{
    /// <summary>All of it.</summary>
    public Money Total => Service + Campaigns + Returns;
}
