using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using Clv.Functions.Storage;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Faults;

/// <summary>
/// What an account holds besides its queues: every row and every blob, each as text that can be compared. Moments differ from night to night, so
/// that a row has one counts, and not which. What goes wrong in units on the way, and who asked, are no results.
/// </summary>
internal sealed class StorageState
{
    private readonly Dictionary<string, IReadOnlyList<TableEntity>> _tables;
    private readonly IReadOnlyDictionary<(string Container, string Name), BinaryData> _blobs;

    private StorageState(Dictionary<string, IReadOnlyList<TableEntity>> tables, IReadOnlyDictionary<(string, string), BinaryData> blobs)
    {
        _tables = tables;
        _blobs = blobs;
        foreach (var row in tables.Where(static table => table.Key != Names.Audit).SelectMany(static table => table.Value.Select(row => (Table: table.Key, Row: row))))
        {
            if (!row.Row.RowKey.StartsWith("problem-", StringComparison.Ordinal))
            {
                Entries[$"{row.Table}/{row.Row.PartitionKey}/{row.Row.RowKey}"] = Text(row.Row);
            }
        }

        foreach (var ((container, name), content) in blobs)
        {
            Entries[$"{container}/{name}"] = Encoding.Latin1.GetString(content.ToMemory().Span);
        }
    }

    /// <summary>Rows and blobs by where they are.</summary>
    public SortedDictionary<string, string> Entries { get; } = new(StringComparer.Ordinal);

    public static async Task<StorageState> ReadAsync(NightRig rig)
    {
        var tables = new Dictionary<string, IReadOnlyList<TableEntity>>();
        await foreach (var table in rig.Tables.QueryAsync())
        {
            tables[table.Name] = await RowsAsync(rig.Tables.GetTableClient(table.Name));
        }

        var names = new List<(string Container, string Name)>();
        foreach (var container in Names.Containers)
        {
            var client = rig.Blobs.GetBlobContainerClient(container);
            if (await client.ExistsAsync())
            {
                await foreach (var blob in client.GetBlobsAsync())
                {
                    names.Add((container, blob.Name));
                }
            }
        }

        var blobs = new ConcurrentDictionary<(string, string), BinaryData>();
        await Parallel.ForEachAsync(names, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (name, token) =>
            blobs[name] = (await rig.Blobs.GetBlobContainerClient(name.Container).GetBlobClient(name.Name).DownloadContentAsync(token)).Value.Content);
        return new StorageState(tables, blobs);
    }

    /// <summary>Makes an account that was in this state, and has gone on from it, be in it again. Blobs that are the same stay as they are, with their versions.</summary>
    public async Task RestoreAsync(NightRig rig)
    {
        var queues = new QueueServiceClient(rig.Storage);
        await foreach (var queue in queues.GetQueuesAsync())
        {
            await queues.GetQueueClient(queue.Name).ClearMessagesAsync();
        }

        var now = await ReadAsync(rig);
        foreach (var (name, rows) in now._tables)
        {
            var table = rig.Tables.GetTableClient(name);
            if (_tables.GetValueOrDefault(name) is null && name.StartsWith("clv", StringComparison.Ordinal) && name.Contains("r0", StringComparison.Ordinal))
            {
                await table.DeleteAsync();
                continue;
            }

            var before = _tables.GetValueOrDefault(name, []).ToDictionary(static row => (row.PartitionKey, row.RowKey), Text);
            foreach (var row in rows.Where(row => !before.ContainsKey((row.PartitionKey, row.RowKey))))
            {
                await table.DeleteEntityAsync(row.PartitionKey, row.RowKey);
            }
        }

        foreach (var (name, rows) in _tables)
        {
            var table = rig.Tables.GetTableClient(name);
            var left = now._tables.GetValueOrDefault(name, []).ToDictionary(static row => (row.PartitionKey, row.RowKey), ExactText);
            foreach (var row in rows.Where(row => left.GetValueOrDefault((row.PartitionKey, row.RowKey)) != ExactText(row)))
            {
                await table.UpsertEntityAsync(row, TableUpdateMode.Replace);
            }
        }

        await Parallel.ForEachAsync(now._blobs.Keys, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (name, token) =>
        {
            if (!_blobs.ContainsKey(name))
            {
                await rig.Blobs.GetBlobContainerClient(name.Container).DeleteBlobAsync(name.Name, cancellationToken: token);
            }
        });
        foreach (var ((container, name), content) in _blobs)
        {
            if (!now._blobs.TryGetValue((container, name), out var left) || !left.ToMemory().Span.SequenceEqual(content.ToMemory().Span))
            {
                await rig.Blobs.GetBlobContainerClient(container).GetBlobClient(name).UploadAsync(content, overwrite: true);
            }
        }
    }

    /// <summary>The rows of one table as text.</summary>
    public static async Task<SortedDictionary<string, string>> TableAsync(NightRig rig, string table) => new(
        (await RowsAsync(rig.Tables.GetTableClient(table))).ToDictionary(row => $"{table}/{row.PartitionKey}/{row.RowKey}", Text), StringComparer.Ordinal);

    /// <summary>Where two sets of entries differ: a sentence each, ten at most.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyDictionary<string, string> expected, IReadOnlyDictionary<string, string> actual)
    {
        var found = new List<string>();
        foreach (var (name, text) in expected)
        {
            if (!actual.TryGetValue(name, out var other))
            {
                found.Add($"{name} is missing");
            }
            else if (other != text)
            {
                found.Add($"{name} is {Excerpt(other, text)}, not {Excerpt(text, other)}");
            }
        }

        found.AddRange(actual.Keys.Where(name => !expected.ContainsKey(name)).Select(static name => $"{name} should not be there"));
        return [.. found.Take(10)];
    }

    private static async Task<IReadOnlyList<TableEntity>> RowsAsync(TableClient table)
    {
        var rows = new List<TableEntity>();
        await foreach (var row in table.QueryAsync<TableEntity>())
        {
            rows.Add(row);
        }

        return rows;
    }

    // From a little before where they part.
    private static string Excerpt(string text, string other)
    {
        var same = 0;
        while (same < text.Length && same < other.Length && text[same] == other[same])
        {
            same++;
        }

        var start = Math.Max(0, same - 60);
        return $"{text.Length} long \"...{text.AsSpan(start, Math.Min(160, text.Length - start))}...\"";
    }

    private static string Text(TableEntity row) => Text(row, static moment => "(moment)");

    private static string ExactText(TableEntity row) => Text(row, static moment => moment.ToString("O"));

    private static string Text(TableEntity row, Func<DateTimeOffset, string> moment) => string.Join(' ', row
        .Where(static of => of.Key is not ("odata.etag" or "Timestamp" or "PartitionKey" or "RowKey"))
        .OrderBy(static of => of.Key, StringComparer.Ordinal)
        .Select(of => $"{of.Key}={of.Value switch
        {
            double number => number.ToString("R", CultureInfo.InvariantCulture),
            DateTimeOffset at => moment(at),
            DateTime at => moment(new DateTimeOffset(at)),
            var other => other,
        }}"));
}
