using System.Numerics;
using System.Text;
using Clv.Core.Extracts;
using FsCheck;
using FsCheck.Fluent;

namespace Clv.Core.Tests.Extracts;

public class RateTests
{
    [Fact]
    public void Read_GermanFile_GivesTheRates()
    {
        var mapping = ExtractFile.Mapping(
            """
            { "separator": ";", "decimalSeparator": ",", "encoding": "windows-1252", "dateFormats": ["dd.MM.yyyy"],
              "rates": { "columns": { "currency": "Währung" } } }
            """);
        var bytes = RowFile.Windows1252("Währung;Gültig ab;Kurs\r\nusd;01.02.2024;0,92501\r\n JPY ;01.02.2024;0,00625743\r\nIRR;01.02.2024;2,2e-5\r\n");

        var file = RowFile.Read(bytes, (s, q) => new RateReader(s, "crm.csv", mapping, q), static r => (r.Rate.Currency, r.Rate.Day, r.Rate.Rate.Value));

        var day = RowFile.Day("2024-02-01");
        Assert.Equal([("USD", day, 0.92501m), ("JPY", day, 0.00625743m), ("IRR", day, 0.000022m)], file.Used);
    }

    [Theory]
    [InlineData(",2024-01-01,1", "currency", QuarantineReason.Empty)]
    [InlineData("Euro,2024-01-01,1", "currency", QuarantineReason.NotACurrency)]
    [InlineData("€,2024-01-01,1", "currency", QuarantineReason.NotACurrency)]
    [InlineData("U$D,2024-01-01,1", "currency", QuarantineReason.NotACurrency)]
    [InlineData("USD,,1", "date", QuarantineReason.Empty)]
    [InlineData("USD,today,1", "date", QuarantineReason.NotADate)]
    [InlineData("USD,2024-01-01,", "rate", QuarantineReason.Empty)]
    [InlineData("USD,2024-01-01,n/a", "rate", QuarantineReason.NotANumber)]
    [InlineData("USD,2024-01-01,NaN", "rate", QuarantineReason.NotANumber)]
    [InlineData("USD,2024-01-01,0", "rate", QuarantineReason.OutOfRange)]
    [InlineData("USD,2024-01-01,-0.5", "rate", QuarantineReason.Negative)]
    [InlineData("USD,2024-01-01,1000000000.01", "rate", QuarantineReason.OutOfRange)]
    [InlineData("USD,2024-01-01,1e40", "rate", QuarantineReason.OutOfRange)]
    public void Read_CellThatCannotBeRead_SetsTheRowAside(string row, string column, QuarantineReason reason) => Assert.Equal(
        (column, reason),
        RowFile.Read(
            Encoding.UTF8.GetBytes($"currency,date,rate\n{row}\n"),
            static (s, q) => new RateReader(s, "crm.csv", ExtractMapping.None, q),
            static r => r.Rate).OnlySetAside);

    [Fact]
    public void Find_Days_GivesTheLastRateOnOrBefore()
    {
        var table = Table("USD,2024-02-01,0.8\nUSD,2024-01-10,0.9\nGBP,2024-01-10,1.2\nUSD,2024-02-01,0.7\n");

        Assert.Null(table.Find("USD", RowFile.Day("2024-01-09")));
        Assert.Equal(.9m, table.Find("usd", RowFile.Day("2024-01-10"))?.Value);
        Assert.Equal(.9m, table.Find("USD", RowFile.Day("2024-01-31"))?.Value);
        Assert.Equal(.7m, table.Find("USD", RowFile.Day("2024-02-01"))?.Value);
        Assert.Equal(.7m, table.Find("USD", int.MaxValue)?.Value);
        Assert.Null(table.Find("CHF", int.MaxValue));
        Assert.Null(RateTable.Empty.Find("USD", int.MaxValue));
    }

    [Fact]
    public void Merge_ADeltaNight_CarriesRatesForwardAndLetsNewOnesWin()
    {
        var last = RoundTrip(Table("USD,2024-01-10,0.9\nGBP,2024-01-10,1.2\n"));

        var tonight = RoundTrip(last.Merge(Table("USD,2024-01-10,0.91\nUSD,2024-01-11,0.92\nCHF,2024-01-11,1.05\n")));

        var day = RowFile.Day("2024-01-10");
        Assert.Equal(
            [("CHF", day + 1, 1.05m), ("GBP", day, 1.2m), ("USD", day, .91m), ("USD", day + 1, .92m)],
            tonight.Rates.Select(static r => (r.Currency, r.Day, r.Rate.Value)));
        Assert.Equal(.9m, last.Find("USD", day)?.Value);
    }

    [Fact]
    public void Write_SameRatesInAnotherOrderAndSpelling_GivesTheSameBytes() => Assert.Equal(
        Bytes(Table("USD,2024-01-10,0.90\nCHF,2024-01-10,1\nUSD,2024-01-09,1.2\n")),
        Bytes(Table("usd,2024-01-09,1.200\nUSD,2024-01-10,9e-1\nCHF,2024-01-10,1.0\n")));

    [Fact]
    public void Read_DamagedTable_IsRefused()
    {
        var bytes = Bytes(Table("USD,2024-01-10,0.9\nUSD,2024-01-11,0.9\nCHF,2024-01-10,1\n"));

        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<EndOfStreamException>(() => RateTable.Read(new MemoryStream(bytes[..length])));
        }

        // The currency's first letter, and a rate of 0.
        Assert.Throws<InvalidDataException>(() => RateTable.Read(new MemoryStream([bytes[0], bytes[1], (byte)'?', .. bytes[3..]])));
        Assert.Throws<InvalidDataException>(() => RateTable.Read(new MemoryStream([.. bytes[..^16], .. new byte[16]])));
    }

    [Theory]
    [InlineData("Euro", 1)]
    [InlineData("EUR", -1)]
    [InlineData("EUR", int.MaxValue)]
    public void Constructor_WhatIsNoRate_IsRefused(string currency, int day)
    {
        Assert.Throws<ArgumentException>(() => new RateTable([new DatedRate(currency, day, ExchangeRate.One)]));
        Assert.Throws<ArgumentException>(() => new RateTable([new DatedRate("EUR", 1, default)]));
    }

    [Theory]
    [InlineData("0.5", 1, 0)]
    [InlineData("0.5", 3, 2)]
    [InlineData("0.5", -3, -2)]
    [InlineData("0.5", 5, 2)]
    [InlineData("0.92501", 1_000_001, 925_011)]
    [InlineData("0.0000571428571428571", 1_000_000_000_000_000_000, 57_142_857_142_857)]
    [InlineData("1000000000", 9_223_372_036, 9_223_372_036_000_000_000)]
    public void TryConvert_Amounts_AreExactAndRoundedHalfToEven(string rate, long micros, long expected)
    {
        Assert.True(ExchangeRate.TryCreate(decimal.Parse(rate, null), out var exchange));
        Assert.True(exchange.TryConvert(micros, out var converted));
        Assert.Equal(expected, converted);
    }

    [Fact]
    public void TryConvert_AnyRateAndAmount_IsWhatWholeNumbersSay() =>
        Prop.ForAll(
            Gen.Choose(0, int.MaxValue).ToArbitrary(),
            static seed =>
            {
                var random = new Random(seed);
                var scale = (byte)random.Next(29);
                var value = new decimal(random.Next(), random.Next(1 << 27), 0, isNegative: false, scale);
                var micros = random.NextInt64(long.MinValue + 1, long.MaxValue) >> random.Next(60);
                if (!ExchangeRate.TryCreate(value, out var rate))
                {
                    return value is 0 or > 1e9m;
                }

                var divisor = BigInteger.Pow(10, scale);
                var exact = micros * Mantissa(value);
                var floor = BigInteger.DivRem(exact, divisor, out var rest);
                var half = BigInteger.Abs(rest) * 2 - divisor;
                if (half > 0 || (half == 0 && !floor.IsEven))
                {
                    floor += exact.Sign;
                }

                var fits = BigInteger.Abs(floor) <= long.MaxValue;
                return rate.Value == value && rate.TryConvert(micros, out var converted) == fits && converted == (fits ? (long)floor : 0);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void TryCreate_MoreThan18Digits_RoundsToThem()
    {
        Assert.True(ExchangeRate.TryCreate(0.1234567890123456785m, out var rate));
        Assert.Equal(0.123456789012345678m, rate.Value);
        Assert.True(ExchangeRate.TryCreate(999_999_999.99999999999999999m, out rate));
        Assert.Equal(1_000_000_000m, rate.Value);
        Assert.True(ExchangeRate.TryCreate(0.0000000000000000000000000001m, out rate));
        Assert.Equal(0.0000000000000000000000000001m, rate.Value);
    }

    private static BigInteger Mantissa(decimal value)
    {
        var bits = decimal.GetBits(value);
        return ((BigInteger)(uint)bits[1] << 32) + (uint)bits[0];
    }

    private static RateTable Table(string rows)
    {
        using var reader = new RateReader(
            new MemoryStream(Encoding.UTF8.GetBytes("currency,date,rate\n" + rows)), "rates.csv", ExtractMapping.None, static _ => Assert.Fail("set aside"));
        return reader.ReadTable();
    }

    private static byte[] Bytes(RateTable table)
    {
        using var stream = new MemoryStream();
        table.Write(stream);
        return stream.ToArray();
    }

    private static RateTable RoundTrip(RateTable table)
    {
        var read = RateTable.Read(new MemoryStream(Bytes(table)));
        Assert.Equal(table.Rates, read.Rates);
        return read;
    }
}
