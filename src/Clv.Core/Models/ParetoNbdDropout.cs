using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Clv.Core.Models;

/// <summary>
/// The odds that a Pareto/NBD customer has left: the integral over the time y of leaving, from the last occasion to the end of the
/// observation, of
/// <c>s ((alpha+T)/(alpha+y))^rho ((beta+T)/(beta+y))^s / (beta+y)</c>, rho = r + x.
/// </summary>
/// <remarks>
/// Every term is positive. In w = ln(min(alpha, beta) + y) the integrand's logarithm is concave and its singularities lie pi away from the
/// real axis, whatever the parameters, so a few Gauss nodes on the part that counts are enough.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly struct ParetoNbdDropout
{
    private const int Moments = 15;

    private readonly double _alpha;
    private readonly double _s;
    private readonly double _beta;
    private readonly double _least;
    private readonly double _gap;
    private readonly bool _alphaIsLeast;

    public ParetoNbdDropout(double alpha, double s, double beta)
    {
        _alpha = alpha;
        _s = s;
        _beta = beta;
        _alphaIsLeast = alpha <= beta;
        _least = Math.Min(alpha, beta);
        _gap = Math.Abs(alpha - beta);
    }

    /// <summary>
    /// The place of a second derivative in (r, alpha, s, beta) among sums: the value, four first derivatives, then the upper triangle row
    /// by row.
    /// </summary>
    public static int Second(int i, int j) => 5 + (i * 4) - (i * (i - 1) / 2) + (j - i);

    /// <summary>ln(1 + odds), and the probability 1 / (1 + odds) of being alive.</summary>
    public double LogOnePlusOdds(double rho, double tx, double T, out double alive)
    {
        var start = new Start(
            LogMath.Log1p((T - tx) / (_least + tx)),
            -LogMath.Log1p((T - tx) / (_alpha + tx)),
            -LogMath.Log1p((T - tx) / (_beta + tx)));
        var (length, plan) = Interval(rho, tx, T, start);
        // The survivor's term against the integrand at tx, whose exponential is factored out.
        var height = -((rho * start.LogAlpha) + (_s * start.LogBeta));
        var integral = 0.0;
        var panel = length / plan.Panels;
        var (first, bigScale) = (_least + tx, 1 / (_least + _gap + tx));
        var (small, big) = _alphaIsLeast ? (rho, _s) : (_s, rho);
        for (var at = 0; at < plan.Panels; at++)
        {
            for (var k = 0; k < plan.Nodes.Length; k += Vector256<double>.Count)
            {
                var d = Vector256.Create(panel) * (Vector256.Create(plan.Nodes, k) + Vector256.Create((double)at));
                var y = first * Vector256.Exp(d);
                var other = y + Vector256.Create(_gap);
                var density = Vector256.Exp((-small * d) - (big * Vector256.Log(other * bigScale)));
                integral += Vector256.Sum(Vector256.Create(plan.Weights, k) * (_alphaIsLeast ? density * y / other : density));
            }
        }

        var survivor = Math.Exp(-height);
        var odds = _s * panel * integral;
        alive = survivor / (survivor + odds);
        // Near 1 the logarithm of 1 + odds has digits that the sum of both terms has lost.
        return height < 1 ? LogMath.Log1p(odds / survivor) : height + Math.Log(survivor + odds);
    }

    /// <summary>
    /// Adds ln(1 + odds) with its first and second derivatives in (r, alpha, s, beta), so many times, to 15 sums in the order of
    /// <see cref="Second"/>. The three logarithms are of what (least, alpha, beta) plus tx are to themselves plus T.
    /// </summary>
    public void Add(double rho, double tx, double T, double logLeast, double logAlpha, double logBeta, double count, Span<double> sums)
    {
        if (tx >= T)
        {
            return;
        }

        var start = new Start(-logLeast, logAlpha, logBeta);
        var (length, plan) = Interval(rho, tx, T, start);
        var height = -((rho * logAlpha) + (_s * logBeta));
        var (iT, jT) = (1 / (_alpha + T), 1 / (_beta + T));
        Span<double> m = stackalloc double[Moments];
        Integrate(rho, tx, length, plan, start, iT, jT, m);

        var survivor = Math.Exp(-height);
        var odds = _s * m[0];
        var total = survivor + odds;
        var scale = _s / total;
        for (var k = 0; k < Moments; k++)
        {
            m[k] *= scale;
        }

        // Of ln((alpha+y)/(alpha+T)), of 1/(alpha+y) - 1/(alpha+T), and of the same with beta: expectations over who has left, and when.
        var (p, a, i, b, j) = (m[0], m[1], m[2], m[3], m[4]);
        var (aa, ai, ab, aj, ii) = (m[5], m[6], m[7], m[8], m[9]);
        var (ib, ij, bb, bj, jj) = (m[10], m[11], m[12], m[13], m[14]);
        var s1 = _s + 1;
        var (gR, gAlpha, gS, gBeta) = (-a, -rho * i, (p / _s) - b, -(s1 * j) - (p * jT));
        sums[0] += count * (height + Math.Log(total));
        sums[1] += count * gR;
        sums[2] += count * gAlpha;
        sums[3] += count * gS;
        sums[4] += count * gBeta;
        sums[5] += count * (aa - (gR * gR));
        sums[6] += count * ((rho * ai) - i - (gR * gAlpha));
        sums[7] += count * (ab - (a / _s) - (gR * gS));
        sums[8] += count * ((s1 * aj) + (jT * a) - (gR * gBeta));
        sums[9] += count * ((rho * (((1 + rho) * ii) + (2 * iT * i))) - (gAlpha * gAlpha));
        sums[10] += count * ((rho * (ib - (i / _s))) - (gAlpha * gS));
        sums[11] += count * ((rho * ((s1 * ij) + (jT * i))) - (gAlpha * gBeta));
        sums[12] += count * (bb - (2 * b / _s) - (gS * gS));
        sums[13] += count * ((s1 * bj) + (jT * b) - j - (((s1 * j) + (p * jT)) / _s) - (gS * gBeta));
        sums[14] += count * ((s1 * ((_s + 2) * jj)) + (4 * s1 * jT * j) + (2 * p * jT * jT) - (gBeta * gBeta));

    }

    private void Integrate(double rho, double tx, double length, LegendrePanels.Plan plan, Start start, double iT, double jT, Span<double> m)
    {
        var panel = length / plan.Panels;
        var (first, bigScale) = (_least + tx, 1 / (_least + _gap + tx));
        var (small, big) = _alphaIsLeast ? (rho, _s) : (_s, rho);
        Vector256<double> m0 = default, mA = default, mI = default, mB = default, mJ = default;
        Vector256<double> mAA = default, mAI = default, mAB = default, mAJ = default, mII = default;
        Vector256<double> mIB = default, mIJ = default, mBB = default, mBJ = default, mJJ = default;
        for (var at = 0; at < plan.Panels; at++)
        {
            for (var k = 0; k < plan.Nodes.Length; k += Vector256<double>.Count)
            {
                var d = Vector256.Create(panel) * (Vector256.Create(plan.Nodes, k) + Vector256.Create((double)at));
                var y = first * Vector256.Exp(d);
                var other = y + Vector256.Create(_gap);
                var logOther = Vector256.Log(other * bigScale);
                var density = Vector256.Create(plan.Weights, k) * Vector256.Exp((-small * d) - (big * logOther));
                var (inverse, inverseOther) = (Vector256<double>.One / y, Vector256<double>.One / other);
                Vector256<double> a, i, b, j;
                if (_alphaIsLeast)
                {
                    density *= y * inverseOther;
                    (a, i, b, j) = (d, inverse, logOther, inverseOther);
                }
                else
                {
                    (a, i, b, j) = (logOther, inverseOther, d, inverse);
                }

                a += Vector256.Create(start.LogAlpha);
                b += Vector256.Create(start.LogBeta);
                i -= Vector256.Create(iT);
                j -= Vector256.Create(jT);
                var (wA, wI, wB, wJ) = (density * a, density * i, density * b, density * j);
                m0 += density;
                mA += wA;
                mI += wI;
                mB += wB;
                mJ += wJ;
                mAA += wA * a;
                mAI += wA * i;
                mAB += wA * b;
                mAJ += wA * j;
                mII += wI * i;
                mIB += wI * b;
                mIJ += wI * j;
                mBB += wB * b;
                mBJ += wB * j;
                mJJ += wJ * j;
            }
        }

        ReadOnlySpan<Vector256<double>> all = [m0, mA, mI, mB, mJ, mAA, mAI, mAB, mAJ, mII, mIB, mIJ, mBB, mBJ, mJJ];
        for (var k = 0; k < Moments; k++)
        {
            m[k] = panel * Vector256.Sum(all[k]);
        }
    }

    /// <summary>How much of the interval, from its start in w, holds all of the integral that a double can show, and its nodes.</summary>
    private (double Length, LegendrePanels.Plan Plan) Interval(double rho, double tx, double T, Start start)
    {
        var (first, alphaAtStart, betaAtStart) = (_least + tx, _alpha + tx, _beta + tx);
        var slope = Slope(rho, first);
        // Of the logarithm of the integrand in w, from start to end.
        var fall = -(start.Length + (rho * start.LogAlpha) + ((_s + 1) * start.LogBeta));
        var rise = Math.Max(Math.Max(0, -fall), Math.Min(slope * start.Length, -fall - (Slope(rho, _least + T) * start.Length)));
        if (fall <= LegendrePanels.Negligible)
        {
            return (start.Length, LegendrePanels.For(start.Length, Math.Max(fall, 0) + rise));
        }

        // Newton's method on a concave function stays beyond the place it looks for, and so does the tangent at the start.
        var length = slope < 0 ? Math.Min(start.Length, LegendrePanels.Negligible / -slope) : start.Length;
        while (true)
        {
            var y = first * Math.Exp(length);
            var fallen = (rho * Math.Log((y + (_alpha - _least)) / alphaAtStart)) + ((_s + 1) * Math.Log((y + (_beta - _least)) / betaAtStart)) - length;
            var steepness = -Slope(rho, y);
            var excess = fallen - LegendrePanels.Negligible;
            if (!(excess > 0.25 * LegendrePanels.Negligible))
            {
                return (length, LegendrePanels.For(length, Math.Max(fallen, 0) + rise));
            }

            length -= excess / steepness;
        }
    }

    /// <summary>The derivative in w of the logarithm of the integrand, at least + y.</summary>
    private double Slope(double rho, double leastPlusY) =>
        1 - (rho * (leastPlusY / (leastPlusY + (_alpha - _least)))) - ((_s + 1) * (leastPlusY / (leastPlusY + (_beta - _least))));

    /// <summary>The length of the whole interval in w, and ln((alpha+tx)/(alpha+T)) and ln((beta+tx)/(beta+T)).</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Start(double Length, double LogAlpha, double LogBeta);
}
