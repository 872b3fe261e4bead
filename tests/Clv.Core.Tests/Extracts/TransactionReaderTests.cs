using System.Text;
using Clv.Core.Extracts;
using FsCheck;
using FsCheck.Fluent;

namespace Clv.Core.Tests.Extracts;

public class TransactionReaderTests
{
    private const string Header = ExtractFile.Header;

    [Fact]
    public void Read_ContractNames_AreTheColumns()
    {
        var file = ExtractFile.Read("transaction_id,channel,customer_id,occurred_at,amount,currency\n17,web,a,2024-01-02T10:00:00Z,-1.50,\n");

        Assert.Equal([new UsedRow("a", "2024-01-02", -1.5m, "17")], file.Used);
        Assert.Equal(["channel"], file.Unknown);
    }

    [Theory]
    [InlineData("customer_id,date,amount")]
    [InlineData("Customer ID,Order Date,Total Price")]
    [InlineData("CustomerId;date;Amount")]
    [InlineData("Id\tDate\tPrice")]
    [InlineData("kundennummer|rechnungsdatum|umsatz")]
    [InlineData(" \"customer\r\nid\",date,amount")]
    [InlineData("sep=;\ncustomer_id;date;amount")]
    public void Read_UsualNamesAndSeparators_NeedNoMapping(string header)
    {
        header = header.TrimStart();
        var separator = header[..3] == "sep" ? ';' : header.First(c => ",;\t|".Contains(c));
        var file = ExtractFile.Read($"{header}\n4711{separator}2024-01-02{separator}12.5\n");

        Assert.Equal([new UsedRow("4711", "2024-01-02", 12.5m, "")], file.Used);
        Assert.Empty(file.Unknown);
    }

    [Fact]
    public void Read_GermanFileWithAMapping_IsReadAsItStands()
    {
        var mapping = ExtractFile.Mapping("""
            {
              "separator": ";", "decimalSeparator": ",", "encoding": "windows-1252", "dateFormats": ["dd.MM.yyyy"], "reportingCurrency": "EUR",
              "transactions": { "columns": {
                "customer_id": "Kunden-Nr.", "occurred_at": "Belegdatum", "transaction_id": "Beleg", "currency": "Währung",
                "amount": { "product": ["Menge", "Preis"] } } }
            }
            """);
        var text = "Beleg;Kunden-Nr.;Belegdatum;Menge;Preis;Währung;Bemerkung\r\n"
            + "B1;Müller;01.03.2024;2;1.234,50;EUR;\"x;\"\"y\"\"\"\r\n"
            + "B2;Müller;02.03.2024;-1,5;0,333333;eur;\r\n"
            + "B3;Groß;2024-03-02;1;1;EUR;\r\n"
            + "B4;Groß;02.03.2024;1;viel;EUR;\r\n";

        var file = ExtractFile.Read(CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes(text), mapping);

        Assert.Equal([new UsedRow("Müller", "2024-03-01", 2469m, "B1"), new UsedRow("Müller", "2024-03-02", -0.5m, "B2")], file.Used);
        Assert.Equal(
            [
                new SetAsideRow(4, "occurred_at", QuarantineReason.NotADate, "B3;Groß;2024-03-02;1;1;EUR;"),
                new SetAsideRow(5, "amount", QuarantineReason.NotANumber, "B4;Groß;02.03.2024;1;viel;EUR;"),
            ],
            file.SetAside);
        Assert.Equal(["Bemerkung"], file.Unknown);
    }

    [Theory]
    [InlineData("3000000", "4000000", null)]
    [InlineData("-3000000", "3000000", -9e12)]
    [InlineData("0.000001", "0.5", 0d)]
    [InlineData("0.000003", "0.5", 0.000002)]
    [InlineData("-0.000003", "0.5", -0.000002)]
    [InlineData("-0.000001", "0.6", -0.000001)]
    public void Read_ProductOfTwoColumns_IsExactAndRoundedHalfToEven(string quantity, string price, double? amount)
    {
        var mapping = new ExtractMapping { Transactions = new() { Columns = new() { Amount = new("q", "p") } } };

        var file = ExtractFile.Read($"customer_id,date,q,p\na,2024-01-01,{quantity},{price}\n", mapping);

        Assert.Equal(amount is null ? [] : [(decimal)amount.Value], file.Used.Select(static r => r.Amount));
        Assert.Equal(amount is null ? [QuarantineReason.OutOfRange] : [], file.SetAside.Select(static r => r.Reason));
    }

    [Fact]
    public void Read_AnyUnicodeEncodingWithAMark_IsRecognised()
    {
        foreach (var encoding in (Encoding[])[Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32])
        {
            byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes(Header + "Jörg,2024-01-01,1\n")];

            Assert.Equal([new UsedRow("Jörg", "2024-01-01", 1, "")], ExtractFile.Read(bytes).Used);
            Assert.Equal([new UsedRow("Jörg", "2024-01-01", 1, "")], ExtractFile.Read(ExtractFile.Gzip(bytes)).Used);
        }
    }

    [Fact]
    public void Read_StreamThatGivesOneByteAtATime_GivesTheSame()
    {
        var bytes = ExtractFile.Gzip([.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(Header + "a,2024-01-01,1\nb,2024-01-02,2\n")]);
        using var reader = new TransactionReader(
            ExtractStream.Open(new Trickle(bytes), "shop.csv"), "shop.csv", ExtractMapping.None, ExtractRules.Any, static _ => { });

        Assert.True(reader.Read());
        Assert.True(reader.Read());
        Assert.False(reader.Read());
        Assert.False(reader.Read());
    }

    [Fact]
    public void Read_IdInAnotherSpelling_IsItsOneSpelling()
    {
        var file = ExtractFile.Read(Header + "4711\u00A0,2024-01-01,1\n\" K\u212A\",2024-01-01,1\nMu\u0308ller,2024-01-01,1\n\" x\",2024-01-01,1\n");

        Assert.Equal(["4711", "KK", "Müller", "x"], file.Used.Select(static r => r.Customer));
    }

    [Fact]
    public void Read_LineBreaksAndSeparatorsInQuotes_AreTextAndLinesAreCounted()
    {
        var file = ExtractFile.Read(
            "customer_id,date,amount,note\r\n"
            + "\"a,b\",2024-01-01,1,\"one\r\ntwo\n\nfive\"\r\n"
            + "\r\n"
            + "\"c \"\"d\"\"\",2024-01-01,1,\r\n"
            + "\n"
            + "e,never,1,\n"
            + "\"f\ng\",2024-01-01,1,\n"
            + "h,2024-01-01,,");

        Assert.Equal(["a,b", "c \"d\""], file.Used.Select(static r => r.Customer));
        Assert.Equal(
            [
                new SetAsideRow(9, "occurred_at", QuarantineReason.NotADate, "e,never,1,"),
                new SetAsideRow(10, "customer_id", QuarantineReason.NotText, "\"f\ng\",2024-01-01,1,"),
                new SetAsideRow(12, "amount", QuarantineReason.Empty, "h,2024-01-01,,"),
            ],
            file.SetAside);
        Assert.Equal((5, 3), (file.RowsRead, file.RowsQuarantined));
    }

    [Fact]
    public void Read_RowsThatAreNoRows_AreSetAsideWholeAndOthersUsed()
    {
        var file = ExtractFile.Read(Header + "a,2024-01-01\nb,2024-01-01,1,2\n   \nc\"c,2024-01-01,1\n\"d\"d,2024-01-01,1\n,,\nz,2024-01-01,1");

        Assert.Equal(["z"], file.Used.Select(static r => r.Customer));
        Assert.Equal(
            [
                new SetAsideRow(2, "", QuarantineReason.FieldCount, "a,2024-01-01"),
                new SetAsideRow(3, "", QuarantineReason.FieldCount, "b,2024-01-01,1,2"),
                new SetAsideRow(4, "", QuarantineReason.FieldCount, "   "),
                new SetAsideRow(5, "", QuarantineReason.Quoting, "c\"c,2024-01-01,1"),
                new SetAsideRow(6, "", QuarantineReason.Quoting, "\"d\"d,2024-01-01,1"),
                new SetAsideRow(7, "customer_id", QuarantineReason.Empty, ",,"),
            ],
            file.SetAside);
        Assert.Equal((7, 6), (file.RowsRead, file.RowsQuarantined));
    }

    [Fact]
    public void Read_Rules_SetRowsAside()
    {
        var rules = new ExtractRules(new DateOnly(2024, 1, 31).DayNumber, NeedsTransactionId: true);
        var longest = new string('t', CustomerId.MaxBytes);
        var file = ExtractFile.Read(
            $"transaction_id,customer_id,date,amount\n1,a,2024-01-31,1\n2,a,2024-02-01,1\n ,a,2024-01-01,1\n{longest},a,2024-01-01,1\n{longest}t,a,2024-01-01,1\n",
            rules: rules);

        Assert.Equal(["1", longest], file.Used.Select(static r => r.Id));
        Assert.Equal(
            [
                (3L, "occurred_at", QuarantineReason.AfterObservationEnd),
                (4, "transaction_id", QuarantineReason.NoTransactionId),
                (6, "transaction_id", QuarantineReason.TooLong),
            ],
            file.SetAside.Select(static r => (r.Line, r.Column, r.Reason)));
        Assert.Equal([QuarantineReason.NoTransactionId], ExtractFile.Read(Header + "a,2024-01-01,1\n", rules: rules).SetAside.Select(static r => r.Reason));
    }

    [Theory]
    [InlineData("EUR", true, true, true, false)]
    [InlineData("eur", true, true, true, false)]
    [InlineData(null, false, false, true, false)]
    public void Read_Currency_MustBeTheReportingOne(string? reporting, bool upper, bool lower, bool empty, bool other)
    {
        var file = ExtractFile.Read(
            "customer_id,date,amount,currency\nupper,2024-01-01,1, EUR\nlower,2024-01-01,1,eur\nempty,2024-01-01,1,\nother,2024-01-01,1,USD\n",
            new ExtractMapping { ReportingCurrency = reporting });

        (bool Used, string Id)[] rows = [(upper, "upper"), (lower, "lower"), (empty, "empty"), (other, "other")];
        var expected = rows.Where(static row => row.Used).Select(static row => row.Id);
        Assert.Equal(expected, file.Used.Select(static r => r.Customer));
        Assert.All(file.SetAside, static r => Assert.Equal(("currency", QuarantineReason.NoRate), (r.Column, r.Reason)));
    }

    [Fact]
    public void Read_Margin_FollowsTheRulesOfAmountsAndMayBeUnknown()
    {
        var file = ExtractFile.Read(
            "customer_id;date;amount;Deckungsbeitrag\na;2024-01-01;5;1.001,25\nb;2024-01-01;-1;-0,5\nc;2024-01-01;5; \n"
            + "d;2024-01-01;5;20%\ne;2024-01-01;5;1e30\nf;2024-01-01;5;\n",
            new ExtractMapping { DecimalSeparator = "," });

        Assert.Equal([("a", 1001.25m), ("b", -.5m), ("c", null), ("f", null)], file.Used.Select(static r => (r.Customer, r.Margin)));
        Assert.Equal(
            [(5L, "margin", QuarantineReason.NotANumber), (6, "margin", QuarantineReason.OutOfRange)],
            file.SetAside.Select(static r => (r.Line, r.Column, r.Reason)));
        Assert.Empty(file.Unknown);
    }

    [Fact]
    public void Read_MarginUnderAStatedHeader_IsFoundOrRefused()
    {
        var mapping = ExtractFile.Mapping("""{ "transactions": { "columns": { "margin": "DB 1" } } }""");

        Assert.Equal([2m], ExtractFile.Read("customer_id,date,amount,margin,DB 1\na,2024-01-01,5,1,2\n", mapping).Used.Select(static r => r.Margin));
        Assert.Contains("margin (mapped to \"DB 1\")", ExtractFile.Refused(Header, mapping).Message, StringComparison.Ordinal);
        Assert.Equal([null], ExtractFile.Read(Header + "a,2024-01-01,5\n").Used.Select(static r => r.Margin));
    }

    [Fact]
    public void Read_BytesThatTheEncodingDoesNotKnow_DoNotMakeTwoCustomersOne()
    {
        byte[] rows = [.. "a,2024-01-01,1\nM"u8, 0xFC, .. "ller,2024-01-01,1\nM"u8, 0x81, .. "ller,2024-01-01,1\n"u8];
        byte[] bytes = [.. Encoding.ASCII.GetBytes(Header), .. rows];

        foreach (var encoding in (string?[])[null, "utf-8", "us-ascii"])
        {
            var file = ExtractFile.Read(bytes, new ExtractMapping { Encoding = encoding });

            Assert.Equal(["a"], file.Used.Select(static r => r.Customer));
            Assert.Equal([(3L, QuarantineReason.NotText), (4, QuarantineReason.NotText)], file.SetAside.Select(static r => (r.Line, r.Reason)));
        }

        Assert.Equal(["a", "Müller"], ExtractFile.Read(bytes, new ExtractMapping { Encoding = "windows-1252" }).Used.Select(static r => r.Customer));
    }

    [Theory]
    [InlineData("", "shop.csv: the file is empty: it needs at least a header row")]
    [InlineData("\uFEFF", "shop.csv: the file is empty: it needs at least a header row")]
    [InlineData("\n\r\n\n", "shop.csv: the file is empty: it needs at least a header row")]
    [InlineData("customer_id,date,\"amount\na,2024-01-01,1\n", "shop.csv, line 1: a quote is opened here and never closed")]
    [InlineData("\ncustomer_id,da\"te,amount\na,2024-01-01,1\n", "shop.csv, line 2: the header's quotes are broken")]
    [InlineData("\"customer_id\"x,date,amount\na,2024-01-01,1\n", "shop.csv, line 1: the header's quotes are broken")]
    [InlineData("customer_id,date\0,amount\n", "shop.csv, line 1: not a text file")]
    [InlineData("customer_id,date,amount\na,2024-01-01,1\n\"b,2024-01-01,1\nc,2024-01-01,1\n", "shop.csv, line 3: a quote is opened here and never closed")]
    [InlineData("customer_id,date,amount\na,2024-01-01,\"1", "shop.csv, line 2: a quote is opened here and never closed")]
    [InlineData("Kunden-Nr.,kunden nr,date,amount\n", "shop.csv, line 1: columns 1 and 2 could both be customer_id: rename one")]
    [InlineData("date,customer_id,amount,amount\n", "shop.csv, line 1: columns 3 and 4 could both be amount: rename one")]
    public void Constructor_FileThatCannotBeUsed_IsRefusedWithItsLine(string content, string message)
    {
        foreach (var bytes in (byte[][])[Encoding.UTF8.GetBytes(content), ExtractFile.Gzip(Encoding.UTF8.GetBytes(content))])
        {
            Assert.StartsWith(message, ExtractFile.Refused(bytes).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Constructor_MissingColumns_AreNamedWithoutQuotingTheHeader()
    {
        // A file without a header: its first row is a customer's.
        var refused = ExtractFile.Refused("sep=;\nErika Mustermann;2024-01-01;17,50\n");

        Assert.Equal(2, refused.Line);
        Assert.Contains("no column for customer_id, occurred_at, amount among 3", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Erika", refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("17,50", refused.ToString(), StringComparison.Ordinal);

        var stated = new ExtractMapping { Transactions = new() { Columns = new() { CustomerId = "Konto", Amount = new("amount", "Menge") } } };
        refused = ExtractFile.Refused(Header, stated);
        Assert.Contains("customer_id (mapped to \"Konto\"), amount (mapped to \"Menge\")", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_StatedName_PrefersTheColumnCalledExactlySo()
    {
        static ExtractMapping Stated(string name) => new() { Transactions = new() { Columns = new() { Amount = new(name) } } };

        Assert.Equal([2m], ExtractFile.Read("customer_id,date,preis_,Preis,PREIS\na,2024-01-01,1,2,3\n", Stated("Preis")).Used.Select(static r => r.Amount));
        Assert.Equal([2m], ExtractFile.Read("customer_id,date,%,#\na,2024-01-01,1,2\n", Stated("#")).Used.Select(static r => r.Amount));
        Assert.Contains("amount (mapped to \"€\")", ExtractFile.Refused("customer_id,date,%\n", Stated("€")).Message, StringComparison.Ordinal);
        Assert.Equal(["%", "%", ""], ExtractFile.Read("customer_id,%,date,%,amount,\n").Unknown);
    }

    [Fact]
    public void Read_HeaderOnly_IsAFileWithoutRows()
    {
        Assert.Equal((0, 0), ExtractFile.Read(Header) is var file ? (file.RowsRead, file.RowsQuarantined) : default);
        Assert.Equal(0, ExtractFile.Read(Header.TrimEnd()).RowsRead);
        Assert.Contains("among 1 in the header", ExtractFile.Refused("   \n").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_RowOfSeveralMegabytes_IsRefusedWithItsLine()
    {
        var refused = ExtractFile.Refused(Header + "a,2024-01-01,1\n" + new string('x', 3 << 20) + ",2024-01-01,1\n");

        Assert.Equal(3, refused.Line);
        Assert.Contains("1 MiB", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("xxxx", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_BinaryFile_IsRefusedWithoutQuotingIt()
    {
        var bytes = new byte[200_000];
        new Random(5).NextBytes(bytes);
        bytes[0] = 1;
        var aside = 0;

        var refused = Assert.Throws<ExtractRefusedException>(() => ExtractFile.Open(bytes, quarantine: _ => aside++));

        Assert.Contains("not a text file", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, aside);
        Assert.Contains("UTF-16", ExtractFile.Refused(Encoding.Unicode.GetBytes(Header)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("customer_id;occurred_at;amount;note\n7;2024-01-01;1,50;a, b, c, d, e\n7;2024-01-01;2,50;a, b, c, d, e\n")]
    [InlineData("note;amount;customer_id;date\na,b,c,d,e,f;1,5;7;2024-01-01\n")]
    [InlineData("customer_id\tdate\tamount\tnote\n7\t2024-01-01\t1,5\tx;y;z|k,l,m,n\n")]
    [InlineData("customer_id;date;amount\n\"a, b, c\";2024-01-01;1,50\n")]
    public void Read_TextFullOfOtherSeparators_DoesNotMisleadTheDetection(string content)
    {
        var file = ExtractFile.Read(content, new ExtractMapping { DecimalSeparator = "," });

        Assert.Empty(file.SetAside);
        Assert.NotEmpty(file.Used);
    }

    [Fact]
    public void Read_RandomlyCorruptedFile_KeepsItsBooks() =>
        Prop.ForAll(
            Gen.Choose(0, 1 << 20).ToArbitrary(),
            seed =>
            {
                var random = new Random(seed);
                var bytes = Encoding.UTF8.GetBytes("customer_id,date,amount,transaction_id\n" + string.Concat(Enumerable.Range(0, 60).Select(
                    i => $"{(i % 7 == 0 ? $"\"Kündin {i}\n\"\"x\"\"\"" : "c" + (i % 5))},2024-01-{(i % 28) + 1:00},{i}.5,{i}\n")));
                byte[] odd = [.. "\",;\n\r\0 -.9aé\u2028"u8, 0xFF, 0x80];
                for (var hits = random.Next(12); hits > 0; hits--)
                {
                    bytes[random.Next(bytes.Length)] = odd[random.Next(odd.Length)];
                }

                long used = 0, aside = 0, line = 0;
                var ordered = true;
                try
                {
                    using var reader = ExtractFile.Open(bytes[..random.Next(1, bytes.Length + 1)], quarantine: row =>
                    {
                        aside++;
                        ordered &= row.Line > line;
                        line = row.Line;
                    });
                    while (reader.Read())
                    {
                        used++;
                        if (reader.RowsRead != used + aside)
                        {
                            return false;
                        }
                    }

                    return ordered && reader.RowsRead == used + aside && reader.RowsQuarantined == aside;
                }
                catch (ExtractRefusedException)
                {
                    return ordered;
                }
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(1, count));
    }
}
