namespace Clv.Core.Models.Contracts;

/// <summary>Maximum-likelihood estimation of the contract models.</summary>
/// <remarks>
/// Deterministic: the same counts give the same bits. <see cref="FitOptions.MinimumRepeaters"/> is the least number of contracts that came up
/// for renewal.
/// </remarks>
public static class ContractFit
{
    /// <summary>Fits a <see cref="ShiftedBetaGeometric"/>; it takes contracts of two ages at least.</summary>
    /// <param name="data">The contracts.</param>
    /// <param name="warmStart">Parameters to start from besides the usual starts, say last night's; null for none.</param>
    /// <param name="options">How to fit; null for the defaults.</param>
    /// <returns>A model, or a refusal with its reason; no data make it throw.</returns>
    public static ModelFit<ShiftedBetaGeometric> ShiftedBetaGeometric(
        GroupedContracts data,
        ShiftedBetaGeometric? warmStart = null,
        FitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new FitOptions();
        if (Objection(data, options, ages: 2) is { } reason)
        {
            return MaximumLikelihood.TooLittle<ShiftedBetaGeometric>(data.Contracts, reason);
        }

        var starts = Starts(data);
        if (warmStart is not null)
        {
            starts.Insert(0, [warmStart.Alpha, warmStart.Beta]);
        }

        return MaximumLikelihood.Run(
            new ShiftedBetaGeometricLikelihood(data),
            Limits,
            starts,
            options,
            static p => new ShiftedBetaGeometric(p[0], p[1]),
            Prior);
    }

    /// <summary>Fits a <see cref="BetaDiscreteWeibull"/>; it takes contracts of three ages at least.</summary>
    /// <param name="data">The contracts.</param>
    /// <param name="warmStart">Parameters to start from besides the usual starts, say last night's; null for none.</param>
    /// <param name="options">How to fit; null for the defaults.</param>
    /// <returns>A model, or a refusal with its reason; no data make it throw.</returns>
    public static ModelFit<BetaDiscreteWeibull> BetaDiscreteWeibull(
        GroupedContracts data,
        BetaDiscreteWeibull? warmStart = null,
        FitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new FitOptions();
        if (Objection(data, options, ages: 3) is { } reason)
        {
            return MaximumLikelihood.TooLittle<BetaDiscreteWeibull>(data.Contracts, reason);
        }

        var starts = Starts(data).ConvertAll(static s => new[] { s[0], s[1], 1 });
        if (warmStart is not null)
        {
            starts.Insert(0, [warmStart.Alpha, warmStart.Beta, warmStart.C]);
        }

        return MaximumLikelihood.Run(
            new BetaDiscreteWeibullLikelihood(data),
            [.. Limits, new("c", 0, 1e-2, 1e2, "a contract hardly ages at all after its first renewal", "all contracts seem to end at the same age")],
            starts,
            options,
            static p => new BetaDiscreteWeibull(p[0], p[1], p[2]),
            Prior);
    }

    private static readonly ParameterLimits[] Limits =
    [
        new("alpha", 0, 1e-4, 1e4, "contracts are lost at the first renewal or hardly ever", "all contracts seem to be lost with the same probability"),
        new("beta", 0, 1e-4, 1e4, "contracts are lost at the first renewal or hardly ever", "all contracts seem to be lost with the same probability"),
    ];

    private static readonly ParameterPair[] Prior = [ParameterPair.DropoutShare(0)];

    /// <summary>Mixed, even and nearly equal contracts, each with the observed loss at the first renewal.</summary>
    private static List<double[]> Starts(GroupedContracts data)
    {
        var loss = (data.Contracts - data.Renewed + 0.5) / (data.Contracts + 1);
        return [.. new[] { 1.0, 4, 30 }.Select(size => new[] { size * loss, size * (1 - loss) })];
    }

    private static string? Objection(GroupedContracts data, FitOptions options, int ages)
    {
        var least = Math.Max(1, options.MinimumRepeaters);
        return data.Contracts < least
                ? $"{data.Contracts} contracts came up for renewal; at least {least} are needed."
            : data.Lost == 0 ? "No contract was lost, so nothing tells how long they last."
            : data.Renewed == 0 ? "Every contract was lost at its first renewal, so nothing tells how later ones go."
            : data.Ages < ages ? $"No contract came up for renewal {ages} times, which it takes to tell the parameters."
            : null;
    }
}
