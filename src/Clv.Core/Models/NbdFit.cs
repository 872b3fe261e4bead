namespace Clv.Core.Models;

/// <summary>Maximum-likelihood estimation of <see cref="Nbd"/>.</summary>
/// <remarks>Deterministic: the same data give the same bits on any number of threads.</remarks>
public static class NbdFit
{
    /// <summary>Fits the model.</summary>
    /// <param name="data">The purchase histories.</param>
    /// <param name="warmStart">Parameters to start from besides the usual starts, say last night's; null for none.</param>
    /// <param name="options">How to fit; null for the defaults.</param>
    /// <returns>
    /// A model, or a refusal with its reason (customers who do not differ in their rates are one); no data make it throw.
    /// </returns>
    public static ModelFit<Nbd> Run(GroupedHistories data, Nbd? warmStart = null, FitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new FitOptions();
        if (BuyingLevel.Refusal(data, options) is { } reason)
        {
            return MaximumLikelihood.TooLittle<Nbd>(data.Customers, reason);
        }

        var rate = BuyingLevel.Of(data).Rate;
        var starts = new List<double[]>
        {
            // Mixed, even and nearly equal customers, each at the observed rate.
            new[] { 0.3, 0.3 / rate },
            new[] { 1, 1 / rate },
            new[] { 5, 5 / rate },
        };
        if (warmStart is not null)
        {
            starts.Insert(0, [warmStart.R, warmStart.Alpha]);
        }

        return MaximumLikelihood.Run(new NbdLikelihood(data), Limits(rate), starts, options, p => new Nbd(p[0], p[1]));
    }

    private static ParameterLimits[] Limits(double rate) =>
    [
        new("r", 0, 1e-4, 1e4, "hardly anyone buys again", "all customers seem to buy at the same rate"),
        // alpha is a time; against the mean time between purchases its limits are the same in every unit.
        new("alpha", 0, 1e-6 / rate, 1e6 / rate, "the purchase rates differ without bound", "all customers seem to buy at the same rate"),
    ];
}
