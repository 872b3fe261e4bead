using System.Globalization;
using Clv.Core.Callers;

namespace Clv.Core.Tests.Callers;

public class EmailFormatTests
{
    [Theory]
    [InlineData("erika@example.com", "erika@example.com")]
    [InlineData("  Erika@EXAMPLE.com\t", "erika@example.com")]
    [InlineData("mailto:erika@example.com", "erika@example.com")]
    [InlineData("MAILTO:erika@example.com?subject=Hallo", "erika@example.com")]
    [InlineData("Erika Mustermann <erika@example.com>", "erika@example.com")]
    [InlineData("\"Mustermann, Erika\" < erika@example.com >", "erika@example.com")]
    [InlineData("erika\u200b@example.com\u200f", "erika@example.com")]
    [InlineData("erika+shop@example.com", "erika+shop@example.com")]
    [InlineData("o'brien@example.com", "o'brien@example.com")]
    [InlineData("M\u00dcLLER@example.com", "m\u00fcller@example.com")]
    [InlineData("mu\u0308ller@example.com", "m\u00fcller@example.com")]
    [InlineData("post@m\u00fcller.example", "post@xn--mller-kva.example")]
    [InlineData("post@MU\u0308LLER.example", "post@xn--mller-kva.example")]
    [InlineData("post@xn--mller-kva.example", "post@xn--mller-kva.example")]
    [InlineData("INFO@example.com", "info@example.com")]
    public void TryParse_Addresses_AreBroughtToOneSpelling(string text, string normal)
    {
        Assert.True(EmailFormat.TryParse(text, out var email));
        Assert.Equal(new ContactPoint(ContactKind.Email, normal), email);
        Assert.True(EmailFormat.TryParse(normal, out var again));
        Assert.Equal(email, again);
    }

    [Fact]
    public void TryParse_WhateverTheCulture_IsTheSame()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("tr-TR");
            Assert.True(EmailFormat.TryParse("INFO@EXAMPLE.COM", out var email));
            Assert.Equal("info@example.com", email.Normal);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("erika")]
    [InlineData("@")]
    [InlineData("@example.com")]
    [InlineData("erika@")]
    [InlineData("erika@@example.com")]
    [InlineData("a@b@c")]
    [InlineData("erika @example.com")]
    [InlineData("erika@example..com")]
    [InlineData("erika@.example.com")]
    [InlineData("erika@example.com.")]
    [InlineData("<script>@example.com")]
    [InlineData("erika@example.com' or RowKey ge '")]
    [InlineData("erika\0@example.com")]
    [InlineData("\ud800@example.com")]
    [InlineData("erika@\ud800.com")]
    [InlineData("\ufffd@example.com")]
    [InlineData("erika@example.com\r\nBcc: a@example.com")]
    public void TryParse_WhatIsNoAddress_IsRefusedWithoutAnException(string text) => Assert.False(EmailFormat.TryParse(text, out _));

    [Fact]
    public void TryParse_Lengths_AreThoseOfTheStandard()
    {
        Assert.True(EmailFormat.TryParse($"{new string('a', 64)}@example.com", out _));
        Assert.False(EmailFormat.TryParse($"{new string('a', 65)}@example.com", out _));
        Assert.False(EmailFormat.TryParse($"a@{new string('b', 64)}.com", out _));
        var domain = string.Join('.', Enumerable.Repeat(new string('b', 60), 4));
        Assert.True(EmailFormat.TryParse($"{new string('a', 10)}@{domain}", out _));
        Assert.False(EmailFormat.TryParse($"{new string('a', 11)}@{domain}", out _));
        Assert.False(EmailFormat.TryParse(new string('@', 1 << 20), out _));
        Assert.False(EmailFormat.TryParse($"a@{new string('b', 1 << 20)}", out _));
    }

    [Theory]
    [InlineData("a@example.com; b@example.com", "a@example.com b@example.com", 0)]
    [InlineData("Mustermann, Erika <a@example.com>, b@example.com", "a@example.com b@example.com", 0)]
    [InlineData("a@example.com|b@", "a@example.com", 1)]
    [InlineData("unbekannt", "", 1)]
    [InlineData(" ", "", 0)]
    [InlineData("", "", 0)]
    public void Read_Cells_GiveEveryAddress(string cell, string addresses, int unusable)
    {
        var found = new List<ContactPoint>();

        Assert.Equal(unusable, EmailFormat.Read(cell, found));
        Assert.Equal(addresses, string.Join(' ', found.Select(static email => email.Normal)));
    }
}
