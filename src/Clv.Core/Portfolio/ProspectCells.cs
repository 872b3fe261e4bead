using System.Runtime.InteropServices;
using Clv.Core.History;
using Clv.Core.Relationship;

namespace Clv.Core.Portfolio;

/// <summary>
/// What prospects are worth, from customers of the same channel, segment and region. See docs/portfolio.md. Not safe for use from several
/// threads at once.
/// </summary>
internal sealed class ProspectCells
{
    /// <summary>The cells with most people that have an estimate of their own.</summary>
    public const int MostCells = 10_000;

    private const double Tail = 0.1;

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<Cell> _cells = [];
    private readonly List<int> _cellOf = [];
    private readonly List<long> _valueOf = [];
    private long _prospects;

    /// <summary>Adds a customer.</summary>
    /// <param name="profile">What the CRM says; null for somebody who is not in it, and then of no conversion.</param>
    /// <param name="value">Lifetime value without acquisition cost, in cents.</param>
    public void AddCustomer(CustomerProfile? profile, long value)
    {
        var number = Number(profile ?? CustomerProfile.None);
        _cells[number].Customers++;
        _cells[number].Won += profile is null ? 0 : 1;
        _cellOf.Add(number);
        _valueOf.Add(value);
    }

    /// <summary>Adds somebody who is no customer: a prospect of the CRM, or one who was lost without a purchase. Others say nothing.</summary>
    public void AddOther(CustomerFacts facts)
    {
        var lost = !facts.IsCustomer && facts.Profile is { Status: CustomerStatus.Lost };
        if (facts.Profile is { } profile && (facts.IsProspect || lost))
        {
            _cells[Number(profile)].Others++;
            _prospects += facts.IsProspect ? 1 : 0;
        }
    }

    /// <summary>The estimates; null without prospects or customers.</summary>
    public ProspectTable? Table()
    {
        if (_prospects == 0 || _valueOf.Count == 0)
        {
            return null;
        }

        var values = ByCell();
        var moments = Array.ConvertAll(values, GroupMoments.Of);
        var trials = _cells.ConvertAll(cell => GroupMoments.Of(cell.Won, cell.Won + cell.Others));
        // By name: the order in which cells were met must not show in the last bits of the sums.
        int[] order = [.. _numbers.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => pair.Value)];
        var (means, conversion) = (CredibleMeans.Of([.. order.Select(cell => moments[cell])]), CredibleMeans.Of([.. order.Select(cell => trials[cell])]));
        long[] all = [.. _valueOf];
        Array.Sort(all);
        var (low, high) = (Quantile.Of<long>(all, Tail), Quantile.Of<long>(all, 1 - Tail));
        var everybody = new ProspectEstimate(all.Length, Money(means.Overall), low / 100m, high / 100m, conversion.Overall, 1);
        var estimates = new SortedDictionary<string, ProspectEstimate>(StringComparer.Ordinal);
        foreach (var (name, number) in _numbers
            .OrderByDescending(pair => _cells[pair.Value].People)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Take(MostCells))
        {
            var cell = _cells[number];
            var own = means.Own(moments[number]);
            double Blend(double share, long other) => values[number] is { Length: > 0 } mine
                ? (own * Quantile.Of<long>(mine, share)) + ((1 - own) * other)
                : other;
            estimates[name] = new ProspectEstimate(
                cell.Customers,
                Money(means.Mean(moments[number])),
                Money(Blend(Tail, low)),
                Money(Blend(1 - Tail, high)),
                conversion.Mean(trials[number]),
                own);
        }

        return new ProspectTable(estimates, everybody);
    }

    private static decimal Money(double cents) => Math.Round((decimal)cents, 0, MidpointRounding.ToEven) / 100;

    /// <summary>The customers' values by cell, ascending.</summary>
    private long[][] ByCell()
    {
        var values = _cells.Select(cell => new long[cell.Customers]).ToArray();
        var filled = new int[values.Length];
        for (var i = 0; i < _valueOf.Count; i++)
        {
            var cell = _cellOf[i];
            values[cell][filled[cell]++] = _valueOf[i];
        }

        foreach (var cell in values)
        {
            Array.Sort(cell);
        }

        return values;
    }

    private int Number(CustomerProfile profile)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, ProspectTable.CellOf(profile), out var exists);
        if (!exists)
        {
            number = _cells.Count;
            _cells.Add(new Cell());
        }

        return number;
    }

    private sealed class Cell
    {
        public long Customers { get; set; }

        public long Won { get; set; }

        public long Others { get; set; }

        public long People => Customers + Others;
    }
}
