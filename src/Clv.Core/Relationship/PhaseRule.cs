using Clv.Core.History;
using Clv.Core.Industry;

namespace Clv.Core.Relationship;

/// <summary>What the phase of a relationship depends on.</summary>
internal sealed record PhaseMeasures
{
    public bool IsProspect { get; init; }

    /// <summary>All contracts are cancelled, one of them within the last year or still to end, and nothing was bought since.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>Whether a contract runs uncancelled: then silence tells nothing.</summary>
    public bool ContractRuns { get; init; }

    /// <summary>Whether everything there ever was has ended: contracts, or what the CRM calls lost.</summary>
    public bool HasEnded { get; init; }

    /// <summary>Days since the first purchase or contract; null without one.</summary>
    public int? Days { get; init; }

    /// <summary>The chance that the customer still is one; null without a purchase.</summary>
    public double? Active { get; init; }

    /// <summary>Growth of the last year's net over the year before; null where there is too little to tell.</summary>
    public double? Growth { get; init; }

    public decimal Future { get; init; }

    public decimal Lifetime { get; init; }

    /// <summary>Of the future value, the expected costs.</summary>
    public decimal FutureCosts { get; init; }

    /// <summary>Of the lifetime value, all costs.</summary>
    public decimal LifetimeCosts { get; init; }

    public static PhaseMeasures Of(Situation person)
    {
        if (person.Worth is not { } worth)
        {
            return new() { IsProspect = true };
        }

        var futureCosts = worth.FutureServing + worth.FutureLatePayment;
        return new()
        {
            IsLeaving = person.Leaving.Count > 0,
            ContractRuns = person.RunsUncancelled,
            HasEnded = person.Started.Count > 0 || person.Facts.Profile?.Status == CustomerStatus.Lost,
            Days = person.EndDay - person.Beginning,
            Active = ActiveOf(person),
            Growth = person.Growth,
            Future = worth.Future,
            Lifetime = worth.Lifetime,
            FutureCosts = futureCosts,
            LifetimeCosts = worth.Costs.Total + futureCosts,
        };
    }

    // BG/NBD lets nobody leave before a repeat, so P(alive) of somebody who bought once is 1 for ever: what is left of the chance that they had of
    // buying again says more.
    private static double? ActiveOf(Situation person) => person.Worth!.Purchases is not { } purchases ? null
        : purchases.FirstTransactions is > 0 and var first
            ? Math.Min(purchases.ProbabilityAlive, ChanceOf(purchases.ExpectedTransactions) / ChanceOf(first))
        : purchases.ProbabilityAlive;

    private static double ChanceOf(double expected) => 1 - Math.Exp(-expected);
}

/// <summary>The phase that one night's quantities speak for.</summary>
internal static class PhaseRule
{
    /// <summary>Purchase occasions that each of two years must have before growth is told.</summary>
    public const int GrowthOccasions = 3;

    /// <summary>The phase.</summary>
    /// <param name="person">The person's quantities.</param>
    /// <param name="thresholds">Where phases begin.</param>
    /// <param name="held">The phase the person is in, which it takes a band beyond a threshold to leave; null for a person seen first.</param>
    public static RelationshipPhase Raw(PhaseMeasures person, PhaseThresholds thresholds, RelationshipPhase? held)
    {
        if (person.IsProspect)
        {
            return RelationshipPhase.Prospect;
        }

        if (person.IsLeaving)
        {
            return RelationshipPhase.Leaving;
        }

        var silent = Silent(person, thresholds, held);

        // Who is gone costs nothing any more.
        if (silent != RelationshipPhase.Lost && IsUnprofitable(person, thresholds, held))
        {
            return RelationshipPhase.Unprofitable;
        }

        return person.Days < thresholds.NewWeeks * 7 ? RelationshipPhase.New
            : silent ?? (IsGrowing(person, thresholds, held) ? RelationshipPhase.Growing : RelationshipPhase.Steady);
    }

    private static RelationshipPhase? Silent(PhaseMeasures person, PhaseThresholds thresholds, RelationshipPhase? held)
    {
        if (person.ContractRuns)
        {
            return null;
        }

        if (person.Active is not { } active)
        {
            return person.HasEnded ? RelationshipPhase.Lost : RelationshipPhase.Lapsed;
        }

        var depth = held is { } phase ? Depth(phase) : null;
        return active < Shifted(thresholds.Lost, thresholds.Band, depth, 3) ? RelationshipPhase.Lost
            : active < Shifted(thresholds.Lapsed, thresholds.Band, depth, 2) ? RelationshipPhase.Lapsed
            : active < Shifted(thresholds.AtRisk, thresholds.Band, depth, 1) ? RelationshipPhase.AtRisk
            : null;
    }

    // How many thresholds of silence a phase is below; null for phases that are about something else.
    private static int? Depth(RelationshipPhase phase) => phase switch
    {
        RelationshipPhase.New or RelationshipPhase.Growing or RelationshipPhase.Steady => 0,
        RelationshipPhase.AtRisk => 1,
        RelationshipPhase.Lapsed => 2,
        RelationshipPhase.Lost => 3,
        _ => null,
    };

    // A threshold moves away from who is held on one side of it, but never so far that nobody could pass it.
    private static double Shifted(double threshold, double band, int? depth, int below) =>
        depth is null ? threshold
        : depth >= below ? Math.Min(threshold + band, (threshold + 1) / 2)
        : Math.Max(threshold - band, threshold / 2);

    private static bool IsUnprofitable(PhaseMeasures person, PhaseThresholds thresholds, RelationshipPhase? held)
    {
        var band = (decimal)thresholds.Band * Side(held, RelationshipPhase.Unprofitable);
        return person.Future < band * person.FutureCosts && person.Lifetime < band * person.LifetimeCosts;
    }

    private static bool IsGrowing(PhaseMeasures person, PhaseThresholds thresholds, RelationshipPhase? held) =>
        person.Growth >= thresholds.Growing - (thresholds.Band * Side(held, RelationshipPhase.Growing));

    private static int Side(RelationshipPhase? held, RelationshipPhase phase) => held is null ? 0 : held == phase ? 1 : -1;
}
