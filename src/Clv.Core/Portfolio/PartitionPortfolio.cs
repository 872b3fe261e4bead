namespace Clv.Core.Portfolio;

/// <summary>
/// What a partition adds to the portfolio: sums that merge exactly, in any order, and are written down as JSON. Nothing of one person.
/// </summary>
public sealed record PartitionPortfolio
{
    /// <summary>Nobody.</summary>
    public static PartitionPortfolio None => new();

    /// <summary>Sums over everybody.</summary>
    public ValueTotals Total { get; init; } = ValueTotals.None;

    /// <summary>Sums by phase, by its code such as <c>atRisk</c>.</summary>
    public Groups<ValueTotals> Phases { get; init; } = new();

    /// <summary>Sums by tier, by its code; who is no customer has none.</summary>
    public Groups<ValueTotals> Tiers { get; init; } = new();

    /// <summary>Sums by segment.</summary>
    public Groups<ValueTotals> Segments { get; init; } = new();

    /// <summary>Sums by channel of acquisition.</summary>
    public Groups<ValueTotals> Channels { get; init; } = new();

    /// <summary>Sums by cohort, such as <c>2024-Q3</c>.</summary>
    public Groups<ValueTotals> Cohorts { get; init; } = new();

    /// <summary>How the value moved since last night.</summary>
    public BaseMovement Movement { get; init; } = BaseMovement.None;

    /// <summary>What acquisition cost and brought, by channel.</summary>
    public Groups<AcquisitionTotals> AcquisitionChannels { get; init; } = new();

    /// <summary>The same by cohort.</summary>
    public Groups<AcquisitionTotals> AcquisitionCohorts { get; init; } = new();

    /// <summary>The same by both, the names joined by U+001F.</summary>
    public Groups<AcquisitionTotals> AcquisitionCells { get; init; } = new();

    /// <summary>What actions are about, by segment and the action's code, joined by U+001F.</summary>
    public Groups<BudgetTotals> Budget { get; init; } = new();

    /// <summary>What scenarios start from, by segment.</summary>
    public Groups<ScenarioTotals> Scenarios { get; init; } = new();

    /// <summary>Both together; neither is changed.</summary>
    public PartitionPortfolio Merge(PartitionPortfolio other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new()
        {
            Total = Total + other.Total,
            Phases = Phases.Merge(other.Phases),
            Tiers = Tiers.Merge(other.Tiers),
            Segments = Segments.Merge(other.Segments),
            Channels = Channels.Merge(other.Channels),
            Cohorts = Cohorts.Merge(other.Cohorts),
            Movement = Movement + other.Movement,
            AcquisitionChannels = AcquisitionChannels.Merge(other.AcquisitionChannels),
            AcquisitionCohorts = AcquisitionCohorts.Merge(other.AcquisitionCohorts),
            AcquisitionCells = AcquisitionCells.Merge(other.AcquisitionCells),
            Budget = Budget.Merge(other.Budget),
            Scenarios = Scenarios.Merge(other.Scenarios),
        };
    }
}
