using System.Security.Cryptography;
using Clv.Core.Extracts;
using FsCheck;
using FsCheck.Fluent;

namespace Clv.Core.Tests.Extracts;

public class SegmentLabelsTests
{
    [Fact]
    public void TryGetOrAdd_AnyNames_NumbersThemFromOneInTheOrderOfAppearance()
    {
        var labels = new SegmentLabels();
        int[] numbers = [.. new[] { "b", "a", "", "b", "B", "a" }.Select(name => labels.TryGetOrAdd(name, out var number) ? number : -1)];

        Assert.Equal([1, 2, 0, 1, 3, 2], numbers);
        Assert.Equal(["b", "a", "B"], Enumerable.Range(1, labels.Count).Select(i => labels[i]));
    }

    [Fact]
    public void TryGetOrAdd_BeyondTheBounds_AddsNothing()
    {
        var labels = new SegmentLabels();
        Assert.All(Enumerable.Range(0, SegmentLabels.MaxCount), i => Assert.True(labels.TryGetOrAdd($"{i}", out _)));

        Assert.False(labels.TryGetOrAdd("one more", out var segment));
        Assert.Equal((0, SegmentLabels.MaxCount), (segment, labels.Count));
        Assert.True(labels.TryGetOrAdd("999", out segment) && labels.TryGetOrAdd("", out _));
        Assert.Equal(SegmentLabels.MaxCount, segment);
        Assert.Throws<ArgumentException>(() => labels.TryGetOrAdd(new string('x', SegmentLabels.MaxLength + 1), out _));
    }

    [Fact]
    public void Write_ThenRead_GivesTheSameNumbers()
    {
        var labels = new SegmentLabels();
        foreach (var name in (string[])["gold", "Süd 🙂", new string('ü', SegmentLabels.MaxLength)])
        {
            labels.TryGetOrAdd(name, out _);
        }

        using var file = new MemoryStream();
        labels.Write(file);
        new SegmentLabels().Write(file);
        file.Position = 0;
        var read = SegmentLabels.Read(file);

        Assert.Equal(Enumerable.Range(1, 3).Select(i => labels[i]), Enumerable.Range(1, read.Count).Select(i => read[i]));
        Assert.Equal(0, SegmentLabels.Read(file).Count);
        Assert.Throws<EndOfStreamException>(() => SegmentLabels.Read(file));
    }

    [Fact]
    public void Read_DamagedFile_GivesNamesOrAClearException() =>
        Prop.ForAll(Gen.Choose(0, 1 << 24).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var labels = new SegmentLabels();
            for (var i = 0; i < random.Next(6); i++)
            {
                labels.TryGetOrAdd(new string((char)('a' + i), 1 + random.Next(SegmentLabels.MaxLength)), out _);
            }

            using var file = new MemoryStream();
            labels.Write(file);
            var bytes = random.Next(4) == 0 ? RandomNumberGenerator.GetBytes(random.Next(300)) : file.ToArray()[..random.Next((int)file.Length + 1)];
            for (var hits = random.Next(4); hits > 0 && bytes.Length > 0; hits--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                return SegmentLabels.Read(new MemoryStream(bytes)).Count <= SegmentLabels.MaxCount;
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
            {
                return true;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
}
