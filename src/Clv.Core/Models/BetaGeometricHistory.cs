using static MathNet.Numerics.SpecialFunctions;

namespace Clv.Core.Models;

/// <summary>The BG/NBD or MBG/NBD log-likelihood of one history with its derivatives in (r, alpha, a, b).</summary>
/// <remarks>
/// For data whose customers each have parameters of their own, as with covariates; <see cref="BetaGeometricLikelihood"/> is the faster
/// one where all share them.
/// </remarks>
internal static class BetaGeometricHistory
{
    private const int R = 0;
    private const int Alpha = 1;
    private const int A = 2;
    private const int B = 3;

    /// <param name="x">Repeat occasions.</param>
    /// <param name="tx">Time of the last one.</param>
    /// <param name="T">Age.</param>
    /// <param name="r">Shape of the rate.</param>
    /// <param name="alpha">Rate parameter of the rate.</param>
    /// <param name="a">First shape of the dropout probability.</param>
    /// <param name="b">Second shape.</param>
    /// <param name="modified">Whether a customer may drop out right after the first purchase (MBG/NBD).</param>
    /// <param name="gradient">Receives the four first derivatives.</param>
    /// <param name="hessian">Receives the sixteen second derivatives, row by row, both triangles.</param>
    public static double Evaluate(
        int x,
        double tx,
        double T,
        double r,
        double alpha,
        double a,
        double b,
        bool modified,
        Span<double> gradient,
        Span<double> hessian)
    {
        var stayed = x + (modified ? 1 : 0);
        var rho = r + x;
        var atAge = 1 / (alpha + T);
        var silence = LogMath.Log1p(T / alpha);
        var value = GammaLn(rho) - GammaLn(r) + GammaLn(b + stayed) - GammaLn(b) - (GammaLn(a + b + stayed) - GammaLn(a + b))
            - (r * silence) - (x * Math.Log(alpha + T));
        var (overB, overAb) = (DiGamma(b + stayed) - DiGamma(b), DiGamma(a + b + stayed) - DiGamma(a + b));
        var (overB2, overAb2) = (Trigamma(b + stayed, b), Trigamma(a + b + stayed, a + b));
        gradient[R] = DiGamma(rho) - DiGamma(r) - silence;
        gradient[Alpha] = (r / alpha) - (rho * atAge);
        gradient[A] = -overAb;
        gradient[B] = overB - overAb;
        hessian[..16].Clear();
        hessian[(4 * R) + R] = Trigamma(rho, r);
        hessian[(4 * R) + Alpha] = (1 / alpha) - atAge;
        hessian[(4 * Alpha) + Alpha] = (rho * atAge * atAge) - (r / (alpha * alpha));
        hessian[(4 * A) + A] = -overAb2;
        hessian[(4 * A) + B] = -overAb2;
        hessian[(4 * B) + B] = overB2 - overAb2;

        if (stayed > 0)
        {
            // softplus(u) of the log-odds of dropout; its slope is s and its bend v.
            var k = 1 / (b + (stayed - 1));
            var d = LogMath.Log1p((T - tx) / (alpha + tx));
            var atLast = 1 / (alpha + tx);
            var u = Math.Log(a * k) + (rho * d);
            value += LogMath.Softplus(u);
            var s = Logistic(u);
            var v = s * Logistic(-u);
            Span<double> slopes = [d, rho * (atAge - atLast), 1 / a, -k];
            for (var i = 0; i < 4; i++)
            {
                gradient[i] += s * slopes[i];
                for (var j = i; j < 4; j++)
                {
                    hessian[(4 * i) + j] += v * slopes[i] * slopes[j];
                }
            }

            hessian[(4 * R) + Alpha] += s * (atAge - atLast);
            hessian[(4 * Alpha) + Alpha] += s * rho * ((atLast * atLast) - (atAge * atAge));
            hessian[(4 * A) + A] -= s / (a * a);
            hessian[(4 * B) + B] += s * k * k;
        }

        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < i; j++)
            {
                hessian[(4 * i) + j] = hessian[(4 * j) + i];
            }
        }

        return value;
    }

    private static double Trigamma(double end, double start) => LogMath.Trigamma(end) - LogMath.Trigamma(start);
}
