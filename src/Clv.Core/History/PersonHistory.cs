using System.Text;
using Clv.Core.Callers;

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
        var found = (Rows: transactions.Find(key), Profile: profiles?.Find(key), Contracts: contracts?.Find(key), Interactions: interactions?.Find(key));
        return found is (null, null, null, null)
            ? null
            : Of(key, found.Rows, found.Profile, found.Contracts, found.Interactions, new TextPool());
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
            Profile = ProfileOf(profile, texts),
            Contracts = contracts is null
                ? []
                : [.. AllContractsOf(contracts, texts).Where(static contract => !(contract.CancelledOn < contract.StartedOn))],
            Interactions = interactions is null
                ? []
                : [.. Enumerable.Range(0, interactions.Count).Select(row => InteractionOf(interactions, row, texts))],
        };

    /// <summary>By which numbers and addresses some people of a partition are to be found.</summary>
    /// <param name="profiles">The partition's profiles, opened anew.</param>
    /// <param name="people">The people.</param>
    /// <exception cref="EndOfStreamException">The file ends within a customer.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static IEnumerable<(CallerKey Caller, CustomerKey Customer)> CallersOf(RecordReader profiles, IReadOnlySet<CustomerKey> people)
    {
        ArgumentNullException.ThrowIfNull(profiles);
        ArgumentNullException.ThrowIfNull(people);
        var texts = new TextPool();
        return people.Order()
            .SelectMany(key => (ProfileOf(profiles.Find(key), texts)?.Callers ?? CallerKeys.None).Select(caller => (caller, key)));
    }

    /// <summary>The profile in its record; null for somebody without one.</summary>
    internal static CustomerProfile? ProfileOf(CustomerRecords? records, TextPool texts)
    {
        if (records is null or { Count: 0 })
        {
            return null;
        }

        var fields = new FieldReader(records.Payload(records.Count - 1), texts);
        var profile = ProfileCodec.Read(ref fields);
        fields.End();
        return profile;
    }

    /// <summary>All contracts, in the order of their start and ids.</summary>
    internal static List<Contract> AllContractsOf(CustomerRecords? records, TextPool texts)
    {
        var contracts = new List<Contract>(records?.Count ?? 0);
        for (var i = 0; i < records?.Count; i++)
        {
            var fields = new FieldReader(records.Payload(i), texts);
            contracts.Add(ContractCodec.Read(Encoding.UTF8.GetString(records.IdentityOf(i)), ref fields));
            fields.End();
        }

        contracts.Sort(static (l, r) =>
            l.StartedOn.CompareTo(r.StartedOn) is var c and not 0 ? c : string.CompareOrdinal(l.Id, r.Id));
        return contracts;
    }

    /// <summary>A contact in its record.</summary>
    internal static Interaction InteractionOf(CustomerRecords records, int row, TextPool texts)
    {
        var fields = new FieldReader(records.Payload(row), texts);
        var interaction = InteractionCodec.Read(ref fields);
        fields.End();
        return interaction;
    }
}
