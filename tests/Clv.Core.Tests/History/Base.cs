using System.Globalization;
using System.Text;
using Clv.Core.History;
using Clv.Core.Industry;
using Clv.Core.Tests.Extracts;

namespace Clv.Core.Tests.History;

internal sealed record Sale(string Customer, int Day, long Micros, string Id, long? Margin = null, string Category = "");

/// <summary>Made-up transactions, and the way they take through segments and merges.</summary>
internal static class Base
{
    public const int FirstDay = 738_000;
    public const int EndDay = FirstDay + 40;
    public const int HoldoutDays = 15;

    private static readonly string[] Categories = ["", "", "shoes", "hats", new string('k', 100), "Größe 3"];

    public static byte[] Secret { get; } = [.. "a secret of more than sixteen bytes"u8];

    public static List<Sale> Random(Random random, int rows, int customers = 6, int ids = 12)
    {
        string[] names = [.. Enumerable.Range(0, customers).Select(i => new string((char)('a' + i), 1 + (i * i * 8 % 301)))];
        return [.. Enumerable.Range(0, rows).Select(_ => new Sale(
            names[random.Next(customers)],
            FirstDay + random.Next(45),
            random.Next(-3, 5) * 1_000_000L,
            random.Next(3) == 0 ? "" : random.Next(ids) is var id ? new string((char)('A' + id), 1 + (id * 27)) : "",
            random.Next(3) == 0 ? null : random.Next(-2, 3) * 500_000L,
            Categories[random.Next(Categories.Length)]))];
    }

    public static byte[] Csv(IEnumerable<Sale> sales)
    {
        var csv = new StringBuilder("customer_id,occurred_at,amount,transaction_id,margin,category\n");
        foreach (var sale in sales)
        {
            csv.Append(
                CultureInfo.InvariantCulture,
                $"{sale.Customer},{DateOnly.FromDayNumber(sale.Day):yyyy-MM-dd},{sale.Micros / 1_000_000m},{sale.Id},{sale.Margin / 1_000_000m},{sale.Category}\n");
        }

        return Encoding.UTF8.GetBytes(csv.ToString());
    }

    public static byte[] Segment(IEnumerable<Sale> sales, int partitions, int chunkBytes)
    {
        using var reader = ExtractFile.Open(Csv(sales));
        using var output = new MemoryStream();
        using var writer = new SegmentWriter(output, partitions, Secret, chunkBytes);
        while (reader.Read())
        {
            writer.Add(reader);
        }

        writer.Complete();
        return output.ToArray();
    }

    public static SegmentIndex Index(byte[] segment)
    {
        var trailer = segment.AsSpan(segment.Length - SegmentIndex.TrailerSize);
        var size = SegmentIndex.Size(trailer);
        return SegmentIndex.Read(segment.AsSpan(segment.Length - SegmentIndex.TrailerSize - size, size), trailer);
    }

    public static IEnumerable<HistoryReader> Slices(byte[] segment, int partition, int source) =>
        Index(segment).SlicesOf(partition).Select(slice => new HistoryReader(new MemoryStream(segment, (int)slice.Offset, (int)slice.Length), source));

    public static Night Merge(byte[]? yesterday, IReadOnlyList<byte[]> segments, int partition)
    {
        var inputs = new List<HistoryReader>();
        if (yesterday is not null)
        {
            inputs.Add(new HistoryReader(new MemoryStream(yesterday), PartitionBooks.FromHistory));
        }

        inputs.AddRange(segments.SelectMany((segment, file) => Slices(segment, partition, file)));
        using var history = new MemoryStream();
        using var facts = new MemoryStream();
        var none = new KeyedFiles<CustomerRecords>([], 0, Stream.Null);
        var books = FactsMerge.Run(
            new KeyedFiles<CustomerRows>(inputs, segments.Count, history), none, none, none, Facts(), new FactsWriter(facts).Write);
        inputs.ForEach(static input => input.Dispose());
        return new Night(history.ToArray(), facts.ToArray(), books.Transactions);
    }

    public static FactsBuilder Facts(IndustryProfile? profile = null) => new(EndDay, HoldoutDays, profile ?? IndustryProfile.Default);

    // The rule in its simplest form: of the rows of a customer with one id the last counts.
    public static List<Sale> Live(IReadOnlyList<Sale> delivered) =>
        [.. delivered.Where((sale, i) => sale.Id.Length == 0 || !delivered.Skip(i + 1).Any(later => later.Customer == sale.Customer && later.Id == sale.Id))];

    public static List<(int Day, long Net)> Occasions(IEnumerable<Sale> live) =>
        [.. live.GroupBy(static sale => sale.Day).OrderBy(static day => day.Key)
            .Select(static day => (
                Day: day.Key,
                Net: day.Sum(static s => s.Micros),
                Bought: day.Any(static s => s.Micros >= 0),
                Returned: day.Any(static s => s.Micros < 0)))
            .Where(static day => day.Bought && (!day.Returned || day.Net > 0))
            .Select(static day => (day.Day, day.Net))];

    public static PurchaseSummary Summary(IEnumerable<Sale> live, int endDay = EndDay)
    {
        var rows = live.Where(sale => sale.Day <= endDay).ToList();
        var days = Occasions(rows);
        var net = new Money(rows.Sum(static sale => sale.Micros));
        var returned = new Money(-rows.Where(sale => days.TrueForAll(day => day.Day != sale.Day)).Sum(static sale => sale.Micros));
        if (days.Count == 0)
        {
            return new PurchaseSummary(-1, 0, 0, 0, 0, default, net) { ReturnTotal = returned };
        }

        var spend = days.Skip(1).Where(static day => day.Net > 0).ToList();
        return new PurchaseSummary(
            days[0].Day, days.Count - 1, days[^1].Day - days[0].Day, endDay - days[0].Day, spend.Count, new Money(spend.Sum(static day => day.Net)), net)
        {
            ReturnTotal = returned,
        };
    }

    // Every figure from the rows anew, none from another figure.
    public static CustomerSummary Customer(IEnumerable<Sale> live, int endDay = EndDay, int holdoutDays = HoldoutDays)
    {
        var rows = live.ToList();
        var cutoff = endDay - holdoutDays;
        List<Sale> Between(int after, int last) => [.. rows.Where(sale => sale.Day > after && sale.Day <= last)];
        static Money Net(List<Sale> part) => new(part.Sum(static sale => sale.Micros));
        var tail = Between(cutoff, endDay);
        var year = Between(cutoff - 364, cutoff);
        return new CustomerSummary
        {
            Whole = Summary(rows, endDay),
            Before = holdoutDays == 0 ? new PurchaseSummary(-1, 0, 0, 0, 0, default, default) : Summary(rows, cutoff),
            HoldoutOccasions = Occasions(tail).Count,
            HoldoutNet = Net(tail),
            LastYearOccasions = Occasions(year).Count,
            LastYearNet = Net(year),
            SumLogGaps = LogGaps(Between(0, endDay)),
            SumLogGapsBefore = holdoutDays == 0 ? 0 : LogGaps(Between(0, cutoff)),
            MarginTotal = new Money(Between(0, endDay).Sum(static sale => sale.Margin ?? 0)),
            AmountWithMargin = Net([.. Between(0, endDay).Where(static sale => sale.Margin is not null)]),
        };
    }

    private static double LogGaps(IEnumerable<Sale> rows)
    {
        var days = Occasions(rows);
        return days.Zip(days.Skip(1), static (from, to) => Math.Log((to.Day - from.Day) / 7.0)).Sum();
    }
}

internal sealed record Night(byte[] History, byte[] Facts, PartitionBooks Books);
