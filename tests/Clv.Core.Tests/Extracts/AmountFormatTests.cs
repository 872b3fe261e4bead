using System.Globalization;
using System.Text;
using Clv.Core.Extracts;
using FsCheck;
using FsCheck.Fluent;

namespace Clv.Core.Tests.Extracts;

public class AmountFormatTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("12", 12_000_000)]
    [InlineData("-12.5", -12_500_000)]
    [InlineData("+5", 5_000_000)]
    [InlineData("12.", 12_000_000)]
    [InlineData(".5", 500_000)]
    [InlineData(" \t7.25 ", 7_250_000)]
    [InlineData("12.50-", -12_500_000)]
    [InlineData("1.5e3", 1_500_000_000)]
    [InlineData("25E-1", 2_500_000)]
    [InlineData("1e-400", 0)]
    [InlineData("123456789012.123456", 123_456_789_012_123_456)]
    [InlineData("9223372036854", 9_223_372_036_854_000_000)]
    [InlineData("-9223372036854", -9_223_372_036_854_000_000)]
    [InlineData("0.0000005", 0)]
    [InlineData("0.0000015", 2)]
    [InlineData("0.0000025", 2)]
    [InlineData("0.00000250000001", 3)]
    [InlineData("-0.0000015", -2)]
    public void TryParse_PlainNumber_GivesMillionths(string text, long micros)
    {
        Assert.Equal((true, micros), Parse(AmountFormat.Plain, text));
        Assert.Equal((true, micros), Parse(AmountFormat.Point, text));
        Assert.Equal((true, micros), Parse(AmountFormat.Comma, text.Replace('.', ',')));
    }

    [Theory]
    [InlineData("1,234.56", 1_234_560_000)]
    [InlineData("-1,234,567", -1_234_567_000_000)]
    [InlineData("12,345-", -12_345_000_000)]
    [InlineData("999,999,999.9999995", 1_000_000_000_000_000)]
    public void TryParse_GroupsOfThree_AreUnderstoodWhereTheSeparatorWasStated(string text, long micros)
    {
        Assert.Equal((true, micros), Parse(AmountFormat.Point, text));
        Assert.Equal((true, micros), Parse(AmountFormat.Comma, Swap(text)));
        Assert.Equal(QuarantineReason.NotANumber, Reason(AmountFormat.Plain, text));
    }

    [Theory]
    [InlineData("12,50")]
    [InlineData("1,23.4")]
    [InlineData("1,2345")]
    [InlineData("1234,567")]
    [InlineData(",123")]
    [InlineData("1,,234")]
    [InlineData("1,234,")]
    [InlineData("1.5,000")]
    [InlineData("1,2e3")]
    [InlineData("1,234e3")]
    [InlineData("1,e+5")]
    [InlineData("1,-23")]
    public void TryParse_WrongGroups_IsNotANumber(string text)
    {
        Assert.Equal(QuarantineReason.NotANumber, Reason(AmountFormat.Point, text));
        Assert.Equal(QuarantineReason.NotANumber, Reason(AmountFormat.Comma, Swap(text)));
    }

    [Theory]
    [InlineData("", QuarantineReason.Empty)]
    [InlineData(" \t ", QuarantineReason.Empty)]
    [InlineData("-", QuarantineReason.NotANumber)]
    [InlineData("-5-", QuarantineReason.NotANumber)]
    [InlineData("5--", QuarantineReason.NotANumber)]
    [InlineData("- 5", QuarantineReason.NotANumber)]
    [InlineData("1 234", QuarantineReason.NotANumber)]
    [InlineData("€5", QuarantineReason.NotANumber)]
    [InlineData("(5)", QuarantineReason.NotANumber)]
    [InlineData("0x10", QuarantineReason.NotANumber)]
    [InlineData("1e", QuarantineReason.NotANumber)]
    [InlineData("e5", QuarantineReason.NotANumber)]
    [InlineData("1.2.3", QuarantineReason.NotANumber)]
    [InlineData("5\0", QuarantineReason.NotANumber)]
    [InlineData("٣", QuarantineReason.NotANumber)]
    [InlineData("NaN", QuarantineReason.NotANumber)]
    [InlineData("Infinity", QuarantineReason.NotANumber)]
    [InlineData("-∞", QuarantineReason.NotANumber)]
    [InlineData("1e400", QuarantineReason.OutOfRange)]
    [InlineData("1e99999999999", QuarantineReason.OutOfRange)]
    [InlineData("-9223372036855", QuarantineReason.OutOfRange)]
    [InlineData("99999999999999999999999999999999999999", QuarantineReason.OutOfRange)]
    public void TryParse_WhatIsNoAmount_SaysWhy(string text, QuarantineReason reason)
    {
        Assert.Equal(reason, Reason(AmountFormat.Plain, text));
        Assert.Equal(reason, Reason(AmountFormat.Point, text));
    }

    [Fact]
    public void TryParse_TextOfAnyLength_IsBounded()
    {
        Assert.Equal(QuarantineReason.NotANumber, Reason(AmountFormat.Plain, new string('1', 1 << 20)));
        Assert.Equal((true, 1_000_000), Parse(AmountFormat.Plain, "1." + new string('0', 90)));
    }

    [Fact]
    public void TryParse_AnyDecimal_IsWhatDecimalParseReads() =>
        Prop.ForAll<long, byte>((units, scale) =>
        {
            var value = new decimal(units) / (decimal)Math.Pow(10, scale % 12);
            var text = value.ToString(CultureInfo.InvariantCulture);
            var oracle = decimal.Round(decimal.Parse(text, CultureInfo.InvariantCulture) * 1_000_000, 0, MidpointRounding.ToEven);
            return Math.Abs(value) > 9_223_372_036_854m
                ? Reason(AmountFormat.Plain, text) == QuarantineReason.OutOfRange
                : Parse(AmountFormat.Plain, text) == (true, (long)oracle)
                    && Parse(AmountFormat.Point, value.ToString("#,##0.############", CultureInfo.InvariantCulture)) == (true, (long)oracle)
                    && Parse(AmountFormat.Comma, Swap(value.ToString("#,##0.############", CultureInfo.InvariantCulture))) == (true, (long)oracle);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void TryParse_AnyText_NeitherThrowsNorInventsANumber() =>
        Prop.ForAll(Gen.Elements("0123456789.,-+eE \0é".ToCharArray()).ArrayOf().ToArbitrary(), chars =>
        {
            var text = new string(chars);
            foreach (var format in (AmountFormat[])[AmountFormat.Plain, AmountFormat.Point, AmountFormat.Comma])
            {
                var ok = format.TryParse(Encoding.UTF8.GetBytes(text), out var micros, out _);
                if (!ok && micros != 0)
                {
                    return false;
                }
            }

            var trimmed = text.Trim(' ');
            var plain = trimmed.EndsWith('-') && !trimmed.StartsWith('-') && !trimmed.StartsWith('+') ? "-" + trimmed[..^1] : trimmed;
            const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
            var isNumber = !text.Contains('\0') && decimal.TryParse(plain, Style, CultureInfo.InvariantCulture, out var value)
                && Math.Abs(value) <= 9_223_372_036_854m;
            return Parse(AmountFormat.Plain, text).Ok == isNumber;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    private static (bool Ok, long Micros) Parse(AmountFormat format, string text) =>
        (format.TryParse(Encoding.UTF8.GetBytes(text), out var micros, out _), micros);

    private static QuarantineReason Reason(AmountFormat format, string text)
    {
        Assert.False(format.TryParse(Encoding.UTF8.GetBytes(text), out _, out var reason));
        return reason;
    }

    private static string Swap(string text) => text.Replace(',', '#').Replace('.', ',').Replace('#', '.');
}
