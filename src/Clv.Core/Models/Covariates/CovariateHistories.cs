using System.Runtime.InteropServices;

namespace Clv.Core.Models.Covariates;

/// <summary>
/// The distinct pairs of purchase history and covariates of a customer base with their counts. Immutable; sorted by covariates, frequency,
/// age and recency, so a fit does not depend on the order in which customers came.
/// </summary>
public sealed class CovariateHistories
{
    private readonly double[][] _profiles;
    private readonly Row[] _rows;

    private CovariateHistories(string[] names, double[][] profiles, Row[] rows)
    {
        Names = names;
        _profiles = profiles;
        _rows = rows;
        Customers = rows.Sum(static r => r.Count);
    }

    /// <summary>The names of the covariates.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Distinct pairs of history and covariates.</summary>
    public int GroupCount => _rows.Length;

    /// <summary>Customers in all groups.</summary>
    public long Customers { get; }

    /// <summary>The distinct combinations of covariates, ascending.</summary>
    internal IReadOnlyList<double[]> Profiles => _profiles;

    /// <summary>The groups, by profile first.</summary>
    internal ReadOnlySpan<Row> Rows => _rows;

    /// <summary>Groups customers from a table, in any unit of time, which is then the unit of the fitted model.</summary>
    /// <param name="names">The names of the covariates: one at least, all different.</param>
    /// <param name="rows">The rows, in any order; equal ones are merged and rows of no customers ignored.</param>
    /// <exception cref="ArgumentException">The names are missing or repeat, or a row has another number of covariates.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A history cannot exist, a count is negative or a covariate is not finite.</exception>
    public static CovariateHistories FromTable(IReadOnlyList<string> names, IEnumerable<CovariateGroup> rows)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(rows);
        if (names.Count == 0 || names.Distinct(StringComparer.Ordinal).Count() < names.Count)
        {
            throw new ArgumentException("The covariates need different names, one at least.", nameof(names));
        }

        var profiles = new Dictionary<double[], int>(SameNumbers.Instance);
        var merged = new Dictionary<(int Profile, int Frequency, double Age, double Recency), long>();
        foreach (var (history, covariates) in rows)
        {
            Guard.History(history.Frequency, history.Recency, history.Age);
            ArgumentOutOfRangeException.ThrowIfNegative(history.Count, nameof(rows));
            if (covariates is null || covariates.Count != names.Count)
            {
                throw new ArgumentException($"A row has {covariates?.Count ?? 0} covariates; there are {names.Count} names.", nameof(rows));
            }

            var profile = new double[names.Count];
            for (var j = 0; j < profile.Length; j++)
            {
                // Adding 0 makes a negative zero equal to the other one in its bits too.
                profile[j] = double.IsFinite(covariates[j])
                    ? covariates[j] + 0.0
                    : throw new ArgumentOutOfRangeException(nameof(rows), covariates[j], $"{names[j]} must be a finite number.");
            }

            if (history.Count > 0)
            {
                ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(profiles, profile, out var known);
                place = known ? place : profiles.Count - 1;
                CollectionsMarshal.GetValueRefOrAddDefault(merged, (place, history.Frequency, history.Age, history.Recency), out _) += history.Count;
            }
        }

        var sorted = profiles.Keys.ToArray();
        Array.Sort(sorted, static (one, other) => one.AsSpan().SequenceCompareTo(other));
        var rank = new int[sorted.Length];
        for (var i = 0; i < sorted.Length; i++)
        {
            rank[profiles[sorted[i]]] = i;
        }

        return new CovariateHistories(
            [.. names],
            sorted,
            [
                .. merged
                    .Select(g => new Row(rank[g.Key.Profile], g.Key.Frequency, g.Key.Recency, g.Key.Age, g.Value))
                    .OrderBy(static r => (r.Profile, r.Frequency, r.Age, r.Recency)),
            ]);
    }

    /// <summary>The same customers without their covariates.</summary>
    internal GroupedHistories WithoutCovariates() => Without(_rows);

    /// <summary>Some of the customers without their covariates.</summary>
    internal static GroupedHistories Without(IEnumerable<Row> rows) =>
        GroupedHistories.FromTable(rows.Select(static r => new HistoryGroup(r.Frequency, r.Recency, r.Age, r.Count)));

    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Row(int Profile, int Frequency, double Recency, double Age, long Count);

    private sealed class SameNumbers : IEqualityComparer<double[]>
    {
        public static readonly SameNumbers Instance = new();

        public bool Equals(double[]? x, double[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(double[] numbers)
        {
            var hash = default(HashCode);
            foreach (var number in numbers)
            {
                hash.Add(number);
            }

            return hash.ToHashCode();
        }
    }
}
