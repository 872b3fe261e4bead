using Clv.Core.History;
using Clv.Core.Models;

namespace Clv.Cli.Report;

/// <summary>Customers by their mean value of a repeat occasion, and how many the model expects.</summary>
/// <param name="Width">Width of a class in currency; the last class is open.</param>
/// <param name="Actual">Customers by class.</param>
/// <param name="Expected">Expected customers by class.</param>
/// <param name="Mean">Mean of the customers' means.</param>
internal sealed record SpendHistogram(double Width, long[] Actual, double[] Expected, double Mean)
{
    private const int MostClasses = 32;

    /// <summary>Counts the customers who have a repeat occasion with a value; null when there is none.</summary>
    /// <param name="summaries">The customers.</param>
    /// <param name="spend">The model.</param>
    public static SpendHistogram? Of(IEnumerable<CustomerSummary> summaries, ISpendModel spend)
    {
        var customers = summaries.Where(static s => s.Whole.SpendCount > 0).Select(static s => (Count: s.Whole.SpendCount, Mean: s.Whole.MeanSpend)).ToArray();
        if (customers.Length == 0)
        {
            return null;
        }

        double[] means = [.. customers.Select(static c => c.Mean).Order()];
        var width = Axis.RoundStep(means[(int)(0.98 * (means.Length - 1))] / (MostClasses - 1));
        var classes = (int)Math.Ceiling(means[(int)(0.98 * (means.Length - 1))] / width) + 1;
        var actual = new long[classes];
        foreach (var mean in means)
        {
            actual[(int)Math.Min(mean / width, classes - 1)]++;
        }

        // Where value goes with frequency, the model inside is about values with the customers' factor taken out.
        var exponent = spend.Parameters.FirstOrDefault(static p => p.Key == FrequencySpend.ExponentName).Value;
        var expected = new double[classes];
        foreach (var group in customers.CountBy(static c => c.Count).OrderBy(static g => g.Key))
        {
            var below = 0.0;
            for (var i = 0; i < classes; i++)
            {
                var edge = (i + 1) * width / FrequencySpend.Factor(group.Key, exponent);
                var upto = i == classes - 1 ? 1 : spend.TotalProbability(0, 0, group.Key, group.Key * edge);
                expected[i] += group.Value * Math.Max(0, upto - below);
                below = upto;
            }
        }

        return new SpendHistogram(width, actual, expected, means.Average());
    }
}
