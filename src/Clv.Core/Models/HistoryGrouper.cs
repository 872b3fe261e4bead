using System.Runtime.InteropServices;

namespace Clv.Core.Models;

/// <summary>
/// Counts equal purchase histories, so that a fit costs what its distinct histories cost. Memory grows with the distinct
/// histories only (32 to 64 bytes each, half as much again while it makes room). Not safe for use from several threads at once.
/// </summary>
public sealed class HistoryGrouper
{
    /// <summary>The largest frequency, recency and age that can be grouped: 2,097,151 (days: 5,741 years).</summary>
    public const int Largest = (1 << FieldBits) - 1;

    private const int FieldBits = 21;

    private Slot[] _slots = new Slot[1 << 8];
    private int _used;
    private LogSum _gaps;
    private bool _gapsMissing;
    private long[] _repeatsAtAge = [];
    private long _repeats;
    private long _repeatsWithAge;

    /// <summary>Distinct histories so far.</summary>
    public int GroupCount => _used;

    /// <summary>Customers so far.</summary>
    public long Customers { get; private set; }

    /// <summary>Their repeat occasions.</summary>
    public long Repeats => _repeats;

    /// <summary>Adds customers with one history.</summary>
    /// <param name="frequency">Repeat purchase occasions, 0 or more.</param>
    /// <param name="recencyDays">Days from the first occasion to the last; 0 exactly when there are no repeats.</param>
    /// <param name="ageDays">Days from the first occasion to the end of the observation, at least <paramref name="recencyDays"/>.</param>
    /// <param name="count">How many such customers, 0 or more.</param>
    /// <param name="logGaps">
    /// For each of them, the sum of the logarithms of the weeks between neighbouring occasions; null when not known. Without repeats it is 0
    /// whatever is given. If one customer with repeats lacks it, the groups have no <see cref="GroupedHistories.SumLogGaps"/>.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The history cannot exist, a number is above <see cref="Largest"/>, or the sum is not finite.
    /// </exception>
    public void Add(int frequency, int recencyDays, int ageDays, long count = 1, double? logGaps = null)
    {
        // One unsigned comparison rejects negative and oversized numbers alike.
        if ((uint)frequency > Largest || (uint)ageDays > Largest || (uint)recencyDays > (uint)ageDays || (frequency == 0) != (recencyDays == 0))
        {
            throw new ArgumentOutOfRangeException(
                nameof(frequency),
                $"No customer can have {frequency} repeat occasions, the last after {recencyDays} days, at an age of {ageDays} days.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(count);
        LogSum.Check(logGaps);
        if (count == 0)
        {
            return;
        }

        // In this order of fields the keys sort as the groups do: by frequency, then age, then recency.
        var key = ((long)frequency << (2 * FieldBits)) | ((long)ageDays << FieldBits) | (uint)recencyDays;
        ref var slot = ref Find(_slots, key);
        if (slot.Count == 0)
        {
            slot.Key = key;
            _used++;
        }

        slot.Count += count;
        Customers += count;
        _repeats += frequency * count;
        if (frequency > 0)
        {
            if (logGaps is { } sum)
            {
                _gaps.Add(sum, count);
            }
            else
            {
                _gapsMissing = true;
            }
        }

        if (_used > _slots.Length / 2)
        {
            Grow();
        }
    }

    /// <summary>
    /// Adds repeat occasions by the customer's age at each. The groups have <see cref="GroupedHistories.RepeatAges"/> only if there are as
    /// many as the added customers' frequencies tell.
    /// </summary>
    /// <param name="ageDays">Days from the customer's first occasion to this one, 1 or more.</param>
    /// <param name="count">How many such occasions, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range, or the age above <see cref="Largest"/>.</exception>
    public void AddRepeat(int ageDays, long count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ageDays);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ageDays, Largest);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (ageDays >= _repeatsAtAge.Length)
        {
            Array.Resize(ref _repeatsAtAge, Math.Max(2 * _repeatsAtAge.Length, ageDays + 1));
        }

        _repeatsAtAge[ageDays] += count;
        _repeatsWithAge += count;
    }

    /// <summary>The groups so far, in an order that does not depend on the order of adding. Times become weeks (days / 7).</summary>
    public GroupedHistories Build()
    {
        var keys = new long[_used];
        var counts = new long[_used];
        var next = 0;
        foreach (var slot in _slots)
        {
            if (slot.Count != 0)
            {
                keys[next] = slot.Key;
                counts[next++] = slot.Count;
            }
        }

        Array.Sort(keys, counts);

        var latest = 0;
        foreach (var key in keys)
        {
            latest = Math.Max(latest, Field(key, 1));
        }

        var place = new int[latest + 1];
        foreach (var key in keys)
        {
            place[Field(key, 0)] = 1;
            place[Field(key, 1)] = 1;
        }

        var times = new List<double>();
        for (var day = 0; day <= latest; day++)
        {
            if (place[day] != 0)
            {
                place[day] = times.Count;
                times.Add(day / 7.0);
            }
        }

        var frequency = new int[_used];
        var recency = new int[_used];
        var age = new int[_used];
        for (var i = 0; i < keys.Length; i++)
        {
            frequency[i] = Field(keys[i], 2);
            age[i] = place[Field(keys[i], 1)];
            recency[i] = place[Field(keys[i], 0)];
        }

        return new GroupedHistories([.. times], frequency, recency, age, counts)
        {
            SumLogGaps = _gapsMissing ? null : _gaps.Value,
            RepeatAges = _repeatsWithAge == _repeats ? RepeatAges() : null,
        };
    }

    private KeyValuePair<double, long>[] RepeatAges() =>
        [.. _repeatsAtAge.Index().Where(static age => age.Item > 0).Select(static age => KeyValuePair.Create(age.Index / 7.0, age.Item))];

    private static int Field(long key, int index) => (int)(key >> (index * FieldBits)) & Largest;

    private static ref Slot Find(Slot[] slots, long key)
    {
        var mask = slots.Length - 1;
        // Fibonacci hashing: neighbouring keys, which these are, spread over the table.
        var at = (int)((ulong)(key * -7046029254386353131L) >> 32) & mask;
        while (slots[at].Count != 0 && slots[at].Key != key)
        {
            at = (at + 1) & mask;
        }

        return ref slots[at];
    }

    private void Grow()
    {
        var larger = new Slot[_slots.Length * 2];
        foreach (var slot in _slots)
        {
            if (slot.Count != 0)
            {
                Find(larger, slot.Key) = slot;
            }
        }

        _slots = larger;
    }

    /// <summary>Key and count side by side, so that a look-up touches one cache line. A count of 0 marks a free slot.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Slot
    {
        public long Key;
        public long Count;
    }
}
