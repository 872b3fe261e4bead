using System.Text;
using Clv.Core.Callers;
using Clv.Core.History;
using Clv.Core.Industry;

namespace Clv.Core.Tests.History;

/// <summary>One delivered row of any kind.</summary>
internal abstract record Delivered(string Customer);

internal sealed record Bought(Sale Sale) : Delivered(Sale.Customer);

internal sealed record Told(string Customer, CustomerProfile Profile) : Delivered(Customer);

internal sealed record Signed(string Customer, Contract Contract) : Delivered(Customer);

internal sealed record Met(string Customer, string Id, Interaction Interaction) : Delivered(Customer);

/// <summary>Made-up rows of all four kinds, and the way they take through segments and merges.</summary>
internal static class CrmBase
{
    public static IndustryProfile Industry { get; } = new()
    {
        Margins = new MarginRates { Categories = new Dictionary<string, double> { ["shoes"] = 0.3, ["Größe 3"] = -0.25 }, Other = 0.1 },
        Costs = new CostRates { ServiceCall = 4.5m, CampaignOpen = 0.002m, Return = 6m },
    };

    public static List<Delivered> Random(Random random, int rows)
    {
        var sales = Base.Random(random, rows);
        return [.. sales.Select(sale => random.Next(5) switch
        {
            0 => new Told(random.Next(4) == 0 ? "only told" : sale.Customer, Profile(random)),
            1 => new Signed(random.Next(4) == 0 ? "only signed" : sale.Customer, Contract(random)),
            2 => new Met(random.Next(4) == 0 ? "only met" : sale.Customer, random.Next(2) == 0 ? "" : $"i{random.Next(4)}", Contact(random)),
            _ => (Delivered)new Bought(sale),
        })];
    }

    public static CustomerProfile Profile(Random random)
    {
        return new CustomerProfile
        {
            Segment = Maybe(random.Next(3) == 0 ? "gold" : "silver"),
            Region = Maybe("Süd"),
            Channel = Maybe(new string('c', random.Next(400))),
            AcquiredOn = random.Next(2) == 0 ? null : random.Next(DateOnly.MaxValue.DayNumber + 1),
            AcquisitionCost = random.Next(2) == 0 ? null : new Money(random.NextInt64()),
            Nps = random.Next(2) == 0 ? null : random.Next(11),
            PaymentDelayDays = random.Next(2) == 0 ? null : random.Next(100),
            Status = (CustomerStatus)random.Next(4),
            Consent = random.Next(3) switch { 0 => null, 1 => true, _ => false },
            Callers = new CallerKeys(Enumerable.Range(0, random.Next(4)).Select(_ => new CallerKey(((UInt128)(ulong)random.NextInt64() << 64) + (ulong)random.NextInt64()))),
        };

        string? Maybe(string text) => random.Next(3) == 0 ? null : text;
    }

    public static Contract Contract(Random random) => new()
    {
        Id = $"V{random.Next(3)}",
        StartedOn = Base.FirstDay - random.Next(1000),
        TermMonths = random.Next(2) == 0 ? null : 1 + random.Next(120),
        RenewsOn = random.Next(2) == 0 ? null : Base.EndDay + random.Next(100),
        FeePerTerm = random.Next(2) == 0 ? null : new Money(random.Next(-5, 1000) * 10_000L),
        CancelledOn = random.Next(2) == 0 ? null : Base.EndDay - random.Next(100),
        Product = random.Next(2) == 0 ? null : $"product {random.Next(3)}",
    };

    public static Interaction Contact(Random random) => new(
        Base.EndDay - random.Next(-10, 450), (InteractionKind)random.Next(7), random.Next(2) == 0 ? null : new Money(random.Next(1000)));

    public static byte[] Records(IEnumerable<Delivered> rows, int partitions, int chunkBytes)
    {
        using var output = new MemoryStream();
        using var writer = new RecordSegmentWriter(output, partitions, Base.Secret, chunkBytes);
        foreach (var row in rows)
        {
            var customer = Encoding.UTF8.GetBytes(row.Customer);
            switch (row)
            {
                case Told told:
                    writer.Add(customer, told.Profile);
                    break;
                case Signed signed:
                    writer.Add(customer, signed.Contract);
                    break;
                case Met met:
                    writer.Add(customer, Encoding.UTF8.GetBytes(met.Id), met.Interaction);
                    break;
                default:
                    throw new ArgumentException("Transactions have a segment of their own kind.", nameof(rows));
            }
        }

        writer.Complete();
        return output.ToArray();
    }

    public static CrmFile File(IReadOnlyList<Delivered> rows, int partitions, int chunkBytes) => new(
        Base.Segment(rows.OfType<Bought>().Select(static row => row.Sale), partitions, chunkBytes),
        Records(rows.OfType<Told>(), partitions, chunkBytes),
        Records(rows.OfType<Signed>(), partitions, chunkBytes),
        Records(rows.OfType<Met>(), partitions, chunkBytes));

    public static CrmNight Merge(
        CrmNight? yesterday, IReadOnlyList<CrmFile> files, int partition, FactsBuilder builder, IReadOnlySet<CustomerKey>? erased = null)
    {
        MemoryStream[] outputs = [new(), new(), new(), new()];
        using var facts = new MemoryStream();
        var made = new List<CustomerFacts>();
        var writer = new FactsWriter(facts);
        var rows = new List<HistoryReader>();
        if (yesterday is not null)
        {
            rows.Add(new HistoryReader(new MemoryStream(yesterday.History), PartitionBooks.FromHistory));
        }

        rows.AddRange(files.SelectMany((file, i) => Base.Slices(file.Transactions, partition, i)));
        var books = FactsMerge.Run(
            new KeyedFiles<CustomerRows>(rows, files.Count, outputs[0]),
            Kind(yesterday?.Profiles, static file => file.Profiles, outputs[1]),
            Kind(yesterday?.Contracts, static file => file.Contracts, outputs[2]),
            Kind(yesterday?.Interactions, static file => file.Interactions, outputs[3]),
            builder,
            person =>
            {
                writer.Write(person);
                made.Add(person);
            },
            erased: erased);
        return new CrmNight(outputs[0].ToArray(), outputs[1].ToArray(), outputs[2].ToArray(), outputs[3].ToArray(), facts.ToArray(), made, books);

        KeyedFiles<CustomerRecords> Kind(byte[]? before, Func<CrmFile, byte[]> segment, Stream output)
        {
            var readers = new List<RecordReader>();
            if (before is not null)
            {
                readers.Add(new RecordReader(new MemoryStream(before), PartitionBooks.FromHistory));
            }

            readers.AddRange(files.SelectMany((file, i) => Base.Index(segment(file)).SlicesOf(partition)
                .Select(slice => new RecordReader(new MemoryStream(segment(file), (int)slice.Offset, (int)slice.Length), i))));
            return new KeyedFiles<CustomerRecords>(readers, files.Count, output);
        }
    }

    // The rule in its simplest form: of the rows of a customer with one identity the last counts, of those without one all.
    public static List<Delivered> Live(IReadOnlyList<Delivered> delivered) =>
        [.. delivered.Where((row, i) => IdentityOf(row) is not { } identity || !delivered.Skip(i + 1).Any(later => IdentityOf(later) == identity))];

    private static (Type Kind, string Customer, string Id)? IdentityOf(Delivered row) => row switch
    {
        Bought { Sale.Id: "" } or Met { Id: "" } => null,
        Bought bought => (typeof(Bought), row.Customer, bought.Sale.Id),
        Signed signed => (typeof(Signed), row.Customer, signed.Contract.Id),
        Met met => (typeof(Met), row.Customer, met.Id),
        _ => (typeof(Told), row.Customer, ""),
    };
}

/// <summary>The segments of one delivery.</summary>
internal sealed record CrmFile(byte[] Transactions, byte[] Profiles, byte[] Contracts, byte[] Interactions);

/// <summary>What a night leaves behind.</summary>
internal sealed record CrmNight(
    byte[] History, byte[] Profiles, byte[] Contracts, byte[] Interactions, byte[] Facts, IReadOnlyList<CustomerFacts> People, FactsBooks Books)
{
    public bool SameBytes(CrmNight other) =>
        History.SequenceEqual(other.History) && Profiles.SequenceEqual(other.Profiles) && Contracts.SequenceEqual(other.Contracts)
        && Interactions.SequenceEqual(other.Interactions) && Facts.SequenceEqual(other.Facts);
}
