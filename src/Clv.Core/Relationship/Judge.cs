using Clv.Core.History;
using Clv.Core.Industry;
using Clv.Core.Valuation;

namespace Clv.Core.Relationship;

/// <summary>Tells of each person of a night where they stand, what to do next and what has changed. See docs/relationship.md.</summary>
/// <param name="profile">Thresholds and what the firm knows of its business.</param>
/// <param name="ranking">What tonight's customers together tell.</param>
/// <param name="endDay">Tonight's last day, as in <see cref="DateOnly.DayNumber"/>.</param>
/// <param name="horizonWeeks">Weeks of the future that the values cover.</param>
/// <param name="lastEndDay">
/// The last day of the last published night; null when there is none, and then nothing is told to have changed and renewals alone are events.
/// </param>
public sealed class Judge(IndustryProfile profile, Ranking ranking, int endDay, double horizonWeeks, int? lastEndDay)
{
    private readonly ActionRule _actions = new(profile, ranking, horizonWeeks);
    private readonly EventRule _events = new(profile, lastEndDay);
    private readonly Stake _stake = new(profile, horizonWeeks);

    /// <summary>Judges one person. The same arguments give the same judgement; may be called from several threads.</summary>
    /// <param name="facts">The person.</param>
    /// <param name="worth">What the person is worth, from the same facts; null for a prospect, and for a prospect only.</param>
    /// <param name="before">Where the last published night saw the person; null when it did not.</param>
    /// <param name="futureUnderLastModels">Tonight's future value at last night's models; null where it is not known.</param>
    /// <param name="modelChanged">Whether tonight's models are other than last night's.</param>
    /// <exception cref="ArgumentException">The arguments are not of the same person and night.</exception>
    public Judgement Of(CustomerFacts facts, CustomerWorth? worth, Standing? before, decimal? futureUnderLastModels, bool modelChanged)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (facts.IsProspect != worth is null)
        {
            throw new ArgumentException("A prospect has no worth, and everybody else has one.", nameof(worth));
        }

        if (before is not null && (before.Key != facts.Key || lastEndDay is null))
        {
            throw new ArgumentException("The standing must be the same person's, and of a night whose last day is known.", nameof(before));
        }

        var person = new Situation(facts, worth, endDay, profile.Contracts.FeesInTransactions);
        var measures = PhaseMeasures.Of(person);
        var standing = Stand(person, measures, before);
        var stake = _stake.Of(person, measures);
        return new Judgement
        {
            Standing = standing,
            Action = _actions.Of(person, measures, standing.Phase, standing.Tier, stake),
            Change = before is null ? null : ChangeRule.Of(before, standing, futureUnderLastModels, modelChanged),
            Events = _events.Of(person, before, standing, stake),
        };
    }

    private Standing Stand(Situation person, PhaseMeasures measures, Standing? before)
    {
        var (facts, worth) = (person.Facts, person.Worth);
        var running = person.Started.Count(contract => !contract.IsCancelled(endDay));
        var cancelled = person.Started.Count - running;
        var bought = before is not null && before.LastPurchase != person.LastPurchase;
        var explained = before is not null
            && (bought
                || before.RunningContracts != running
                || before.CancelledContracts != cancelled
                || (before.Phase == RelationshipPhase.Prospect) != facts.IsProspect);
        // What a purchase explains is no noise for a band to keep out.
        var tonight = PhaseRule.Raw(measures, profile.Phases, bought ? null : before?.Phase);
        var course = PhaseCourse.After(before, tonight, explained, profile.Phases, lastEndDay, endDay);
        // Somebody who never bought or signed anything has no value to be ordered by.
        var tier = worth is null || !facts.IsCustomer ? null : TierRule.Of(worth.Lifetime, ranking.Tiers, profile.Tiers.Band, before?.Tier);
        return new Standing
        {
            Key = facts.Key,
            Phase = course.Phase,
            PhaseSince = course.Since,
            NextPhase = course.Next,
            NextPhaseNights = course.Nights,
            Tier = tier,
            TierSince = tier is null ? null : tier == before?.Tier ? before!.TierSince : endDay,
            Historic = worth?.Historic ?? 0,
            Future = worth?.Future ?? ranking.Prospects?.Of(facts.Profile ?? CustomerProfile.None).Expected ?? 0,
            ProbabilityAlive = worth?.ProbabilityAlive,
            LastPurchase = person.LastPurchase,
            RunningContracts = running,
            CancelledContracts = cancelled,
            Renewals = person.Started.Sum(contract => contract.Renewals(endDay)),
            RenewalsTold = person.Running
                .Select(contract => RenewalRule.Due(contract.Contract, endDay, profile.Actions.RenewalLeadDays))
                .Append(before?.RenewalsTold).Max(),
            Revenue = worth?.Revenue ?? 0,
            ContractRevenue = worth?.ContractRevenue ?? 0,
            Costs = worth?.Costs.Total ?? 0,
        };
    }
}
