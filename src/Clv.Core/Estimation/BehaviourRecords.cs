using System.Runtime.InteropServices;
using Clv.Core.History;

namespace Clv.Core.Estimation;

/// <summary>
/// The behaviour of held-out customers up to the cutoff. Memory: four bytes a customer and the distinct behaviours. Not safe for use from several
/// threads at once.
/// </summary>
internal sealed class BehaviourRecords
{
    private static readonly KnownBehaviour Nothing = KnownBehaviour.Of(profile: null, InteractionCounts.None);

    private readonly Dictionary<KnownBehaviour, int> _numbers = [];
    private readonly List<KnownBehaviour> _distinct = [];

    /// <summary>By the customers' places: twice the number of the behaviour, plus the half that the customer is in.</summary>
    private readonly List<int> _codes = [];

    /// <summary>Whether anything is known of any customer.</summary>
    public bool IsAnythingKnown => _distinct.Exists(static d => d != Nothing);

    /// <summary>Adds a held-out customer.</summary>
    /// <param name="place">The customer's place.</param>
    /// <param name="key">The customer's key, which decides on the half.</param>
    /// <param name="profile">What the CRM says.</param>
    /// <param name="lastYear">Contacts up to the cutoff.</param>
    public void Add(int place, CustomerKey key, CustomerProfile? profile, InteractionCounts lastYear)
    {
        while (_codes.Count < place)
        {
            AddCode(_codes.Count & 1, Nothing);
        }

        // The parity of all bits: a sample of a base can be made of keys that share some.
        AddCode((int)(UInt128.PopCount(key.Value) & UInt128.One), KnownBehaviour.Of(profile, lastYear));
    }

    /// <summary>
    /// The customers by their behaviour, in an order that does not depend on theirs; those who were added without facts after the last one with
    /// are left out.
    /// </summary>
    /// <param name="customers">The customers.</param>
    /// <param name="occasions">What was expected of them.</param>
    public IReadOnlyList<BehaviourGroup> Groups(IReadOnlyList<HeldOutCustomer> customers, double[] occasions)
    {
        var halves = new OccasionSums[2 * _distinct.Count];
        for (var place = 0; place < _codes.Count; place++)
        {
            halves[_codes[place]].Add(customers[place].Occasions, occasions[place]);
        }

        return [.. _distinct.Index().OrderBy(static d => d.Item.Order)
            .Select(d => new BehaviourGroup(d.Item.Measures(), halves[2 * d.Index], halves[(2 * d.Index) + 1]))];
    }

    private void AddCode(int half, KnownBehaviour behaviour)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, behaviour, out var exists);
        if (!exists)
        {
            number = _distinct.Count;
            _distinct.Add(behaviour);
        }

        _codes.Add((2 * number) + half);
    }
}

/// <summary>Held-out customers of one behaviour.</summary>
/// <param name="Measures">The measures by their numbers; null where one is not known.</param>
/// <param name="Even">Sums over those in the first half.</param>
/// <param name="Odd">Sums over those in the second half.</param>
internal sealed record BehaviourGroup(double?[] Measures, OccasionSums Even, OccasionSums Odd)
{
    /// <summary>Sums over all of them.</summary>
    public OccasionSums All { get; } = Even + Odd;
}
