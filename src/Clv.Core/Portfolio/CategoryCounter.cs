using Clv.Core.History;
using Clv.Core.Industry;
using Clv.Core.Relationship;

namespace Clv.Core.Portfolio;

/// <summary>Counts which categories customers own together. Not safe for use from several threads at once.</summary>
internal sealed class CategoryCounter
{
    /// <summary>The categories with most owners whose pairs are counted.</summary>
    public const int MostCategories = 200;

    /// <summary>Ends a customer's categories, which are numbered from 1.</summary>
    private const ushort End = 0;

    private readonly Dictionary<string, ushort> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly List<long> _owners = [];
    private readonly List<ushort> _owned = [];
    private long _customers;

    public void Add(IReadOnlyList<CategoryPurchases> categories)
    {
        var any = false;
        foreach (var category in categories)
        {
            // What was returned altogether is not owned.
            if (category.Purchases > 0 && category.Net.Micros > 0 && Number(category.Name) is { } number)
            {
                _owners[number - 1]++;
                _owned.Add(number);
                any = true;
            }
        }

        if (any)
        {
            _owned.Add(End);
            _customers++;
        }
    }

    public CategoryAssociations Associations(ActionThresholds thresholds)
    {
        if (_customers == 0)
        {
            return CategoryAssociations.None;
        }

        var top = Enumerable.Range(0, _names.Count)
            .OrderByDescending(category => _owners[category])
            .ThenBy(category => _names[category], StringComparer.Ordinal)
            .Take(MostCategories)
            .ToArray();
        var both = CountPairs(top);
        var pairs = new List<CategoryPair>();
        for (var a = 0; a < top.Length; a++)
        {
            for (var b = 0; b < top.Length; b++)
            {
                var together = a == b ? 0 : both[Math.Min(a, b), Math.Max(a, b)];
                var confidence = (double)together / _owners[top[a]];
                var lift = confidence * _customers / _owners[top[b]];
                if (together > 0 && together >= thresholds.MinimumSupport && lift >= thresholds.MinimumLift)
                {
                    pairs.Add(new CategoryPair(_names[top[a]], _names[top[b]], together, confidence, lift));
                }
            }
        }

        var owners = new SortedDictionary<string, long>(
            top.ToDictionary(category => _names[category], category => _owners[category]), StringComparer.Ordinal);
        return new CategoryAssociations(_customers, owners, [
            .. pairs.OrderByDescending(pair => pair.Lift)
                .ThenByDescending(pair => pair.Both)
                .ThenBy(pair => pair.Owned, StringComparer.Ordinal)
                .ThenBy(pair => pair.Offered, StringComparer.Ordinal),
        ]);
    }

    private long[,] CountPairs(int[] top)
    {
        var ranks = new int[_names.Count + 1];
        Array.Fill(ranks, -1);
        for (var rank = 0; rank < top.Length; rank++)
        {
            ranks[top[rank] + 1] = rank;
        }

        var both = new long[top.Length, top.Length];
        var basket = new List<int>();
        foreach (var number in _owned)
        {
            if (number != End)
            {
                if (ranks[number] >= 0)
                {
                    basket.Add(ranks[number]);
                }

                continue;
            }

            basket.Sort();
            for (var i = 0; i < basket.Count; i++)
            {
                for (var j = i + 1; j < basket.Count; j++)
                {
                    both[basket[i], basket[j]]++;
                }
            }

            basket.Clear();
        }

        return both;
    }

    /// <summary>The category's number; null for one beyond the 65,535 first.</summary>
    private ushort? Number(string name)
    {
        if (_numbers.TryGetValue(name, out var number))
        {
            return number;
        }

        if (_names.Count == ushort.MaxValue)
        {
            return null;
        }

        _names.Add(name);
        _owners.Add(0);
        return _numbers[name] = (ushort)_names.Count;
    }
}
