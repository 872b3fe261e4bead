using Azure;
using Azure.Data.Tables;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>Which run is published: the one row that lookups follow. Moving it is one conditional write, so no partial night is ever visible.</summary>
public sealed class Pointer(StorageAccount storage)
{
    private const string Key = "pointer";

    private readonly TableClient _table = storage.Tables.GetTableClient(Names.Runs);

    /// <summary>The published run, or null before the first night.</summary>
    public Task<PublishedRun?> ReadAsync(CancellationToken cancellationToken) => ReadAsync(_table, cancellationToken);

    internal static async Task<PublishedRun?> ReadAsync(TableClient table, CancellationToken cancellationToken)
    {
        // Before the first night there is neither the row nor its table.
        return await table.GetEntityIfExistsAsync<TableEntity>(Key, Key, cancellationToken: cancellationToken) is { HasValue: true, Value: { } row }
            ? new PublishedRun(row.GetString("Run")!, DateOnly.ParseExact(row.GetString("Date")!, "O"), row.GetDateTimeOffset("PublishedAt")!.Value, row.ETag)
            : null;
    }

    /// <summary>Publishes a run unless it, or one started later, is published already.</summary>
    /// <returns>Whether it is the published one now.</returns>
    public async Task<bool> MoveForwardAsync(Run run, DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (true)
        {
            var current = await ReadAsync(cancellationToken);
            if (current is not null && !RunId.IsLater(run.Id, than: current.Run))
            {
                return current.Run == run.Id;
            }

            var row = new TableEntity(Key, Key) { ["Run"] = run.Id, ["Date"] = run.Date.ToString("O"), ["PublishedAt"] = now };
            try
            {
                if (current is null)
                {
                    await _table.AddEntityAsync(row, cancellationToken);
                }
                else
                {
                    await _table.UpdateEntityAsync(row, current.ETag, TableUpdateMode.Replace, cancellationToken);
                }

                return true;
            }
            catch (RequestFailedException e) when (e.Status is 409 or 412)
            {
                // The pointer moved in between: look again.
            }
        }
    }
}

/// <summary>The published run.</summary>
/// <param name="Run">Its id.</param>
/// <param name="Date">The date of its extracts.</param>
/// <param name="PublishedAt">When it was published.</param>
/// <param name="ETag">The pointer row's version.</param>
public sealed record PublishedRun(string Run, DateOnly Date, DateTimeOffset PublishedAt, ETag ETag);
