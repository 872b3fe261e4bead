namespace Clv.Core.Models;

/// <summary>
/// The distinct purchase histories of a customer base with their counts: all that a transaction model is fitted to. Immutable; sorted by
/// frequency, age and recency, so a fit does not depend on the order in which customers came. <see cref="HistoryGrouper"/> builds it from
/// customers.
/// </summary>
public sealed class GroupedHistories
{
    private readonly double[] _times;
    private readonly int[] _frequency;
    private readonly int[] _recency;
    private readonly int[] _age;
    private readonly long[] _count;

    /// <summary>Takes arrays in canonical order; recency and age are places in times, which ascend.</summary>
    internal GroupedHistories(double[] times, int[] frequency, int[] recency, int[] age, long[] count)
    {
        _times = times;
        _frequency = frequency;
        _recency = recency;
        _age = age;
        _count = count;
        FirstRepeater = 0;
        while (FirstRepeater < frequency.Length && frequency[FirstRepeater] == 0)
        {
            FirstRepeater++;
        }

        for (var i = 0; i < count.Length; i++)
        {
            Customers += count[i];
            RepeatOccasions += frequency[i] * count[i];
            Repeaters += i < FirstRepeater ? 0 : count[i];
        }
    }

    /// <summary>Distinct histories.</summary>
    public int GroupCount => _frequency.Length;

    /// <summary>Customers in all groups.</summary>
    public long Customers { get; }

    /// <summary>Customers with at least one repeat occasion.</summary>
    public long Repeaters { get; }

    /// <summary>Repeat occasions of all customers.</summary>
    public long RepeatOccasions { get; }

    /// <summary>
    /// The sum over all customers of the logarithms of the weeks between their neighbouring occasions; null when they are not known. Only
    /// the choice between degrees of regularity needs it: it adds the same to the likelihood at any other parameters.
    /// </summary>
    public double? SumLogGaps { get; init; }

    /// <summary>
    /// How many repeat occasions of all customers fell on which age, in weeks since the customer's first occasion, ascending; null when it is
    /// not known of every one. Only a model whose pace changes with age needs it.
    /// </summary>
    public IReadOnlyList<KeyValuePair<double, long>>? RepeatAges { get; init; }

    /// <summary>The first group with a repeat occasion; <see cref="GroupCount"/> when there is none.</summary>
    internal int FirstRepeater { get; }

    /// <summary>The distinct times in weeks, ascending, that <see cref="Recency"/> and <see cref="Age"/> point into.</summary>
    internal ReadOnlySpan<double> Times => _times;

    internal ReadOnlySpan<int> Frequency => _frequency;

    internal ReadOnlySpan<int> Recency => _recency;

    internal ReadOnlySpan<int> Age => _age;

    internal ReadOnlySpan<long> Count => _count;

    /// <summary>One group, by its place in the canonical order.</summary>
    /// <param name="index">0 to <see cref="GroupCount"/> - 1.</param>
    public HistoryGroup this[int index] => new(_frequency[index], _times[_recency[index]], _times[_age[index]], _count[index]);

    /// <summary>
    /// Every so many of the groups, from the middle of the first so many: in their order that is a sample stratified by frequency, age and
    /// recency, and always the same one.
    /// </summary>
    internal GroupedHistories EveryNth(int n)
    {
        T[] Take<T>(T[] all) => [.. all.Where((_, i) => i % n == n / 2)];
        return new GroupedHistories(_times, Take(_frequency), Take(_recency), Take(_age), Take(_count));
    }

    /// <summary>The same histories, with times as a clock shows them.</summary>
    internal GroupedHistories At(NoveltyClock clock) => new(Array.ConvertAll(_times, clock.Elapsed), _frequency, _recency, _age, _count);

    /// <summary>
    /// Groups from a table in any unit of time (weeks, or the periods of a textbook), which is then the unit of the fitted model.
    /// </summary>
    /// <param name="rows">The rows, in any order; equal histories are merged and rows of no customers ignored.</param>
    /// <exception cref="ArgumentOutOfRangeException">A history cannot exist, or a count is negative.</exception>
    public static GroupedHistories FromTable(IEnumerable<HistoryGroup> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var merged = new Dictionary<(int Frequency, double Age, double Recency), long>();
        var gaps = new LogSum();
        var missing = false;
        foreach (var row in rows)
        {
            Guard.History(row.Frequency, row.Recency, row.Age);
            ArgumentOutOfRangeException.ThrowIfNegative(row.Count, nameof(rows));
            LogSum.Check(row.LogGaps);
            if (row.Count > 0)
            {
                var key = (row.Frequency, row.Age, row.Recency);
                merged[key] = merged.GetValueOrDefault(key) + row.Count;
                if (row.Frequency > 0)
                {
                    missing |= row.LogGaps is null;
                    gaps.Add(row.LogGaps ?? 0, row.Count);
                }
            }
        }

        var groups = merged.OrderBy(g => g.Key).ToArray();
        var times = groups.SelectMany(g => new[] { g.Key.Age, g.Key.Recency }).Distinct().Order().ToArray();
        return new GroupedHistories(
            times,
            Array.ConvertAll(groups, g => g.Key.Frequency),
            Array.ConvertAll(groups, g => Array.BinarySearch(times, g.Key.Recency)),
            Array.ConvertAll(groups, g => Array.BinarySearch(times, g.Key.Age)),
            Array.ConvertAll(groups, g => g.Value))
        {
            SumLogGaps = missing ? null : gaps.Value,
        };
    }
}
