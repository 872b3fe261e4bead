using System.Text;

namespace Clv.Core.History;

/// <summary>Everything that a history holds of one person, whether it counts or not: what the person may ask for.</summary>
/// <param name="Key">The pseudonym.</param>
/// <param name="CustomerId">The id in its one spelling.</param>
/// <param name="Transactions">The transactions, by day; null for somebody who has none.</param>
/// <param name="Profile">What the CRM says; null for somebody who is in no customer file.</param>
/// <param name="Contracts">All contracts, those that were cancelled before they began too.</param>
/// <param name="Interactions">All contacts.</param>
public sealed record HeldPerson(
    CustomerKey Key,
    string CustomerId,
    CustomerRows? Transactions,
    CustomerProfile? Profile,
    IReadOnlyList<Contract> Contracts,
    IReadOnlyList<HeldInteraction> Interactions)
{
    /// <summary>Finds a person in a partition's history.</summary>
    /// <param name="key">The person.</param>
    /// <param name="transactions">The partition's transactions, opened anew.</param>
    /// <param name="profiles">Its profiles, likewise.</param>
    /// <param name="contracts">Its contracts, likewise.</param>
    /// <param name="interactions">Its interactions, likewise.</param>
    /// <returns>The person; null when nobody knows the key.</returns>
    /// <exception cref="EndOfStreamException">A file ends within a customer.</exception>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    public static HeldPerson? Find(
        CustomerKey key, HistoryReader transactions, RecordReader profiles, RecordReader contracts, RecordReader interactions)
    {
        ArgumentNullException.ThrowIfNull(transactions);
        ArgumentNullException.ThrowIfNull(profiles);
        ArgumentNullException.ThrowIfNull(contracts);
        ArgumentNullException.ThrowIfNull(interactions);
        var (rows, profile, signed, met) = (transactions.Find(key), profiles.Find(key), contracts.Find(key), interactions.Find(key));
        var id = rows is not null ? rows.CustomerId : (profile ?? signed ?? met) is { } records ? records.CustomerId : default;
        if (id.IsEmpty)
        {
            return null;
        }

        var texts = new TextPool();
        return new HeldPerson(
            key,
            Encoding.UTF8.GetString(id),
            rows,
            PersonHistory.ProfileOf(profile, texts),
            [.. PersonHistory.AllContractsOf(signed, texts)],
            [.. Enumerable.Range(0, met?.Count ?? 0).Select(row => new HeldInteraction(
                Encoding.UTF8.GetString(met!.IdentityOf(row)) is { Length: > 0 } own ? own : null, PersonHistory.InteractionOf(met, row, texts)))]);
    }
}

/// <summary>A contact as it is held.</summary>
/// <param name="Id">What makes it unique for its customer; null for one that stands for itself.</param>
/// <param name="Of">The contact.</param>
public sealed record HeldInteraction(string? Id, Interaction Of);
