namespace Clv.Core.Models;

/// <summary>
/// Collects mean values per occasion for a spend fit: 12 bytes a customer. Not safe for use from several threads at once.
/// </summary>
public sealed class SpendGrouper
{
    private int[] _counts = new int[1024];
    private double[] _means = new double[1024];
    private int _length;

    /// <summary>Customers so far.</summary>
    public int Customers => _length;

    /// <summary>Adds one customer.</summary>
    /// <param name="count">Occasions with positive net value that the mean is over, 1 to <see cref="HistoryGrouper.Largest"/>.</param>
    /// <param name="mean">Mean net value per such occasion, above 0 and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public void Add(int count, double mean)
    {
        if (count is < 1 or > HistoryGrouper.Largest)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, $"Must be 1 to {HistoryGrouper.Largest}.");
        }

        Guard.Positive(mean);
        if (_length == _counts.Length)
        {
            Array.Resize(ref _counts, _length * 2);
            Array.Resize(ref _means, _length * 2);
        }

        _counts[_length] = count;
        _means[_length++] = mean;
    }

    /// <summary>The customers so far, in an order that does not depend on the order of adding.</summary>
    public GroupedSpend Build()
    {
        // A counting sort by occasions, then each class by its means: far quicker than one sort by both.
        var largest = 0;
        for (var i = 0; i < _length; i++)
        {
            largest = Math.Max(largest, _counts[i]);
        }

        var end = new int[largest + 1];
        for (var i = 0; i < _length; i++)
        {
            end[_counts[i]]++;
        }

        for (var n = 1; n <= largest; n++)
        {
            end[n] += end[n - 1];
        }

        var place = (int[])end.Clone();
        var means = new double[_length];
        for (var i = 0; i < _length; i++)
        {
            means[--place[_counts[i]]] = _means[i];
        }

        var classes = new List<SpendClass>();
        for (var n = 1; n <= largest; n++)
        {
            if (end[n] > end[n - 1])
            {
                Array.Sort(means, end[n - 1], end[n] - end[n - 1]);
                classes.Add(new SpendClass(n, end[n - 1], end[n]));
            }
        }

        return new GroupedSpend(means, [.. classes]);
    }
}
