using static MathNet.Numerics.SpecialFunctions;

namespace Clv.Core.Models;

/// <summary>The Pareto/NBD log-likelihood of one history, for customers who each have parameters of their own.</summary>
internal static class ParetoNbdHistory
{
    /// <summary>Returns the log-likelihood; fills the gradient and the upper triangle of the Hessian (row-major, 4 x 4) in (r, alpha, s, beta).</summary>
    /// <param name="model">The customer's parameters.</param>
    /// <param name="x">Repeat occasions.</param>
    /// <param name="tx">Weeks from the first occasion to the last.</param>
    /// <param name="T">Weeks from the first occasion to the end of the observation.</param>
    /// <param name="gradient">Receives four first derivatives.</param>
    /// <param name="hessian">Receives the second derivatives; what is below the diagonal is left as it is.</param>
    public static double LogLikelihood(ParetoNbd model, int x, double tx, double T, Span<double> gradient, Span<double> hessian)
    {
        Guard.History(x, tx, T);
        var (r, alpha, s, beta) = (model.R, model.Alpha, model.S, model.Beta);
        var rho = r + x;
        var (logAlpha, logBeta, iT, jT) = (LogMath.Log1p(T / alpha), LogMath.Log1p(T / beta), 1 / (alpha + T), 1 / (beta + T));
        Span<double> sums =
        [
            GammaLn(rho) - GammaLn(r) - (r * logAlpha) - (x * Math.Log(alpha + T)) - (s * logBeta),
            (x == 0 ? 0 : DiGamma(rho) - DiGamma(r)) - logAlpha,
            (r * (T / alpha * iT)) - (x * iT),
            -logBeta,
            s * (T / beta * jT),
            x == 0 ? 0 : LogMath.Trigamma(rho) - LogMath.Trigamma(r),
            T / alpha * iT,
            0,
            0,
            (rho * iT * iT) - (r / alpha / alpha),
            0,
            0,
            0,
            T / beta * jT,
            -s * (T / beta * jT) * ((1 / beta) + jT),
        ];
        var since = T - tx;
        new ParetoNbdDropout(alpha, s, beta).Add(
            rho,
            tx,
            T,
            -LogMath.Log1p(since / (Math.Min(alpha, beta) + tx)),
            -LogMath.Log1p(since / (alpha + tx)),
            -LogMath.Log1p(since / (beta + tx)),
            1,
            sums);
        for (var i = 0; i < 4; i++)
        {
            gradient[i] = sums[1 + i];
            for (var j = i; j < 4; j++)
            {
                hessian[(4 * i) + j] = sums[ParetoNbdDropout.Second(i, j)];
            }
        }

        return sums[0];
    }
}
