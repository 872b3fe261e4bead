using System.Text;
using Clv.Core.Extracts;
using Clv.Core.History;

namespace Clv.Core.Tests.Extracts;

public class ContractReaderTests
{
    [Fact]
    public void Read_AllColumns_GivesTheContract()
    {
        var file = Read(
            "customer_id,contract_id,started_on,term_months,renews_on,fee_per_term,cancelled_on,product\n"
            + "a,K-1,2024-01-31,12,2025-02-15,119.40,2024-12-01,Flat\n"
            + "a,K-2,2024-06-30,,,,,\n");

        Assert.Equal(
            [
                new Contract
                {
                    Id = "K-1",
                    StartedOn = RowFile.Day("2024-01-31"),
                    TermMonths = 12,
                    RenewsOn = RowFile.Day("2025-02-15"),
                    FeePerTerm = RowFile.Euro(119.4m),
                    CancelledOn = RowFile.Day("2024-12-01"),
                    Product = "Flat",
                },
                new Contract { Id = "K-2", StartedOn = RowFile.LastDay },
            ],
            file.Used);
        Assert.Empty(file.SetAside);
        Assert.Empty(file.Unknown);
    }

    [Fact]
    public void Read_GermanFile_IsReadAsItStands()
    {
        var mapping = ExtractFile.Mapping("""{ "separator": ";", "decimalSeparator": ",", "encoding": "windows-1252", "dateFormats": ["dd.MM.yyyy"] }""");
        var bytes = RowFile.Windows1252(
            "Kunde;Vertragsnummer;Vertragsbeginn;Laufzeit (Monate);Gebühr je Laufzeit;Gekündigt am;Tarif;Notiz\r\n"
            + "7;V 1;15.02.2023;24;1.199,99;01.08.2024;Größe L;x\r\n");

        var file = RowFile.Read(bytes, (s, q) => new ContractReader(s, "crm.csv", mapping, RowFile.Rules, q), static r => r.Contract);

        Assert.Equal(
            new Contract
            {
                Id = "V 1",
                StartedOn = RowFile.Day("2023-02-15"),
                TermMonths = 24,
                FeePerTerm = RowFile.Euro(1199.99m),
                CancelledOn = RowFile.Day("2024-08-01"),
                Product = "Größe L",
            },
            Assert.Single(file.Used));
        Assert.Equal(["Notiz"], file.Unknown);
    }

    [Theory]
    [InlineData("customer_id", "", QuarantineReason.Empty)]
    [InlineData("contract_id", " ", QuarantineReason.Empty)]
    [InlineData("contract_id", "x\uFFFD", QuarantineReason.NotText)]
    [InlineData("started_on", "", QuarantineReason.Empty)]
    [InlineData("started_on", "2024-07-01", QuarantineReason.AfterObservationEnd)]
    [InlineData("started_on", "2024-02-30", QuarantineReason.NotADate)]
    [InlineData("term_months", "0", QuarantineReason.OutOfRange)]
    [InlineData("term_months", "121", QuarantineReason.OutOfRange)]
    [InlineData("term_months", "1.5", QuarantineReason.NotWhole)]
    [InlineData("term_months", "-12", QuarantineReason.Negative)]
    [InlineData("term_months", "a year", QuarantineReason.NotANumber)]
    [InlineData("renews_on", "never", QuarantineReason.NotADate)]
    [InlineData("fee_per_term", "-1", QuarantineReason.Negative)]
    [InlineData("fee_per_term", "free", QuarantineReason.NotANumber)]
    [InlineData("cancelled_on", "no", QuarantineReason.NotADate)]
    public void Read_CellThatCannotBeRead_SetsTheRowAside(string column, string cell, QuarantineReason reason)
    {
        string[] columns = ["customer_id", "contract_id", "started_on", "term_months", "renews_on", "fee_per_term", "cancelled_on"];
        string[] cells = ["a", "1", "2024-01-01", "12", "2025-01-01", "5", "2026-01-01"];
        cells[Array.IndexOf(columns, column)] = cell;

        Assert.Equal((column, reason), Read($"{string.Join(',', columns)}\n{string.Join(',', cells)}\n").OnlySetAside);
    }

    [Fact]
    public void Read_IdsAndProducts_HaveOneSpellingAndABound()
    {
        var longest = new string('i', CustomerId.MaxBytes);
        var file = Read(
            $"customer_id,contract_id,started_on,product\na, Mu\u0308ller ,2024-01-01, Mu\u0308sli \nb,{longest},2024-01-01,\n"
            + $"c,{longest}i,2024-01-01,\nd,1,2024-01-01,{new string('p', SegmentLabels.MaxLength + 1)}\n");

        Assert.Equal([("Müller", "Müsli"), (longest, null)], file.Used.Select(static c => (c.Id, c.Product)));
        Assert.Equal([(4L, "contract_id", QuarantineReason.TooLong), (5, "product", QuarantineReason.LabelTooLong)], file.SetAside);
    }

    [Fact]
    public void Read_FeeInAnotherCurrency_IsConvertedAtTheFirstDaysRate()
    {
        var rules = RowFile.Rules with { Rates = RowFile.Rates(("CHF", "2024-01-01", 1.05m), ("CHF", "2024-02-01", 2m), ("XAU", "2024-01-01", 1e9m)) };
        var file = RowFile.Read(
            ("customer_id,contract_id,started_on,fee_per_term,currency\na,1,2024-01-31,100.000001,CHF\na,2,2024-02-01,100,chf\na,3,2024-02-01,100,\n"
            + "a,4,2023-12-31,100,CHF\na,5,2024-01-01,10000,XAU\n").Select(static c => (byte)c).ToArray(),
            (s, q) => new ContractReader(s, "crm.csv", new ExtractMapping { ReportingCurrency = "EUR" }, rules, q),
            static r => r.Contract.FeePerTerm);

        Assert.Equal([RowFile.Euro(105.000001m), RowFile.Euro(200m), RowFile.Euro(100m)], file.Used);
        Assert.Equal([(5L, "currency", QuarantineReason.NoRate), (6, "fee_per_term", QuarantineReason.OutOfRange)], file.SetAside);
    }

    [Fact]
    public void Constructor_HeaderWithoutRequiredColumns_IsRefused() => Assert.StartsWith(
        "crm.csv, line 1: no column for contract_id, started_on among 2 in the header. Name the columns customer_id, contract_id and started_on",
        Assert.Throws<ExtractRefusedException>(static () => Read("customer_id,product\n")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Contract_BeforeTheFirstRead_IsRefused()
    {
        using var reader = new ContractReader(
            new MemoryStream("customer_id,contract_id,started_on\n"u8.ToArray()), "crm.csv", ExtractMapping.None, RowFile.Rules, static _ => { });

        Assert.Throws<InvalidOperationException>(() => reader.Contract);
    }

    private static RowFile<Contract> Read(string content) => RowFile.Read(
        Encoding.UTF8.GetBytes(content),
        static (s, q) => new ContractReader(s, "crm.csv", ExtractMapping.None, RowFile.Rules, q),
        static r => r.Contract);
}
