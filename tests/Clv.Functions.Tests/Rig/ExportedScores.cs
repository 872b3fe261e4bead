using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Clv.Functions.Night;
using Clv.Functions.Storage;
using CsvHelper;

namespace Clv.Functions.Tests.Rig;

/// <summary>A run's exported scores as a careful reader takes them: only when their manifest is there, and as it says.</summary>
/// <param name="Manifest">The manifest.</param>
/// <param name="Columns">The columns, the same in each file.</param>
/// <param name="Rows">Each row by its columns.</param>
internal sealed record ExportedScores(ExportManifest Manifest, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyDictionary<string, string>> Rows)
{
    /// <summary>Names, rows and hashes of the files.</summary>
    public string Hashes => string.Join('\n', Manifest.Files.Select(static file => $"{file.Name} {file.Rows} {file.Sha256}"));

    /// <summary>Reads a run's; null while they are not complete.</summary>
    public static async Task<ExportedScores?> ReadAsync(NightRig rig, string run)
    {
        BinaryData manifest;
        try
        {
            manifest = (await rig.Blobs.GetBlobContainerClient(Names.Exports).GetBlobClient(Names.ExportManifest(run)).DownloadContentAsync()).Value.Content;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }

        var told = NightJson.Read<ExportManifest>(manifest);
        IReadOnlyList<string> columns = [];
        var rows = new List<IReadOnlyDictionary<string, string>>();
        foreach (var file in told.Files)
        {
            var content = (await rig.Blobs.GetBlobContainerClient(Names.Exports).GetBlobClient($"{run}/{file.Name}").DownloadContentAsync()).Value.Content;
            Assert.Equal(file.Sha256, Convert.ToHexStringLower(SHA256.HashData(content)));
            using var csv = CsvReader.Create(new MemoryStream(Unpacked(content)), new CsvReaderOptions { Separator = ',' });
            columns = csv.Headers;
            var before = rows.Count;
            while (csv.Read())
            {
                rows.Add(columns.Select((column, i) => (column, csv.GetString(i))).ToDictionary(static cell => cell.column, static cell => cell.Item2));
            }

            Assert.Equal(file.Rows, rows.Count - before);
        }

        Assert.Equal(told.Rows, rows.Count);
        return new ExportedScores(told, columns, rows);
    }

    /// <summary>All files of a run as text, whether they are complete or not.</summary>
    public static async Task<string> TextAsync(NightRig rig, string run)
    {
        var text = new StringBuilder();
        for (var partition = 0; partition < NightRig.Partitions; partition++)
        {
            text.Append(Encoding.UTF8.GetString(await ContentAsync(rig, Names.Exports, Names.ExportedScores(run, partition))));
        }

        return text.ToString();
    }

    /// <summary>What is in a blob, unpacked where it is packed.</summary>
    public static async Task<BinaryData> ContentAsync(NightRig rig, string container, string name)
    {
        var content = (await rig.Blobs.GetBlobContainerClient(container).GetBlobClient(name).DownloadContentAsync()).Value.Content;
        return name.EndsWith(".gz", StringComparison.Ordinal) ? new BinaryData(Unpacked(content)) : content;
    }

    private static byte[] Unpacked(BinaryData content)
    {
        using var packed = new GZipStream(content.ToStream(), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        packed.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}
