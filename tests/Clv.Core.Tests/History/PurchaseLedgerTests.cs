using System.Text;
using Clv.Core.Extracts;
using Clv.Core.History;
using Clv.Core.Tests.Extracts;
using FsCheck;
using FsCheck.Fluent;

namespace Clv.Core.Tests.History;

public class PurchaseLedgerTests
{
    [Fact]
    public void Summarise_AnyRows_IsWhatTheSlowRuleSaysForAnyThreads() =>
        Prop.ForAll(Gen.Choose(0, 1 << 24).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var sales = Base.Random(random, 1 + random.Next(80));
            var live = Base.Live(sales);
            foreach (var threads in (int[])[1, 2])
            {
                var (summaries, replaced) = Summarise(sales, threads);
                if (replaced != sales.Count - live.Count || summaries.Count != sales.Select(static s => s.Customer).Distinct().Count()
                    || summaries.Any(s => s.Value != Base.Customer(live.Where(sale => sale.Customer == s.Key))))
                {
                    return false;
                }
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Summarise_ShuffledRows_GivesEqualSummaries()
    {
        var random = new Random(11);
        var sales = Base.Random(random, 40_000, customers: 26, ids: 1).ConvertAll(static sale => sale with { Id = "" });
        var (summaries, _) = Summarise(sales, threads: 2);
        for (var i = 0; i < 3; i++)
        {
            random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(sales));

            Assert.Equal(summaries.OrderBy(static s => s.Key), Summarise(sales, threads: 2).Summaries.OrderBy(static s => s.Key));
        }
    }

    [Theory]
    [InlineData(false, "a,2024-01-02,8,5\na,2024-01-01,4,\na,2024-01-03,2,-1\n", 0, 0)]
    [InlineData(true, "a,2024-01-02,8,5\na,2024-01-01,4,\na,2024-01-03,2,-1\n", 4_000_000, 10_000_000)]
    [InlineData(true, "a,2024-01-01,8,5\na,2024-01-02,4,\na,2024-01-03,2,0\n", 5_000_000, 10_000_000)]
    public void Summarise_MarginsOfSomeRows_AddsThoseUpWithTheirAmounts(bool kept, string rows, long margin, long amount)
    {
        using var reader = ExtractFile.Open(Encoding.UTF8.GetBytes("customer_id,date,amount,margin\n" + rows));
        var ledger = new PurchaseLedger(reader.HasTransactionIds, kept && reader.HasMargins);
        ledger.Load(reader);

        var summary = Assert.Single(ledger.Summarise(ledger.LastDay, Base.HoldoutDays, threads: 1).Summaries);

        Assert.Equal((new Money(margin), new Money(amount)), (summary.MarginTotal, summary.AmountWithMargin));
        Assert.Equal(new Money(14_000_000), summary.Whole.NetTotal);
    }

    [Fact]
    public void Load_MoreRowsThanABlock_KeepsAllOfThem()
    {
        const int Rows = (1 << 20) + 70_000;
        var csv = new StringBuilder(ExtractFile.Header, Rows * 18);
        for (var i = 0; i < Rows; i++)
        {
            csv.Append('c').Append(i % 5000).Append(",2024-01-0").Append((i % 9) + 1).Append(",1\n");
        }

        using var reader = ExtractFile.Open(Encoding.ASCII.GetBytes(csv.ToString()));
        var ledger = new PurchaseLedger(hasTransactionIds: false);
        ledger.Load(reader);

        Assert.Equal(Rows, ledger.Rows);
        Assert.Equal(new DateOnly(2024, 1, 9).DayNumber, ledger.LastDay);
        var (summaries, ages, replaced) = ledger.Summarise(ledger.LastDay, Base.HoldoutDays, threads: 2);
        Assert.Equal(0, replaced);
        Assert.Equal(5000, summaries.Length);
        Assert.Equal(8 * 5000, ages.Before.ToArray().Sum() + ages.After.ToArray().Sum());
        Assert.Equal([5000, 5000], [ages.Before[1] + ages.After[1], ages.Before[8] + ages.After[8]]);
        Assert.Equal(Rows, summaries.Sum(static s => s.Whole.NetTotal.ToDecimal()));
        Assert.All(summaries, static s => Assert.Equal((8, 8, 8), (s.Whole.Frequency, s.Whole.RecencyDays, s.Whole.AgeDays)));
    }

    [Fact]
    public void Load_FileThatStopsBeingReadable_ThrowsItsRefusal()
    {
        using var reader = ExtractFile.Open(Encoding.UTF8.GetBytes(ExtractFile.Header + "a,2024-01-01,1\n\"b,2024-01-01,1\n"));

        Assert.Throws<ExtractRefusedException>(() => new PurchaseLedger(hasTransactionIds: false).Load(reader));
    }

    [Fact]
    public void Summarise_ASecondTime_FindsAnEmptyLedger()
    {
        using var reader = ExtractFile.Open(Encoding.UTF8.GetBytes(ExtractFile.Header + "a,2024-01-01,1\nb,2024-01-01,1\n"));
        var ledger = new PurchaseLedger(hasTransactionIds: false);
        Assert.Equal((0, -1), (ledger.Rows, ledger.LastDay));
        ledger.Load(reader);
        Assert.All(ledger.Summarise(ledger.LastDay, Base.HoldoutDays, threads: 1).Summaries, static s => Assert.True(s.Whole.HasPurchase));

        Assert.Equal(0, ledger.Rows);
        Assert.All(ledger.Summarise(ledger.LastDay, Base.HoldoutDays, threads: 1).Summaries, static s => Assert.False(s.Whole.HasPurchase));
        Assert.Empty(new PurchaseLedger(hasTransactionIds: true).Summarise(0, Base.HoldoutDays, threads: 1).Summaries);
    }

    [Fact]
    public void KeepLast_SameIds_KeepsTheLastOfEachInOrder()
    {
        ulong[] ids = [7, 0, 8, 7, 0, 9, 7];
        int[] days = [1, 2, 3, 4, 5, 6, 7];
        long[] micros = [10, 20, 30, 40, 50, 60, 70];
        long[] margins = [11, 21, 31, 41, 51, 61, 71];

        Assert.Equal(5, TransactionIdentity.KeepLast((ulong[])[.. ids], (int[])[.. days], (long[])[.. micros], []));
        Assert.Equal(5, TransactionIdentity.KeepLast(ids, days, micros, margins));
        Assert.Equal([2, 3, 5, 6, 7], days[..5]);
        Assert.Equal([20, 30, 50, 60, 70], micros[..5]);
        Assert.Equal([21, 31, 51, 61, 71], margins[..5]);
        Assert.Equal(0UL, TransactionIdentity.Of(""u8));
        Assert.NotEqual(TransactionIdentity.Of("a"u8), TransactionIdentity.Of("b"u8));
    }

    private static (Dictionary<string, CustomerSummary> Summaries, long Replaced) Summarise(IReadOnlyList<Sale> sales, int threads)
    {
        using var reader = ExtractFile.Open(Base.Csv(sales));
        var ledger = new PurchaseLedger(reader.HasTransactionIds, reader.HasMargins);
        ledger.Load(reader);
        Assert.Equal(sales.Count, ledger.Rows);
        var (summaries, _, replaced) = ledger.Summarise(Base.EndDay, Base.HoldoutDays, threads);
        return (Enumerable.Range(0, summaries.Length).ToDictionary(i => Encoding.UTF8.GetString(ledger.Customers[i]), i => summaries[i]), replaced);
    }
}
