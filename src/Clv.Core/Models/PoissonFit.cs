namespace Clv.Core.Models;

/// <summary>Estimation of <see cref="Poisson"/>: all occasions over all weeks.</summary>
public static class PoissonFit
{
    /// <summary>Fits the model. <see cref="FitOptions"/> do not matter: one customer is enough, and nobody needs to have come back.</summary>
    /// <param name="data">The purchase histories.</param>
    /// <returns>A model, unless there are no customers or no time has passed for any of them.</returns>
    public static ModelFit<Poisson> Run(GroupedHistories data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var exposure = BuyingLevel.Exposure(data);
        var rate = data.RepeatOccasions / exposure;
        if (!(exposure > 0 && double.IsFinite(exposure) && double.IsFinite(rate)))
        {
            return MaximumLikelihood.TooLittle<Poisson>(
                data.Customers,
                data.Customers == 0 ? "There are no customers." : "No time has passed since any customer's first purchase.");
        }

        // The maximum at no occasions is the limit rate = 0, where the likelihood is 1 and no curvature tells an error.
        var occasions = data.RepeatOccasions;
        return new ModelFit<Poisson>
        {
            Verdict = FitVerdict.Converged,
            Reason = "The rate is all occasions over all weeks.",
            Model = new Poisson(rate),
            Parameters = [new FittedParameter("rate", rate, occasions == 0 ? null : rate / Math.Sqrt(occasions))],
            LogLikelihood = occasions == 0 ? 0 : (occasions * Math.Log(rate)) - occasions,
            Customers = data.Customers,
            GradientNorm = 0,
            LogCovariance = occasions == 0 ? [] : [1.0 / occasions],
        };
    }
}
