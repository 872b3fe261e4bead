using MathNet.Numerics.LinearAlgebra;

namespace Clv.Core.Estimation;

/// <summary>
/// Quasi-Poisson regression: occasions are expected to be <c>exp(x'b)</c> times what a model expects, whatever their variance. The log-likelihood
/// is concave, so Newton's method finds its one maximum; standard errors are the robust ones (Huber's sandwich), which need no
/// assumption on the variance.
/// </summary>
internal static class OccasionRegression
{
    private const int MostSteps = 50;
    private const int MostHalvings = 40;
    private const double SmallestStep = 1e-10;

    /// <summary>Estimates the coefficients.</summary>
    /// <param name="design">The rows of explaining numbers, the first of them 1; linearly independent columns.</param>
    /// <param name="sums">The customers of each row.</param>
    /// <returns>The coefficients; with <see cref="Fit.Errors"/> only where the maximum was found.</returns>
    public static Fit Run(IReadOnlyList<double[]> design, IReadOnlyList<OccasionSums> sums)
    {
        var columns = design[0].Length;
        var b = new double[columns];
        b[0] = Math.Log((double)sums.Sum(static s => s.Occasions) / sums.Sum(static s => s.Expected));
        var value = Value(design, sums, b);
        for (var i = 0; i < MostSteps && double.IsFinite(value); i++)
        {
            var (gradient, information) = Slopes(design, sums, b);
            var step = information.Solve(gradient);
            var length = 1.0;
            var next = Moved(b, step, length);
            var nextValue = Value(design, sums, next);
            for (var halving = 0; halving < MostHalvings && !(nextValue >= value - Rounding(value)); halving++)
            {
                length /= 2;
                next = Moved(b, step, length);
                nextValue = Value(design, sums, next);
            }

            if (!(nextValue >= value - Rounding(value)))
            {
                break;
            }

            (b, value) = (next, nextValue);
            if (step.AbsoluteMaximum() * length <= SmallestStep)
            {
                return new Fit(b, Errors(design, sums, b));
            }
        }

        return new Fit(b, Errors: null);
    }

    private static double Rounding(double value) => 1e-13 * (1 + Math.Abs(value));

    private static double[] Moved(double[] from, Vector<double> step, double length) => [.. from.Select((b, i) => b + (length * step[i]))];

    private static double Factor(double[] x, double[] b) => Math.Exp(Sum(x, b));

    private static double Sum(double[] x, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            sum += x[i] * b[i];
        }

        return sum;
    }

    private static double Value(IReadOnlyList<double[]> design, IReadOnlyList<OccasionSums> sums, double[] b)
    {
        var value = 0.0;
        for (var g = 0; g < design.Count; g++)
        {
            var sum = Sum(design[g], b);
            value += (sums[g].Occasions * sum) - (sums[g].Expected * Math.Exp(sum));
        }

        return value;
    }

    private static (Vector<double> Gradient, Matrix<double> Information) Slopes(
        IReadOnlyList<double[]> design, IReadOnlyList<OccasionSums> sums, double[] b)
    {
        var gradient = Vector<double>.Build.Dense(b.Length);
        for (var g = 0; g < design.Count; g++)
        {
            var residual = sums[g].Occasions - (sums[g].Expected * Factor(design[g], b));
            for (var i = 0; i < b.Length; i++)
            {
                gradient[i] += design[g][i] * residual;
            }
        }

        return (gradient, Products(design, g => sums[g].Expected * Factor(design[g], b)));
    }

    private static double[]? Errors(IReadOnlyList<double[]> design, IReadOnlyList<OccasionSums> sums, double[] b)
    {
        var customers = sums.Sum(static s => s.Customers);
        var bread = Products(design, g => sums[g].Expected * Factor(design[g], b)).Inverse();
        var filling = Products(design, g => sums[g].Squares(1, Factor(design[g], b)));
        // As many degrees of freedom are gone as there are coefficients.
        var variances = (bread * filling * bread).Diagonal() * ((double)customers / Math.Max(1, customers - b.Length));
        return variances.ForAll(static v => v > 0 && double.IsFinite(v)) ? [.. variances.Select(Math.Sqrt)] : null;
    }

    /// <summary>The sum over rows of weight x x'.</summary>
    public static Matrix<double> Products(IReadOnlyList<double[]> design, Func<int, double> weight)
    {
        var columns = design[0].Length;
        var products = Matrix<double>.Build.Dense(columns, columns);
        for (var g = 0; g < design.Count; g++)
        {
            var w = weight(g);
            for (var i = 0; i < columns; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    products[i, j] += w * design[g][i] * design[g][j];
                }
            }
        }

        return Matrix<double>.Build.Dense(columns, columns, (i, j) => products[Math.Max(i, j), Math.Min(i, j)]);
    }

    /// <summary>What a regression found.</summary>
    /// <param name="Coefficients">One per column.</param>
    /// <param name="Errors">Their standard errors; null where no maximum was found.</param>
    internal sealed record Fit(double[] Coefficients, double[]? Errors);
}
