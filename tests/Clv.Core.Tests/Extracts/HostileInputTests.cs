using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Clv.Core.Extracts;
using Clv.Core.History;
using Clv.Core.Industry;
using FsCheck;
using FsCheck.Fluent;

namespace Clv.Core.Tests.Extracts;

/// <summary>
/// Whatever a file holds: its rows are used or set aside and counted, or it is refused with a sentence that names file and line and quotes nothing of it.
/// </summary>
public class HostileInputTests
{
    private const string Marker = "MARKER";
    private const string Header = ExtractFile.Header;
    private const string Good = Marker + "7,2024-01-02,5\n";

    private static readonly (string Name, string Content)[] Valid =
    [
        ("transactions", "customer_id,occurred_at,amount,transaction_id,margin,category,currency\n"
            + Rows(static i => $"{Marker}{i % 7},2024-01-{1 + (i % 28):00},{i}.50,t{i},{i}.25,\"goods, {i % 3}\",\n")),
        ("customers", "customer_id,acquired_on,acquisition_channel,acquisition_cost,segment,region,nps,payment_delay_days,status,consent\n"
            + Rows(static i => $"{Marker}{i},2024-01-{1 + (i % 28):00},shop,{i}.5,\"s \"\"{i % 3}\"\"\",Süd {i % 4},{i % 11},{i % 30},customer,yes\n")),
        ("contracts", "customer_id,contract_id,started_on,term_months,renews_on,fee_per_term,cancelled_on,product\n"
            + Rows(static i => $"{Marker}{i},k{i},2023-01-{1 + (i % 28):00},12,2025-01-01,{i},,\"p\n{i % 3}\"\n")),
        ("interactions", "customer_id,occurred_at,kind,cost,interaction_id\n"
            + Rows(static i => $"{Marker}{i},2024-01-{1 + (i % 28):00} 10:{i % 60:00},service_call,{i % 5},i{i}\n")),
        ("rates", "currency,date,rate\n" + Rows(static i => $"USD,2024-01-{1 + (i % 28):00},0.9{i:00}\n")),
    ];

    public static TheoryData<string, byte[], string> Refused => new()
    {
        { "quote opened early", Text($"{Header}\"{Marker},2024-01-01,1\n{Good}{Good}"), "crm.csv, line 2: a quote is opened here and never closed" },
        { "quote opened early in a large file", Text($"{Header}{Good}\"{Marker}1,2024-01-01,1\n{Many(Good, 2 << 20)}"), "crm.csv, line 3: a row is longer than 1 MiB" },
        { "quote opened at the end", Text($"{Header}{Good}{Good}\"{Marker}"), "crm.csv, line 4: a quote is opened here" },
        { "quote alone", Text("\""), "crm.csv, line 1: " },
        { "long line", Text(Header + Good + Many(Marker, 3 << 20)), "crm.csv, line 3: a row is longer than 1 MiB" },
        { "long line in quotes", Text($"{Header}{Good}\"{Many(Marker, 3 << 20)}\",2024-01-01,1\n"), "crm.csv, line 3: a row is longer than 1 MiB" },
        { "long header", Text(Many(Marker, 3 << 20)), "crm.csv, line 1: a row is longer than 1 MiB" },
        { "million columns", Text("customer_id,date,amount" + new string(',', 1_000_000) + "\n"), "crm.csv, line 1: " },
        { "20,000 columns", Text("customer_id,date,amount" + new string(',', 20_000) + "\n"), "crm.csv, line 1: its header has more than 16,384 columns" },
        { "NUL in the header", Text("customer_id,da\0te,amount\n" + Good), "crm.csv, line 1: not a text file" },
        { "only NUL", new byte[100_000], "crm.csv, line 1: not a text file" },
        { "UTF-16 LE without mark", Encoding.Unicode.GetBytes(Header + Good), "UTF-16" },
        { "UTF-16 BE without mark", Encoding.BigEndianUnicode.GetBytes(Header + Good), "UTF-16" },
        { "only a mark", [0xEF, 0xBB, 0xBF], "crm.csv: the file is empty" },
        { "only blank lines", Text("\n\r\n\n\r"), "crm.csv: the file is empty" },
        { "duplicate header", Text("customer_id,date,amount,amount\n" + Good), "crm.csv, line 1: columns 3 and 4 could both be amount" },
        { "duplicate by case", Text("customer_id,date,Amount,AMOUNT\n" + Good), "columns 3 and 4 could both be amount" },
        { "duplicate by blanks", Text("customer_id,date,Amount,\" A mount \"\n" + Good), "columns 3 and 4 could both be amount" },
        { "no header", Text(Good + Good), "crm.csv, line 1: no column for customer_id, occurred_at, amount" },
        { "cut gzip", ExtractFile.Gzip(Text(Header + Many(Good, 1 << 16)))[..^20], "broken or cut short" },
        { "damaged gzip", [0x1f, 0x8b, .. Text(Header + Good)], "broken or cut short" },
        { "gzip in gzip", ExtractFile.Gzip(ExtractFile.Gzip(Text(Header + Good))), "compressed twice" },
        { "workbook", [.. "PK\u0003\u0004\u0014\0\u0006\0"u8, .. new byte[500]], "a ZIP archive or a spreadsheet's workbook" },
        { "bomb of one line", Bomb("x"u8.ToArray(), 300), "crm.csv, line 1: " },
        { "bomb in quotes", Bomb("\""u8.ToArray(), 300), "crm.csv, line 1: " },
        { "bomb of rows", Bomb(Text(Good), 300, Text(Header)), "more than 250 times its size" },
        { "bomb of bad rows", Bomb(Text(Marker + ",,\n"), 300, Text(Header)), "more than 250 times its size" },
        { "bomb of blank lines", Bomb("\n"u8.ToArray(), 300, Text(Header)), "more than 250 times its size" },
        { "bomb before the header", Bomb("\r\n"u8.ToArray(), 300), "more than 250 times its size" },
        { "bomb of members", Joined(Text(Header), Text(Many("\n", 1 << 20)), 300), "more than 250 times its size" },
    };

    public static TheoryData<string, byte[], QuarantineReason?> Cells => new()
    {
        { "NUL in an id", Text($"{Marker}\0,2024-01-01,1"), QuarantineReason.NotText },
        { "control in an id", Text($"{Marker}\u001b[31m,2024-01-01,1"), QuarantineReason.NotText },
        { "Latin-1 in an id", [.. Text(Marker), 0xFC, .. Text(",2024-01-01,1")], QuarantineReason.NotText },
        { "overlong slash in an id", [.. Text(Marker), 0xC0, 0xAF, .. Text(",2024-01-01,1")], QuarantineReason.NotText },
        { "lone surrogate in an id", [.. Text(Marker), 0xED, 0xA0, 0x80, .. Text(",2024-01-01,1")], QuarantineReason.NotText },
        { "beyond Unicode", [.. Text(Marker), 0xF5, 0x80, 0x80, 0x80, .. Text(",2024-01-01,1")], QuarantineReason.NotText },
        { "mark in the middle", Text($"\uFEFF{Marker},2024-01-01,1"), QuarantineReason.NotText },
        { "joined files", Text("\uFEFFcustomer_id,date,amount"), QuarantineReason.NotText },
        { "id of 10 KB", Text($"{Many(Marker, 10_000)},2024-01-01,1"), QuarantineReason.TooLong },
        { "slashes in an id", Text($"{Marker}/../..%2f\\#?,2024-01-01,1"), null },
        { "formula as id", Text($"=cmd|' /C calc'!{Marker},2024-01-01,1"), null },
        { "right to left in an id", Text($"{Marker}\u202E\u200F1,2024-01-01,1"), null },
        { "fewer fields", Text(Marker), QuarantineReason.FieldCount },
        { "more fields", Text($"{Marker},2024-01-01,1,,,"), QuarantineReason.FieldCount },
        { "500,000 fields", Text(Marker + new string(',', 500_000)), QuarantineReason.FieldCount },
        { "stray quote", Text($"{Marker}\"x,2024-01-01,1"), QuarantineReason.Quoting },
        { "NaN", Text($"{Marker},2024-01-01,NaN"), QuarantineReason.NotANumber },
        { "infinity", Text($"{Marker},2024-01-01,Infinity"), QuarantineReason.NotANumber },
        { "infinity's sign", Text($"{Marker},2024-01-01,-∞"), QuarantineReason.NotANumber },
        { "1e400", Text($"{Marker},2024-01-01,1e400"), QuarantineReason.OutOfRange },
        { "exponent of 90 digits", Text($"{Marker},2024-01-01,1e{new string('9', 90)}"), QuarantineReason.OutOfRange },
        { "1e-400", Text($"{Marker},2024-01-01,1e-400"), null },
        { "-0", Text($"{Marker},2024-01-01,-0"), null },
        { "40 digits", Text($"{Marker},2024-01-01,{new string('9', 40)}"), QuarantineReason.OutOfRange },
        { "200 digits", Text($"{Marker},2024-01-01,{new string('9', 200)}"), QuarantineReason.NotANumber },
        { "hex", Text($"{Marker},2024-01-01,0x10"), QuarantineReason.NotANumber },
        { "full-width digits", Text($"{Marker},2024-01-01,１２"), QuarantineReason.NotANumber },
        { "Arabic digits", Text($"{Marker},2024-01-01,١٢"), QuarantineReason.NotANumber },
        { "Arabic date", Text($"{Marker},٢٠٢٤-٠١-٠١,1"), QuarantineReason.NotADate },
        { "formula as amount", Text($"{Marker},2024-01-01,=1+1"), QuarantineReason.NotANumber },
        { "year 0001", Text($"{Marker},0001-01-01,1"), QuarantineReason.NotADate },
        { "year 9999", Text($"{Marker},9999-12-31,1"), QuarantineReason.NotADate },
        { "year 9998 behind the window", Text($"{Marker},9998-12-31T23:59:59-14:00,1"), QuarantineReason.AfterObservationEnd },
        { "29 February of no leap year", Text($"{Marker},2023-02-29,1"), QuarantineReason.NotADate },
        { "29 February", Text($"{Marker},2024-02-29,1"), null },
        { "hour that summer time skips", Text($"{Marker},2024-03-31T02:30:00,1"), null },
        { "hour that comes twice", Text($"{Marker},2023-10-29T02:30:00,1"), null },
        { "offset of 26 hours", Text($"{Marker},2024-01-01T00:00:00+26:00,1"), QuarantineReason.NotADate },
        { "offset of 14 hours", Text($"{Marker},2024-01-01T00:00:00+14:00,1"), null },
        { "leap second", Text($"{Marker},2024-01-01T23:59:60Z,1"), null },
        { "future", Text($"{Marker},2024-07-01,1"), QuarantineReason.AfterObservationEnd },
    };

    public static TheoryData<string> Mappings =>
    [
        "", "null garbage", "[]", "7", "\"x\"", "\uFEFF", "{\"transactions\":null}", "{\"dateFormats\":[null]}", "{\"dateFormats\":{}}",
        "{\"transactions\":{\"files\":[null]}}", "{\"transactions\":{\"files\":[\"\"]}}", "{\"separator\":\",\",\"separator\":\";\"}",
        "{\"separator\":\"ab\"}", "{\"separator\":\"\\uD800\"}", "{\"encoding\":\"utf-7\"}", "{\"encoding\":\"\\u0000\"}", "{\"timeZone\":\"../../etc/passwd\"}",
        "{\"timeZone\":\"\"}", "{\"reportingCurrency\":\"=cmd\"}", "{\"decimalSeparator\":7}", "{\"transactions\":{\"columns\":{\"amount\":{\"product\":[1,2]}}}}",
        "{\"customers\":{\"values\":{\"status\":{\"a\":null}}}}", "{\"customers\":{\"values\":{\"status\":{\"a\":\"emperor\"}}}}", "{\"unknown\":1e999999}",
        new string('[', 100_000), "{\"transactions\":" + new string('{', 100_000), $"{{\"{new string('a', 1_000_000)}\":1}}",
        $"{{\"dateFormats\":[{string.Join(',', Enumerable.Repeat("\"yyyy-MM-dd\"", 50_000))}]}}", $"{{\"dateFormats\":[\"yyyy-MM-dd{new string('\'', 1000)}\"]}}",
        $"{{\"transactions\":{{\"files\":[{string.Join(',', Enumerable.Repeat("\"*a*a*a*a*b\"", 50_000))}]}}}}", $"{{\"transactions\":{{\"files\":[\"{Many("*a", 900_000)}\"]}}}}",
    ];

    public static TheoryData<string> Profiles =>
    [
        "", "[]", "\"x\"", "{\"name\":null}", "{\"margins\":null}", "{\"margins\":{\"categories\":{\"\":0.1}}}", "{\"margins\":{\"other\":1e400}}",
        "{\"margins\":{\"other\":\"NaN\"}}", "{\"horizonWeeks\":-1}", "{\"horizonWeeks\":1e308}", "{\"discountRate\":5}", "{\"tiers\":{\"top\":0.7,\"middle\":0.7}}",
        "{\"phases\":{\"lost\":0.5,\"lapsed\":0.4}}", "{\"phases\":{\"nights\":2147483648}}", "{\"costs\":{\"visit\":-1}}", "{\"costs\":{\"visit\":1e28}}",
        "{\"actions\":{\"assumptions\":{\"x\":null}}}", "{\"actions\":{\"minimumLift\":0}}", "{\"contracts\":{\"productContracts\":0}}",
        "{\"acquisition\":{\"targetRatio\":0}}", "{\"currency\":\"EURO\"}", "{\"language\":\"xx\"}", new string('[', 100_000), $"{{\"name\":\"{new string('x', 1_000_000)}\"}}",
        $"{{\"margins\":{{\"categories\":{{\"{new string('x', 1_000_000)}\":0.1}}}}}}",
    ];

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void Read_FileThatIsNone_IsRefusedWithFileAndLine(string name, byte[] content, string sentence)
    {
        var watch = Stopwatch.StartNew();
        var refused = Assert.Throws<ExtractRefusedException>(() => Read("transactions", content));

        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Marker, refused.ToString(), StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(2), name);
    }

    [Theory]
    [MemberData(nameof(Cells), DisableDiscoveryEnumeration = true)]
    public void Read_OddRow_IsUsedOrSetAsideForItsReason(string name, byte[] row, QuarantineReason? reason)
    {
        var (read, used, aside) = Read("transactions", [.. Text(Header + Good), .. row, .. Text("\n" + Good)]);

        Assert.Equal((3, reason is null ? 3 : 2), (read, used));
        Assert.True(reason is null ? aside.Count == 0 : Assert.Single(aside) == reason, name);
    }

    [Theory]
    [InlineData("\r")]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\n\r")]
    [InlineData("\r\r\n")]
    public void Read_AnyLineEnd_EndsALine(string end)
    {
        var (read, used, _) = Read("transactions", Text((Header + Good + Good + Good).ReplaceLineEndings(end)));

        Assert.Equal((3, 3), (read, used));
    }

    [Fact]
    public void Read_MixedLineEnds_EndLines() =>
        Assert.Equal(3, Read("transactions", Text($"customer_id,date,amount\r{Marker},2024-01-01,1\n{Marker},2024-01-02,1\r\n{Marker},2024-01-03,1")).Used);

    [Fact]
    public void Read_Utf16WithMark_NeedsNoMapping()
    {
        foreach (var encoding in (Encoding[])[Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32])
        {
            Assert.Equal(1, Read("transactions", [.. encoding.Preamble, .. encoding.GetBytes(Header + Good)]).Used);
        }
    }

    [Fact]
    public void Read_WideFile_TakesNoLongTime()
    {
        var columns = string.Concat(Enumerable.Range(0, 10_000).Select(static i => $",c{i}"));
        var row = $"{Marker},2024-01-01,1{new string(',', 10_000)}\n";
        var watch = Stopwatch.StartNew();

        Assert.Equal(50, Read("transactions", Text($"customer_id,date,amount{columns}\n{Many(row, 50 * row.Length)}")).Used);
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Read_ManySegmentsInAColumnThatNamesThem_AreRefused()
    {
        var file = "customer_id,segment\n" + string.Concat(Enumerable.Range(0, 10_000).Select(static i => $"{Marker}{i},{Marker}s{i}\n"));

        var refused = Assert.Throws<ExtractRefusedException>(() => Read("customers", Text(file)));

        Assert.StartsWith("crm.csv, line 1002: column segment has more than 1,000 different values", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Marker, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("k,2024-01-01,-12,,", QuarantineReason.Negative)]
    [InlineData("k,2024-01-01,0,,", QuarantineReason.OutOfRange)]
    [InlineData("k,2024-01-01,10000000,,", QuarantineReason.OutOfRange)]
    [InlineData("k,2024-01-01,1e18,,", QuarantineReason.OutOfRange)]
    [InlineData("k,2024-01-01,0.5,,", QuarantineReason.NotWhole)]
    [InlineData("k,2024-01-01,12,,-1", QuarantineReason.Negative)]
    [InlineData("k,9000-01-01,12,,", QuarantineReason.AfterObservationEnd)]
    [InlineData("k,2024-01-01,12,1999-01-01,", null)]
    [InlineData("k,2024-01-01,12,9998-12-31,", null)]
    public void Read_OddContract_IsUsedOrSetAside(string cells, QuarantineReason? reason)
    {
        var (_, used, aside) = Read("contracts", Text($"customer_id,contract_id,started_on,term_months,renews_on,fee_per_term\n{Marker},{cells}\n"));

        Assert.Equal(reason is null ? 1 : 0, used);
        Assert.Equal(reason is { } because ? [because] : [], aside);
    }

    [Theory]
    [InlineData("0", QuarantineReason.OutOfRange)]
    [InlineData("-0", QuarantineReason.OutOfRange)]
    [InlineData("-1", QuarantineReason.Negative)]
    [InlineData("1e300", QuarantineReason.OutOfRange)]
    [InlineData("1e-300", QuarantineReason.OutOfRange)]
    [InlineData("NaN", QuarantineReason.NotANumber)]
    [InlineData("1e9", null)]
    public void Read_OddRate_IsUsedOrSetAside(string rate, QuarantineReason? reason)
    {
        var (_, used, aside) = Read("rates", Text($"currency,date,rate\nUSD,2024-01-01,{rate}\n"));

        Assert.Equal(reason is null ? 1 : 0, used);
        Assert.Equal(reason is { } because ? [because] : [], aside);
    }

    [Fact]
    public void ReadTable_ManyRatesInTheWorstOrder_TakesNoLongTimeAndHasABound()
    {
        var day = new DateOnly(9998, 12, 31);
        string Days(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"USD,{day.AddDays(-i):yyyy-MM-dd},1.5\n"));
        var watch = Stopwatch.StartNew();

        using var reader = Rates(Text("currency,date,rate\n" + Days(900_000)));
        Assert.Equal(900_000, reader.ReadTable().Count);
        using var more = Rates(Text("currency,date,rate\n" + Days(RateTable.MaxRates + 1)));
        var refused = Assert.Throws<ExtractRefusedException>(more.ReadTable);
        Assert.StartsWith("crm.csv, line 1000002: more than 1,000,000 rates", refused.Message, StringComparison.Ordinal);
        using var same = Rates(Text("currency,date,rate\n" + Many("USD,2024-01-01,1.5\n", 30 << 20)));
        Assert.Equal(1, same.ReadTable().Count);
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void Id_InOtherSpellings_IsOneCustomer()
    {
        foreach (var spelling in (string[])["M\u00fcller", "Mu\u0308ller", "  M\u00fcller\t", "\u00a0M\u00fcller"])
        {
            Assert.True(Clv.Core.CustomerId.TryNormalise(Encoding.UTF8.GetBytes(spelling), out var id, out _));
            Assert.Equal("M\u00fcller", Encoding.UTF8.GetString(id));
        }
    }

    [Theory]
    [MemberData(nameof(Mappings), DisableDiscoveryEnumeration = true)]
    public void Parse_HostileMapping_IsRefusedInOneShortLine(string json) => RefusedShortly(() => ExtractMapping.Parse(Text(json)), ExtractMapping.FileName);

    [Theory]
    [MemberData(nameof(Profiles), DisableDiscoveryEnumeration = true)]
    public void Parse_HostileProfile_IsRefusedInOneShortLine(string json) => RefusedShortly(() => IndustryProfile.Parse(Text(json)), IndustryProfile.FileName);

    [Fact]
    public void Parse_OtherEncodings_AreRefused()
    {
        foreach (var encoding in (Encoding[])[Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32])
        {
            byte[] json = [.. encoding.Preamble, .. encoding.GetBytes("{\"separator\":\";\"}")];
            RefusedShortly(() => ExtractMapping.Parse(json), ExtractMapping.FileName);
            RefusedShortly(() => IndustryProfile.Parse(json), IndustryProfile.FileName);
        }

        RefusedShortly(() => ExtractMapping.Parse([.. "{\"separator\":\""u8, 0xFF, .. "\"}"u8]), ExtractMapping.FileName);
    }

    [Fact]
    public void IsTransactions_PatternMadeToBacktrack_AnswersAtOnce()
    {
        var mapping = ExtractFile.Mapping($"{{\"transactions\":{{\"files\":[\"{Many("*a", 198)}*b\"]}}}}");
        var watch = Stopwatch.StartNew();

        for (var i = 0; i < 1000; i++)
        {
            Assert.False(mapping.IsTransactions(new string('a', 200)));
        }

        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Message_OfAHostileName_IsOneShortPlainLine()
    {
        var refused = new ExtractRefusedException($"a\r\n\u001b[2J\u202Evsc.csv{new string('x', 5000)}", $"odd\u2028\0 {new string('y', 100_000)}", 7);

        Assert.StartsWith("a\uFFFD\uFFFD\uFFFD[2J\uFFFDvsc.csvxxx", refused.Message, StringComparison.Ordinal);
        Assert.InRange(refused.Message.Length, 2000, 2300);
        Assert.DoesNotContain(refused.Message, static c => char.IsControl(c) || c is '\u2028' or '\u202E');
        Assert.Equal("\U0001F600a", PlainText.Of("\U0001F600a", 3));
        Assert.Equal("a...", PlainText.Of("a\U0001F600bcd", 4));
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+49", "'+49")]
    [InlineData("-1", "'-1")]
    [InlineData("@x", "'@x")]
    [InlineData("\tx", "'\tx")]
    [InlineData("＝1", "'＝1")]
    [InlineData("'x", "''x")]
    [InlineData("x=1", "x=1")]
    [InlineData("", "")]
    public void SpreadsheetText_OfAFormula_IsTextAndCanBeTakenBack(string text, string written)
    {
        Assert.Equal(written, Encoding.UTF8.GetString(SpreadsheetText.Of(Text(text))));
        Assert.Equal(text, written.StartsWith('\'') ? written[1..] : written);
    }

    [Fact]
    public void SegmentWriter_OneCustomerOfMillionsOfRows_IsRefusedByKeyAlone()
    {
        using var reader = ExtractFile.Open(Text(Header + Many(Good, (CustomerLimits.MaxRows + 1) * Good.Length)));
        using var segment = new SegmentWriter(new MemoryStream(), 4, "a secret for tests alone, long enough"u8);

        var refused = Assert.Throws<OversizedCustomerException>(() =>
        {
            while (reader.Read())
            {
                segment.Add(reader);
            }

            segment.Complete();
        });

        Assert.Contains("has more than 1,000,000 rows", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Marker, refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_RandomlyChangedFileOfAnyKind_BalancesOrIsRefused() =>
        Prop.ForAll(
            Gen.Choose(0, 1 << 24).ToArbitrary(),
            static seed =>
            {
                var random = new Random(seed);
                var (kind, content) = Valid[random.Next(Valid.Length)];
                var bytes = Mutated(Text(content), random);
                try
                {
                    Read(kind, random.Next(4) == 0 ? Mutated(ExtractFile.Gzip(bytes), random, most: 2) : bytes);
                }
                catch (ExtractRefusedException e)
                {
                    Assert.DoesNotContain(Marker, e.ToString(), StringComparison.Ordinal);
                }
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(4000));

    [Fact]
    public void Read_RandomlyChangedStoredFiles_GiveAClearErrorSoon() =>
        Prop.ForAll(
            Gen.Choose(0, 1 << 24).ToArbitrary(),
            static seed =>
            {
                var random = new Random(seed);
                var ages = new RepeatAges();
                for (var i = 0; i < 50; i++)
                {
                    ages.Add(i * 3, i % 2 == 0, i);
                }

                using var file = new MemoryStream();
                ages.Write(file);
                var rates = new RateTable(Enumerable.Range(1, 50).Select(static i => new DatedRate("USD", i, ExchangeRate.One)));
                using var table = new MemoryStream();
                rates.Write(table);
                try
                {
                    RepeatAges.Read(new MemoryStream(Mutated(file.ToArray(), random)));
                    RateTable.Read(new MemoryStream(Mutated(table.ToArray(), random)));
                }
                catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
                {
                    Assert.NotEmpty(e.Message);
                }
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    private static void RefusedShortly(Action parse, string file)
    {
        var refused = Assert.Throws<ExtractRefusedException>(parse);

        Assert.StartsWith(file, refused.Message, StringComparison.Ordinal);
        Assert.True(refused.Message.Length < 2300);
        Assert.DoesNotContain(refused.Message, char.IsControl);
    }

    private static (long Read, long Used, IReadOnlyList<QuarantineReason> Aside) Read(string kind, byte[] content)
    {
        var aside = new List<QuarantineReason>();
        void SetAside(QuarantinedRow row) => aside.Add(row.Reason);
        var file = ExtractStream.Open(new MemoryStream(content), "crm.csv");
        using ExtractReader reader = kind switch
        {
            "transactions" => new TransactionReader(file, "crm.csv", ExtractMapping.None, RowFile.Rules, SetAside),
            "customers" => new CustomerReader(file, "crm.csv", ExtractMapping.None, RowFile.Rules, SetAside),
            "contracts" => new ContractReader(file, "crm.csv", ExtractMapping.None, RowFile.Rules, SetAside),
            "interactions" => new InteractionReader(file, "crm.csv", ExtractMapping.None, RowFile.Rules, SetAside),
            _ => new RateReader(file, "crm.csv", ExtractMapping.None, SetAside),
        };
        long used = 0;
        while (reader.Read())
        {
            used++;
            Assert.Equal(used + aside.Count, reader.RowsRead);
        }

        Assert.Equal((used + aside.Count, aside.Count), (reader.RowsRead, reader.RowsQuarantined));
        return (reader.RowsRead, used, aside);
    }

    private static RateReader Rates(byte[] content) => new(new MemoryStream(content), "crm.csv", ExtractMapping.None, static _ => { });

    // Bytes are changed, cut, doubled or moved, a few at a time.
    private static byte[] Mutated(byte[] bytes, Random random, int most = 12)
    {
        byte[] odd = [.. "\",;\t\n\r\0 '=-+.:T9aé\uFEFF\u2028\u202E"u8, 0xFF, 0x80, 0xC0, 0xED];
        var changed = bytes.ToList();
        for (var changes = random.Next(most + 1); changes > 0 && changed.Count > 1; changes--)
        {
            var at = random.Next(changed.Count);
            var length = Math.Min(random.Next(1, 40), changed.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    changed.RemoveRange(at, length);
                    break;
                case 1:
                    changed.InsertRange(random.Next(changed.Count), changed.GetRange(at, length));
                    break;
                case 2:
                    changed.RemoveRange(at + 1, changed.Count - at - 1);
                    break;
                case 3:
                    changed[at] ^= (byte)(1 << random.Next(8));
                    break;
                default:
                    changed[at] = odd[random.Next(odd.Length)];
                    break;
            }
        }

        return [.. changed];
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static string Rows(Func<int, string> row) => string.Concat(Enumerable.Range(0, 40).Select(row));

    private static string Many(string part, int length) => new StringBuilder().Insert(0, part, length / part.Length).ToString();

    // A file of some MiB of the same, in about a thousandth of them.
    private static byte[] Bomb(byte[] part, int mebibytes, byte[]? start = null)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize))
        {
            gzip.Write(start ?? []);
            var block = new byte[(1 << 20) / part.Length * part.Length];
            for (var at = 0; at < block.Length; at += part.Length)
            {
                part.CopyTo(block, at);
            }

            for (var i = 0; i < mebibytes; i++)
            {
                gzip.Write(block);
            }
        }

        return compressed.ToArray();
    }

    private static byte[] Joined(byte[] first, byte[] member, int times)
    {
        var again = Bomb(member, 1);
        return [.. ExtractFile.Gzip(first), .. Enumerable.Repeat(again, times).SelectMany(static m => m)];
    }
}
