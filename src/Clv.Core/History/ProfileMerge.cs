using System.Text;
using Clv.Core.Extracts;

namespace Clv.Core.History;

/// <summary>
/// Merges yesterday's profiles of a partition with those of tonight's customer files, and says on the way which segment a customer with
/// transactions belongs to. Of a customer's rows the last delivered counts. Goes through the customers once, in the order of keys, beside
/// <see cref="HistoryMerge"/>. The same input gives the same bytes.
/// </summary>
public sealed class ProfileMerge : IDisposable
{
    private readonly MergeQueue<ProfileReader> _next;
    private readonly BinaryWriter _writer;
    private readonly Profile _profile = new();

    /// <summary>Starts a merge.</summary>
    /// <param name="inputs">Readers in the order of delivery: yesterday's profiles first, then tonight's files, each file's chunks in order.</param>
    /// <param name="files">How many customer files tonight has.</param>
    /// <param name="profiles">Receives tonight's profiles; is left open.</param>
    public ProfileMerge(IReadOnlyList<ProfileReader> inputs, int files, Stream profiles)
    {
        _next = new MergeQueue<ProfileReader>(inputs);
        _writer = new BinaryWriter(new BufferedStream(profiles, 1 << 16), Encoding.UTF8, leaveOpen: true);
        Books = new PartitionBooks(files);
    }

    /// <summary>What became of the customer files' rows.</summary>
    public PartitionBooks Books { get; }

    /// <summary>The segments of customers with transactions.</summary>
    public SegmentLabels Labels { get; } = new();

    /// <summary>Customers with a profile who were not asked for: they have no transactions.</summary>
    public long WithoutTransactions { get; private set; }

    /// <summary>
    /// The segment of a customer with transactions, by its number in <see cref="Labels"/>; 0 for none, and for one that comes after
    /// <see cref="SegmentLabels.MaxCount"/> others.
    /// </summary>
    /// <param name="key">The customer; higher than the last one asked for.</param>
    public int SegmentOf(CustomerKey key)
    {
        while (_next.TryPeek(out var next) && next <= key)
        {
            Merge(next);
            if (next == key)
            {
                // A partition sees only its part of the customers, so it cannot judge how many segments there are: it takes as many as it may.
                _ = Labels.TryGetOrAdd(_profile.Label, out var segment);
                return segment;
            }

            WithoutTransactions++;
        }

        return 0;
    }

    /// <summary>Merges the profiles that are left and writes everything out.</summary>
    public void Complete()
    {
        while (_next.TryPeek(out var next))
        {
            Merge(next);
            WithoutTransactions++;
        }

        _writer.Flush();
        _writer.BaseStream.Flush();
    }

    /// <summary>Gives the buffers back.</summary>
    public void Dispose() => _writer.Dispose();

    private void Merge(CustomerKey key)
    {
        var (rows, source) = (0, 0);
        foreach (var file in _next.Files(key))
        {
            if (rows > 0)
            {
                Books.CountReplaced(source, rows);
            }

            file.Read(_profile, first: rows == 0);
            (rows, source) = (_profile.Rows, file.Source);
        }

        Books.CountReplaced(source, rows - 1);
        Books.CountUsed(source);
        ProfileFormat.Write(_writer, key, _profile.CustomerId, rows: 1, _profile.Label);
    }
}
