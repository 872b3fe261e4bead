using Clv.Core.History;
using Clv.Core.Models.Contracts;

namespace Clv.Core.Estimation;

/// <summary>
/// Counts contracts by term, product and history. Memory: the distinct histories of each product. Not safe for use from several threads at once.
/// </summary>
/// <remarks>
/// Only renewals whose day has come are counted. A cancellation is known before the renewal that it prevents, a renewal is not: counting the
/// cancelled ones early would let everybody seem to leave.
/// </remarks>
internal sealed class ContractRecords
{
    private readonly SortedDictionary<int, TermRecords> _terms = [];

    /// <summary>Contracts by the months of their term, ascending.</summary>
    public IReadOnlyDictionary<int, TermRecords> Terms => _terms;

    /// <summary>Adds a contract; one without a term, that has not begun, or that was cancelled before it began says nothing.</summary>
    /// <param name="contract">The contract.</param>
    /// <param name="endDay">The last day of the observation window.</param>
    public void Add(Contract contract, int endDay)
    {
        if (contract.TermMonths is not { } months || contract.StartedOn > endDay || contract.CancelledOn < contract.StartedOn)
        {
            return;
        }

        if (!_terms.TryGetValue(months, out var term))
        {
            _terms[months] = term = new TermRecords();
        }

        term.Add(contract.Product, (contract.Renewals(endDay), Lost: !contract.IsRunning(endDay)));
    }
}

/// <summary>Counts contracts of one term.</summary>
internal sealed class TermRecords
{
    private readonly Dictionary<(int Renewals, bool Lost), long> _all = [];
    private readonly SortedDictionary<string, Dictionary<(int Renewals, bool Lost), long>> _products = new(StringComparer.Ordinal);

    /// <summary>Contracts of every product and none.</summary>
    public GroupedContracts All => Group(_all);

    /// <summary>Contracts by product, in ordinal order.</summary>
    public IEnumerable<KeyValuePair<string, GroupedContracts>> Products =>
        _products.Select(static product => KeyValuePair.Create(product.Key, Group(product.Value)));

    /// <summary>Adds a contract.</summary>
    /// <param name="product">What it is for; null when that is not known.</param>
    /// <param name="history">Its renewals, and whether it was lost at the next.</param>
    public void Add(string? product, (int Renewals, bool Lost) history)
    {
        Count(_all, history);
        if (product is not null)
        {
            if (!_products.TryGetValue(product, out var own))
            {
                _products[product] = own = [];
            }

            Count(own, history);
        }
    }

    private static void Count(Dictionary<(int Renewals, bool Lost), long> counts, (int Renewals, bool Lost) history) =>
        counts[history] = counts.GetValueOrDefault(history) + 1;

    private static GroupedContracts Group(Dictionary<(int Renewals, bool Lost), long> counts) =>
        GroupedContracts.FromTable(counts.Select(static c => new ContractGroup(c.Key.Renewals, c.Key.Lost, c.Value)));
}
