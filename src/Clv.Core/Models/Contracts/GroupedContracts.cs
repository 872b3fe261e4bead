namespace Clv.Core.Models.Contracts;

/// <summary>
/// How many contracts of each age came up for renewal and how many were renewed: all that a contract model is fitted to, however many cohorts
/// there are and however long each was seen. Immutable.
/// </summary>
public sealed class GroupedContracts
{
    private readonly long[] _renewed;
    private readonly long[] _lost;

    private GroupedContracts(long[] renewed, long[] lost, long contracts)
    {
        _renewed = renewed;
        _lost = lost;
        Contracts = contracts;
    }

    /// <summary>Contracts that came up for renewal at least once; the others say nothing on retention.</summary>
    public long Contracts { get; }

    /// <summary>Contracts that were lost.</summary>
    public long Lost => _lost.Sum();

    /// <summary>Contracts that were renewed at least once.</summary>
    public long Renewed => _renewed.Length == 0 ? 0 : _renewed[0];

    /// <summary>The ages, in renewals made before, at which contracts came up for renewal: 0 up to but not including this.</summary>
    public int Ages => _renewed.Length;

    /// <summary>Contracts renewed at each age, by the number of renewals made before.</summary>
    internal ReadOnlySpan<long> RenewedAt => _renewed;

    /// <summary>Contracts lost at each age, by the number of renewals made before.</summary>
    internal ReadOnlySpan<long> LostAt => _lost;

    /// <summary>Groups single contracts or a table of them, of any mixture of ages.</summary>
    /// <param name="rows">The rows, in any order; rows of no contracts are ignored.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, or renewals are above a million.</exception>
    public static GroupedContracts FromTable(IEnumerable<ContractGroup> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        const int MostRenewals = 1_000_000;
        var ended = new SortedDictionary<int, (long Running, long Lost)>();
        foreach (var (renewals, lost, count) in rows)
        {
            if (renewals is < 0 or > MostRenewals)
            {
                throw new ArgumentOutOfRangeException(nameof(rows), renewals, $"Renewals must be 0 to {MostRenewals}.");
            }

            ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(rows));
            if (count > 0)
            {
                var sum = ended.GetValueOrDefault(renewals);
                ended[renewals] = lost ? (sum.Running, sum.Lost + count) : (sum.Running + count, sum.Lost);
            }
        }

        var ages = ended.Count == 0 ? 0 : ended.Max(static e => e.Value.Lost > 0 ? e.Key + 1 : e.Key);
        var (renewedAt, lostAt) = (new long[ages], new long[ages]);
        var later = ended.GetValueOrDefault(ages).Running;
        for (var age = ages - 1; age >= 0; age--)
        {
            renewedAt[age] = later;
            (var running, lostAt[age]) = ended.GetValueOrDefault(age);
            // A running contract of this age comes up for no renewal at it, but did at every one before.
            later += running + lostAt[age];
        }

        return new GroupedContracts(renewedAt, lostAt, ages == 0 ? 0 : renewedAt[0] + lostAt[0]);
    }

    /// <summary>Groups cohorts followed from their beginning: the table of a textbook.</summary>
    /// <param name="cohorts">For each cohort how many contracts it began with and how many were left after each renewal.</param>
    /// <exception cref="ArgumentException">A cohort grows or is negative.</exception>
    public static GroupedContracts FromCohorts(params IEnumerable<IReadOnlyList<long>> cohorts)
    {
        ArgumentNullException.ThrowIfNull(cohorts);
        var rows = new List<ContractGroup>();
        foreach (var active in cohorts)
        {
            for (var age = 0; age < active.Count; age++)
            {
                var left = age + 1 < active.Count ? active[age + 1] : 0;
                if (left < 0 || left > active[age])
                {
                    throw new ArgumentException($"A cohort cannot go from {active[age]} to {left} contracts.", nameof(cohorts));
                }

                rows.Add(new ContractGroup(age, Lost: age + 1 < active.Count, active[age] - left));
            }
        }

        return FromTable(rows);
    }
}
