using Azure.Data.Tables;

namespace Clv.Functions.Night;

/// <summary>How an ended run comes to be dropped: marked, settled, removed. Every change is conditional on the record as it was read.</summary>
public sealed class RunRetirement
{
    private readonly RunRecord _record;
    private readonly TimeProvider _time;

    internal RunRetirement(RunRecord record, TimeProvider time) => (_record, _time) = (record, time);

    /// <summary>Marks an ended run as one that is not kept any more; whether that stands is settled after (<see cref="SettleAsync"/>).</summary>
    public Task MarkAsync(string id, CancellationToken cancellationToken) => _record.ChangeAsync(
        id,
        row =>
        {
            if (row.ContainsKey(RunRecord.RetiredAt) || RunRecord.Read(row).IsActive)
            {
                return false;
            }

            row[RunRecord.RetiredAt] = _time.GetUtcNow();
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
    public async Task<bool> SettleAsync(string id, Func<Task<bool>> isNeeded, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(isNeeded);
        while (true)
        {
            var row = await _record.GetAsync(id, cancellationToken);
            if (row.ContainsKey(RunRecord.RemovingAt) || !row.ContainsKey(RunRecord.RetiredAt))
            {
                return row.ContainsKey(RunRecord.RemovingAt);
            }

            if (await isNeeded())
            {
                row.Remove(RunRecord.RetiredAt);
            }
            else
            {
                row[RunRecord.RemovingAt] = _time.GetUtcNow();
            }

            await _record.TryWriteAsync(row, row.ETag, TableUpdateMode.Replace, cancellationToken);
        }
    }

    /// <summary>Records that nothing of a run is left but its record.</summary>
    public async Task RemovedAsync(string id, CancellationToken cancellationToken) => await _record.ChangeAsync(
        id,
        row =>
        {
            var first = !row.ContainsKey(RunRecord.RemovedAt);
            row[RunRecord.RemovedAt] = first ? _time.GetUtcNow() : row[RunRecord.RemovedAt];
            return first;
        },
        cancellationToken);
}
