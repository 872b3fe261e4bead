using Clv.Core.History;
using Clv.Core.Relationship;
using Clv.Functions.Lookup;

namespace Clv.Functions.Privacy;

/// <summary>Everything that is held of a person in the published run: what the person may ask for (right of access).</summary>
public sealed record PersonRecord
{
    /// <summary>The run; null before the first.</summary>
    public ServedRun? Run { get; init; }

    /// <summary>The pseudonym.</summary>
    public required string Key { get; init; }

    /// <summary>The id in its one spelling; null when the run does not know the person.</summary>
    public string? CustomerId { get; init; }

    /// <summary>The currency of all amounts, if it is stated.</summary>
    public string? Currency { get; init; }

    /// <summary>The erasure that keeps the person out; null for none.</summary>
    public ErasureAnswer? Erasure { get; init; }

    /// <summary>What the CRM says of the person.</summary>
    public RecordedProfile? Profile { get; init; }

    /// <summary>Purchases and returns, by day.</summary>
    public IReadOnlyList<RecordedTransaction> Transactions { get; init; } = [];

    /// <summary>Contracts.</summary>
    public IReadOnlyList<RecordedContract> Contracts { get; init; } = [];

    /// <summary>Contacts.</summary>
    public IReadOnlyList<RecordedInteraction> Interactions { get; init; } = [];

    /// <summary>Where the person stood when the run was published.</summary>
    public RecordedStanding? Standing { get; init; }

    /// <summary>The score as lookups give it.</summary>
    public CustomerAnswer? Score { get; init; }

    /// <summary>The row of the exported scores, with its columns' names; null where there is none.</summary>
    public IReadOnlyDictionary<string, string>? Exported { get; init; }

    /// <summary>What had changed when the run was published, as it was told to campaign tools.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Events { get; init; } = [];

    /// <summary>Rows of tonight's extracts that could not be used and may be the person's: where they stand, and not the rows, which could be somebody else's.</summary>
    public IReadOnlyList<RecordedQuarantine> SetAside { get; init; } = [];

    /// <summary>Whether anything is held of the person.</summary>
    public bool IsKnown() => CustomerId is not null || Score is not null || Standing is not null || SetAside.Count > 0 || Events.Count > 0
        || Exported is not null;
}

/// <summary>A purchase or return.</summary>
/// <param name="Id">Its id; null for none.</param>
/// <param name="Date">Its day.</param>
/// <param name="Amount">Its amount; negative for a return.</param>
/// <param name="Margin">What is left of it after the costs of what was sold; null when that is not known.</param>
/// <param name="Category">What was bought; null when that is not known.</param>
public sealed record RecordedTransaction(string? Id, DateOnly Date, decimal Amount, decimal? Margin, string? Category);

/// <summary>What the CRM says of a person.</summary>
/// <param name="Status">What it takes the person for.</param>
/// <param name="Segment">The segment.</param>
/// <param name="Region">Where the person lives or is served.</param>
/// <param name="AcquisitionChannel">How the person was won.</param>
/// <param name="AcquiredOn">When.</param>
/// <param name="AcquisitionCost">What that cost.</param>
/// <param name="Nps">The answer to the net promoter question, 0 to 10.</param>
/// <param name="PaymentDelayDays">Days after the due date on which the person pays on average.</param>
/// <param name="Consent">Whether the person agreed to be approached.</param>
/// <param name="Callers">The person's phone numbers and e-mail addresses, of which only these hashes are held.</param>
public sealed record RecordedProfile(
    CustomerStatus Status,
    string? Segment,
    string? Region,
    string? AcquisitionChannel,
    DateOnly? AcquiredOn,
    decimal? AcquisitionCost,
    int? Nps,
    int? PaymentDelayDays,
    bool? Consent,
    IReadOnlyList<string> Callers)
{
    internal static RecordedProfile Of(CustomerProfile profile) => new(
        profile.Status,
        profile.Segment,
        profile.Region,
        profile.Channel,
        RecordedDay.Of(profile.AcquiredOn),
        profile.AcquisitionCost?.ToDecimal(),
        profile.Nps,
        profile.PaymentDelayDays,
        profile.Consent,
        [.. profile.Callers.Select(static caller => caller.ToString())]);
}

/// <summary>A contract.</summary>
/// <param name="Id">Its id.</param>
/// <param name="StartedOn">Its first day.</param>
/// <param name="TermMonths">Months of a term.</param>
/// <param name="RenewsOn">The next renewal as the CRM states it.</param>
/// <param name="FeePerTerm">What a term brings.</param>
/// <param name="CancelledOn">The day on which it was cancelled; null while it was not.</param>
/// <param name="Product">What it is for.</param>
public sealed record RecordedContract(
    string Id, DateOnly StartedOn, int? TermMonths, DateOnly? RenewsOn, decimal? FeePerTerm, DateOnly? CancelledOn, string? Product)
{
    internal static RecordedContract Of(Contract contract) => new(
        contract.Id,
        DateOnly.FromDayNumber(contract.StartedOn),
        contract.TermMonths,
        RecordedDay.Of(contract.RenewsOn),
        contract.FeePerTerm?.ToDecimal(),
        RecordedDay.Of(contract.CancelledOn),
        contract.Product);
}

/// <summary>A contact.</summary>
/// <param name="Id">Its id; null for none.</param>
/// <param name="Date">Its day.</param>
/// <param name="Kind">What it was.</param>
/// <param name="Cost">What it cost the firm; null when that is not known.</param>
public sealed record RecordedInteraction(string? Id, DateOnly Date, InteractionKind Kind, decimal? Cost)
{
    internal static RecordedInteraction Of(HeldInteraction held) =>
        new(held.Id, DateOnly.FromDayNumber(held.Of.Day), held.Of.Kind, held.Of.Cost?.ToDecimal());
}

/// <summary>Where a person stood.</summary>
/// <param name="Phase">The phase of the relationship.</param>
/// <param name="PhaseSince">The day on which it began.</param>
/// <param name="NextPhase">The phase that the last nights spoke for without it being entered yet.</param>
/// <param name="Tier">The tier by value.</param>
/// <param name="TierSince">The day on which it began.</param>
/// <param name="LastPurchase">The day of the last purchase.</param>
/// <param name="RunningContracts">Contracts that ran uncancelled.</param>
/// <param name="ProbabilityAlive">The probability that the person was still a customer.</param>
/// <param name="Historic">The value so far.</param>
/// <param name="Future">The expected value.</param>
public sealed record RecordedStanding(
    RelationshipPhase Phase,
    DateOnly PhaseSince,
    RelationshipPhase? NextPhase,
    ValueTier? Tier,
    DateOnly? TierSince,
    DateOnly? LastPurchase,
    int RunningContracts,
    double? ProbabilityAlive,
    decimal Historic,
    decimal Future)
{
    internal static RecordedStanding Of(Standing standing) => new(
        standing.Phase,
        DateOnly.FromDayNumber(standing.PhaseSince),
        standing.NextPhase,
        standing.Tier,
        RecordedDay.Of(standing.TierSince),
        RecordedDay.Of(standing.LastPurchase),
        standing.RunningContracts,
        standing.ProbabilityAlive,
        standing.Historic,
        standing.Future);
}

/// <summary>A row that was set aside.</summary>
/// <param name="File">The file of the container clv-quarantine.</param>
/// <param name="Line">The line of the extract.</param>
/// <param name="Column">The column at fault.</param>
/// <param name="Reason">Why it could not be used.</param>
public sealed record RecordedQuarantine(string File, long Line, string Column, string Reason);

/// <summary>Days as the history has them.</summary>
internal static class RecordedDay
{
    public static DateOnly? Of(int? day) => day is { } number ? DateOnly.FromDayNumber(number) : null;
}
