using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Clv.Functions.Storage;

namespace Clv.Functions.Audit;

/// <summary>
/// The table of who did what, when: PartitionKey the day (UTC, yyyyMMdd), RowKey the time and a random part, so that the rows of a day are in
/// their order. Rows are only ever added, and dropped by whole days (<see cref="ClvOptions.AuditDays"/>).
/// </summary>
public sealed class AuditTable(StorageAccount storage, TimeProvider time)
{
    private const string Outcome = "Outcome";
    private const int MaxDetail = 1000;
    private const int MaxPage = 1000;

    private readonly TableClient _table = storage.LookupTables.GetTableClient(Names.Audit);

    private volatile bool _exists;

    /// <summary>Adds a row. When it returns the row is there; a try whose answer was lost may leave it twice.</summary>
    /// <exception cref="RequestFailedException">Storage does not take it: then what it tells of must not happen unseen.</exception>
    public Task WriteAsync(AuditEntry entry, CancellationToken cancellationToken) => PutAsync([Row(entry)], cancellationToken);

    /// <summary>A row of now, which is not written yet; written twice it is still one row.</summary>
    public TableEntity Row(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var now = time.GetUtcNow();
        var row = new TableEntity($"{now:yyyyMMdd}", $"{now:HHmmssfffffff}-{Guid.NewGuid():N}")
        {
            ["Who"] = entry.Who,
            ["Action"] = entry.Action,
            [Outcome] = entry.Outcome,
        };
        foreach (var (name, value) in (ReadOnlySpan<(string, string?)>)[("Customer", entry.Customer), ("Run", entry.Run), ("Detail", entry.Detail)])
        {
            if (value is not null)
            {
                row[name] = value.Length > MaxDetail ? value[..MaxDetail] : value;
            }
        }

        return row;
    }

    /// <summary>The same row with another outcome.</summary>
    public static TableEntity WithOutcome(TableEntity row, string outcome) => new(row) { [Outcome] = outcome };

    /// <summary>Writes rows, in place of those that are there already.</summary>
    /// <exception cref="RequestFailedException">Storage does not take them.</exception>
    public async Task PutAsync(IReadOnlyList<TableEntity> rows, CancellationToken cancellationToken)
    {
        try
        {
            await WriteRowsAsync(rows, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404 && e.ErrorCode == TableErrorCode.TableNotFound)
        {
            // Somebody dropped it since it was made sure of.
            _exists = false;
            await WriteRowsAsync(rows, cancellationToken);
        }
    }

    private async Task WriteRowsAsync(IReadOnlyList<TableEntity> rows, CancellationToken cancellationToken)
    {
        if (!_exists)
        {
            await _table.CreateIfNotExistsAsync(cancellationToken);
            _exists = true;
        }

        foreach (var chunk in rows.GroupBy(static row => row.PartitionKey).SelectMany(static day => day.Chunk(ScoreTable.RowsAtOnce)))
        {
            if (chunk is [var single])
            {
                await _table.UpsertEntityAsync(single, TableUpdateMode.Replace, cancellationToken);
            }
            else
            {
                await _table.SubmitTransactionAsync(
                    chunk.Select(static row => new TableTransactionAction(TableTransactionActionType.UpsertReplace, row)), cancellationToken);
            }
        }
    }

    /// <summary>Reads a page of a day's rows, in the order in which they were written.</summary>
    /// <param name="day">The day, in UTC.</param>
    /// <param name="after">The <see cref="AuditPage.Next"/> of the page before; null for the first.</param>
    /// <param name="limit">How many rows at most.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async Task<AuditPage> ReadAsync(DateOnly day, string? after, int limit, CancellationToken cancellationToken)
    {
        var entries = new List<AuditedEntry>();
        var last = "";
        try
        {
            var partition = $"{day:yyyyMMdd}";
            var from = after ?? "";
            await foreach (var row in _table.QueryAsync<TableEntity>(
                TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {from}"), Math.Min(limit + 1, MaxPage), cancellationToken: cancellationToken))
            {
                if (entries.Count == limit)
                {
                    return new AuditPage(entries, last);
                }

                last = row.RowKey;
                var clock = TimeOnly.ParseExact(last[..13], "HHmmssfffffff", CultureInfo.InvariantCulture);
                entries.Add(new AuditedEntry(
                    new DateTimeOffset(day, clock, TimeSpan.Zero),
                    new AuditEntry(
                        row.GetString("Who")!,
                        row.GetString("Action")!,
                        row.GetString("Outcome")!,
                        row.GetString("Customer"),
                        row.GetString("Run"),
                        row.GetString("Detail"))));
            }
        }
        catch (RequestFailedException e) when (e.Status == 404 && e.ErrorCode == TableErrorCode.TableNotFound)
        {
            // Nobody has done anything yet.
        }

        return new AuditPage(entries, Next: null);
    }

    /// <summary>Drops all days before one.</summary>
    public async Task DropAsync(DateOnly before, CancellationToken cancellationToken)
    {
        await _table.CreateIfNotExistsAsync(cancellationToken);
        await _table.RemoveRowsAsync($"PartitionKey lt '{before:yyyyMMdd}'", cancellationToken);
    }
}

/// <summary>A page of the audit.</summary>
/// <param name="Entries">Its rows, in the order in which they were written.</param>
/// <param name="Next">What the next page comes after; null when there is none.</param>
public sealed record AuditPage(IReadOnlyList<AuditedEntry> Entries, string? Next);

/// <summary>A row of the audit.</summary>
/// <param name="At">When it was written.</param>
/// <param name="Entry">What it says.</param>
public sealed record AuditedEntry(DateTimeOffset At, AuditEntry Entry);
