using System.Security.Cryptography;
using System.Text;
using Clv.Core.Extracts;

namespace Clv.Core.Tests.Extracts;

public class ExtractStreamTests
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes(
        ExtractFile.Header + string.Concat(Enumerable.Range(0, 20_000).Select(static i => $"c{i * 7919 % 1000},2024-01-01,{i}.5\n")));

    [Fact]
    public void Open_PlainOrGzip_GivesTheContent()
    {
        Assert.Equal(Content, Read(Content));
        Assert.Equal(Content, Read(ExtractFile.Gzip(Content)));
        Assert.Equal([1], Read([1]));
        Assert.Equal([0x1f], Read([0x1f]));
        Assert.Empty(Read(Convert.FromBase64String("H4sIAAAAAAAAAwMAAAAAAAAAAAA=")));
    }

    [Fact]
    public void Open_SeveralGzipMembers_AreOneFile() =>
        Assert.Equal([.. Content, .. "tail"u8], Read([.. ExtractFile.Gzip(Content), .. ExtractFile.Gzip("tail"u8.ToArray())]));

    [Fact]
    public void Open_IncompressibleContent_ComesThrough()
    {
        var noise = RandomNumberGenerator.GetBytes(300_000);

        Assert.Equal(noise, Read(ExtractFile.Gzip(noise)));
    }

    [Fact]
    public void Read_GzipCutShortAnywhere_Throws()
    {
        foreach (var gzip in (byte[][])[ExtractFile.Gzip(Content), ExtractFile.Gzip(RandomNumberGenerator.GetBytes(1000))])
        {
            for (var length = 2; length < gzip.Length; length += length < 40 || length > gzip.Length - 40 ? 1 : gzip.Length / 60)
            {
                Assert.Throws<InvalidDataException>(() => Read(gzip[..length]));
            }
        }
    }

    [Fact]
    public void Read_DamagedGzip_Throws()
    {
        var gzip = ExtractFile.Gzip(Content);
        for (var at = 20; at < gzip.Length; at += gzip.Length / 50)
        {
            var damaged = gzip.ToArray();
            damaged[at] ^= 0x55;

            Assert.Throws<InvalidDataException>(() => Read(damaged));
        }

        Assert.Throws<InvalidDataException>(() => Read([.. gzip, 1, 2, 3, 4]));
    }

    [Fact]
    public void Open_NoBytes_IsRefusedAndClosed()
    {
        var empty = new MemoryStream();

        Assert.Throws<ExtractRefusedException>(() => ExtractStream.Open(empty, "shop.csv"));
        Assert.False(empty.CanRead);
    }

    [Fact]
    public void Dispose_OfTheContent_ClosesTheFile()
    {
        foreach (var bytes in (byte[][])[Content, ExtractFile.Gzip(Content)])
        {
            var source = new MemoryStream(bytes);
            ExtractStream.Open(source, "shop.csv").Dispose();

            Assert.False(source.CanRead);
        }
    }

    [Fact]
    public void TransactionReader_GzipCutShort_IsRefusedInsteadOfReadingHalf()
    {
        var gzip = ExtractFile.Gzip(Content);

        var refused = ExtractFile.Refused(gzip[..(gzip.Length / 2)]);

        Assert.Equal("shop.csv: the compressed data is broken or cut short: deliver the file again", refused.Message);
        Assert.Equal(20_000, ExtractFile.Read(gzip).RowsRead);
    }

    private static byte[] Read(byte[] file)
    {
        using var content = ExtractStream.Open(new MemoryStream(file), "shop.csv");
        var all = new MemoryStream();
        content.CopyTo(all, 777);
        return all.ToArray();
    }
}
