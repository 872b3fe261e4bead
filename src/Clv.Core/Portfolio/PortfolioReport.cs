using Clv.Core.Industry;
using Clv.Core.Valuation;

namespace Clv.Core.Portfolio;

/// <summary>
/// What all customers are worth, how that moved, what acquisition brings, where the next euro does most, and what scenarios start from.
/// Money is in cents of the reporting currency; sums over customers are exact.
/// </summary>
public sealed record PortfolioReport
{
    /// <summary>Weeks of the future that count.</summary>
    public required double HorizonWeeks { get; init; }

    /// <summary>The discount rate a year.</summary>
    public required double DiscountRate { get; init; }

    /// <summary>Sums over everybody.</summary>
    public required ValueTotals Total { get; init; }

    /// <summary>Sums by phase, by its code.</summary>
    public required IReadOnlyList<PortfolioGroup> Phases { get; init; }

    /// <summary>Sums by tier, by its code; the empty name is people without one.</summary>
    public required IReadOnlyList<PortfolioGroup> Tiers { get; init; }

    /// <summary>Sums by segment.</summary>
    public required IReadOnlyList<PortfolioGroup> Segments { get; init; }

    /// <summary>Sums by channel of acquisition.</summary>
    public required IReadOnlyList<PortfolioGroup> Channels { get; init; }

    /// <summary>Sums by cohort.</summary>
    public required IReadOnlyList<PortfolioGroup> Cohorts { get; init; }

    /// <summary>How the value moved since last night; null when it knew no customer.</summary>
    public BaseMovement? Movement { get; init; }

    /// <summary>What acquisition costs and brings.</summary>
    public required AcquisitionReport Acquisition { get; init; }

    /// <summary>Where the next euro does most, the best first.</summary>
    public required IReadOnlyList<BudgetRow> Budget { get; init; }

    /// <summary>What scenarios start from.</summary>
    public required ScenarioBase Scenarios { get; init; }

    /// <summary>What is not known, and which parts are off for it.</summary>
    public required IReadOnlyList<PortfolioNote> Notes { get; init; }

    /// <summary>The report of all partitions.</summary>
    /// <param name="all">All partitions merged.</param>
    /// <param name="terms">The horizon and the discount rate that values were made with.</param>
    /// <param name="profile">The firm's profile: what acquisition is measured by, and what it believes of actions.</param>
    public static PortfolioReport Of(PartitionPortfolio all, ValuationTerms terms, IndustryProfile profile)
    {
        ArgumentNullException.ThrowIfNull(all);
        ArgumentNullException.ThrowIfNull(profile);
        var acquisition = AcquisitionReport.Of(all, terms, profile);
        return new()
        {
            HorizonWeeks = terms.HorizonWeeks,
            DiscountRate = terms.AnnualRate,
            Total = all.Total,
            Phases = Rows(all.Phases),
            Tiers = Rows(all.Tiers),
            Segments = Rows(all.Segments),
            Channels = Rows(all.Channels),
            Cohorts = Rows(all.Cohorts),
            Movement = all.Movement.Opening > 0 ? all.Movement : null,
            Acquisition = acquisition,
            Budget = BudgetRow.Of(all.Budget, profile.Actions),
            Scenarios = new ScenarioBase(all.Scenarios),
            Notes = [.. NotesOn(all, acquisition, profile)],
        };
    }

    private static IReadOnlyList<PortfolioGroup> Rows(Groups<ValueTotals> groups) =>
        groups.Rows((name, totals) => new PortfolioGroup(name, totals));

    private static IEnumerable<PortfolioNote> NotesOn(PartitionPortfolio all, AcquisitionReport acquisition, IndustryProfile profile)
    {
        if (all.Total.OnRevenue > 0)
        {
            yield return PortfolioNote.MarginsUnknown;
        }

        if (all.Movement.Opening == 0)
        {
            yield return PortfolioNote.NoLastNight;
        }

        if (acquisition.Total is { } total && total.KnownCosts < total.Customers)
        {
            yield return total.KnownCosts == 0 ? PortfolioNote.AcquisitionCostsUnknown : PortfolioNote.AcquisitionCostsPartlyUnknown;
        }

        if (profile.Actions.Assumptions.Count == 0)
        {
            yield return PortfolioNote.NoActionAssumptions;
        }

        if (all.Scenarios.Rows((_, totals) => totals).Any(totals => totals.WithInterval < totals.Customers))
        {
            yield return PortfolioNote.IntervalsMissing;
        }

        if (all.Total.Prospects > 0 && all.Scenarios.Rows((_, totals) => totals.ProspectsIfWon).All(value => value == 0))
        {
            yield return PortfolioNote.ProspectsUnknown;
        }

        Groups<ValueTotals>[] grouped = [all.Segments, all.Channels, all.Cohorts];
        if (grouped.Any(groups => groups.Others is not null) || all.AcquisitionCells.Others is not null || all.Budget.Others is not null)
        {
            yield return PortfolioNote.GroupsPutTogether;
        }
    }
}

/// <summary>Sums over a group of people.</summary>
/// <param name="Name">Its name; empty for people of whom it is not known, null for all beyond those kept apart.</param>
/// <param name="Totals">The sums.</param>
public sealed record PortfolioGroup(string? Name, ValueTotals Totals);

/// <summary>What a report does not know.</summary>
public enum PortfolioNote
{
    /// <summary>Margins of some customers are not known: their amounts are revenue.</summary>
    MarginsUnknown,

    /// <summary>Last night knew no customer: there is no movement.</summary>
    NoLastNight,

    /// <summary>Nobody's acquisition cost is known: costs, ratios and paybacks are off.</summary>
    AcquisitionCostsUnknown,

    /// <summary>Some customers' acquisition cost is not known: costs, ratios and paybacks are those of the others.</summary>
    AcquisitionCostsPartlyUnknown,

    /// <summary>The profile assumes nothing of actions: the budget has stakes, but no costs and gains.</summary>
    NoActionAssumptions,

    /// <summary>Some customers' future value has no interval: the ranges of scenarios are without their chance.</summary>
    IntervalsMissing,

    /// <summary>Prospects cannot be valued: there are no customers to compare them with.</summary>
    ProspectsUnknown,

    /// <summary>There are more groups than are kept apart: the others are one row without a name.</summary>
    GroupsPutTogether,
}
