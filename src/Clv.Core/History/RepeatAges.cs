namespace Clv.Core.History;

/// <summary>
/// How many repeat occasions there were at each age of a customer, up to the cutoff of a backtest and after it: how fast buying wears off,
/// of which the customers' summaries tell nothing. Not safe for use from several threads at once.
/// </summary>
public sealed class RepeatAges
{
    private long[] _before = new long[512];
    private long[] _after = new long[512];

    /// <summary>Occasions up to the cutoff, by days since the customer's first one.</summary>
    public ReadOnlySpan<long> Before => _before;

    /// <summary>Occasions after the cutoff, likewise.</summary>
    public ReadOnlySpan<long> After => _after;

    /// <summary>Counts occasions.</summary>
    /// <param name="days">Days since the customer's first one.</param>
    /// <param name="afterCutoff">Whether they were in the held-out tail.</param>
    /// <param name="count">How many.</param>
    public void Add(int days, bool afterCutoff, long count = 1)
    {
        ref var counts = ref afterCutoff ? ref _after : ref _before;
        if (days >= counts.Length)
        {
            Array.Resize(ref counts, Math.Max(2 * counts.Length, days + 1));
        }

        counts[days] += count;
    }

    /// <summary>Adds what another has counted.</summary>
    public void Add(RepeatAges other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var day = 0; day < other._before.Length; day++)
        {
            Add(day, afterCutoff: false, other._before[day]);
        }

        for (var day = 0; day < other._after.Length; day++)
        {
            Add(day, afterCutoff: true, other._after[day]);
        }
    }

    /// <summary>Writes the counts: for each of the two, the ages that have some.</summary>
    public void Write(Stream output)
    {
        using var writer = new BinaryWriter(output, System.Text.Encoding.UTF8, leaveOpen: true);
        foreach (var counts in (ReadOnlySpan<long[]>)[_before, _after])
        {
            writer.Write7BitEncodedInt(counts.Count(static c => c != 0));
            for (var day = 0; day < counts.Length; day++)
            {
                if (counts[day] != 0)
                {
                    writer.Write7BitEncodedInt(day);
                    writer.Write7BitEncodedInt64(counts[day]);
                }
            }
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="EndOfStreamException">The input ends early.</exception>
    /// <exception cref="InvalidDataException">The input is damaged.</exception>
    public static RepeatAges Read(Stream input)
    {
        var ages = new RepeatAges();
        using var reader = new BinaryReader(input, System.Text.Encoding.UTF8, leaveOpen: true);
        try
        {
            foreach (var after in (ReadOnlySpan<bool>)[false, true])
            {
                for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
                {
                    // A damaged file must not make this allocate what its bytes claim.
                    var day = reader.Read7BitEncodedInt() is var read && (uint)read <= DateOnly.MaxValue.DayNumber
                        ? read
                        : throw new FormatException("Not an age in days.");
                    ages.Add(day, after, reader.Read7BitEncodedInt64());
                }
            }
        }
        catch (FormatException e)
        {
            throw new InvalidDataException("A file of ages at repeat occasions is damaged.", e);
        }

        return ages;
    }
}
