namespace Clv.Core.Relationship;

/// <summary>How a value moved between two nights, and why.</summary>
internal static class ChangeRule
{
    // The share of the future value from which a change of models is told as a cause beside larger ones.
    private const decimal MaterialShare = 0.01m;

    /// <summary>The change.</summary>
    /// <param name="before">Last night's standing.</param>
    /// <param name="now">Tonight's.</param>
    /// <param name="futureUnderLastModels">Tonight's future value at last night's models; null where it is not known.</param>
    /// <param name="modelChanged">Whether tonight's models are others.</param>
    public static ValueChange Of(Standing before, Standing now, decimal? futureUnderLastModels, bool modelChanged)
    {
        // What a prospect is worth follows from customers, never from the prospect.
        var unchanged = before.Phase == RelationshipPhase.Prospect && now.Phase == RelationshipPhase.Prospect ? before.Future
            : modelChanged && futureUnderLastModels is { } future ? future
            : now.Future;
        var (historic, behaviour, model) = (now.Historic - before.Historic, unchanged - before.Future, now.Future - unchanged);
        var causes = Weighed(before, now, behaviour).ToList();
        // Whatever else happened may be why less is expected.
        if (behaviour < 0 && causes.Count == 0 && now.LastPurchase is not null)
        {
            causes.Add((ChangeCause.Silent, -behaviour));
        }

        if (model != 0 && (Math.Abs(model) >= MaterialShare * Math.Abs(before.Future) || Math.Abs(model) > Math.Abs(historic + behaviour)))
        {
            causes.Add((ChangeCause.ModelChanged, Math.Abs(model)));
        }

        return new(historic, behaviour, model, [.. causes.OrderByDescending(static c => c.Weight).ThenBy(static c => c.Cause).Select(static c => c.Cause)]);
    }

    private static IEnumerable<(ChangeCause Cause, decimal Weight)> Weighed(Standing before, Standing now, decimal behaviour)
    {
        var bought = now.LastPurchase is { } last && !(last <= before.LastPurchase);
        var revenue = now.Revenue - before.Revenue;
        if (bought || revenue > 0)
        {
            yield return (ChangeCause.Bought, revenue > 0 ? revenue : Math.Abs(behaviour));
        }

        if (revenue < 0)
        {
            yield return (ChangeCause.Returned, -revenue);
        }

        var fees = Math.Abs(now.ContractRevenue - before.ContractRevenue);
        var started = now.RunningContracts + now.CancelledContracts > before.RunningContracts + before.CancelledContracts;
        if (started)
        {
            yield return (ChangeCause.ContractStarted, fees + Math.Abs(behaviour));
        }

        if (now.Renewals > before.Renewals)
        {
            yield return (ChangeCause.ContractRenewed, fees);
        }

        if (now.CancelledContracts > before.CancelledContracts)
        {
            yield return (ChangeCause.ContractEnded, Math.Abs(behaviour));
        }

        if (now.Costs > before.Costs)
        {
            yield return (ChangeCause.Costs, now.Costs - before.Costs);
        }

    }
}
