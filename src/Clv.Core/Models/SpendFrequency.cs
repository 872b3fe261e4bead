using System.Runtime.InteropServices;

namespace Clv.Core.Models;

/// <summary>How the value of an occasion goes with the number of occasions, which the Gamma-Gamma model takes to be independent.</summary>
/// <param name="Correlation">Correlation of ln mean value and ln (1 + occasions) over customers.</param>
/// <param name="Exponent">Slope of the logarithm of the classes' mean values in ln (1 + occasions).</param>
/// <param name="ExponentError">Its standard error, from the spread within the classes.</param>
/// <param name="LogFactors">The sum over customers of ln (1 + occasions), times the exponent.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SpendFrequency(double Correlation, double Exponent, double ExponentError, double LogFactors)
{
    /// <summary>Whether chance alone hardly gives such a slope.</summary>
    public bool IsSignificant => ExponentError > 0 && Math.Abs(Exponent) > 3 * ExponentError;

    /// <remarks>
    /// The slope is that of arithmetic means, which do not depend on n where the model holds; the mean logarithm does, because few values
    /// scatter more.
    /// </remarks>
    public static SpendFrequency Measure(GroupedSpend data)
    {
        double n = 0, sumX = 0, sumXx = 0, sumY = 0, sumYy = 0, sumXy = 0, sumLevel = 0, sumXLevel = 0;
        var classes = new List<(double X, double Size, double Relative)>();
        foreach (var (occasions, start, end) in data.Classes)
        {
            var (x, size) = (Math.Log(1 + (double)occasions), (double)(end - start));
            var means = data.Means[start..end];
            double y = 0, yy = 0;
            // In units of the largest, so that no sum of squares overflows.
            double unit = means[^1], sum = 0, squares = 0;
            foreach (var mean in means)
            {
                var log = Math.Log(mean);
                y += log;
                yy += log * log;
                sum += mean / unit;
                squares += mean / unit * (mean / unit);
            }

            n += size;
            sumX += size * x;
            sumXx += size * x * x;
            sumY += y;
            sumYy += yy;
            sumXy += x * y;
            var level = Math.Log(sum / size) + Math.Log(unit);
            sumLevel += size * level;
            sumXLevel += size * x * level;
            classes.Add((x, size, Math.Max(0, (squares * size / (sum * sum)) - 1)));
        }

        var (varianceX, varianceY) = ((sumXx / n) - (sumX / n * (sumX / n)), (sumYy / n) - (sumY / n * (sumY / n)));
        if (!(varianceX > 1e-9) || !(varianceY > 1e-12))
        {
            return default;
        }

        var correlation = ((sumXy / n) - (sumX / n * (sumY / n))) / Math.Sqrt(varianceX * varianceY);
        var slope = ((sumXLevel / n) - (sumX / n * (sumLevel / n))) / varianceX;
        // A class's level has the variance of its relative spread over its size, and the weight size (x - mean x) / (n variance).
        var error = Math.Sqrt(classes.Sum(c => c.Size * c.Relative * (c.X - (sumX / n)) * (c.X - (sumX / n)))) / (n * varianceX);
        return new SpendFrequency(Math.Clamp(correlation, -1, 1), slope, error, slope * sumX);
    }
}
