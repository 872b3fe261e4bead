using Clv.Core.Callers;
using FsCheck;
using FsCheck.Fluent;

namespace Clv.Core.Tests.Callers;

/// <summary>Numbers are of the ranges that are kept for films and television.</summary>
public class PhoneFormatTests
{
    private static readonly PhoneFormat German = new("DE");
    private static readonly PhoneFormat International = new(region: null);

    [Theory]
    [InlineData("+49 30 23125000")]
    [InlineData("+493023125000")]
    [InlineData("0049 30 23125000")]
    [InlineData("030/23125000")]
    [InlineData("030 / 231 25 000")]
    [InlineData("(030) 23125-000")]
    [InlineData("+49 (0)30 23125000")]
    [InlineData("+49 (30) 231 250 00")]
    [InlineData("tel:+49-30-23125000")]
    [InlineData("Tel.: 030 23125000")]
    [InlineData("030 23125000 ext. 17")]
    [InlineData(" \t030\u00a023125000 ")]
    [InlineData("\u202a+49 30 23125000\u202c")]
    [InlineData("\u200e+49\u200f 30 2312\u200b5000")]
    [InlineData("＋４９ ３０ ２３１２５０００")]
    [InlineData("٠٣٠ ٢٣١٢٥٠٠٠")]
    [InlineData("030.231.25.000")]
    public void TryParse_OneNumberInManySpellings_IsOneNumber(string text)
    {
        Assert.True(German.TryParse(text, out var phone));
        Assert.Equal(new ContactPoint(ContactKind.Phone, "+493023125000"), phone);
    }

    [Theory]
    [InlineData("+49 171 3920012", "+491713920012")]
    [InlineData("0049 171 3920012", "+491713920012")]
    [InlineData("+44 20 7946 0123", "+442079460123")]
    [InlineData("+1 (212) 555-0123", "+12125550123")]
    [InlineData("+39 06 698 12345", "+390669812345")]
    [InlineData("0171 3920012", null)]
    [InlineData("030/23125000", null)]
    [InlineData("23125000", null)]
    public void TryParse_WithoutARegion_UnderstandsInternationalNumbersAlone(string text, string? normal)
    {
        Assert.Equal(normal is not null, International.TryParse(text, out var phone));
        Assert.Equal(normal, normal is null ? null : phone.Normal);
    }

    [Theory]
    [InlineData("CH", "044 668 18 00", "+41446681800")]
    [InlineData("AT", "01 58858-0", "+431588580")]
    [InlineData("GB", "020 7946 0123", "+442079460123")]
    [InlineData("US", "(212) 555-0123", "+12125550123")]
    [InlineData("FR", "01 99 00 12 34", "+33199001234")]
    public void TryParse_ByTheRegion_ReadsItsOwnNumbers(string region, string text, string normal)
    {
        Assert.True(new PhoneFormat(region).TryParse(text, out var phone));
        Assert.Equal(normal, phone.Normal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("-")]
    [InlineData("n/a")]
    [InlineData("unbekannt")]
    [InlineData("0")]
    [InlineData("12")]
    [InlineData("+")]
    [InlineData("+0")]
    [InlineData("00")]
    [InlineData("+999 12345678")]
    [InlineData("+49 30 231250001234567890")]
    [InlineData("1234567890123456789012345")]
    [InlineData("📞📞📞")]
    [InlineData("\u202e\u202d\u2066")]
    [InlineData("\ud800")]
    [InlineData("\0\0\0")]
    [InlineData("=HYPERLINK(\"x\")")]
    [InlineData("' or 1 eq 1")]
    [InlineData("kunde@example.com")]
    public void TryParse_WhatIsNoNumber_IsRefusedWithoutAnException(string text)
    {
        Assert.False(German.TryParse(text, out _));
        Assert.False(International.TryParse(text, out _));
    }

    [Theory]
    [InlineData('1')]
    [InlineData('+')]
    [InlineData(' ')]
    [InlineData('(')]
    [InlineData('\u202e')]
    [InlineData('/')]
    [InlineData(';')]
    [InlineData('\ud83d')]
    public void TryParseAndRead_AMegabyteOfOneSign_EndAtOnce(char sign)
    {
        var text = new string(sign, 1 << 20);
        var found = new List<ContactPoint>();

        Assert.False(German.TryParse(text, out _));
        Assert.Equal(1, German.Read(text, found));
        Assert.Empty(found);
    }

    [Theory]
    [InlineData("030/23125000; 0171/3920012", "+493023125000 +491713920012", 0)]
    [InlineData("030 23125000,0171 3920012|+49 40 66969123", "+493023125000 +491713920012 +494066969123", 0)]
    [InlineData("030 23125000 / 0171 3920012", "+493023125000 +491713920012", 0)]
    [InlineData("+49 30 23125000/+49 171 3920012", "+493023125000 +491713920012", 0)]
    [InlineData("0171/3920012", "+491713920012", 0)]
    [InlineData("030/231/25000", "+493023125000", 0)]
    [InlineData("030 23125000\n0171 3920012", "+493023125000 +491713920012", 0)]
    [InlineData("030 23125000; privat", "+493023125000", 1)]
    [InlineData("n/a", "", 1)]
    [InlineData("030 23125000 / privat", "+493023125000", 1)]
    [InlineData("unbekannt", "", 1)]
    [InlineData("/", "", 1)]
    [InlineData(" ; , | ", "", 0)]
    [InlineData("", "", 0)]
    public void Read_CellsWithSeveralNumbers_GivesEach(string cell, string numbers, int unusable)
    {
        var found = new List<ContactPoint>();

        Assert.Equal(unusable, German.Read(cell, found));
        Assert.Equal(numbers, string.Join(' ', found.Select(static phone => phone.Normal)));
    }

    [Fact]
    public void Read_ACellWithHundredsOfNumbers_TakesAsManyAsCount()
    {
        var found = new List<ContactPoint>();

        Assert.Equal(100, German.Read(string.Join(';', Enumerable.Range(0, 120).Select(static i => $"030 23125{i:000}")), found));
        Assert.Equal(20, found.Count);
    }

    [Fact]
    public void TryParse_ItsOwnResult_IsTheSameAgain() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), static text =>
            text is null || !German.TryParse(text, out var phone) || (International.TryParse(phone.Normal, out var again) && again == phone)).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("DE", true)]
    [InlineData("GB", true)]
    [InlineData("UK", false)]
    [InlineData("de", false)]
    [InlineData("ZZ", false)]
    [InlineData("001", false)]
    public void Knows_Codes_OnlyThoseOfCountries(string region, bool known) => Assert.Equal(known, PhoneFormat.Knows(region));

    [Fact]
    public void ToString_OfAContact_DoesNotSayWhom()
    {
        Assert.True(German.TryParse("030/23125000", out var phone));
        Assert.Equal("Phone", $"{phone}");
    }
}
