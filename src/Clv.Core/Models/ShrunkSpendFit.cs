namespace Clv.Core.Models;

/// <summary>Estimates <see cref="ShrunkSpend"/>: a winsorised mean, and the spread of the logarithms within and between customers.</summary>
public static class ShrunkSpendFit
{
    /// <summary>A mean beyond so many robust standard deviations of the logarithms above the median counts as if it lay there.</summary>
    private const double FarthestMean = 4;

    /// <summary>But this share of the customers counts as it is.</summary>
    private const double Undoubted = 0.99;

    /// <summary>Distance from the median to the upper quartile of a normal distribution, in standard deviations.</summary>
    private const double Quartile = 0.67448975019608171;

    /// <summary>Standard deviation of ln (variance within / variance between) that is supposed before anything is known.</summary>
    private const double SupposedRatio = 3;

    private const double LargestLog = 700;

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
        var median = means.Length % 2 == 1 ? means[middle] : (means[middle - 1] / 2) + (means[middle] / 2);
        var level = Level(means, median);
        var classes = Classes(data, Math.Log(median));
        var total = classes.Sum(static c => c.Squares);
        var size = classes.Sum(static c => c.Size);
        if (total <= 1e-12 * size)
        {
            return new ShrunkSpend(level, median, 0, 0);
        }

        var scale = Math.Log(total / size);
        var within = Lowest(log => -Between(classes, Math.Exp(log), scale).Score, scale - 14, scale + 2);
        var (_, between, shift) = Between(classes, Math.Exp(within), scale);
        // Whatever the amounts, the center stays a number.
        var center = Math.Exp(Math.Clamp(Math.Log(median) + shift, -LargestLog, LargestLog));
        return new ShrunkSpend(level, center, Math.Exp(within / 2), Math.Sqrt(between));
    }

    /// <summary>The mean of the customers' means, none of which counts for more than the upper half of them makes plausible.</summary>
    private static double Level(double[] means, double median)
    {
        var last = means.Length - 1;
        var deviation = (Math.Log(means[(int)Math.Ceiling(0.75 * last)]) - Math.Log(median)) / Quartile;
        var limit = Math.Max(means[(int)(Undoubted * last)], median * Math.Exp(FarthestMean * deviation));
        // From the median, so that equal amounts have exactly their mean.
        return median + means.Sum(mean => (Math.Min(mean, limit) - median) / means.Length);
    }

    /// <summary>Customers with the same number of occasions: how many, and the sums of ln mean - center and of its square.</summary>
    private static (int Occasions, double Size, double Sum, double Squares)[] Classes(GroupedSpend data, double center)
    {
        var classes = new (int Occasions, double Size, double Sum, double Squares)[data.Classes.Length];
        for (var i = 0; i < classes.Length; i++)
        {
            var (occasions, start, end) = data.Classes[i];
            classes[i] = (occasions, end - start, 0, 0);
            foreach (var mean in data.Means[start..end])
            {
                var distance = Math.Log(mean) - center;
                classes[i].Sum += distance;
                classes[i].Squares += distance * distance;
            }
        }

        return classes;
    }

    /// <summary>
    /// The variance between customers that the data make most likely given that within one, and the center; ln mean is normal in each class.
    /// </summary>
    private static (double Score, double Between, double Center) Between(
        (int Occasions, double Size, double Sum, double Squares)[] classes, double within, double scale)
    {
        var means = new LognormalMeans(within);
        var moments = Array.ConvertAll(classes, c => means.Of(c.Occasions));
        (double Score, double Center) At(double between)
        {
            double weights = 0, sum = 0;
            for (var i = 0; i < classes.Length; i++)
            {
                var weight = 1 / (between + moments[i].Variance);
                weights += weight * classes[i].Size;
                sum += weight * (classes[i].Sum - (classes[i].Size * moments[i].Mean));
            }

            var center = sum / weights;
            // Where everybody has the same number of occasions nothing but this tells the two variances apart: they are then equal.
            var ratio = Math.Log(within / between) / SupposedRatio;
            var score = -ratio * ratio / 2;
            for (var i = 0; i < classes.Length; i++)
            {
                var (variance, mean) = (between + moments[i].Variance, center + moments[i].Mean);
                var squares = classes[i].Squares - (2 * mean * classes[i].Sum) + (classes[i].Size * mean * mean);
                score -= ((classes[i].Size * Math.Log(variance)) + (squares / variance)) / 2;
            }

            return (score, center);
        }

        var best = Math.Exp(Lowest(log => -At(Math.Exp(log)).Score, scale - 14, scale + 2));
        var (bestScore, bestCenter) = At(best);
        return (bestScore, best, bestCenter);
    }

    /// <summary>The place of the lowest value: the best of a coarse grid, then golden sections about it.</summary>
    private static double Lowest(Func<double, double> function, double from, double to)
    {
        const int Grid = 16;
        const double Golden = 0.61803398874989485;
        var width = (to - from) / Grid;
        var start = Enumerable.Range(0, Grid + 1).Select(i => from + (i * width)).MinBy(function);
        var (low, high) = (start - width, start + width);
        double left = high - (Golden * (high - low)), right = low + (Golden * (high - low));
        double atLeft = function(left), atRight = function(right);
        for (var i = 0; i < 24; i++)
        {
            if (atLeft < atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - (Golden * (high - low));
                atLeft = function(left);
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + (Golden * (high - low));
                atRight = function(right);
            }
        }

        return (low + high) / 2;
    }
}
