namespace Clv.Core.History;

/// <summary>What became of the rows of one kind in one partition: rows in = used + replaced + erased, per file.</summary>
public sealed class PartitionBooks
{
    /// <summary>The source of rows that come from yesterday's history; tonight's files of a kind are 0, 1, 2 ...</summary>
    public const int FromHistory = -1;

    private readonly long[] _used;
    private readonly long[] _replaced;
    private readonly long[] _erased;

    internal PartitionBooks(int files)
    {
        _used = new long[files];
        _replaced = new long[files];
        _erased = new long[files];
    }

    /// <summary>Customers in the partition's history.</summary>
    public long Customers { get; private set; }

    /// <summary>Rows in the partition's history after the merge.</summary>
    public long HistoryRows { get; private set; }

    /// <summary>Rows of yesterday's history that one of tonight's replaced.</summary>
    public long HistoryReplaced { get; private set; }

    /// <summary>Rows of each of tonight's files that are part of the history now.</summary>
    public IReadOnlyList<long> Used => _used;

    /// <summary>Rows of each of tonight's files that a later row of tonight replaced.</summary>
    public IReadOnlyList<long> Replaced => _replaced;

    /// <summary>Rows of each of tonight's files that are left out because their customers are erased.</summary>
    public IReadOnlyList<long> Erased => _erased;

    internal void CountErased(ReadOnlySpan<int> sources)
    {
        foreach (var source in sources)
        {
            if (source != FromHistory)
            {
                _erased[source]++;
            }
        }
    }

    internal void CountReplaced(int source)
    {
        if (source == FromHistory)
        {
            HistoryReplaced++;
        }
        else
        {
            _replaced[source]++;
        }
    }

    /// <summary>Counts a customer's rows that are part of the history now.</summary>
    internal void CountUsed(ReadOnlySpan<int> sources)
    {
        Customers++;
        HistoryRows += sources.Length;
        foreach (var source in sources)
        {
            if (source != FromHistory)
            {
                _used[source]++;
            }
        }
    }
}
