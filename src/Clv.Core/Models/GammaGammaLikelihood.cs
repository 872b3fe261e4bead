using static MathNet.Numerics.SpecialFunctions;

namespace Clv.Core.Models;

/// <summary>The Gamma-Gamma log-likelihood of classed mean values with its analytic first and second derivatives in (p, q, v).</summary>
/// <remarks>
/// Gamma functions are needed once per distinct number of occasions; a customer costs one logarithm and one division, in v alone.
/// </remarks>
internal sealed class GammaGammaLikelihood : IMeanLogLikelihood
{
    private const int P = 0;
    private const int Q = 1;
    private const int V = 2;

    private readonly GroupedSpend _data;
    private readonly int _threads;
    private readonly double[] _totals;
    private readonly double[] _sumLogTotals;
    private readonly double _sumLogMeans;

    public GammaGammaLikelihood(GroupedSpend data, int threads)
    {
        _data = data;
        _threads = threads;
        _totals = new double[data.Customers];
        _sumLogTotals = new double[data.Classes.Length];
        for (var c = 0; c < data.Classes.Length; c++)
        {
            var (n, start, end) = data.Classes[c];
            var sum = 0.0;
            for (var i = start; i < end; i++)
            {
                _totals[i] = n * data.Means[i];
                sum += Math.Log(data.Means[i]);
            }

            _sumLogMeans += sum;
            _sumLogTotals[c] = sum + ((end - start) * Math.Log(n));
        }
    }

    public long Customers => _data.Customers;

    /// <summary>The geometric mean of the mean values: a scale that no outlier moves.</summary>
    public double GeometricMean => Math.Exp(_sumLogMeans / Math.Max(1, Customers));

    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient, Span<double> hessian)
    {
        var (p, q, v) = (parameters[P], parameters[Q], parameters[V]);
        var classes = _data.Classes;
        Span<double> sums = stackalloc double[6];
        FixedChunks.Sum(0, _totals.Length, _threads, sums, (start, end, partial) => AddTotals(v, start, end, partial));

        var (logV, gammaQ, psiQ, psi1Q) = (Math.Log(v), GammaLn(q), DiGamma(q), LogMath.Trigamma(q));
        var value = -_sumLogMeans;
        gradient.Clear();
        hessian.Clear();
        for (var c = 0; c < classes.Length; c++)
        {
            double n = classes[c].Occasions;
            double customers = classes[c].End - classes[c].Start;
            var shape = p * n;
            var both = shape + q;
            var psi1 = LogMath.Trigamma(both);
            var psi = DiGamma(both);
            var logTotals = _sumLogTotals[c];

            value += (customers * (GammaLn(both) - GammaLn(shape) - gammaQ + (q * logV))) + (shape * logTotals);
            gradient[P] += n * ((customers * (psi - DiGamma(shape))) + logTotals);
            gradient[Q] += customers * (psi - psiQ + logV);
            hessian[0] += n * n * customers * (psi1 - LogMath.Trigamma(shape));
            hessian[1] += n * customers * psi1;
            hessian[4] += customers * (psi1 - psi1Q);
        }

        double all = Customers;
        value -= (p * sums[0]) + (q * sums[1]);
        gradient[P] -= sums[0];
        gradient[Q] -= sums[1];
        gradient[V] = (all * q / v) - ((p * sums[2]) + (q * sums[3]));
        hessian[2] = -sums[2];
        hessian[5] = (all / v) - sums[3];
        hessian[8] = (p * sums[4]) + (q * sums[5]) - (all * q / (v * v));

        var scale = 1 / all;
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

    /// <summary>The sums of ln(v + total), of 1/(v + total) and of its square, each first times the occasions and then plain.</summary>
    private void AddTotals(double v, int start, int end, Span<double> sums)
    {
        var classes = _data.Classes;
        var c = 0;
        while (classes[c].End <= start)
        {
            c++;
        }

        for (var i = start; i < end; c++)
        {
            var stop = Math.Min(end, classes[c].End);
            double log = 0, inverse = 0, inverse2 = 0;
            foreach (var total in _totals.AsSpan(i, stop - i))
            {
                var sum = v + total;
                var one = 1 / sum;
                log += Math.Log(sum);
                inverse += one;
                inverse2 += one * one;
            }

            double n = classes[c].Occasions;
            sums[0] += n * log;
            sums[1] += log;
            sums[2] += n * inverse;
            sums[3] += inverse;
            sums[4] += n * inverse2;
            sums[5] += inverse2;
            i = stop;
        }
    }
}
