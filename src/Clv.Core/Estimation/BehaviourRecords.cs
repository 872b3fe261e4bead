using System.Runtime.InteropServices;
using Clv.Core.History;

namespace Clv.Core.Estimation;

/// <summary>
/// The behaviour of held-out customers up to the cutoff. Of very many a sample is kept that their keys alone decide on, whatever order they are added
/// in. Memory: about 100 bytes a customer kept. Not safe for use from several threads at once.
/// </summary>
/// <param name="most">Customers above which only every second, fourth, eighth ... is kept.</param>
internal sealed class BehaviourRecords(int most = 250_000)
{
    private static readonly KnownBehaviour Nothing = KnownBehaviour.Of(profile: null, InteractionCounts.None);

    private readonly List<Record> _records = [];

    /// <summary>Keys that have one of these bits are not in the sample.</summary>
    private UInt128 _left;

    /// <summary>Whether anything is known of any customer.</summary>
    public bool IsAnythingKnown => _records.Exists(static r => r.Behaviour != Nothing);

    /// <summary>Adds a held-out customer.</summary>
    /// <param name="place">The customer's place.</param>
    /// <param name="key">The customer's key, which decides on the sample and the half.</param>
    /// <param name="profile">What the CRM says.</param>
    /// <param name="lastYear">Contacts up to the cutoff.</param>
    public void Add(int place, CustomerKey key, CustomerProfile? profile, InteractionCounts lastYear)
    {
        if (!IsSampled(key))
        {
            return;
        }

        _records.Add(new Record(place, key, KnownBehaviour.Of(profile, lastYear)));
        while (_records.Count > most && _left < uint.MaxValue)
        {
            _left = (_left << 1) | UInt128.One;
            _records.RemoveAll(r => !IsSampled(r.Key));
        }
    }

    /// <summary>The customers by their behaviour, in an order that does not depend on theirs.</summary>
    /// <param name="customers">All held-out customers.</param>
    /// <param name="occasions">What was expected of them.</param>
    public IReadOnlyList<BehaviourGroup> Groups(IReadOnlyList<HeldOutCustomer> customers, double[] occasions)
    {
        var sums = new Dictionary<KnownBehaviour, (OccasionSums Even, OccasionSums Odd)>();
        foreach (var (place, key, behaviour) in _records)
        {
            ref var halves = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, behaviour, out _);
            // The parity of all bits: the keys of a sample share some.
            (UInt128.IsEvenInteger(UInt128.PopCount(key.Value)) ? ref halves.Even : ref halves.Odd).Add(customers[place].Occasions, occasions[place]);
        }

        return [.. sums.OrderBy(static s => s.Key.Order).Select(static s => new BehaviourGroup(s.Key.Measures(), s.Value.Even, s.Value.Odd))];
    }

    // Neither the bits that make partitions, which are the leading ones, nor the last, by which a night may have drawn its customers.
    private bool IsSampled(CustomerKey key) => ((key.Value >> 64) & _left) == UInt128.Zero;

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Record(int Place, CustomerKey Key, KnownBehaviour Behaviour);
}
