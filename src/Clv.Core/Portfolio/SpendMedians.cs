using System.Runtime.InteropServices;

namespace Clv.Core.Portfolio;

/// <summary>
/// Medians of the expected spend by segment, exact to the seven digits of a float. Not safe for use from several threads at once.
/// </summary>
internal sealed class SpendMedians
{
    private readonly Dictionary<string, List<float>> _segments = new(StringComparer.Ordinal);

    public void Add(string segment, double spend)
    {
        ref var spends = ref CollectionsMarshal.GetValueRefOrAddDefault(_segments, segment, out _);
        (spends ??= []).Add((float)spend);
    }

    /// <summary>Medians by segment; the empty name is everybody's, also of those without a segment. Empty without anybody.</summary>
    public SortedDictionary<string, double> BySegment()
    {
        var medians = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var everybody = new List<float>(_segments.Values.Sum(spends => spends.Count));
        foreach (var (segment, spends) in _segments)
        {
            everybody.AddRange(spends);
            if (segment.Length > 0)
            {
                medians[segment] = Median(spends);
            }
        }

        if (everybody.Count > 0)
        {
            medians[""] = Median(everybody);
        }

        return medians;
    }

    private static double Median(List<float> spends)
    {
        var values = CollectionsMarshal.AsSpan(spends);
        values.Sort();
        return Quantile.Median(values);
    }
}
