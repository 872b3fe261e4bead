using Azure;
using Azure.Data.Tables;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>Which run is published: the one row that lookups follow. Moving it is one conditional write, so no partial night is ever visible.</summary>
public sealed class Pointer(StorageAccount storage)
{
    private const string Key = "pointer";

    /// <summary>Who moves the pointer when a night is published, and asks for the erasure of whom its extracts name.</summary>
    public const string Night = "night";

    private readonly TableClient _table = storage.Tables.GetTableClient(Names.Runs);

    /// <summary>The published run, or null before the first night.</summary>
    public Task<PublishedRun?> ReadAsync(CancellationToken cancellationToken) => ReadAsync(_table, cancellationToken);

    internal static async Task<PublishedRun?> ReadAsync(TableClient table, CancellationToken cancellationToken)
    {
        // Before the first night there is neither the row nor its table.
        return await table.GetEntityIfExistsAsync<TableEntity>(Key, Key, cancellationToken: cancellationToken) is { HasValue: true, Value: { } row }
            ? new PublishedRun(row.GetString("Run")!, DateOnly.ParseExact(row.GetString("Date")!, "O"), row.GetDateTimeOffset("PublishedAt")!.Value, row.ETag)
            {
                Newest = row.GetString("Newest") ?? row.GetString("Run")!,
                MovedBy = row.GetString("MovedBy"),
                MovedAt = row.GetDateTimeOffset("MovedAt"),
                MovedFrom = row.GetString("MovedFrom"),
            }
            : null;
    }

    /// <summary>
    /// Writes the pointer once more as it is, so that every move is refused which was decided on before. Whoever is about to drop a run has noted that
    /// on the run's record, calls this, and reads the pointer after; whoever moves the pointer to a run reads the pointer, then the run's record, and
    /// moves what was read. So lookups are never moved to what is dropped, wherever either is killed.
    /// </summary>
    /// <returns>False before the first night: there is nothing yet to write, and no move is refused.</returns>
    public async Task<bool> FenceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _table.UpdateEntityAsync(new TableEntity(Key, Key) { ["Fenced"] = true }, ETag.All, TableUpdateMode.Merge, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return false;
        }
    }

    /// <summary>
    /// Publishes a run unless it, or one started later, was published before, or its delta is merged into a history that lookups were rolled back
    /// from: what an operator rolled back stays so.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="now">When.</param>
    /// <param name="wasGivenUp">
    /// Asks whether the run was given up, before the pointer is moved (<see cref="FenceAsync"/>), and after, in the same moment: then the pointer is
    /// moved back, unless it was written since.
    /// </param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>Whether it is the published one now.</returns>
    /// <exception cref="NightRefusedException">The run was given up.</exception>
    public async Task<bool> MoveForwardAsync(Run run, DateTimeOffset now, Func<Task<bool>> wasGivenUp, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(wasGivenUp);
        while (true)
        {
            var current = await ReadAsync(cancellationToken);
            if (current is not null && !RunId.IsLater(run.Id, than: current.Newest))
            {
                return current.Run == run.Id;
            }

            if (current is not null && run is { ReleasedAt: null, Settings.BaseRun: { } merged } && RunId.IsLater(merged, than: current.Run))
            {
                return false;
            }

            if (await wasGivenUp())
            {
                throw new NightRefusedException("The run was given up before it could be published.");
            }

            if (await TryMoveAsync(run, now, current, Night, now, cancellationToken) is { } moved)
            {
                if (!await wasGivenUp())
                {
                    return true;
                }

                await UndoAsync(moved, current, cancellationToken);
                throw new NightRefusedException("The run was given up while it was being published.");
            }
        }
    }

    /// <summary>Points to a run, in place of what was read before.</summary>
    /// <param name="run">The run.</param>
    /// <param name="publishedAt">When its scores were published first, which is how old they are told to be.</param>
    /// <param name="current">What the pointer was when it was read; null when there was none.</param>
    /// <param name="by">Who moves it.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The pointer as it is now; null when it was written since it was read, and is left as it is.</returns>
    public async Task<PublishedRun?> TryMoveAsync(
        Run run, DateTimeOffset publishedAt, PublishedRun? current, string by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var newest = current is null || RunId.IsLater(run.Id, than: current.Newest) ? run.Id : current.Newest;
        var moved = new PublishedRun(run.Id, run.Date, publishedAt, default) { Newest = newest, MovedBy = by, MovedAt = now, MovedFrom = current?.Run };
        return await TryWriteAsync(moved, current, cancellationToken)
            ?? (await ReadAsync(cancellationToken) is { } written && written with { ETag = default } == moved ? written : null);
    }

    // Unless the pointer was written since: what it pointed to before may not be kept any more.
    private async Task UndoAsync(PublishedRun moved, PublishedRun? before, CancellationToken cancellationToken)
    {
        if (before is not null)
        {
            await TryWriteAsync(before, moved, cancellationToken);
            return;
        }

        try
        {
            await _table.DeleteEntityAsync(Key, Key, moved.ETag, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            // It was written since.
        }
    }

    // Null when the pointer is not what it was, or when this write's answer was lost.
    private async Task<PublishedRun?> TryWriteAsync(PublishedRun to, PublishedRun? current, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Key, Key)
        {
            ["Run"] = to.Run,
            ["Date"] = to.Date.ToString("O"),
            ["PublishedAt"] = to.PublishedAt,
            ["Newest"] = to.Newest,
        };
        if (to.MovedBy is not null)
        {
            row["MovedBy"] = to.MovedBy;
            row["MovedAt"] = to.MovedAt;
        }

        if (to.MovedFrom is not null)
        {
            row["MovedFrom"] = to.MovedFrom;
        }

        try
        {
            var answer = current is null
                ? await _table.AddEntityAsync(row, cancellationToken)
                : await _table.UpdateEntityAsync(row, current.ETag, TableUpdateMode.Replace, cancellationToken);
            return to with { ETag = answer.Headers.ETag!.Value };
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            return null;
        }
    }
}

/// <summary>The published run.</summary>
/// <param name="Run">Its id.</param>
/// <param name="Date">The date of its extracts.</param>
/// <param name="PublishedAt">When its scores were published first.</param>
/// <param name="ETag">The pointer row's version.</param>
public sealed record PublishedRun(string Run, DateOnly Date, DateTimeOffset PublishedAt, ETag ETag)
{
    /// <summary>The newest run that was ever published: a later one than <see cref="Run"/> while lookups are rolled back.</summary>
    public required string Newest { get; init; }

    /// <summary>Who moved the pointer here: a caller, or <see cref="Pointer.Night"/>; null when an earlier version of this program did.</summary>
    public string? MovedBy { get; init; }

    /// <summary>When it was moved here.</summary>
    public DateTimeOffset? MovedAt { get; init; }

    /// <summary>The run that it pointed to before; null for the first.</summary>
    public string? MovedFrom { get; init; }
}
