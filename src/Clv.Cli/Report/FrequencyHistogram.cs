using Clv.Core.History;
using Clv.Core.Models;

namespace Clv.Cli.Report;

/// <summary>How many customers have 0, 1, 2 ... repeat occasions, the last class with all above; and how many the model expects.</summary>
internal static class FrequencyHistogram
{
    /// <summary>How many classes there are.</summary>
    public const int Classes = 8;

    /// <summary>Counts customers with a purchase.</summary>
    /// <param name="summaries">The customers.</param>
    /// <param name="model">The model.</param>
    /// <param name="threads">Threads that may work; the result is the same for any number.</param>
    public static (long[] Actual, double[] Expected) Of(IReadOnlyList<CustomerSummary> summaries, ITransactionModel model, int threads)
    {
        var actual = new long[Classes];
        var ages = new SortedDictionary<int, long>();
        foreach (var summary in summaries)
        {
            if (summary.Whole.HasPurchase)
            {
                actual[Math.Min(summary.Whole.Frequency, Classes - 1)]++;
                ages[summary.Whole.AgeDays] = ages.GetValueOrDefault(summary.Whole.AgeDays) + 1;
            }
        }

        var distinct = ages.ToArray();
        var parts = new double[distinct.Length][];
        Parallel.For(0, distinct.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
        {
            parts[i] = new double[Classes - 1];
            model.TransactionProbabilities(distinct[i].Key / 7.0, parts[i]);
        });
        var expected = new double[Classes];
        for (var i = 0; i < distinct.Length; i++)
        {
            for (var x = 0; x < Classes - 1; x++)
            {
                expected[x] += distinct[i].Value * parts[i][x];
            }

            expected[^1] += distinct[i].Value * Math.Max(0, 1 - parts[i].Sum());
        }

        return (actual, expected);
    }
}
