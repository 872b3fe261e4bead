using Azure;
using Azure.Data.Tables;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

// What the watchdog, catching up and retention note of runs. Every change is conditional on the record as it was read.
public sealed partial class RunTable
{
    private const string Until = "Until";
    private const string Retired = "RetiredAt";
    private const string Removing = "RemovingAt";
    private const string Removed = "RemovedAt";

    // In the index: nothing of the run is left to look after.
    private const string Cleared = "Cleared";

    /// <summary>What the storage service's own clock says, to the second: a jump of this machine's clock is not one of the service's.</summary>
    public async Task<DateTimeOffset> ServiceTimeAsync(CancellationToken cancellationToken) =>
        (await _table.GetEntityIfExistsAsync<TableEntity>(Index, Index, ["RowKey"], cancellationToken)).GetRawResponse().Headers.Date
        ?? throw new InvalidOperationException("The table service's answer has no date.");

    /// <summary>The runs of which anything besides their record may still be there, in the order in which they were started.</summary>
    public async Task<IReadOnlyList<Run>> OpenAsync(CancellationToken cancellationToken)
    {
        var open = new List<Run>();
        await foreach (var row in _table.QueryAsync<TableEntity>($"PartitionKey eq '{Index}'", select: ["RowKey", Cleared], cancellationToken: cancellationToken))
        {
            if (row.GetBoolean(Cleared) is not true && await FindAsync(row.RowKey, cancellationToken) is { } run)
            {
                open.Add(run);
            }
        }

        return open;
    }

    /// <summary>Has later nights, up to a date, follow a run by themselves, besides those that follow it already.</summary>
    /// <returns>False when the run has ended, and is not held: then nothing follows it any more.</returns>
    public async Task<bool> RaiseUntilAsync(string id, DateOnly until, CancellationToken cancellationToken)
    {
        var accepted = false;
        await ChangeAsync(
            id,
            row =>
            {
                accepted = row.GetString("State") is nameof(RunState.Running) or nameof(RunState.Publishing) or nameof(RunState.Held);
                if (!accepted || ToRun(row).Until >= until)
                {
                    return false;
                }

                row[Until] = until.ToString("O");
                return true;
            },
            cancellationToken);
        return accepted;
    }

    /// <summary>Notes that what was missing of a run was queued again.</summary>
    /// <param name="id">The run.</param>
    /// <param name="done">How many of its units are done.</param>
    /// <param name="stall">What was found, as a sentence.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public Task NoteRequeueAsync(string id, int done, string stall, CancellationToken cancellationToken) => ChangeAsync(
        id,
        row =>
        {
            var run = ToRun(row);
            row["Requeued"] = run.Requeued + 1;
            row["RequeuedInVain"] = run.RequeuedAtDone == done ? run.RequeuedInVain + 1 : 1;
            row["RequeuedAtDone"] = done;
            row["Stall"] = stall;
            return true;
        },
        cancellationToken);

    /// <summary>Marks an ended run as one that is not kept any more; whether that stands is settled after (<see cref="SettleRetirementAsync"/>).</summary>
    public Task RetireAsync(string id, CancellationToken cancellationToken) => ChangeAsync(
        id,
        row =>
        {
            if (row.ContainsKey(Retired) || ToRun(row).IsActive)
            {
                return false;
            }

            row[Retired] = time.GetUtcNow();
            return true;
        },
        cancellationToken);

    /// <summary>
    /// Settles whether a run that is marked as retired is dropped. The mark was set before it is asked whether the run is needed; whoever begins
    /// to build on a run says so first and looks for the mark after, and whoever moves lookups to it does as <see cref="Pointer.FenceAsync"/> says. So one
    /// of the two sees the other, and what began to be dropped is never kept.
    /// </summary>
    /// <param name="id">The run.</param>
    /// <param name="isNeeded">Whether the run is needed now.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>Whether it is to be dropped; false when it is kept, and the mark taken back.</returns>
    public async Task<bool> SettleRetirementAsync(string id, Func<Task<bool>> isNeeded, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(isNeeded);
        while (true)
        {
            var row = (await _table.GetEntityAsync<TableEntity>(id, RunRow, cancellationToken: cancellationToken)).Value;
            if (row.ContainsKey(Removing) || !row.ContainsKey(Retired))
            {
                return row.ContainsKey(Removing);
            }

            if (await isNeeded())
            {
                row.Remove(Retired);
            }
            else
            {
                row[Removing] = time.GetUtcNow();
            }

            await TryReplaceAsync(row, cancellationToken);
        }
    }

    /// <summary>Removes a run's markers and problems: what they said is in its books.</summary>
    public async Task RemoveUnitsAsync(string id, CancellationToken cancellationToken)
    {
        await _table.RemoveRowsAsync($"PartitionKey eq '{id}' and RowKey ge 'unit-' and RowKey lt 'unit.'", cancellationToken);
        await _table.RemoveRowsAsync($"PartitionKey eq '{id}' and RowKey ge 'problem-' and RowKey lt 'problem.'", cancellationToken);
    }

    /// <summary>Records that nothing of a run is left but its record.</summary>
    public async Task RemovedAsync(string id, CancellationToken cancellationToken)
    {
        await ChangeAsync(
            id,
            row =>
            {
                var first = !row.ContainsKey(Removed);
                row[Removed] = first ? time.GetUtcNow() : row[Removed];
                return first;
            },
            cancellationToken);
        await _table.UpdateEntityAsync(new TableEntity(Index, id) { [Cleared] = true }, ETag.All, TableUpdateMode.Merge, cancellationToken);
    }

    // Changes the record as it is read until nobody else writes in between, and gives it as it is then; nothing is written when the change says so.
    private async Task<Run> ChangeAsync(string id, Func<TableEntity, bool> change, CancellationToken cancellationToken)
    {
        TableEntity row;
        do
        {
            row = (await _table.GetEntityAsync<TableEntity>(id, RunRow, cancellationToken: cancellationToken)).Value;
        }
        while (change(row) && !await TryReplaceAsync(row, cancellationToken));
        return ToRun(row);
    }

    // False when somebody else wrote the record, or this write's answer was lost.
    private async Task<bool> TryReplaceAsync(TableEntity row, CancellationToken cancellationToken)
    {
        try
        {
            await _table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            return false;
        }
    }
}
