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
        var sums = new double[3 * classes.Length];
        FixedChunks.Sum(0, _totals.Length, _threads, sums, (start, end, partial) => AddTotals(v, start, end, partial));

        var (logV, gammaQ, psiQ, psi1Q) = (Math.Log(v), GammaLn(q), DiGamma(q), LogMath.Trigamma(q));
        var value = -_sumLogMeans;
        gradient.Clear();
        hessian.Clear();
        for (var c = 0; c < classes.Length; c++)
        {
            double n = classes[c].Occasions;
            double customers = classes[c].End - classes[c].Start;
            var (log, inverse, inverse2) = (sums[3 * c], sums[(3 * c) + 1], sums[(3 * c) + 2]);
            var shape = p * n;
            var both = shape + q;
            var psi1 = LogMath.Trigamma(both);
            var psi = DiGamma(both);
            var logTotals = _sumLogTotals[c];

            value += (customers * (GammaLn(both) - GammaLn(shape) - gammaQ + (q * logV))) + (shape * logTotals) - (both * log);
            gradient[P] += n * ((customers * (psi - DiGamma(shape))) + logTotals - log);
            gradient[Q] += (customers * (psi - psiQ + logV)) - log;
            gradient[V] += (customers * q / v) - (both * inverse);
            hessian[0] += n * n * customers * (psi1 - LogMath.Trigamma(shape));
            hessian[1] += n * customers * psi1;
            hessian[2] -= n * inverse;
            hessian[4] += customers * (psi1 - psi1Q);
            hessian[5] += (customers / v) - inverse;
            hessian[8] += (both * inverse2) - (customers * q / (v * v));
        }

        var scale = 1.0 / Customers;
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

    /// <summary>Per class, the sums of ln(v + total), 1/(v + total) and its square.</summary>
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

            sums[3 * c] += log;
            sums[(3 * c) + 1] += inverse;
            sums[(3 * c) + 2] += inverse2;
            i = stop;
        }
    }
}
