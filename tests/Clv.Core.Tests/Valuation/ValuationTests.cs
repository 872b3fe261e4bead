using System.Globalization;
using System.Text;
using Clv.Core.History;
using Clv.Core.Models;
using Clv.Core.Valuation;

namespace Clv.Core.Tests.Valuation;

public class ValuationTests
{
    private static readonly CustomerModels Models = new(new BgNbd(.243, 4.414, .793, 2.426), new GammaGamma(6.25, 3.74, 15.44));
    private static readonly SegmentedModels Everybody = new(Models, new Dictionary<string, CustomerModels>());
    private static readonly ValuationTerms Terms = new(39, .1);

    private static readonly PurchaseSummary Regular = new(730_000, 2, 213, 272, 2, new Money(44_700_000), new Money(60_000_000));
    private static readonly PurchaseSummary Once = new(730_000, 0, 0, 272, 0, default, new Money(5_000_000));
    private static readonly PurchaseSummary Never = new(-1, 0, 0, 0, 0, default, new Money(-5_000_000));

    // Fader, Hardie and Lee (2005): x = 2, t_x = 30.43, T = 38.86.
    [Fact]
    public void Value_PublishedCustomer_IsThePublishedForecast()
    {
        var value = Value(Regular, Terms)!.Value;

        Assert.Equal(.7266, value.ProbabilityAlive, 3e-4);
        Assert.Equal(1.2260, value.ExpectedTransactions, 1e-3);
        Assert.Equal(24.65, value.ExpectedSpend, 5e-2);
    }

    [Fact]
    public void Value_Future_IsDiscountedOccasionsTimesSpend()
    {
        foreach (var summary in (PurchaseSummary[])[Regular, Once])
        {
            var value = Value(summary, Terms)!.Value;
            var discounted = Models.Transactions.DiscountedTransactions(
                summary.Frequency, summary.RecencyDays / 7.0, summary.AgeDays / 7.0, Terms.HorizonWeeks, Terms.WeeklyRate);

            Assert.Equal(discounted * value.ExpectedSpend, value.FutureValue, 1e-12);
            Assert.InRange(value.FutureValue, 0, value.ExpectedTransactions * value.ExpectedSpend);
            var undiscounted = Value(summary, Terms with { AnnualRate = 0 })!.Value;
            Assert.Equal(value.ExpectedTransactions * value.ExpectedSpend, undiscounted.FutureValue, 1e-9);
        }

        Assert.Equal(Models.Spend!.PopulationMean, Value(Once, Terms)!.Value.ExpectedSpend, 1e-12);
    }

    [Fact]
    public void Value_WithoutAPurchase_IsNull() => Assert.Null(Value(Never, Terms));

    [Fact]
    public void WeeklyRate_OverAYear_IsTheAnnualRate()
    {
        Assert.Equal(1.1, Math.Exp(Terms.WeeklyRate * ValuationTerms.WeeksPerYear), 1e-12);
        Assert.Equal(0, new ValuationTerms(52, 0).WeeklyRate);
    }

    [Fact]
    public void Money_SumsAndConversions_AreExact()
    {
        Assert.Equal(new Money((Int128)long.MaxValue * 2), new Money(long.MaxValue) + new Money(long.MaxValue));
        Assert.Equal(-0.000001m, new Money(-1).ToDecimal());
        Assert.Equal(12.5, new Money(12_500_000).ToDouble());
        Assert.Throws<OverflowException>(static () => new Money(Int128.MaxValue).Add(new Money(1)));
        Assert.Throws<OverflowException>(static () => new Money(Int128.MaxValue).ToDecimal());
    }

    [Fact]
    public void Write_TinyBase_IsExact()
    {
        var regular = Value(Regular, Terms)!.Value;
        var once = Value(Once, Terms)!.Value;
        var (csv, total) = Write([("a", Regular), ("Meier, \"Jo\"", Once), ("=1+1", Never), ("Jörg", Never)], threads: 1);

        static string Cells(CustomerValue v) => string.Create(
            CultureInfo.InvariantCulture, $"{v.ProbabilityAlive},{v.ExpectedTransactions},{v.ExpectedSpend},{v.FutureValue}");
        Assert.Equal(
            "customer_id,frequency,recency,age,p_alive,expected_transactions,expected_value,future_value\n"
            + $"a,2,{(213 / 7.0).ToString(CultureInfo.InvariantCulture)},{(272 / 7.0).ToString(CultureInfo.InvariantCulture)},{Cells(regular)}\n"
            + $"\"Meier, \"\"Jo\"\"\",0,0,{(272 / 7.0).ToString(CultureInfo.InvariantCulture)},{Cells(once)}\n"
            + "'=1+1,0,0,,,,,\n"
            + "Jörg,0,0,,,,,\n",
            csv);
        Assert.Equal(regular.FutureValue + once.FutureValue, total, 1e-12);
    }

    [Fact]
    public void Write_WithoutCustomers_IsAHeader()
    {
        var (csv, total) = Write([], threads: 2);

        Assert.Equal("customer_id,frequency,recency,age,p_alive,expected_transactions,expected_value,future_value\n", csv);
        Assert.Equal(0, total);
    }

    [Fact]
    public void Write_AnyNumberOfThreads_GivesTheSameBytes()
    {
        var random = new Random(9);
        var customers = Enumerable.Range(0, 50_000).Select(i => ($"c{i}", random.Next(5) switch
        {
            0 => Never,
            1 => Once,
            _ => Regular with { AgeDays = 220 + random.Next(200), Frequency = 1 + random.Next(9), SpendTotal = new Money(1 + random.Next(90_000_000)) },
        })).ToList();

        var (one, total) = Write(customers, threads: 1);
        var (two, totalOfTwo) = Write(customers, threads: 2);

        Assert.Equal(one, two);
        Assert.Equal(total, totalOfTwo);
        Assert.Equal(50_001, one.Count(static c => c == '\n'));
        var table = new CustomerTable();
        customers.ForEach(c => table.GetOrAdd(Encoding.UTF8.GetBytes(c.Item1)));
        Assert.Equal(total, ScoreFile.Write(table, [.. customers.Select(static c => new CustomerSummary { Whole = c.Item2 })], null, Everybody, Terms, output: null, threads: 2));
    }

    private static CustomerValue? Value(PurchaseSummary summary, ValuationTerms terms) => Models.Value(new CustomerSummary { Whole = summary }, terms);

    private static (string Csv, double Total) Write(IReadOnlyList<(string Id, PurchaseSummary Summary)> customers, int threads)
    {
        var table = new CustomerTable();
        foreach (var (id, _) in customers)
        {
            table.GetOrAdd(Encoding.UTF8.GetBytes(id));
        }

        using var output = new MemoryStream();
        var total = ScoreFile.Write(table, [.. customers.Select(static c => new CustomerSummary { Whole = c.Summary })], null, Everybody, Terms, output, threads);
        Assert.True(output.CanWrite);
        return (Encoding.UTF8.GetString(output.ToArray()), total);
    }
}
