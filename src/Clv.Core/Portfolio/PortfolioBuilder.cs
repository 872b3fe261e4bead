using Clv.Core.History;
using Clv.Core.Industry;
using Clv.Core.Relationship;
using Clv.Core.Valuation;

namespace Clv.Core.Portfolio;

/// <summary>
/// Adds up a partition's people. Who is neither a customer nor a prospect counts apart, with what was spent on them. Not safe for use from
/// several threads at once.
/// </summary>
/// <param name="today">The last day of the observation window, as in <see cref="DateOnly.DayNumber"/>.</param>
/// <param name="terms">The horizon and the discount rate that values were made with.</param>
/// <param name="profile">The firm's profile.</param>
public sealed class PortfolioBuilder(int today, ValuationTerms terms, IndustryProfile profile)
{
    private readonly PartitionPortfolio _sums = new();
    private ValueTotals _total = ValueTotals.None;
    private BaseMovement _movement = BaseMovement.None;

    /// <summary>Adds a person of tonight's.</summary>
    /// <param name="facts">What is known of the person.</param>
    /// <param name="worth">What the person is worth; null for a prospect.</param>
    /// <param name="judgement">Tonight's judgement.</param>
    /// <param name="prospect">What a prospect is worth; null for anybody else, and where it is not known.</param>
    /// <param name="before">Last night's standing; null without one.</param>
    /// <exception cref="ArgumentException">A customer has no worth.</exception>
    public void Add(CustomerFacts facts, CustomerWorth? worth, Judgement judgement, ProspectEstimate? prospect, Standing? before)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(judgement);
        var customer = !facts.IsCustomer ? null : worth ?? throw new ArgumentException("A customer has a worth.", nameof(worth));
        var (segment, channel, cohort) = (facts.Profile?.Segment ?? "", facts.Profile?.Channel ?? "", Cohort.Of(facts));
        var totals = customer is not null ? ValueTotals.OfCustomer(customer)
            : facts.IsProspect ? ValueTotals.OfProspect(prospect)
            : ValueTotals.OfOther(worth);

        _total += totals;
        _sums.Phases.Add(Codes.Of(judgement.Standing.Phase), totals);
        _sums.Tiers.Add(judgement.Standing.Tier is { } tier ? Codes.Of(tier) : "", totals);
        _sums.Segments.Add(segment, totals);
        _sums.Channels.Add(channel, totals);
        _sums.Cohorts.Add(cohort, totals);
        _movement += BaseMovement.Of(before, customer, judgement);
        if (facts.IsProspect)
        {
            _sums.Scenarios.Add(segment, ScenarioTotals.OfProspect(prospect));
        }

        if (customer is not null)
        {
            _sums.Scenarios.Add(segment, ScenarioTotals.OfCustomer(facts, customer, today, terms));
            var acquisition = AcquisitionTotals.Of(facts, customer, today, profile.Contracts.FeesInTransactions);
            _sums.AcquisitionChannels.Add(channel, acquisition);
            _sums.AcquisitionCohorts.Add(cohort, acquisition);
            _sums.AcquisitionCells.Add(channel + AcquisitionReport.Separator + cohort, acquisition);
        }

        if (judgement.Action is { } action)
        {
            var stake = ActionStake.Of(action, customer, customer is null ? prospect : null);
            _sums.Budget.Add(BudgetRow.Name(segment, action.Kind), new BudgetTotals(1, stake));
        }
    }

    /// <summary>Adds somebody whom last night knew and tonight does not.</summary>
    /// <param name="before">Last night's standing.</param>
    public void Gone(Standing before)
    {
        ArgumentNullException.ThrowIfNull(before);
        _movement += BaseMovement.Of(before, null, null);
    }

    /// <summary>The sums. Called once, at the end.</summary>
    public PartitionPortfolio Build() => _sums with { Total = _total, Movement = _movement };
}
