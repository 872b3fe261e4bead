using Clv.Core.Industry;

namespace Clv.Core.Relationship;

/// <summary>A phase across nights: what it is, since when, and which other one the last nights spoke for.</summary>
internal readonly record struct PhaseCourse(RelationshipPhase Phase, int Since, RelationshipPhase? Next = null, int Nights = 0)
{
    /// <summary>The course after another night.</summary>
    /// <param name="before">Last night's standing; null for a person seen first.</param>
    /// <param name="tonight">The phase that tonight speaks for.</param>
    /// <param name="explained">Whether something happened that explains a change at once.</param>
    /// <param name="thresholds">How many nights a change takes otherwise.</param>
    /// <param name="lastEndDay">Last night's last day.</param>
    /// <param name="endDay">Tonight's.</param>
    public static PhaseCourse After(
        Standing? before, RelationshipPhase tonight, bool explained, PhaseThresholds thresholds, int? lastEndDay, int endDay)
    {
        if (before is null)
        {
            return new(tonight, endDay);
        }

        if (tonight == before.Phase)
        {
            return new(before.Phase, before.PhaseSince);
        }

        // The same day valued again is no second opinion.
        var more = lastEndDay == endDay ? 0 : 1;
        var nights = before.NextPhase == tonight ? before.NextPhaseNights + more : 1;
        return explained || nights >= thresholds.Nights
            ? new(tonight, endDay)
            : new(before.Phase, before.PhaseSince, tonight, nights);
    }
}
