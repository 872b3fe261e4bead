using System.Text;

namespace Clv.Core.History;

/// <summary>
/// Merges yesterday's history of a partition with tonight's files, of all four kinds side by side, and makes the facts of every person whom any
/// of them knows. Everything is in the order of keys, so one person at a time is in memory. The same input gives the same bytes.
/// </summary>
public static class FactsMerge
{
    /// <summary>Merges.</summary>
    /// <param name="transactions">The transactions.</param>
    /// <param name="profiles">What the CRM says of people.</param>
    /// <param name="contracts">Their contracts.</param>
    /// <param name="interactions">Contacts with them.</param>
    /// <param name="builder">Makes the facts.</param>
    /// <param name="facts">Receives each person's facts, in the order of keys.</param>
    /// <param name="ages">Counts repeat occasions by age; null for nobody to count.</param>
    /// <param name="erased">People who are left out, of tonight's files and of yesterday's history; null for nobody.</param>
    /// <param name="ids">
    /// Receives each person's id in clear, in the order of keys, as a file of records without any (<see cref="RecordReader"/>); is left open. Null for
    /// none.
    /// </param>
    /// <exception cref="EndOfStreamException">A file ends within a customer.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or two customer ids have the same key.</exception>
    public static FactsBooks Run(
        KeyedFiles<CustomerRows> transactions,
        KeyedFiles<CustomerRecords> profiles,
        KeyedFiles<CustomerRecords> contracts,
        KeyedFiles<CustomerRecords> interactions,
        FactsBuilder builder,
        Action<CustomerFacts> facts,
        RepeatAges? ages = null,
        IReadOnlySet<CustomerKey>? erased = null,
        Stream? ids = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(facts);
        using var sales = new PartitionMerge<CustomerRows>(transactions);
        using var people = new PartitionMerge<CustomerRecords>(profiles);
        using var terms = new PartitionMerge<CustomerRecords>(contracts);
        using var contacts = new PartitionMerge<CustomerRecords>(interactions);
        var books = new FactsBooks(sales.Books, people.Books, terms.Books, contacts.Books);
        var texts = new TextPool();
        using var named = ids is null ? null : new BinaryWriter(new BufferedStream(ids, 1 << 16), Encoding.UTF8, leaveOpen: true);
        var nothing = new CustomerRecords();
        while (Lowest(sales.Next, people.Next, terms.Next, contacts.Next) is { } key)
        {
            if (erased?.Contains(key) == true)
            {
                sales.LeaveOut(key);
                people.LeaveOut(key);
                terms.LeaveOut(key);
                contacts.LeaveOut(key);
                continue;
            }

            var (rows, profile, signed, met) = (sales.Merge(key), people.Merge(key), terms.Merge(key), contacts.Merge(key));
            var id = IdOf(rows, profile, signed, met);
            if (named is not null)
            {
                nothing.Start(key, id);
                nothing.Write(named);
            }

            var person = PersonHistory.Of(key, rows, profile, signed, met, texts);
            var made = builder.Build(person, ages);
            books.Count(made, builder.ContactsWithoutCost(person));
            facts(made);
        }

        sales.Complete();
        people.Complete();
        terms.Complete();
        contacts.Complete();
        named?.Flush();
        named?.BaseStream.Flush();
        return books;
    }

    private static CustomerKey? Lowest(params ReadOnlySpan<CustomerKey?> keys)
    {
        CustomerKey? lowest = null;
        foreach (var key in keys)
        {
            lowest = lowest is null || key < lowest ? key ?? lowest : lowest;
        }

        return lowest;
    }

    // The one id under which every kind knows the person.
    private static ReadOnlySpan<byte> IdOf(CustomerRows? rows, params ReadOnlySpan<CustomerRecords?> others)
    {
        var id = rows is null ? default : rows.CustomerId;
        foreach (var other in others)
        {
            if (other is not null && !id.IsEmpty && !id.SequenceEqual(other.CustomerId))
            {
                throw KeyedReader<CustomerRecords>.SharedKey(other.Key);
            }

            id = other is null ? id : other.CustomerId;
        }

        return id;
    }
}

/// <summary>What became of a partition's rows of every kind, and whom they made known.</summary>
/// <param name="Transactions">The transactions.</param>
/// <param name="Profiles">Rows of customer files.</param>
/// <param name="Contracts">Contracts; <see cref="PartitionBooks.HistoryRows"/> is how many there are.</param>
/// <param name="Interactions">Contacts, likewise.</param>
public sealed record FactsBooks(PartitionBooks Transactions, PartitionBooks Profiles, PartitionBooks Contracts, PartitionBooks Interactions)
{
    /// <summary>People whom any kind knows: as many as there are facts.</summary>
    public long Persons { get; private set; }

    /// <summary>Those among them who bought or signed anything (<see cref="CustomerFacts.IsCustomer"/>).</summary>
    public long Customers { get; private set; }

    /// <summary>Those among them who may become customers (<see cref="CustomerFacts.IsProspect"/>).</summary>
    public long Prospects { get; private set; }

    /// <summary>Contacts in the window whose cost nobody knows: they count as costing nothing.</summary>
    public long ContactsWithoutCost { get; private set; }

    internal void Count(CustomerFacts facts, int contactsWithoutCost)
    {
        Persons++;
        Customers += facts.IsCustomer ? 1 : 0;
        Prospects += facts.IsProspect ? 1 : 0;
        ContactsWithoutCost += contactsWithoutCost;
    }
}
