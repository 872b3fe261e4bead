using MathNet.Numerics.LinearAlgebra;

namespace Clv.Core.Models;

/// <summary>
/// Newton's method with an exact Hessian, kept uphill and within bounds: along each eigenvector the step is the gradient over the
/// curvature's
/// absolute value, cut to a trust radius that shrinks after a failure and grows after a success.
/// </summary>
internal static class NewtonAscent
{
    private const double FirstRadius = 1;
    private const double LargestRadius = 4;
    private const double SmallestStep = 1e-9;

    /// <summary>A gain of this part of the value is lost in the rounding of the sums.</summary>
    private const double Rounding = 1e-14;

    public static Ascent Run(LogParameterSurface surface, double[] start, int maxEvaluations)
    {
        var point = surface.At(start);
        var startValue = point.Value;
        var evaluations = 1;
        if (!point.IsFinite)
        {
            return new Ascent(startValue, point, evaluations, Finished: false);
        }

        var radius = FirstRadius;
        while (evaluations < maxEvaluations)
        {
            var step = Step(point, radius, surface);
            var length = step.Max(Math.Abs);
            var gain = 0.0;
            for (var i = 0; i < step.Length; i++)
            {
                gain += step[i] * point.Gradient[i];
            }

            if (length <= SmallestStep)
            {
                return new Ascent(startValue, point, evaluations, Finished: true);
            }

            var theta = (double[])point.Theta.Clone();
            for (var i = 0; i < theta.Length; i++)
            {
                theta[i] = Math.Clamp(theta[i] + step[i], surface.Lowest(i), surface.Highest(i));
            }

            var next = surface.At(theta);
            evaluations++;
            // Where the gain drowns in rounding, a falling gradient is the only sign of progress that is left.
            var drowned = gain <= Rounding * (1 + Math.Abs(point.Value));
            var better = next.IsFinite
                && (drowned ? next.GradientNorm < point.GradientNorm : next.Value >= point.Value + (1e-4 * gain));
            if (better)
            {
                point = next;
                radius = Math.Min(LargestRadius, Math.Max(radius, 2 * length));
            }
            else if (drowned)
            {
                return new Ascent(startValue, point, evaluations, Finished: true);
            }
            else
            {
                radius = length / 4;
            }
        }

        return new Ascent(startValue, point, evaluations, Finished: false);
    }

    private static double[] Step(SurfacePoint point, double radius, LogParameterSurface surface)
    {
        // A parameter that is at its limit and pushes outwards takes no part, or the others would crawl.
        var free = Enumerable.Range(0, point.Theta.Length)
            .Where(i => point.Gradient[i] > 0 ? point.Theta[i] < surface.Highest(i) : point.Theta[i] > surface.Lowest(i))
            .ToArray();
        var step = new double[point.Theta.Length];
        if (free.Length == 0)
        {
            return step;
        }

        var curvature = Matrix<double>.Build.Dense(free.Length, free.Length, (i, j) => -point.Hessian[free[i], free[j]]).Evd(Symmetricity.Symmetric);
        for (var e = 0; e < free.Length; e++)
        {
            var direction = curvature.EigenVectors.Column(e);
            var slope = 0.0;
            for (var i = 0; i < free.Length; i++)
            {
                slope += direction[i] * point.Gradient[free[i]];
            }

            // With no curvature at all the quotient is infinite (or NaN, without a slope either) and the radius decides.
            var size = slope == 0 ? 0 : Math.Min(radius, Math.Abs(slope / curvature.EigenValues[e].Real));
            for (var i = 0; i < free.Length; i++)
            {
                step[free[i]] += Math.CopySign(size, slope) * direction[i];
            }
        }

        return step;
    }
}
