namespace Clv.Core.Models;

/// <summary>Estimates <see cref="ShrunkSpend"/> from the median and from the spread of the logarithms within and between customers.</summary>
public static class ShrunkSpendFit
{
    /// <summary>Logarithmic variance of one customer's values above which the coefficient of variation says nothing more.</summary>
    private const double LargestVariance = 4;

    /// <summary>Estimates the model; null when no customer has a value.</summary>
    /// <param name="data">Mean values per occasion.</param>
    public static ShrunkSpend? Run(GroupedSpend data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Customers == 0)
        {
            return null;
        }

        var means = data.Means.ToArray();
        Array.Sort(means);
        var middle = means.Length / 2;
        // The halves of two large numbers, not half of their sum, which may overflow.
        var level = means.Length % 2 == 1 ? means[middle] : (means[middle - 1] / 2) + (means[middle] / 2);
        var (within, between) = Variances(data, Math.Log(level));
        var strength = within <= 0 ? 0 : between <= 0 ? HistoryGrouper.Largest : Math.Min(HistoryGrouper.Largest, within / between);
        return new ShrunkSpend(level, strength, Math.Sqrt(LogMath.Expm1(Math.Clamp(within, 0, LargestVariance))));
    }

    /// <summary>
    /// The squared distance of ln mean from ln median over n occasions is the variance between customers plus that within one, over n: a
    /// straight line in 1/n. Where everyone has the same n the two cannot be told apart and are taken for equal.
    /// </summary>
    private static (double Within, double Between) Variances(GroupedSpend data, double center)
    {
        double n = 0, sumX = 0, sumY = 0, sumXx = 0, sumXy = 0;
        foreach (var (occasions, start, end) in data.Classes)
        {
            var (x, y, size) = (1.0 / occasions, 0.0, (double)(end - start));
            foreach (var mean in data.Means[start..end])
            {
                var distance = Math.Log(mean) - center;
                y += distance * distance;
            }

            n += size;
            sumX += size * x;
            sumY += y;
            sumXx += size * x * x;
            sumXy += y * x;
        }

        var (meanX, meanY) = (sumX / n, sumY / n);
        var spread = (sumXx / n) - (meanX * meanX);
        if (spread <= 1e-9)
        {
            var half = meanY / (1 + meanX);
            return (half, half);
        }

        var within = Math.Clamp(((sumXy / n) - (meanX * meanY)) / spread, 0, meanY / meanX);
        return (within, meanY - (within * meanX));
    }
}
