using System.Numerics;
using System.Text.Json.Serialization;

namespace Clv.Core.Portfolio;

/// <summary>Sums by name, of which a bounded number is kept apart: the first by ordinal order, the others together.</summary>
/// <remarks>
/// Which names come first does not depend on the order in which they are added, and one that belongs to the first is never put among the
/// others on the way; so any partitioning and order gives the same groups. Not safe for use from several threads at once.
/// </remarks>
/// <typeparam name="T">What is summed.</typeparam>
public sealed class Groups<T>
    where T : class, IAdditionOperators<T, T, T>
{
    /// <summary>How many names are kept apart unless said otherwise.</summary>
    public const int MostNames = 1_000;

    private readonly SortedList<string, T> _named = new(StringComparer.Ordinal);

    /// <summary>No sums.</summary>
    /// <param name="limit">How many names are kept apart, 1 or more.</param>
    public Groups(int limit = MostNames)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        Limit = limit;
    }

    /// <summary>Sums as they were written down.</summary>
    /// <param name="limit">How many names are kept apart, 1 or more.</param>
    /// <param name="named">Sums by name.</param>
    /// <param name="others">The sum of all other names; null without any.</param>
    [JsonConstructor]
    public Groups(int limit, IReadOnlyDictionary<string, T> named, T? others)
        : this(limit)
    {
        ArgumentNullException.ThrowIfNull(named);
        foreach (var (name, sum) in named)
        {
            _named.Add(name, sum);
        }

        Others = others;
    }

    /// <summary>How many names are kept apart.</summary>
    public int Limit { get; }

    /// <summary>Sums by name, in ordinal order; the empty name is what has none.</summary>
    public IReadOnlyDictionary<string, T> Named => _named;

    /// <summary>The sum of all other names; null without any.</summary>
    public T? Others { get; private set; }

    /// <summary>Adds to a name.</summary>
    public void Add(string name, T value)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_named.TryGetValue(name, out var sum))
        {
            _named[name] = sum + value;
        }
        else if (_named.Count < Limit)
        {
            _named.Add(name, value);
        }
        else if (string.CompareOrdinal(name, _named.GetKeyAtIndex(Limit - 1)) > 0)
        {
            AddToOthers(value);
        }
        else
        {
            AddToOthers(_named.GetValueAtIndex(Limit - 1));
            _named.RemoveAt(Limit - 1);
            _named.Add(name, value);
        }
    }

    /// <summary>These sums and others; neither is changed.</summary>
    public Groups<T> Merge(Groups<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var merged = new Groups<T>(Limit, _named, Others);
        foreach (var (name, sum) in other._named)
        {
            merged.Add(name, sum);
        }

        if (other.Others is { } others)
        {
            merged.AddToOthers(others);
        }

        return merged;
    }

    /// <summary>The sums in ordinal order of their names, the others last.</summary>
    public IReadOnlyList<TRow> Rows<TRow>(Func<string?, T, TRow> row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var rows = _named.Select(named => row(named.Key, named.Value)).ToList();
        if (Others is { } others)
        {
            rows.Add(row(null, others));
        }

        return rows;
    }

    private void AddToOthers(T value) => Others = Others is { } others ? others + value : value;
}
