using System.Text;

namespace Clv.Core.History;

/// <summary>
/// Merges yesterday's history of a partition with tonight's slices into tonight's history, and summarises every customer on the way.
/// Everything is in the order of keys, so one customer at a time is in memory. The same input gives the same bytes.
/// </summary>
public static class HistoryMerge
{
    /// <summary>The source of rows that come from yesterday's history; tonight's files are 0, 1, 2 ...</summary>
    public const int FromHistory = -1;

    /// <summary>Merges.</summary>
    /// <param name="inputs">
    /// Readers in the order of delivery: yesterday's history first, then tonight's files, each file's chunks in order. Of rows with the same
    /// transaction id the last in this order counts.
    /// </param>
    /// <param name="files">How many files tonight has.</param>
    /// <param name="endDay">The last day of the observation window.</param>
    /// <param name="holdoutDays">Days at the end of the window that a backtest holds out; 0 for none.</param>
    /// <param name="history">Receives tonight's history.</param>
    /// <param name="summary">Receives each customer's summary, in the order of keys.</param>
    /// <param name="ages">Counts repeat occasions by age; null for nobody to count.</param>
    public static PartitionBooks Run(
        IReadOnlyList<HistoryReader> inputs,
        int files,
        int endDay,
        int holdoutDays,
        Stream history,
        Action<CustomerKey, CustomerSummary> summary,
        RepeatAges? ages = null)
    {
        var books = new PartitionBooks(files);
        var next = new MergeQueue<HistoryReader>(inputs);
        using var writer = new BinaryWriter(new BufferedStream(history, 1 << 16), Encoding.UTF8, leaveOpen: true);
        var delivered = new CustomerRows();
        var settled = new CustomerRows();
        while (next.TryPeek(out var key))
        {
            var first = true;
            foreach (var input in next.Files(key))
            {
                input.ReadRows(delivered, first);
                first = false;
            }

            delivered.Settle(settled, source => books.CountReplaced(source));
            books.CountUsed(settled);
            HistoryFormat.Write(writer, settled);
            summary(settled.Key, CustomerSummary.Of(settled.Days, settled.Micros, settled.Margins, endDay, holdoutDays, ages));
        }

        writer.Flush();
        writer.BaseStream.Flush();
        return books;
    }
}

/// <summary>What became of the rows of one partition.</summary>
public sealed class PartitionBooks
{
    private readonly long[] _used;
    private readonly long[] _replaced;

    internal PartitionBooks(int files)
    {
        _used = new long[files];
        _replaced = new long[files];
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

    internal void CountReplaced(int source, int rows = 1)
    {
        if (source == HistoryMerge.FromHistory)
        {
            HistoryReplaced += rows;
        }
        else
        {
            _replaced[source] += rows;
        }
    }

    // A profile is one row.
    internal void CountUsed(int source)
    {
        Customers++;
        HistoryRows++;
        if (source != HistoryMerge.FromHistory)
        {
            _used[source]++;
        }
    }

    internal void CountUsed(CustomerRows customer)
    {
        Customers++;
        HistoryRows += customer.Count;
        foreach (var source in customer.Sources)
        {
            if (source != HistoryMerge.FromHistory)
            {
                _used[source]++;
            }
        }
    }
}
