using Azure;
using Azure.Data.Tables;

namespace Clv.Functions.Night;

/// <summary>
/// A run's record as the row that it is, in the run's partition. Whoever changes it says on what condition, and the change is made anew on the record
/// as it is then when somebody else writes it in between.
/// </summary>
internal sealed class RunRecord(TableClient table, TimeProvider time)
{
    /// <summary>The record's row key.</summary>
    public const string Row = "run";

    public const string Until = "Until";
    public const string Replaces = "Replaces";
    public const string RetiredAt = "RetiredAt";
    public const string RemovingAt = "RemovingAt";
    public const string RemovedAt = "RemovedAt";

    private const int MaxReason = 8000;

    /// <summary>The row as it is now, or null.</summary>
    public async Task<TableEntity?> FindAsync(string id, CancellationToken cancellationToken) =>
        await table.GetEntityIfExistsAsync<TableEntity>(id, Row, cancellationToken: cancellationToken) is { HasValue: true, Value: { } row } ? row : null;

    /// <summary>The row as it is now.</summary>
    /// <exception cref="RequestFailedException">There is none.</exception>
    public async Task<TableEntity> GetAsync(string id, CancellationToken cancellationToken) =>
        (await table.GetEntityAsync<TableEntity>(id, Row, cancellationToken: cancellationToken)).Value;

    /// <summary>Changes the record as it is read until nobody else writes in between.</summary>
    /// <param name="id">The run.</param>
    /// <param name="change">Changes the row; false when nothing is to be written.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The run as it is then.</returns>
    public async Task<Run> ChangeAsync(string id, Func<TableEntity, bool> change, CancellationToken cancellationToken)
    {
        TableEntity row;
        do
        {
            row = await GetAsync(id, cancellationToken);
        }
        while (change(row) && !await TryWriteAsync(row, row.ETag, TableUpdateMode.Replace, cancellationToken));
        return Read(row);
    }

    /// <summary>Writes a row in place of the record, or its columns into it, unless the record is not what it was.</summary>
    /// <returns>False when somebody else wrote the record, or this write's answer was lost.</returns>
    public async Task<bool> TryWriteAsync(TableEntity row, ETag readAs, TableUpdateMode mode, CancellationToken cancellationToken)
    {
        try
        {
            await table.UpdateEntityAsync(row, readAs, mode, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            return false;
        }
    }

    /// <summary>The columns of a run that ends now.</summary>
    public TableEntity Ended(string id, RunState state, string? reason)
    {
        var row = new TableEntity(id, Row) { ["State"] = state.ToString(), ["EndedAt"] = time.GetUtcNow() };
        if (reason is not null)
        {
            row["Reason"] = reason.Length > MaxReason ? reason[..MaxReason] : reason;
        }

        return row;
    }

    /// <summary>The run that a row says.</summary>
    public static Run Read(TableEntity row) => new(
        row.PartitionKey,
        DateOnly.ParseExact(row.GetString("Date")!, "O"),
        Enum.Parse<RunState>(row.GetString("State")!),
        row.GetString("Reason"),
        row.GetDateTimeOffset("StartedAt")!.Value,
        // A released run goes on after it had ended as held.
        row.GetString("State") is nameof(RunState.Running) or nameof(RunState.Publishing) ? null : row.GetDateTimeOffset("EndedAt"),
        row.GetString("Settings") is { } settings ? NightJson.Read<RunSettings>(settings) : null)
    {
        ReleasedBy = row.GetString("ReleasedBy"),
        ReleasedAt = row.GetDateTimeOffset("ReleasedAt"),
        Until = row.GetString(Until) is { } until ? DateOnly.ParseExact(until, "O") : null,
        Replaces = row.GetString(Replaces),
        Requeued = row.GetInt32("Requeued") ?? 0,
        RequeuedInVain = row.GetInt32("RequeuedInVain") ?? 0,
        RequeuedAtDone = row.GetInt32("RequeuedAtDone") ?? 0,
        Stall = row.GetString("Stall"),
        RetiredAt = row.GetDateTimeOffset(RetiredAt),
        RemovingAt = row.GetDateTimeOffset(RemovingAt),
        RemovedAt = row.GetDateTimeOffset(RemovedAt),
    };
}
