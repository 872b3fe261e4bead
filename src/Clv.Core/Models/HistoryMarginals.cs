namespace Clv.Core.Models;

/// <summary>
/// What grouped histories say of frequency alone and of age alone: the parts of a log-likelihood that telescope over repeats or depend on the
/// age only need no more than this.
/// </summary>
internal sealed class HistoryMarginals
{
    public HistoryMarginals(GroupedHistories data)
    {
        CustomersOfAge = new double[data.Times.Length];
        RepeatsOfAge = new double[data.Times.Length];
        MoreThan = new double[data.GroupCount == 0 ? 0 : data.Frequency[^1]];
        for (var i = 0; i < data.GroupCount; i++)
        {
            var x = data.Frequency[i];
            CustomersOfAge[data.Age[i]] += data.Count[i];
            RepeatsOfAge[data.Age[i]] += (double)x * data.Count[i];
            if (x > 0)
            {
                MoreThan[x - 1] += data.Count[i];
            }
        }

        for (var j = MoreThan.Length - 2; j >= 0; j--)
        {
            MoreThan[j] += MoreThan[j + 1];
        }
    }

    /// <summary>Customers with more than so many repeat occasions.</summary>
    public double[] MoreThan { get; }

    /// <summary>Customers by the place of their age in <see cref="GroupedHistories.Times"/>.</summary>
    public double[] CustomersOfAge { get; }

    /// <summary>Their repeat occasions, likewise.</summary>
    public double[] RepeatsOfAge { get; }
}
