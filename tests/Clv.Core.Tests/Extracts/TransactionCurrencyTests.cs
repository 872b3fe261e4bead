using System.Text;
using Clv.Core.Extracts;

namespace Clv.Core.Tests.Extracts;

public class TransactionCurrencyTests
{
    private static readonly ExtractMapping Euro = new() { ReportingCurrency = "EUR" };

    [Fact]
    public void Read_OtherCurrency_IsConvertedAtItsOwnDaysRateToTheMicro()
    {
        var file = Read(
            "customer_id,date,amount,margin,currency\n"
            + "a,2024-01-10,10.000001,3.000001,USD\n"
            + "a,2024-01-31,-10,,usd\n"
            + "a,2024-02-01,0.000001,0.000003, USD \n"
            + "a,2024-01-09,10,1,USD\n"
            + "a,2024-01-09,10,1,EUR\n"
            + "a,2024-01-09,10,1,\n"
            + "a,2024-02-01,10,1,CHF\n"
            + "a,2024-02-01,10,1,$\n",
            RowFile.Rates(("USD", "2024-01-10", .92501m), ("USD", "2024-02-01", .5m)));

        Assert.Equal(
            [(9.250101m, 2.775031m), (-9.2501m, null), (0m, .000002m), (10m, 1m), (10m, 1m)],
            file.Used.Select(static r => (r.Amount, r.Margin)));
        Assert.Equal([5L, 8, 9], file.SetAside.Select(static r => r.Line));
        Assert.All(file.SetAside, static r => Assert.Equal(("currency", QuarantineReason.NoRate), (r.Column, r.Reason)));
    }

    [Fact]
    public void Read_QuantityTimesPriceInAnotherCurrency_IsConvertedAfterwards()
    {
        var mapping = Euro with { DecimalSeparator = ",", Transactions = new() { Columns = new() { Amount = new("Menge", "Preis") } } };
        var rates = RowFile.Rates(("USD", "2024-01-10", .5m));

        var file = ExtractFile.Read(
            "Kunde;Datum;Menge;Preis;Währung\na;10.01.2024;3;1.000,01;USD\n", mapping, ExtractRules.Any with { Rates = rates });

        Assert.Equal([1500.015m], file.Used.Select(static r => r.Amount));
    }

    [Theory]
    [InlineData("9000000000000,1", "amount")]
    [InlineData("1,9000000000000", "margin")]
    [InlineData("-9000000000000,1", "amount")]
    public void Read_ConversionBeyondAnAmount_SetsTheRowAside(string cells, string column)
    {
        var file = Read($"customer_id,date,amount,margin,currency\na,2024-01-10,{cells},GBP\n", RowFile.Rates(("GBP", "2024-01-10", 1.2m)));

        Assert.Equal([(column, QuarantineReason.OutOfRange)], file.SetAside.Select(static r => (r.Column, r.Reason)));
    }

    [Fact]
    public void Read_WithoutAReportingCurrency_RatesConvertNothing()
    {
        var rules = ExtractRules.Any with { Rates = RowFile.Rates(("USD", "2024-01-10", .9m)) };

        var file = ExtractFile.Read("customer_id,date,amount,currency\na,2024-01-10,1,USD\n", ExtractMapping.None, rules);

        Assert.Equal([QuarantineReason.NoRate], file.SetAside.Select(static r => r.Reason));
    }

    [Fact]
    public void Read_Categories_HaveOneSpellingAndABound()
    {
        var longest = new string('ü', SegmentLabels.MaxLength);
        var bytes = Encoding.UTF8.GetBytes(
            "customer_id,date,amount,Warengruppe\n"
            + $"a,2024-01-10,1, Bu\u0308cher \na,2024-01-10,1,toys \na,2024-01-10,1,\na,2024-01-10,1,{longest}\n"
            + $"a,2024-01-10,1,{longest}!\na,2024-01-10,1,x\uFFFDy\na,2024-01-10,1,\"x\ny\"\na,2024-01-10,1,{new string('z', 3000)}\na,2024-01-10,1,end\n");

        var file = RowFile.Read(
            bytes,
            static (s, q) => new TransactionReader(s, "crm.csv", ExtractMapping.None, ExtractRules.Any, q),
            static r => Encoding.UTF8.GetString(r.Category));

        Assert.Equal(["Bücher", "toys", "", longest, "end"], file.Used);
        Assert.Equal(
            [
                (6L, "category", QuarantineReason.LabelTooLong), (7, "category", QuarantineReason.NotText), (8, "category", QuarantineReason.NotText),
                (10, "category", QuarantineReason.LabelTooLong),
            ],
            file.SetAside);
    }

    [Fact]
    public void Read_CategoryInWindows1252_IsUtf8()
    {
        var mapping = new ExtractMapping { Encoding = "windows-1252" };

        var file = RowFile.Read(
            RowFile.Windows1252("customer_id,date,amount,Kategorie\na,2024-01-10,1,Bücher\n"),
            (s, q) => new TransactionReader(s, "crm.csv", mapping, ExtractRules.Any, q),
            static r => (Encoding.UTF8.GetString(r.Category), r.HasCategories));

        Assert.Equal([("Bücher", true)], file.Used);
    }

    private static ExtractFile Read(string content, RateTable rates) => ExtractFile.Read(content, Euro, ExtractRules.Any with { Rates = rates });
}
