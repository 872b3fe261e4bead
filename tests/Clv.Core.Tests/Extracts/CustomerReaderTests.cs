using System.Text;
using Clv.Core.Extracts;
using FsCheck;
using FsCheck.Fluent;

namespace Clv.Core.Tests.Extracts;

public class CustomerReaderTests
{
    [Fact]
    public void Read_ContractColumns_GivesTheSegmentAndNamesWhatIsUnknown()
    {
        var file = Read(
            "acquired_on,customer_id,acquisition_channel,acquisition_cost,segment,shoe_size,region,nps,payment_delay_days,status,phone,email,consent\n"
            + "2024-01-01,a,web,9,gold,42,North,9,0,customer,+49 1,a@example.org,yes\n"
            + ",b,shop,,silver,?,South,,,prospect,,,\n"
            + "2024-01-01,c,web,9, ,42,North,9,0,lost,,,\n");

        Assert.Equal([("a", "gold"), ("b", "silver"), ("c", "")], file.Used);
        Assert.Equal(["shoe_size"], file.Unknown);
        Assert.Empty(file.SetAside);
    }

    [Theory]
    [InlineData("customer_id,segment,region,acquisition_channel\na,s,r,c\n", "s")]
    [InlineData("customer_id,segment,region,acquisition_channel\na,,r,c\n", "")]
    [InlineData("acquisition_channel,customer_id,region\nc,a,r\n", "r")]
    [InlineData("Kundennummer;Acquisition Channel\na;c\n", "c")]
    [InlineData("customer_id;Kundensegment\na; s \n", "s")]
    [InlineData("customer_id\na\n", "")]
    public void Read_FilesWithMoreOrLessColumns_TakesTheFirstThatSaysASegment(string content, string segment) =>
        Assert.Equal([("a", segment)], Read(content).Used);

    [Fact]
    public void Read_StatedHeaders_AreUsedOrMissed()
    {
        var mapping = ExtractFile.Mapping(
            """{ "separator": ";", "customers": { "columns": { "customer_id": "Nr", "segment": "Klasse", "email": "Postfach" } } }""");

        var file = Read("Nr;customer_id;Klasse;segment;Postfach\n1;2;A;B;x@example.org\n", mapping);

        Assert.Equal([("1", "A")], file.Used);
        Assert.Equal(["customer_id", "segment"], file.Unknown);
        var refused = Assert.Throws<ExtractRefusedException>(() => Read("Nr;Name\n1;Erika\n", mapping));
        Assert.StartsWith("crm.csv, line 1: no column for segment (mapped to \"Klasse\"), email (mapped to \"Postfach\") among 2", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Erika", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_LabelInAnotherSpelling_IsOneSegment()
    {
        var file = Read("customer_id,segment\na,M\u00fcller\nb, Mu\u0308ller \nc,\"M\u00fcller\"\nd,müller\n");

        Assert.Equal(["Müller", "Müller", "Müller", "müller"], file.Used.Select(static r => r.Segment));
        Assert.Equal(2, file.Segments);
    }

    [Fact]
    public void Read_RowsThatCannotBeUsed_AreSetAsideWithColumnAndReason()
    {
        var longest = new string('ü', SegmentLabels.MaxLength);
        var file = Read($"customer_id,segment\n,x\na\nb,\"x\ny\"\nc,x\uFFFDy\nd,{longest}\ne,{longest}!\nf,{new string('z', 3000)}\n{new string('i', 3000)},x\n");

        Assert.Equal([("d", longest)], file.Used);
        Assert.Equal(
            [
                (2L, "customer_id", QuarantineReason.Empty),
                (3, "", QuarantineReason.FieldCount),
                (4, "segment", QuarantineReason.NotText),
                (6, "segment", QuarantineReason.NotText),
                (8, "segment", QuarantineReason.LabelTooLong),
                (9, "segment", QuarantineReason.LabelTooLong),
                (10, "customer_id", QuarantineReason.TooLong),
            ],
            file.SetAside);
        Assert.Equal((8, 7), (file.RowsRead, file.RowsQuarantined));
        Assert.Equal("region", Assert.Single(Read($"customer_id,region\na,{longest}!\n").SetAside).Column);
    }

    [Fact]
    public void Read_MoreSegmentsThanAFileMayHave_IsRefusedWithItsLine()
    {
        var rows = string.Concat(Enumerable.Range(1, SegmentLabels.MaxCount).Select(static i => $"c{i},s{i}\n"));

        Assert.Equal(SegmentLabels.MaxCount, Read("customer_id,segment\n" + rows + "more,s7\n").Segments);
        var refused = Assert.Throws<ExtractRefusedException>(() => Read("customer_id,segment\n" + rows + "more,secret\n"));
        Assert.StartsWith("crm.csv, line 1002: column segment has more than 1,000 different values", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("region", null)]
    [InlineData("acquisition_channel", null)]
    [InlineData("Postleitzahl", """{ "customers": { "columns": { "region": "Postleitzahl" } } }""")]
    public void Read_StandInWithMoreValuesThanSegmentsMayBe_LeavesTheLaterOnesWithoutASegment(string column, string? mapping)
    {
        var rows = string.Concat(Enumerable.Range(1, SegmentLabels.MaxCount).Select(static i => $"c{i},s{i}\n"));

        var file = Read($"customer_id,{column}\n{rows}d,one\ne,s7\nf,two\ng,one\nh,\n", mapping is null ? null : ExtractFile.Mapping(mapping));

        Assert.Equal([("d", ""), ("e", "s7"), ("f", ""), ("g", ""), ("h", "")], file.Used.Skip(SegmentLabels.MaxCount));
        Assert.Equal("s1000", file.Used[SegmentLabels.MaxCount - 1].Segment);
        Assert.Equal((SegmentLabels.MaxCount, 3), (file.Segments, file.BeyondSegments));
        Assert.Empty(file.SetAside);
    }

    [Theory]
    [InlineData("customer_id,Region,REGION\na,x,y\n", "columns 2 and 3 could both be region")]
    [InlineData("customer_id,Region,REGION,segment\na,x,y,gold\n", "columns 2 and 3 could both be region")]
    [InlineData("customer_id,region,Acquisition Channel,acquisition-channel\na,x,y,z\n", "columns 3 and 4 could both be acquisition_channel")]
    public void Constructor_TwoColumnsThatCouldBeMeant_IsRefused(string content, string problem) => Assert.StartsWith(
        $"crm.csv, line 1: {problem}: rename one",
        Assert.Throws<ExtractRefusedException>(() => Read(content)).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("", "crm.csv: the file is empty: it needs at least a header row")]
    [InlineData("segment,region\na,b\n", "crm.csv, line 1: no column for customer_id among 2 in the header. Name the column customer_id, or map them in mapping.json")]
    [InlineData("customer_id,segment,Segment_\na,b,c\n", null)]
    [InlineData("customer_id,Segment-,Segment_\na,b,c\n", "crm.csv, line 1: columns 2 and 3 could both be segment: rename one")]
    [InlineData("customer_id,segment\n\"a,b\n", "crm.csv, line 2: a quote is opened here and never closed")]
    [InlineData("customer_id\0,segment\na,b\n", "crm.csv, line 1: not a text file")]
    public void Constructor_FileThatCannotBeUsed_IsRefused(string content, string? message)
    {
        if (message is null)
        {
            Assert.Equal([("a", "b")], Read(content).Used);
            return;
        }

        Assert.StartsWith(message, Assert.Throws<ExtractRefusedException>(() => Read(content)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_RandomlyCorruptedFile_KeepsItsBooks() =>
        Prop.ForAll(Gen.Choose(0, 1 << 20).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var bytes = Encoding.UTF8.GetBytes("customer_id,segment,phone\n" + string.Concat(Enumerable.Range(0, 60).Select(
                i => $"{(i % 7 == 0 ? $"\"Kündin {i}\n\"\"x\"\"\"" : "c" + (i % 5))},s{i % 9},{i}\n")));
            byte[] odd = [.. "\",;\n\r\0 -.9aé\u2028"u8, 0xFF, 0x80];
            for (var hits = random.Next(12); hits > 0; hits--)
            {
                bytes[random.Next(bytes.Length)] = odd[random.Next(odd.Length)];
            }

            try
            {
                var file = Read(bytes[..random.Next(1, bytes.Length + 1)]);
                return file.RowsRead == file.Used.Count + file.SetAside.Count && file.RowsQuarantined == file.SetAside.Count;
            }
            catch (ExtractRefusedException)
            {
                return true;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private static CustomerFile Read(string content, ExtractMapping? mapping = null) => Read(Encoding.UTF8.GetBytes(content), mapping);

    private static CustomerFile Read(byte[] content, ExtractMapping? mapping = null)
    {
        var used = new List<(string, string)>();
        var aside = new List<(long, string, QuarantineReason)>();
        using var reader = new CustomerReader(
            ExtractStream.Open(new MemoryStream(content), "crm.csv"),
            "crm.csv",
            mapping ?? ExtractMapping.None,
            ExtractRules.Any,
            row => aside.Add((row.Line, row.Column, row.Reason)));
        while (reader.Read())
        {
            used.Add((Encoding.UTF8.GetString(reader.CustomerId), reader.Segment == 0 ? "" : reader.Labels[reader.Segment]));
        }

        return new(used, aside, reader.RowsRead, reader.RowsQuarantined, reader.UnknownColumns, reader.Labels.Count, reader.RowsBeyondSegments);
    }

    private sealed record CustomerFile(
        IReadOnlyList<(string Customer, string Segment)> Used,
        IReadOnlyList<(long Line, string Column, QuarantineReason Reason)> SetAside,
        long RowsRead,
        long RowsQuarantined,
        IReadOnlyList<string> Unknown,
        int Segments,
        long BeyondSegments);
}
