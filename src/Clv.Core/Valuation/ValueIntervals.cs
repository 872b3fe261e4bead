using System.Runtime.InteropServices;
using Clv.Core.Models;
using MathNet.Numerics.RootFinding;

namespace Clv.Core.Valuation;

/// <summary>
/// Between which amounts a customer's future value lies with a given probability: chance in how often and how much the customer buys, and
/// the uncertainty of the parameters. See docs/models/intervals.md.
/// </summary>
/// <remarks>
/// The number of occasions has the models' distribution, averaged over parameters that the data leave possible; the total of n occasions
/// the spend model's. Their mixture is inverted numerically. A total is discounted by the ratio of the expected discounted occasions to the
/// expected ones, as if it came at the expected times. Immutable, safe to share between threads.
/// </remarks>
public sealed class ValueIntervals
{
    /// <summary>The probability that intervals are made for.</summary>
    public const double Coverage = 0.8;

    /// <summary>More counts than these are put together in steps.</summary>
    private const int MostCounts = 64;

    private const int LargestCount = 1 << 17;
    private const double NeglectedTail = 1e-5;

    private readonly IReadOnlyList<ITransactionModel> _transactions;
    private readonly IReadOnlyList<ISpendModel> _spend;

    /// <summary>Intervals by models at equally likely parameters; a single one stands for certainty.</summary>
    /// <param name="transactions">How often customers buy.</param>
    /// <param name="spend">How much; none where nothing has a value.</param>
    public ValueIntervals(IReadOnlyList<ITransactionModel> transactions, IReadOnlyList<ISpendModel> spend)
    {
        ArgumentNullException.ThrowIfNull(transactions);
        ArgumentNullException.ThrowIfNull(spend);
        _transactions = transactions.Count > 0 ? transactions : throw new ArgumentException("There must be a model.", nameof(transactions));
        _spend = spend;
    }

    /// <summary>The interval of the undiscounted value of a customer's occasions within a horizon.</summary>
    /// <param name="x">Repeat occasions.</param>
    /// <param name="tx">Weeks from the first occasion to the last.</param>
    /// <param name="T">Weeks from the first occasion to the end of the observation.</param>
    /// <param name="spendCount">Occasions with a value.</param>
    /// <param name="meanSpend">Their mean value.</param>
    /// <param name="horizon">Weeks ahead, finite.</param>
    /// <param name="expected">The expected occasions within the horizon.</param>
    /// <returns>
    /// The middle 80 %; from 0 to the 80th percentile where no purchase at all has a chance of a tenth or more; and nothing but 0 where that
    /// alone has a chance of 80 %.
    /// </returns>
    public ValueInterval Of(int x, double tx, double T, int spendCount, double meanSpend, double horizon, double expected)
    {
        var probabilities = Counts(x, tx, T, horizon, expected);
        var none = probabilities[0];
        if (none >= Coverage || _spend.Count == 0)
        {
            return new ValueInterval(0, 0, none);
        }

        var (counts, weights) = Steps(probabilities);
        double Probability(double logTotal)
        {
            var total = Math.Exp(logTotal);
            var sum = 0.0;
            for (var i = 0; i < counts.Length; i++)
            {
                foreach (var spend in _spend)
                {
                    sum += weights[i] * spend.TotalProbability(spendCount, meanSpend, counts[i], total);
                }
            }

            return none + (sum / _spend.Count);
        }

        var typical = Math.Log(_spend[0].ExpectedValue(spendCount, meanSpend) * Math.Max(1, expected));
        var tail = (1 - Coverage) / 2;
        return none >= tail
            ? new ValueInterval(0, Quantile(Probability, Coverage, typical), none)
            : new ValueInterval(Quantile(Probability, tail, typical), Quantile(Probability, 1 - tail, typical), none);
    }

    private double[] Counts(int x, double tx, double T, double horizon, double expected)
    {
        var length = 16;
        while (length < LargestCount && length < 2 * expected)
        {
            length *= 2;
        }

        while (true)
        {
            var sum = new double[length];
            var one = new double[length];
            foreach (var model in _transactions)
            {
                model.TransactionProbabilities(x, tx, T, horizon, one);
                for (var n = 0; n < length; n++)
                {
                    sum[n] += one[n] / _transactions.Count;
                }
            }

            var covered = sum.Sum();
            if (covered > 1 - NeglectedTail || length >= LargestCount)
            {
                // What is beyond belongs to the highest count rather than nowhere.
                sum[^1] += Math.Max(0, 1 - covered);
                return sum;
            }

            length *= 2;
        }
    }

    /// <summary>The counts above 0 with their probabilities, neighbouring ones put together where there are very many.</summary>
    private static (int[] Counts, double[] Weights) Steps(double[] probabilities)
    {
        var step = Math.Max(1, probabilities.Length / MostCounts);
        var counts = new List<int>();
        var weights = new List<double>();
        for (var n = 1; n < probabilities.Length; n += step)
        {
            double weight = 0, mean = 0;
            for (var i = n; i < Math.Min(n + step, probabilities.Length); i++)
            {
                weight += probabilities[i];
                mean += i * probabilities[i];
            }

            if (weight > 1e-7)
            {
                counts.Add((int)Math.Round(mean / weight));
                weights.Add(weight);
            }
        }

        return ([.. counts], [.. weights]);
    }

    private static double Quantile(Func<double, double> probability, double at, double typical)
    {
        double low = typical - 1, high = typical + 1;
        for (var i = 0; i < 60 && probability(low) > at; i++)
        {
            low -= 1 << Math.Min(i, 4);
        }

        for (var i = 0; i < 60 && probability(high) < at; i++)
        {
            high += 1 << Math.Min(i, 4);
        }

        // A step (no spread at all) has no root; bisection ends on it.
        return Math.Exp(Brent.TryFindRoot(z => probability(z) - at, low, high, 1e-4, 60, out var root) ? root : Bisect(probability, at, low, high));
    }

    private static double Bisect(Func<double, double> probability, double at, double low, double high)
    {
        for (var i = 0; i < 20; i++)
        {
            var middle = (low + high) / 2;
            if (probability(middle) < at)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return high;
    }
}

/// <summary>An interval of a customer's future value.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
/// <param name="NoPurchase">The probability that there is no purchase at all within the horizon.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ValueInterval(double Low, double High, double NoPurchase);
