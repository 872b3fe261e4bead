using System.Text;
using Clv.Core.Extracts;
using Clv.Core.History;

namespace Clv.Core.Tests.Extracts;

public class InteractionReaderTests
{
    [Theory]
    [InlineData("service_call", InteractionKind.ServiceCall)]
    [InlineData("Service Call", InteractionKind.ServiceCall)]
    [InlineData("complaint", InteractionKind.Complaint)]
    [InlineData("campaign_open", InteractionKind.CampaignOpen)]
    [InlineData("CampaignClick", InteractionKind.CampaignClick)]
    [InlineData("social", InteractionKind.Social)]
    [InlineData("visit", InteractionKind.Visit)]
    [InlineData("return", InteractionKind.Return)]
    [InlineData("Beschwerde", InteractionKind.Complaint)]
    [InlineData("RÜCKSENDUNG", InteractionKind.Return)]
    [InlineData("Newsletter geöffnet", InteractionKind.CampaignOpen)]
    [InlineData("Besuch", InteractionKind.Visit)]
    public void Read_KnownKind_IsUnderstood(string cell, InteractionKind kind) =>
        Assert.Equal([(new Interaction(RowFile.LastDay, kind, null), "")], Read($"customer_id,occurred_at,kind\na,2024-06-30,{cell}\n").Used);

    [Fact]
    public void Read_GermanFileWithMappedValues_IsReadAsItStands()
    {
        var mapping = ExtractFile.Mapping(
            """
            { "separator": ";", "decimalSeparator": ",", "encoding": "windows-1252", "dateFormats": ["dd.MM.yyyy HH:mm"],
              "interactions": { "columns": { "interaction_id": "Vorgang" },
                "values": { "kind": { "Anruf": "service_call", "Öffnung": "campaign_open", "social": "visit" } } } }
            """);
        var bytes = RowFile.Windows1252(
            "Vorgang;Kundennummer;Datum;Kontaktart;Kosten;Ort\r\n1;a;31.01.2024 09:30;Anruf;7,255;x\r\n2;a;01.02.2024 10:00; Öffnung ;;x\r\n"
            + "3;a;01.02.2024 10:00;social;;x\r\n4;a;01.02.2024 10:00;anruf;;x\r\n");

        var file = Read(bytes, mapping, RowFile.Rules);

        Assert.Equal(
            [
                (new Interaction(RowFile.Day("2024-01-31"), InteractionKind.ServiceCall, RowFile.Euro(7.255m)), "1"),
                (new Interaction(RowFile.Day("2024-02-01"), InteractionKind.CampaignOpen, null), "2"),
                (new Interaction(RowFile.Day("2024-02-01"), InteractionKind.Visit, null), "3"),
            ],
            file.Used);
        Assert.Equal(("kind", QuarantineReason.UnknownValue), file.OnlySetAside);
        Assert.Equal(["Ort"], file.Unknown);
    }

    [Theory]
    [InlineData(",2024-01-01,visit,1,i", "customer_id", QuarantineReason.Empty)]
    [InlineData("a,,visit,1,i", "occurred_at", QuarantineReason.Empty)]
    [InlineData("a,2024-07-01,visit,1,i", "occurred_at", QuarantineReason.AfterObservationEnd)]
    [InlineData("a,2024-01-01,,1,i", "kind", QuarantineReason.Empty)]
    [InlineData("a,2024-01-01,lunch,1,i", "kind", QuarantineReason.UnknownValue)]
    [InlineData("a,2024-01-01,visit,-1,i", "cost", QuarantineReason.Negative)]
    [InlineData("a,2024-01-01,visit,?,i", "cost", QuarantineReason.NotANumber)]
    public void Read_CellThatCannotBeRead_SetsTheRowAside(string row, string column, QuarantineReason reason) =>
        Assert.Equal((column, reason), Read($"customer_id,occurred_at,kind,cost,interaction_id\n{row}\n").OnlySetAside);

    [Fact]
    public void Read_Ids_AreOptionalAndBounded()
    {
        var longest = new string('i', CustomerId.MaxBytes);
        var file = Read($"customer_id,occurred_at,kind,interaction_id\na,2024-01-01,visit, {longest} \na,2024-01-01,visit,\na,2024-01-01,visit,{longest}i\n");

        Assert.Equal([longest, ""], file.Used.Select(static r => r.Id));
        Assert.Equal(("interaction_id", QuarantineReason.TooLong), file.OnlySetAside);
    }

    [Fact]
    public void Read_CostInAnotherCurrency_IsConvertedAtItsDaysRate()
    {
        var rates = RowFile.Rates(("USD", "2024-01-10", .5m), ("USD", "2024-01-12", .25m));
        var file = Read(
            "customer_id,occurred_at,kind,cost,currency\na,2024-01-11,visit,3,USD\na,2024-01-12,visit,3,USD\na,2024-01-09,visit,3,USD\na,2024-01-09,visit,,USD\n"u8.ToArray(),
            new ExtractMapping { ReportingCurrency = "EUR" },
            RowFile.Rules with { Rates = rates });

        Assert.Equal([RowFile.Euro(1.5m), RowFile.Euro(.75m), null], file.Used.Select(static r => r.Row.Cost));
        Assert.Equal(("currency", QuarantineReason.NoRate), file.OnlySetAside);
    }

    private static RowFile<(Interaction Row, string Id)> Read(string content) => Read(Encoding.UTF8.GetBytes(content), ExtractMapping.None, RowFile.Rules);

    private static RowFile<(Interaction Row, string Id)> Read(byte[] content, ExtractMapping mapping, ExtractRules rules) => RowFile.Read(
        content, (s, q) => new InteractionReader(s, "crm.csv", mapping, rules, q), static r => (r.Interaction, Encoding.UTF8.GetString(r.Id)));
}
