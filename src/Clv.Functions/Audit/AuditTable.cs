using Azure.Data.Tables;
using Clv.Functions.Storage;

namespace Clv.Functions.Audit;

/// <summary>
/// The table of who did what, when: PartitionKey the day (UTC, yyyyMMdd), RowKey the time and a random part, so that the rows of a day are in
/// their order. Rows are only ever added, and dropped by whole days (<see cref="ClvOptions.AuditDays"/>).
/// </summary>
public sealed class AuditTable(StorageAccount storage, TimeProvider time)
{
    private const int MaxDetail = 1000;

    private readonly TableClient _table = storage.LookupTables.GetTableClient(Names.Audit);

    private volatile bool _exists;

    /// <summary>Adds a row. When it returns the row is there; a try whose answer was lost may leave it twice.</summary>
    /// <exception cref="Azure.RequestFailedException">Storage does not take it: then what it tells of must not happen unseen.</exception>
    public async Task WriteAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (!_exists)
        {
            await _table.CreateIfNotExistsAsync(cancellationToken);
            _exists = true;
        }

        var now = time.GetUtcNow();
        var row = new TableEntity($"{now:yyyyMMdd}", $"{now:HHmmssfffffff}-{Guid.NewGuid():N}")
        {
            ["Who"] = entry.Who,
            ["Action"] = entry.Action,
            ["Outcome"] = entry.Outcome,
        };
        foreach (var (name, value) in (ReadOnlySpan<(string, string?)>)[("Customer", entry.Customer), ("Run", entry.Run), ("Detail", entry.Detail)])
        {
            if (value is not null)
            {
                row[name] = value.Length > MaxDetail ? value[..MaxDetail] : value;
            }
        }

        await _table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }
}
