namespace Clv.Core.Models;

/// <summary>The future of customers who never leave.</summary>
internal static class SteadyBuying
{
    /// <summary>The weeks of a horizon, which may be infinite.</summary>
    public static double Weeks(double horizon) =>
        horizon >= 0
            ? horizon
            : throw new ArgumentOutOfRangeException(nameof(horizon), horizon, "The horizon must be zero weeks or more.");

    /// <summary>The weeks of a horizon, each discounted from its time to today: <c>(1 - exp(-rate horizon)) / rate</c>.</summary>
    public static double DiscountedWeeks(double horizon, double continuousWeeklyRate)
    {
        Guard.NotNegative(continuousWeeklyRate);
        var weeks = Weeks(horizon);
        return continuousWeeklyRate == 0 ? weeks : -LogMath.Expm1(-continuousWeeklyRate * weeks) / continuousWeeklyRate;
    }

    /// <summary>The negative binomial probabilities of 0, 1, 2 ... occasions at a rate that is gamma(rho, scale).</summary>
    public static void Fill(double rho, double scale, double horizon, Span<double> probabilities)
    {
        var tau = horizon / scale;
        var log = -rho * LogMath.Log1p(tau);
        var logShare = tau > 0 ? Math.Log(tau) - LogMath.Log1p(tau) : double.NegativeInfinity;
        for (var n = 0; n < probabilities.Length; n++)
        {
            probabilities[n] = Math.Exp(log);
            log += logShare + Math.Log((rho + n) / (n + 1));
        }
    }

    /// <summary>The Poisson probabilities of 0, 1, 2 ... occasions where so many are expected.</summary>
    public static void Fill(double expected, Span<double> probabilities)
    {
        var (log, logExpected) = (-expected, Math.Log(expected));
        for (var n = 0; n < probabilities.Length; n++)
        {
            probabilities[n] = Math.Exp(log);
            log += logExpected - Math.Log(n + 1);
        }
    }
}
