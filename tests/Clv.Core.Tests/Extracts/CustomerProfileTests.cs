using System.Text;
using Clv.Core.Extracts;
using Clv.Core.History;

namespace Clv.Core.Tests.Extracts;

public class CustomerProfileTests
{
    [Fact]
    public void Read_AllColumns_GivesTheProfile()
    {
        var file = Read(
            "customer_id,segment,region,acquisition_channel,acquired_on,acquisition_cost,nps,payment_delay_days,status,consent\n"
            + "a,gold,North,web,2024-01-31,12.345678,9,14,customer,yes\n"
            + "b,,,,,,,,,\n");

        Assert.Equal(
            [
                new CustomerProfile
                {
                    Segment = "gold",
                    Region = "North",
                    Channel = "web",
                    AcquiredOn = RowFile.Day("2024-01-31"),
                    AcquisitionCost = RowFile.Euro(12.345678m),
                    Nps = 9,
                    PaymentDelayDays = 14,
                    Status = CustomerStatus.Customer,
                    Consent = true,
                },
                CustomerProfile.None,
            ],
            file.Used);
        Assert.Empty(file.Unknown);
        Assert.Empty(file.SetAside);
    }

    [Fact]
    public void Read_IdsAlone_KnowsNothingMore() => Assert.Equal([CustomerProfile.None], Read("customer_id\na\n").Used);

    [Fact]
    public void Read_GermanFile_IsReadAsItStands()
    {
        var mapping = ExtractFile.Mapping(
            """
            { "separator": ";", "decimalSeparator": ",", "encoding": "windows-1252", "dateFormats": ["dd.MM.yyyy"],
              "customers": { "columns": { "acquired_on": "Kunde seit" }, "values": { "status": { "Lead": "prospect", "Ex\u00b7Kunde": "lost", "interessent": "lost" } } } }
            """);
        var bytes = RowFile.Windows1252(
            "Kundennummer;Vertriebsgebiet;Akquisekanal;Kunde seit;Akquisekosten;NPS;Verzugstage;Kundenstatus;Einwilligung\r\n"
            + "1;München;Messe;01.03.2024;1.234,50;10;-3;Kunde;ja\r\n"
            + "2;Köln;;;;0;1.000;Interessent;Nein\r\n"
            + "3;Köln;;;;;;verloren;0\r\n"
            + "4;;;;;;;Lead;1\r\n"
            + "5;;;;;;;Ex·Kunde;TRUE\r\n"
            + "6;;;;;;;interessent;false\r\n"
            + "7;;;2024-03-01;;;;;\r\n");

        var file = RowFile.Read(bytes, (s, q) => new CustomerReader(s, "crm.csv", mapping, RowFile.Rules, q), static r => r.Profile);

        Assert.Equal(
            new CustomerProfile
            {
                Segment = "München",
                Region = "München",
                Channel = "Messe",
                AcquiredOn = RowFile.Day("2024-03-01"),
                AcquisitionCost = RowFile.Euro(1234.5m),
                Nps = 10,
                PaymentDelayDays = 0,
                Status = CustomerStatus.Customer,
                Consent = true,
            },
            file.Used[0]);
        Assert.Equal(
            [
                (CustomerStatus.Customer, true), (CustomerStatus.Prospect, false), (CustomerStatus.Lost, false), (CustomerStatus.Prospect, true),
                (CustomerStatus.Lost, true), (CustomerStatus.Lost, false),
            ],
            file.Used.Select(static p => (p.Status, p.Consent!.Value)));
        Assert.Equal(1000, file.Used[1].PaymentDelayDays);
        Assert.Equal(("acquired_on", QuarantineReason.NotADate), file.OnlySetAside);
    }

    [Theory]
    [InlineData("acquired_on", "2024-07-01", QuarantineReason.AfterObservationEnd)]
    [InlineData("acquired_on", "soon", QuarantineReason.NotADate)]
    [InlineData("acquisition_cost", "much", QuarantineReason.NotANumber)]
    [InlineData("acquisition_cost", "-0.01", QuarantineReason.Negative)]
    [InlineData("acquisition_cost", "1e30", QuarantineReason.OutOfRange)]
    [InlineData("nps", "11", QuarantineReason.OutOfRange)]
    [InlineData("nps", "-1", QuarantineReason.Negative)]
    [InlineData("nps", "8.5", QuarantineReason.NotWhole)]
    [InlineData("nps", "promoter", QuarantineReason.NotANumber)]
    [InlineData("payment_delay_days", "3651", QuarantineReason.OutOfRange)]
    [InlineData("payment_delay_days", "0.5", QuarantineReason.NotWhole)]
    [InlineData("status", "vip", QuarantineReason.UnknownValue)]
    [InlineData("status", "-", QuarantineReason.UnknownValue)]
    [InlineData("consent", "maybe", QuarantineReason.UnknownValue)]
    [InlineData("consent", "2", QuarantineReason.UnknownValue)]
    [InlineData("region", "x\uFFFDy", QuarantineReason.NotText)]
    public void Read_CellThatCannotBeRead_SetsTheRowAside(string column, string cell, QuarantineReason reason)
    {
        var file = Read($"customer_id,{column}\na,{cell}\nb,\n");

        Assert.Equal((column, reason), file.OnlySetAside);
        Assert.Equal([CustomerProfile.None], file.Used);
    }

    [Theory]
    [InlineData("nps", "10.0")]
    [InlineData("nps", " 0 ")]
    [InlineData("payment_delay_days", "3650")]
    [InlineData("payment_delay_days", "-4000000000")]
    [InlineData("acquired_on", "2024-06-30")]
    [InlineData("acquisition_cost", "0")]
    public void Read_CellAtItsBound_IsUsed(string column, string cell) => Assert.NotEqual([CustomerProfile.None], Read($"customer_id,{column}\na,{cell}\n").Used);

    [Fact]
    public void Read_NameThatIsTooLong_SetsTheRowAside()
    {
        var longest = new string('ü', SegmentLabels.MaxLength);
        var file = Read($"customer_id,segment,region,acquisition_channel\na,s,{longest},{longest}\nb,s,{longest}!,\nc,s,,{longest}!\n");

        Assert.Equal([(longest, longest)], file.Used.Select(static p => (p.Region, p.Channel)));
        Assert.Equal(
            [(3L, "region", QuarantineReason.LabelTooLong), (4, "acquisition_channel", QuarantineReason.LabelTooLong)], file.SetAside);
    }

    [Fact]
    public void Read_RowSetAside_AddsNoSegment()
    {
        using var reader = new CustomerReader(
            new MemoryStream("customer_id,segment,nps\na,gold,11\nb,silver,1\n"u8.ToArray()), "crm.csv", ExtractMapping.None, RowFile.Rules, static _ => { });

        Assert.True(reader.Read());
        Assert.Equal((1, 1, "silver"), (reader.Segment, reader.Labels.Count, reader.Profile.Segment));
    }

    [Fact]
    public void Read_RegionBeyondTheSegments_IsARegionAndNoSegment()
    {
        var rows = string.Concat(Enumerable.Range(1, SegmentLabels.MaxCount).Select(static i => $"c{i},r{i}\n"));

        var last = Read($"customer_id,region\n{rows}d,one more\n").Used[^1];

        Assert.Equal((null, "one more"), (last.Segment, last.Region));
    }

    [Fact]
    public void Read_CostInAnotherCurrency_IsConvertedAtTheDayOfTheAcquisition()
    {
        var rules = RowFile.Rules with { Rates = RowFile.Rates(("USD", "2024-01-10", .9m), ("USD", "2024-02-01", .8m), ("USD", "2024-07-01", .1m)) };
        var file = RowFile.Read(
            "customer_id,acquired_on,acquisition_cost,currency\na,2024-01-31,10,usd\nb,,10,USD\nc,2024-01-09,10,USD\nd,2024-01-09,,USD\ne,,10,EUR\n"u8.ToArray(),
            (s, q) => new CustomerReader(s, "crm.csv", new ExtractMapping { ReportingCurrency = "EUR" }, rules, q),
            static r => r.Profile.AcquisitionCost?.ToDecimal());

        Assert.Equal([9m, 8m, null, 10m], file.Used);
        Assert.Equal(("currency", QuarantineReason.NoRate), file.OnlySetAside);
    }

    private static RowFile<CustomerProfile> Read(string content) => RowFile.Read(
        Encoding.UTF8.GetBytes(content),
        static (s, q) => new CustomerReader(s, "crm.csv", ExtractMapping.None, RowFile.Rules, q),
        static r => r.Profile);
}
