namespace Clv.Core.Models;

/// <summary>What the fits of the beta-geometric models share.</summary>
internal static class BetaGeometricFit
{
    /// <summary>Mixed, even and nearly equal customers, each at the observed rate.</summary>
    public static List<double[]> Starts(double rate) =>
    [
        [0.3, 0.3 / rate, 1, 3],
        [1, 1 / rate, 0.5, 5],
        [3, 2 / rate, 2, 4],
    ];

    public static ParameterLimits[] Limits(double rate) =>
    [
        new("r", 0, 1e-4, 1e4, "hardly anyone buys again", "all customers seem to buy at the same rate"),
        // alpha is a time; against the mean time between purchases its limits are the same in every unit.
        new("alpha", 0, 1e-6 / rate, 1e6 / rate, "the purchase rates differ without bound", "all customers seem to buy at the same rate"),
        new("a", 0, 1e-4, 1e4, "almost no customer seems to drop out", "all customers seem to drop out with the same probability"),
        new("b", 0, 1e-4, 1e4, "almost every customer seems to drop out at once", "all customers seem to drop out with the same probability"),
    ];

    public static ParameterPair[] Prior(double rate) => [ParameterPair.Buying(0, rate), ParameterPair.DropoutShare(2)];

    /// <summary>The fit of a model with one stage.</summary>
    public static ModelFit<TModel> Run<TModel>(
        GroupedHistories data,
        TModel? warmStart,
        FitOptions? options,
        bool modified,
        Func<double[], TModel> create)
        where TModel : BetaGeometricModel
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new FitOptions();
        if (BuyingLevel.Refusal(data, options) is { } reason)
        {
            return MaximumLikelihood.TooLittle<TModel>(data.Customers, reason);
        }

        var rate = BuyingLevel.Of(data).Rate;
        var starts = Starts(rate);
        if (warmStart is not null)
        {
            starts.Insert(0, [warmStart.R, warmStart.Alpha, warmStart.A, warmStart.B]);
        }

        return MaximumLikelihood.Run(
            new BetaGeometricLikelihood(data, modified, FixedChunks.Threads(options)),
            Limits(rate),
            starts,
            options,
            create,
            Prior(rate));
    }
}
