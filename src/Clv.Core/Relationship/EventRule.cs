using Clv.Core.Industry;

namespace Clv.Core.Relationship;

/// <summary>What happened to a relationship since the last published night.</summary>
internal sealed class EventRule(IndustryProfile profile, int? lastEndDay)
{
    /// <summary>The events: the phase's, the tier's, the risk's, then renewals by day; none of somebody who does not want to be approached.</summary>
    /// <param name="person">The person.</param>
    /// <param name="before">Last night's standing; null for somebody it did not know.</param>
    /// <param name="now">Tonight's.</param>
    /// <param name="stake">What is at stake.</param>
    public List<RelationshipEvent> Of(Situation person, Standing? before, Standing now, decimal stake)
    {
        var events = new List<RelationshipEvent>();
        if (person.Facts.Profile?.Consent == false)
        {
            return events;
        }

        // In the first night everybody would be news.
        if (lastEndDay is not null)
        {
            Changes(before, now, events);
            if (before is not null && IsAtRisk(person, now, person.EndDay) && !IsAtRisk(person, before, lastEndDay.Value))
            {
                events.Add(new(EventKind.RiskAppeared, null, null, Value: stake));
            }
        }

        events.AddRange(person.Running
            .Select(contract => (contract.Worth.RenewalValue, Due: NewlyDue(contract, person.EndDay, before)))
            .Where(static renewal => renewal.Due is not null)
            .OrderBy(static renewal => renewal.Due)
            .Select(static renewal => new RelationshipEvent(
                EventKind.RenewalDue, null, null, DateOnly.FromDayNumber(renewal.Due!.Value), renewal.RenewalValue)));
        return events;
    }

    private bool IsAtRisk(Situation person, Standing standing, int day) =>
        standing.Phase == RelationshipPhase.AtRisk && person.IsSilent(day, profile.Actions.FollowUpDays);

    private static void Changes(Standing? before, Standing now, List<RelationshipEvent> events)
    {
        if (before?.Phase != now.Phase)
        {
            events.Add(new(EventKind.PhaseChanged, before is null ? null : Codes.Of(before.Phase), Codes.Of(now.Phase)));
        }

        if (before?.Tier != now.Tier)
        {
            events.Add(new(EventKind.TierChanged, Code(before?.Tier), Code(now.Tier)));
        }
    }

    private int? NewlyDue(RunningContract contract, int endDay, Standing? before)
    {
        var lead = profile.Actions.RenewalLeadDays;
        var due = RenewalRule.Due(contract.Contract, endDay, lead);

        // By tonight's contract alone, a renewal that the CRM has brought forward would have been due last night already.
        return due <= before?.RenewalsTold && lastEndDay is { } last && RenewalRule.Due(contract.Contract, last, lead) == due ? null : due;
    }

    private static string? Code(ValueTier? tier) => tier is { } known ? Codes.Of(known) : null;
}
