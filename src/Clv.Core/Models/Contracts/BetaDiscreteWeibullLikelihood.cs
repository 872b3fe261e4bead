namespace Clv.Core.Models.Contracts;

/// <summary>
/// The log-likelihood of a <see cref="BetaDiscreteWeibull"/> with its analytic derivatives in (alpha, beta, c). Every renewal is one coin:
/// with l = ln S(n + 1) / S(n), a contract of age n is renewed with probability exp(l).
/// </summary>
internal sealed class BetaDiscreteWeibullLikelihood(GroupedContracts data) : IMeanLogLikelihood
{
    private const int Parameters = 3;

    public long Customers => data.Contracts;

    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        var curve = new SurvivalCurve(parameters[0], parameters[1], parameters[2]);
        gradient.Clear();
        hessian.Clear();
        Span<double> before = stackalloc double[Parameters + (Parameters * Parameters)];
        Span<double> after = stackalloc double[before.Length];
        Span<double> first = stackalloc double[Parameters];
        Derive(parameters, 0, before);
        var value = 0.0;
        for (var n = 0; n < data.Ages; n++)
        {
            Derive(parameters, n + 1, after);
            double renewed = data.RenewedAt[n];
            double lost = data.LostAt[n];
            var (log, loss) = (curve.LogSurvival(n, n + 1), curve.Loss(n));
            value += (renewed * log) + (lost > 0 ? lost * Math.Log(loss) : 0);
            // Of ln(1 - exp(l)): the first derivative in l is minus the odds of renewal, the second minus the odds over the loss.
            var odds = lost > 0 ? Math.Exp(log) / loss : 0;
            var slope = renewed - (lost * odds);
            var bend = lost > 0 ? -lost * odds / loss : 0;
            // In alpha the two nearly equal digammas are subtracted before they are rounded.
            var power = n == 0 ? 0 : Math.Pow(n, parameters[2]);
            first[0] = -GammaRatio.Slope(parameters[0] + parameters[1] + power, Math.Pow(n + 1, parameters[2]) - power);
            first[1] = after[1] - before[1];
            first[2] = after[2] - before[2];
            for (var i = 0; i < Parameters; i++)
            {
                gradient[i] += slope * first[i];
                for (var j = i; j < Parameters; j++)
                {
                    var at = Parameters + (Parameters * i) + j;
                    hessian[(Parameters * i) + j] += (slope * (after[at] - before[at])) + (bend * first[i] * first[j]);
                }
            }

            after.CopyTo(before);
        }

        var scale = 1.0 / data.Contracts;
        foreach (ref var g in gradient)
        {
            g *= scale;
        }

        foreach (ref var h in hessian)
        {
            h *= scale;
        }

        return value * scale;
    }

    /// <summary>The first derivatives of ln S(n) in beta and c and all the second ones, up to what does not depend on n.</summary>
    private static void Derive(ReadOnlySpan<double> parameters, int n, Span<double> into)
    {
        var (alpha, beta, c) = (parameters[0], parameters[1], parameters[2]);
        var log = n == 0 ? 0 : Math.Log(n);
        var power = n == 0 ? 0 : Math.Exp(c * log);
        // Derivatives of ln B(alpha, w) at w = beta + n^c; ln n times n^c is the derivative of w in c.
        var (w, both) = (beta + power, alpha + beta + power);
        var inBoth2 = LogMath.Trigamma(both);
        var inW = -GammaRatio.Slope(w, alpha);
        var inW2 = LogMath.Trigamma(w) - inBoth2;
        var tilt = log * power;
        into[1] = inW;
        into[2] = inW * tilt;
        into[3] = -inBoth2;
        into[4] = -inBoth2;
        into[5] = -inBoth2 * tilt;
        into[7] = inW2;
        into[8] = inW2 * tilt;
        into[11] = (inW2 * tilt * tilt) + (inW * tilt * log);
    }
}
