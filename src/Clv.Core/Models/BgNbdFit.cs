namespace Clv.Core.Models;

/// <summary>Maximum-likelihood estimation of <see cref="BgNbd"/>.</summary>
/// <remarks>Fader, Hardie and Lee (2005), Marketing Science 24(2). Deterministic: the same data give the same bits on any number of
/// threads.</remarks>
public static class BgNbdFit
{
    /// <summary>Fits the model.</summary>
    /// <param name="data">The purchase histories.</param>
    /// <param name="warmStart">Parameters to start from besides the usual starts, say last night's; null for none.</param>
    /// <param name="options">How to fit; null for the defaults.</param>
    /// <returns>A model, or a refusal with its reason; no data make it throw.</returns>
    public static ModelFit<BgNbd> Run(GroupedHistories data, BgNbd? warmStart = null, FitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new FitOptions();
        if (data.Repeaters < Math.Max(1, options.MinimumRepeaters))
        {
            return MaximumLikelihood.TooLittle<BgNbd>(
                data.Customers,
                $"{data.Repeaters} of {data.Customers} customers came back; at least {Math.Max(1, options.MinimumRepeaters)} are needed.");
        }

        var exposure = 0.0;
        for (var i = 0; i < data.GroupCount; i++)
        {
            exposure += data[i].Age * data[i].Count;
        }

        var rate = data.RepeatOccasions / exposure;
        var starts = new List<double[]>
        {
            // Mixed, even and nearly equal customers, each at the observed rate.
            new[] { 0.3, 0.3 / rate, 1, 3 },
            new[] { 1, 1 / rate, 0.5, 5 },
            new[] { 3, 2 / rate, 2, 4 },
        };
        if (warmStart is not null)
        {
            starts.Insert(0, [warmStart.R, warmStart.Alpha, warmStart.A, warmStart.B]);
        }

        return MaximumLikelihood.Run(
            new BgNbdLikelihood(data, FixedChunks.Threads(options)),
            Limits(rate),
            starts,
            options,
            p => new BgNbd(p[0], p[1], p[2], p[3]));
    }

    private static ParameterLimits[] Limits(double rate) =>
    [
        new("r", 0, 1e-4, 1e4, "hardly anyone buys again", "all customers seem to buy at the same rate"),
        // alpha is a time; against the mean time between purchases its limits are the same in every unit.
        new("alpha", 0, 1e-6 / rate, 1e6 / rate, "the purchase rates differ without bound", "all customers seem to buy at the same rate"),
        new("a", 0, 1e-4, 1e4, "almost no customer seems to drop out", "all customers seem to drop out with the same probability"),
        new("b", 0, 1e-4, 1e4, "almost every customer seems to drop out at once", "all customers seem to drop out with the same probability"),
    ];
}
