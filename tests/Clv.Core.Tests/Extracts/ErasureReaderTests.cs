using System.Text;
using Clv.Core.Extracts;

namespace Clv.Core.Tests.Extracts;

public class ErasureReaderTests
{
    [Fact]
    public void Read_UsualNames_GivesTheIdsInTheirSpellingAndSetsEmptyOnesAside()
    {
        var file = Read(Encoding.UTF8.GetBytes("Kundennummer;Grund\nC1;x\n;y\n\"  C2 \";z\nC1;again\n"));

        Assert.Equal(["C1", "C2", "C1"], file.Used);
        Assert.Equal(("customer_id", QuarantineReason.Empty), file.OnlySetAside);
        Assert.Equal(["Grund"], file.Unknown);
    }

    [Fact]
    public void Read_MappedColumnAndFile_AreFound()
    {
        var mapping = ExtractFile.Mapping(
            """{ "separator": "|", "encoding": "windows-1252", "erasures": { "files": ["Loeschung*.csv"], "columns": { "customer_id": "Wer" } } }""");

        Assert.Equal(["Müller"], Read(RowFile.Windows1252("Nr|Wer\n1|Müller\n"), mapping).Used);
        Assert.True(mapping.IsErasures("Loeschungen-2026.csv"));
        Assert.True(ExtractMapping.None.IsErasures("erasures.csv.gz"));
        Assert.False(ExtractMapping.None.IsErasures("transactions-erasures.csv"));
    }

    [Fact]
    public void Open_NoColumnOfIds_IsRefused() =>
        Assert.Contains("customer_id", Assert.Throws<ExtractRefusedException>(() => Read("when,why\n1,2\n"u8.ToArray())).Message, StringComparison.Ordinal);

    private static RowFile<string> Read(byte[] content, ExtractMapping? mapping = null) => RowFile.Read(
        content,
        (stream, quarantine) => new ErasureReader(stream, "crm.csv", mapping ?? ExtractMapping.None, RowFile.Rules, quarantine),
        static reader => Encoding.UTF8.GetString(reader.CustomerId));
}
