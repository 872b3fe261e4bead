using Clv.Core.Models;

namespace Clv.Core.Valuation;

/// <summary>
/// Whole numbers of occasions for each customer that add up to what is expected of all: of all such forecasts the one with the least expected
/// absolute error. Learned from a model and the histories alone; nothing that happened afterwards goes into it.
/// </summary>
/// <remarks>
/// An expectation cannot be compared by absolute error: most customers will not buy, so the error is least where they are forecast nothing and
/// the total comes out far too low. With the total held fixed the best forecast is everybody's quantile at one common level, here
/// <see cref="Level"/> (Lagrange's condition for a sum of absolute errors). Customers of whom the model expects the same rise together, so the
/// total is the nearest that a common level can give: by a <see cref="Poisson"/> all customers get the same number, possibly 0. Values and
/// totals are made of expectations; this is for "how often will this customer come". Details: docs/models/forecast.md.
/// </remarks>
/// <param name="Level">The level of the quantile, 0 to 1; 0 forecasts nothing for anyone.</param>
public sealed record WholeOccasions(double Level)
{
    private const int FirstLength = 32;
    private const int LongestLength = 1 << 15;

    /// <summary>Levels above this are not told apart: one customer in a thousand does better than the forecast.</summary>
    private const double HighestLevel = 0.999;

    /// <summary>Relative difference of two levels that is no more than rounding.</summary>
    private const double SameLevel = 1e-12;

    /// <summary>Finds the level at which the forecasts add up.</summary>
    /// <param name="histories">The customers.</param>
    /// <param name="model">How they buy.</param>
    /// <param name="horizon">Weeks ahead, finite, 0 or more.</param>
    /// <param name="threads">Threads that may work; the result is the same for any number.</param>
    public static WholeOccasions Learn(GroupedHistories histories, ITransactionModel model, double horizon, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(histories);
        ArgumentNullException.ThrowIfNull(model);
        var groups = new (double Expected, double[] Levels)[histories.GroupCount];
        Parallel.For(0, groups.Length, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads) }, i =>
        {
            var group = histories[i];
            groups[i] = (
                group.Count * model.ExpectedTransactions(group.Frequency, group.Recency, group.Age, horizon),
                Levels(model, group.Frequency, group.Recency, group.Age, horizon));
        });

        // A group's forecast rises by one at each of its levels, so the total at a level is the number of customers' levels below it.
        var rises = new List<(double Level, long Count)>();
        var expected = 0.0;
        for (var i = 0; i < groups.Length; i++)
        {
            expected += groups[i].Expected;
            foreach (var level in groups[i].Levels)
            {
                rises.Add((level, histories[i].Count));
            }
        }

        rises.Sort();
        var (total, reached) = (0.0, 0.0);
        for (var next = 0; next < rises.Count;)
        {
            // Equal levels are reached together or not at all: customers whom the model cannot tell apart share one forecast.
            var (first, last) = (next, rises[next].Level);
            var count = 0.0;
            for (; next < rises.Count && rises[next].Level - rises[first].Level <= SameLevel * rises[first].Level; next++)
            {
                (last, count) = (rises[next].Level, count + rises[next].Count);
            }

            // The nearest total: a rise counts once more than half of it is due.
            if (total + (count / 2) > expected)
            {
                return new WholeOccasions(reached);
            }

            total += count;
            reached = Math.BitIncrement(last);
        }

        return new WholeOccasions(reached);
    }

    /// <summary>The forecast for one customer: the least number that is not exceeded with a probability of <see cref="Level"/>.</summary>
    /// <param name="model">How customers buy.</param>
    /// <param name="x">Repeat occasions.</param>
    /// <param name="tx">Weeks from the first occasion to the last.</param>
    /// <param name="T">Weeks from the first occasion to the end of the observation.</param>
    /// <param name="horizon">Weeks ahead, finite, 0 or more.</param>
    public int Forecast(ITransactionModel model, int x, double tx, double T, double horizon)
    {
        ArgumentNullException.ThrowIfNull(model);
        var forecast = 0;
        foreach (var level in Levels(model, x, tx, T, horizon))
        {
            if (level >= Level)
            {
                break;
            }

            forecast++;
        }

        return forecast;
    }

    /// <summary>The probabilities of at most 0, 1, 2 ... occasions, as far as they are told apart.</summary>
    private static double[] Levels(ITransactionModel model, int x, double tx, double T, double horizon)
    {
        for (var length = FirstLength; ; length *= 8)
        {
            var levels = new double[length];
            model.TransactionProbabilities(x, tx, T, horizon, levels);
            var sum = 0.0;
            for (var n = 0; n < length; n++)
            {
                levels[n] = sum += levels[n];
                if (sum > HighestLevel)
                {
                    return levels[..n];
                }
            }

            if (length >= LongestLength)
            {
                return levels;
            }
        }
    }
}
