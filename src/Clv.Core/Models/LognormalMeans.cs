using System.Collections.Concurrent;

namespace Clv.Core.Models;

/// <summary>
/// Mean and variance of the logarithm of the mean of n independent lognormal values whose own logarithm has mean 0 and a given variance.
/// </summary>
/// <remarks>
/// With E a standard exponential and S the sum, ln E - ln S exceeds u with the probability L(e^u)^n, L being the Laplace transform of one
/// value: two sums over u give both moments for any n. (Matching the moments of S itself, by Fenton 1960, makes the logarithm far too wide
/// from a variance of 4 on.) See docs/models/shrunk-spend.md. Safe to share between threads.
/// </remarks>
internal sealed class LognormalMeans : IEquatable<LognormalMeans>
{
    /// <summary>Squared coefficient of variation of a mean below which Fenton's moments are as good.</summary>
    private const double Narrow = 0.01;

    private const double EulerGamma = 0.57721566490153286;

    /// <summary>How far down ln E may be, and how many standard deviations away a value.</summary>
    private const double LowestExponential = 30;
    private const double FarthestValue = 8.5;

    private readonly double _variance;
    private readonly double _step;
    private readonly double _start;
    private readonly double[] _logTransform;
    private readonly ConcurrentDictionary<int, (double Mean, double Variance)> _known = new();

    /// <summary>Means of values with a logarithmic variance of 0 or more.</summary>
    public LognormalMeans(double variance)
    {
        _variance = variance;
        var deviation = Math.Sqrt(variance);
        // Both the exponential's and the normal's shape are smooth at this step: rounding is all that the sums lose.
        _step = Math.Max(Math.Min(0.5, 0.8 * deviation), deviation / 40);
        _start = -(LowestExponential + Math.Log(HistoryGrouper.Largest) + (FarthestValue * deviation));
        _logTransform = variance < Narrow ? [] : LogTransform(deviation, _step, _start);
    }

    /// <summary>Mean and variance of the logarithm of the mean of n values.</summary>
    public (double Mean, double Variance) Of(int n) =>
        n == 1 ? (0, _variance) : _known.GetOrAdd(n, static (n, means) => means.Compute(n), this);

    public bool Equals(LognormalMeans? other) => other is not null && _variance == other._variance;

    public override bool Equals(object? obj) => Equals(obj as LognormalMeans);

    public override int GetHashCode() => _variance.GetHashCode();

    private (double Mean, double Variance) Compute(int n)
    {
        if (_variance < Narrow || (_variance < 1 && LogMath.Expm1(_variance) < Narrow * n))
        {
            var narrow = LogMath.Log1p(LogMath.Expm1(_variance) / n);
            return ((_variance - narrow) / 2, narrow);
        }

        // Trapezoidal sums of the distribution's tail from the start of the grid, where it is 1 and 2 (u - start) has a slope.
        double first = 0, second = _step * _step / 6;
        for (var i = 0; i < _logTransform.Length; i++)
        {
            var tail = _step * Math.Exp(n * _logTransform[i]) * (i == 0 ? 0.5 : 1);
            first += tail;
            second += 2 * i * _step * tail;
        }

        var mean = -(_start + first) - EulerGamma - Math.Log(n);
        return (mean, Math.Max(0, second - (first * first) - (Math.PI * Math.PI / 6)));
    }

    /// <summary>ln L(e^u) on the grid.</summary>
    private static double[] LogTransform(double deviation, double step, double start)
    {
        var reach = (int)Math.Ceiling(FarthestValue * deviation / step);
        var weights = new double[(2 * reach) + 1];
        for (var j = 0; j < weights.Length; j++)
        {
            var z = (j - reach) * step / deviation;
            weights[j] = Math.Exp(-z * z / 2);
        }

        var sum = weights.Sum();
        var logTransform = new double[(int)(((FarthestValue * deviation) + 4 - start) / step) + 1];
        var missing = new double[logTransform.Length + (2 * reach)];
        for (var i = 0; i < missing.Length; i++)
        {
            missing[i] = -LogMath.Expm1(-Math.Exp(Math.Min(30, start + ((i - reach) * step))));
        }

        for (var i = 0; i < logTransform.Length; i++)
        {
            var below = 0.0;
            for (var j = 0; j < weights.Length; j++)
            {
                below += weights[j] * missing[i + j];
            }

            logTransform[i] = below < sum ? LogMath.Log1p(-below / sum) : double.NegativeInfinity;
        }

        return logTransform;
    }
}
