using System.Text;
using Clv.Core.Extracts;
using FsCheck;
using FsCheck.Fluent;

namespace Clv.Core.Tests;

public class CustomerIdTests
{
    [Theory]
    [InlineData("Mu\u0308ller", "M\u00FCller")]
    [InlineData("\u212Bngstro\u0308m", "\u00C5ngstr\u00F6m")]
    [InlineData("\u212A-1", "K-1")]
    [InlineData("\u01D6", "\u01D6")]
    [InlineData("u\u0308\u0304", "\u01D6")]
    [InlineData("u\u0304\u0308", "\u1E7B")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("a\u0301\u0301", "\u00E1\u0301")]
    [InlineData("\u1112\u1161\u11AB\u1100\u1173\u11AF", "\uD55C\uAE00")]
    [InlineData("\u0915\u093C", "\u0915\u093C")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("\u1F71", "\u03AC")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165")]
    [InlineData("\uFB01", "\uFB01")]
    [InlineData("👩‍👧 7", "👩‍👧 7")]
    public void TryNormalise_TwoSpellings_AreOneId(string id, string normal)
    {
        Assert.Equal(normal, Normal(id));
        Assert.Equal(normal, Normal(normal));
    }

    [Theory]
    [InlineData("  4711\t", "4711")]
    [InlineData("\u00A04711\u2003", "4711")]
    [InlineData("a b", "a b")]
    [InlineData("A", "A")]
    [InlineData("=1+1", "=1+1")]
    public void TryNormalise_BlanksAround_AreNotPartOfTheId(string id, string normal) => Assert.Equal(normal, Normal(id));

    [Theory]
    [InlineData("", QuarantineReason.Empty)]
    [InlineData(" \t ", QuarantineReason.Empty)]
    [InlineData("\u00A0", QuarantineReason.Empty)]
    [InlineData("a\nb", QuarantineReason.NotText)]
    [InlineData("a\0", QuarantineReason.NotText)]
    [InlineData("a\u007F", QuarantineReason.NotText)]
    [InlineData("M\u0081ller", QuarantineReason.NotText)]
    [InlineData("M\uFFFDller", QuarantineReason.NotText)]
    public void TryNormalise_WhatIsNoId_SaysWhy(string id, QuarantineReason reason)
    {
        Assert.False(CustomerId.TryNormalise(id, out var normal, out var why));
        Assert.Equal(reason, why);
        Assert.Empty(normal);
        Assert.False(CustomerId.TryNormalise(Encoding.UTF8.GetBytes(id), out _, out why));
        Assert.Equal(reason, why);
    }

    [Fact]
    public void TryNormalise_BrokenText_IsRefused()
    {
        Assert.False(CustomerId.TryNormalise([(byte)'M', 0xFC, (byte)'x'], out _, out var reason));
        Assert.Equal(QuarantineReason.NotText, reason);
        Assert.False(CustomerId.TryNormalise([(byte)'a', 0xC0, 0x80], out _, out reason));
        Assert.Equal(QuarantineReason.NotText, reason);
        Assert.False(CustomerId.TryNormalise("a\uD800", out _, out reason));
        Assert.Equal(QuarantineReason.NotText, reason);
    }

    [Fact]
    public void TryNormalise_Length_IsLimitedInBytes()
    {
        Assert.Equal(300, Normal(new string('7', 300)).Length);
        Assert.Equal(CustomerId.MaxBytes, Normal(new string('x', CustomerId.MaxBytes)).Length);
        Assert.False(CustomerId.TryNormalise(new string('x', CustomerId.MaxBytes + 1), out _, out var reason));
        Assert.Equal(QuarantineReason.TooLong, reason);
        Assert.False(CustomerId.TryNormalise(new string('ü', (CustomerId.MaxBytes / 2) + 1), out _, out reason));
        Assert.Equal(QuarantineReason.TooLong, reason);

        // Composition can make a text longer: each of these becomes two characters.
        Assert.False(CustomerId.TryNormalise(new string('\u0958', CustomerId.MaxBytes / 3), out _, out reason));
        Assert.Equal(QuarantineReason.TooLong, reason);
    }

    [Fact]
    public void TryNormalise_ManyMarksOnOneLetter_EndsSoon()
    {
        var marks = "a" + string.Concat(Enumerable.Repeat("\u0301\u0323", (CustomerId.MaxBytes - 1) / 4));

        Assert.StartsWith("ạ", Normal(marks), StringComparison.Ordinal);
    }

    [Fact]
    public void TryNormalise_AnyText_IsTheSameTheSecondTimeAndFromBytes() =>
        Prop.ForAll(
            Gen.Elements("aAeu \t0_\u0300\u0301\u0308\u0323\u0327\u00E4\u01D6\u1100\u1161\u11A8\uAC00\u212B\u0958\uFFFD".ToCharArray()).ArrayOf().ToArbitrary(),
            chars =>
            {
                var id = new string(chars);
                if (!CustomerId.TryNormalise(id, out var normal, out _))
                {
                    return true;
                }

                return CustomerId.TryNormalise(normal, out var again, out _) && again.SequenceEqual(normal)
                    && CustomerId.TryNormalise(Encoding.UTF8.GetBytes(id), out var bytes, out _) && bytes.SequenceEqual(normal);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    private static string Normal(string id)
    {
        Assert.True(CustomerId.TryNormalise(id, out var normal, out var reason), reason.ToString());
        return Encoding.UTF8.GetString(normal);
    }
}
