using System.Text;

namespace Clv.Core.History;

/// <summary>Everything that was delivered of one person and counts, as it was delivered: what <see cref="FactsBuilder"/> makes facts of.</summary>
public sealed record PersonHistory
{
    /// <summary>The pseudonym.</summary>
    public required CustomerKey Key { get; init; }

    /// <summary>The transactions, by day; null for somebody who has none.</summary>
    public CustomerRows? Transactions { get; init; }

    /// <summary>What the CRM says; null for somebody who is in no customer file.</summary>
    public CustomerProfile? Profile { get; init; }

    /// <summary>Contracts, in the order of their start and ids, without those that were cancelled before they began.</summary>
    public IReadOnlyList<Contract> Contracts { get; init; } = [];

    /// <summary>Contacts, in a fixed order.</summary>
    public IReadOnlyList<Interaction> Interactions { get; init; } = [];

    /// <summary>Finds a person in a partition's history.</summary>
    /// <param name="key">The person.</param>
    /// <param name="transactions">The partition's transactions, opened anew.</param>
    /// <param name="profiles">Its profiles, likewise; null where the night knows none.</param>
    /// <param name="contracts">Its contracts, likewise.</param>
    /// <param name="interactions">Its interactions, likewise.</param>
    /// <returns>The person; null when nobody knows the key.</returns>
    /// <exception cref="EndOfStreamException">A file ends within a customer.</exception>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    public static PersonHistory? Find(
        CustomerKey key, HistoryReader transactions, RecordReader? profiles, RecordReader? contracts, RecordReader? interactions)
    {
        ArgumentNullException.ThrowIfNull(transactions);
        var found = (Rows: Find(transactions), Profile: Find(profiles), Contracts: Find(contracts), Interactions: Find(interactions));
        return found is (null, null, null, null)
            ? null
            : Of(key, found.Rows, found.Profile, found.Contracts, found.Interactions, new TextPool());

        T? Find<T>(KeyedReader<T>? reader)
            where T : KeyedRows<T>, new()
        {
            if (reader?.TryFind(key) != true)
            {
                return null;
            }

            var rows = new T();
            reader.ReadRows(rows, first: true);
            return rows;
        }
    }

    /// <summary>Puts a person together from the records of each kind.</summary>
    internal static PersonHistory Of(
        CustomerKey key,
        CustomerRows? transactions,
        CustomerRecords? profile,
        CustomerRecords? contracts,
        CustomerRecords? interactions,
        TextPool texts) => new()
        {
            Key = key,
            Transactions = transactions,
            Profile = profile is null or { Count: 0 } ? null : ProfileOf(profile, texts),
            Contracts = contracts is null ? [] : ContractsOf(contracts, texts),
            Interactions = interactions is null ? [] : InteractionsOf(interactions, texts),
        };

    private static CustomerProfile ProfileOf(CustomerRecords records, TextPool texts)
    {
        var fields = new FieldReader(records.Payload(records.Count - 1), texts);
        var profile = ProfileCodec.Read(ref fields);
        fields.End();
        return profile;
    }

    private static Contract[] ContractsOf(CustomerRecords records, TextPool texts)
    {
        var contracts = new List<Contract>(records.Count);
        for (var i = 0; i < records.Count; i++)
        {
            var fields = new FieldReader(records.Payload(i), texts);
            var contract = ContractCodec.Read(Encoding.UTF8.GetString(records.IdentityOf(i)), ref fields);
            fields.End();
            if (!(contract.CancelledOn < contract.StartedOn))
            {
                contracts.Add(contract);
            }
        }

        contracts.Sort(static (l, r) =>
            l.StartedOn.CompareTo(r.StartedOn) is var c and not 0 ? c : string.CompareOrdinal(l.Id, r.Id));
        return [.. contracts];
    }

    private static Interaction[] InteractionsOf(CustomerRecords records, TextPool texts)
    {
        var interactions = new Interaction[records.Count];
        for (var i = 0; i < interactions.Length; i++)
        {
            var fields = new FieldReader(records.Payload(i), texts);
            interactions[i] = InteractionCodec.Read(ref fields);
            fields.End();
        }

        return interactions;
    }
}
