namespace Clv.Core.Models;

/// <summary>
/// Mean values per occasion of customers, classed by the number of occasions: all that a spend model is fitted to. Immutable and in
/// canonical
/// order. <see cref="SpendGrouper"/> builds it.
/// </summary>
public sealed class GroupedSpend
{
    private readonly double[] _means;
    private readonly SpendClass[] _classes;

    internal GroupedSpend(double[] means, SpendClass[] classes)
    {
        _means = means;
        _classes = classes;
    }

    /// <summary>Customers in all classes.</summary>
    public int Customers => _means.Length;

    /// <summary>Mean values, ascending within each class.</summary>
    internal ReadOnlySpan<double> Means => _means;

    internal ReadOnlySpan<SpendClass> Classes => _classes;

    /// <summary>The same customers with the values of each class times a factor of its number of occasions, above 0.</summary>
    internal GroupedSpend Scaled(Func<int, double> factor)
    {
        var means = new double[_means.Length];
        foreach (var (occasions, start, end) in _classes)
        {
            var times = factor(occasions);
            for (var i = start; i < end; i++)
            {
                means[i] = _means[i] * times;
            }
        }

        return new GroupedSpend(means, _classes);
    }
}
