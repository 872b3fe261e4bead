using System.Collections.Concurrent;
using Clv.Core.Extracts;

namespace Clv.Core.History;

/// <summary>Sees the rows of one customer.</summary>
/// <param name="customer">The customer's index.</param>
/// <param name="days">The rows' days, ascending.</param>
/// <param name="micros">The rows' amounts in millionths, beside <paramref name="days"/>; negative is a return.</param>
public delegate void PurchaseVisitor(int customer, ReadOnlySpan<int> days, ReadOnlySpan<long> micros);

/// <summary>
/// All transactions of a file in memory, as columns: about 16 bytes a row, 24 with margins, no object per row or customer. Rows may come in any order.
/// Not thread-safe while it is filled.
/// </summary>
public sealed class PurchaseLedger
{
    private const int BlockRows = 1 << 20;

    private readonly List<Block> _blocks = [];
    private readonly bool _hasTransactionIds;
    private readonly bool _hasMargins;
    private int _used = BlockRows;
    private int[] _rowsOf = new int[1 << 10];

    /// <summary>Creates an empty ledger.</summary>
    /// <param name="hasTransactionIds">Whether rows may carry ids by which a later row replaces an earlier one of the same customer.</param>
    /// <param name="hasMargins">Whether the rows' margins are kept.</param>
    public PurchaseLedger(bool hasTransactionIds, bool hasMargins = false)
    {
        _hasTransactionIds = hasTransactionIds;
        _hasMargins = hasMargins;
    }

    /// <summary>The customers, in the order of their first row.</summary>
    public CustomerTable Customers { get; } = new();

    /// <summary>How many rows were added.</summary>
    public long Rows => ((_blocks.Count - 1L) * BlockRows) + _used;

    /// <summary>The latest day of any row, or -1 while there is none.</summary>
    public int LastDay { get; private set; } = -1;

    /// <summary>The earliest day of any row, or <see cref="int.MaxValue"/> while there is none.</summary>
    public int FirstDay { get; private set; } = int.MaxValue;

    /// <summary>
    /// Adds all rows of a file. Parsing and adding go on at the same time on two threads, in the order of the file.
    /// </summary>
    /// <exception cref="ExtractRefusedException">The file stops being readable.</exception>
    public void Load(TransactionReader rows)
    {
        // A few batches in flight: enough to keep both threads busy, little memory. Only there being no empty one makes the parser wait,
        // because there it notices when the other thread has failed.
        using var full = new BlockingCollection<RowBatch>();
        using var empty = new BlockingCollection<RowBatch>();
        for (var i = 0; i < 6; i++)
        {
            empty.Add(new RowBatch(_hasTransactionIds, _hasMargins));
        }

        var adding = Task.Run(() =>
        {
            foreach (var batch in full.GetConsumingEnumerable())
            {
                Add(batch);
                batch.Clear();
                empty.Add(batch);
            }
        });
        try
        {
            var batch = empty.Take();
            while (rows.Read())
            {
                if (!batch.TryAdd(rows.CustomerId, rows.Day, rows.Micros, rows.Margin, rows.TransactionId))
                {
                    full.Add(batch);
                    while (!empty.TryTake(out batch, millisecondsTimeout: 100))
                    {
                        if (adding.IsFaulted)
                        {
                            adding.GetAwaiter().GetResult();
                        }
                    }

                    batch.TryAdd(rows.CustomerId, rows.Day, rows.Micros, rows.Margin, rows.TransactionId);
                }
            }

            full.Add(batch);
        }
        finally
        {
            full.CompleteAdding();
            adding.GetAwaiter().GetResult();
        }
    }

    private void Add(RowBatch batch)
    {
        for (var row = 0; row < batch.Count; row++)
        {
            if (_used == BlockRows)
            {
                _blocks.Add(new Block(_hasTransactionIds, _hasMargins));
                _used = 0;
            }

            var customer = Customers.GetOrAdd(batch.CustomerId(row));
            if (customer >= _rowsOf.Length)
            {
                Array.Resize(ref _rowsOf, _rowsOf.Length * 2);
            }

            _rowsOf[customer]++;
            var block = _blocks[^1];
            var day = batch.Days[row];
            block.Customers[_used] = customer;
            block.Days[_used] = day;
            block.Micros[_used] = batch.Micros[row];
            if (block.Margins is not null)
            {
                block.Margins[_used] = batch.Margins![row];
            }

            if (block.Ids is not null)
            {
                block.Ids[_used] = batch.TransactionIds![row];
            }

            LastDay = Math.Max(LastDay, day);
            FirstDay = Math.Min(FirstDay, day);
            _used++;
        }
    }

    /// <summary>Summarises every customer and empties the ledger, whose memory is given back while it is read.</summary>
    /// <param name="endDay">The last day of the observation window; later rows are left out.</param>
    /// <param name="holdoutDays">Days at the end of the window that a backtest holds out; 0 for none.</param>
    /// <param name="threads">How many threads may work; the result is the same for any number.</param>
    /// <param name="visitor">Sees every customer's rows, those after the window too; from several threads at once.</param>
    /// <returns>
    /// A summary per customer, by the index in <see cref="Customers"/>, the ages at repeat occasions, and how many rows a later row replaced.
    /// </returns>
    public (CustomerSummary[] Summaries, RepeatAges Ages, long Replaced) Summarise(
        int endDay, int holdoutDays, int threads, PurchaseVisitor? visitor = null)
    {
        var count = Customers.Count;
        var starts = new int[count + 1];
        for (var i = 0; i < count; i++)
        {
            starts[i + 1] = checked(starts[i] + _rowsOf[i]);
        }

        var (days, micros, margins, ids) = GroupByCustomer(starts);
        var summaries = new CustomerSummary[count];
        long replaced = 0;
        var ages = new RepeatAges();
        Parallel.For(
            0,
            (count + 4095) / 4096,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            static () => new RepeatAges(),
            (part, _, counted) =>
            {
                long dropped = 0;
                for (var i = part * 4096; i < Math.Min(count, (part + 1) * 4096); i++)
                {
                    var (start, length) = (starts[i], starts[i + 1] - starts[i]);
                    var kept = ids is null ? length : TransactionIdentity.KeepLast(
                        ids.AsSpan(start, length), days.AsSpan(start, length), micros.AsSpan(start, length), margins is null ? default : margins.AsSpan(start, length));
                    dropped += length - kept;
                    var d = days.AsSpan(start, kept);
                    var m = micros.AsSpan(start, kept);
                    var margin = margins is null ? default : margins.AsSpan(start, kept);
                    SortByDay(d, m, margin);
                    summaries[i] = CustomerSummary.Of(d, m, margin, endDay, holdoutDays, counted);
                    visitor?.Invoke(i, d, m);
                }

                Interlocked.Add(ref replaced, dropped);
                return counted;
            },
            counted =>
            {
                lock (ages)
                {
                    ages.Add(counted);
                }
            });
        return (summaries, ages, replaced);
    }

    // A stable counting sort: a customer's rows stay in the order of the file, so the last of the same id is the one that counts.
    private (int[] Days, long[] Micros, long[]? Margins, ulong[]? Ids) GroupByCustomer(int[] starts)
    {
        var rows = starts[^1];
        var days = new int[rows];
        var micros = new long[rows];
        var margins = _hasMargins ? new long[rows] : null;
        var ids = _hasTransactionIds ? new ulong[rows] : null;
        var next = starts.AsSpan(0, Customers.Count).ToArray();
        for (var b = 0; b < _blocks.Count; b++)
        {
            var block = _blocks[b];
            var used = b == _blocks.Count - 1 ? _used : BlockRows;
            for (var i = 0; i < used; i++)
            {
                var at = next[block.Customers[i]]++;
                days[at] = block.Days[i];
                micros[at] = block.Micros[i];
                if (margins is not null)
                {
                    margins[at] = block.Margins![i];
                }

                if (ids is not null)
                {
                    ids[at] = block.Ids![i];
                }
            }

            _blocks[b] = Block.Released;
        }

        _blocks.Clear();
        _used = BlockRows;
        Array.Clear(_rowsOf);
        return (days, micros, margins, ids);
    }

    // Within a day the order does not matter: all that is made of it are sums.
    private static void SortByDay(Span<int> days, Span<long> micros, Span<long> margins)
    {
        if (IsSorted(days))
        {
            return;
        }

        if (margins.IsEmpty)
        {
            days.Sort(micros);
            return;
        }

        var amounts = new (long Micros, long Margin)[days.Length];
        for (var i = 0; i < amounts.Length; i++)
        {
            amounts[i] = (micros[i], margins[i]);
        }

        days.Sort(amounts.AsSpan());
        for (var i = 0; i < amounts.Length; i++)
        {
            (micros[i], margins[i]) = amounts[i];
        }
    }

    private static bool IsSorted(ReadOnlySpan<int> days)
    {
        for (var i = 1; i < days.Length; i++)
        {
            if (days[i - 1] > days[i])
            {
                return false;
            }
        }

        return true;
    }

    private sealed class Block(int[] customers, int[] days, long[] micros, long[]? margins, ulong[]? ids)
    {
        public Block(bool hasIds, bool hasMargins)
            : this(new int[BlockRows], new int[BlockRows], new long[BlockRows], hasMargins ? new long[BlockRows] : null, hasIds ? new ulong[BlockRows] : null)
        {
        }

        public static Block Released { get; } = new([], [], [], null, null);

        public int[] Customers => customers;

        public int[] Days => days;

        public long[] Micros => micros;

        public long[]? Margins => margins;

        public ulong[]? Ids => ids;
    }
}
