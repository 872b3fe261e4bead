using Clv.Core.Industry;

namespace Clv.Core.Relationship;

/// <summary>What happened to a relationship since the last published night.</summary>
internal sealed class EventRule(IndustryProfile profile, int? lastEndDay)
{
    /// <summary>The events: the phase's, the tier's, the risk's, then renewals by day.</summary>
    /// <param name="person">The person.</param>
    /// <param name="before">Last night's standing; null for somebody it did not know.</param>
    /// <param name="now">Tonight's.</param>
    public List<RelationshipEvent> Of(Situation person, Standing? before, Standing now)
    {
        var events = new List<RelationshipEvent>();

        // In the first night everybody would be news.
        if (lastEndDay is not null)
        {
            Changes(person, before, now, events);
        }

        events.AddRange(person.Running
            .Select(contract => (contract.Worth.RenewalValue, Due: NewlyDue(contract, person.EndDay, before)))
            .Where(static renewal => renewal.Due is not null)
            .OrderBy(static renewal => renewal.Due)
            .Select(static renewal => new RelationshipEvent(
                EventKind.RenewalDue, null, null, DateOnly.FromDayNumber(renewal.Due!.Value), renewal.RenewalValue)));
        return events;
    }

    private void Changes(Situation person, Standing? before, Standing now, List<RelationshipEvent> events)
    {
        if (before?.Phase != now.Phase)
        {
            events.Add(new(EventKind.PhaseChanged, before is null ? null : Codes.Of(before.Phase), Codes.Of(now.Phase)));
        }

        if (before?.Tier != now.Tier)
        {
            events.Add(new(EventKind.TierChanged, Code(before?.Tier), Code(now.Tier)));
        }

        if (before is not null && before.Phase != RelationshipPhase.AtRisk && now.Phase == RelationshipPhase.AtRisk)
        {
            events.Add(new(EventKind.RiskAppeared, null, null, Value: Stake.IfActive(person, profile)));
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
