using Azure.Data.Tables;
using Clv.Functions.Telemetry;

namespace Clv.Functions.Night;

/// <summary>How a run goes on and ends: its state, and what is noted on its record on the way. Every change is conditional on the record as it was read.</summary>
public sealed class RunCourse
{
    private readonly RunRecord _record;
    private readonly RunUnits _units;
    private readonly TimeProvider _time;

    internal RunCourse(RunRecord record, RunUnits units, TimeProvider time) => (_record, _units, _time) = (record, units, time);

    /// <summary>
    /// Enters the last step, from which a run is not given up any more; of this and <see cref="FailAsync"/> only one succeeds.
    /// </summary>
    /// <returns>False when the run has failed or was given up.</returns>
    public async Task<bool> BeginPublishingAsync(string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            var row = await _record.GetAsync(id, cancellationToken);
            if (row.GetString("State") != nameof(RunState.Running))
            {
                return row.GetString("State") == nameof(RunState.Publishing);
            }

            var publishing = new TableEntity(id, RunRecord.Row) { ["State"] = nameof(RunState.Publishing) };
            if (await _record.TryWriteAsync(publishing, row.ETag, TableUpdateMode.Merge, cancellationToken))
            {
                return true;
            }
        }
    }

    /// <summary>Ends a run as failed; one in another state than <paramref name="from"/> stays as it is.</summary>
    /// <param name="id">The run.</param>
    /// <param name="reason">Why, as a sentence.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <param name="from">The state that it is ended from.</param>
    /// <param name="superseded">Whether another run takes its place, rather than that anything went wrong.</param>
    /// <returns>Whether this call ended it.</returns>
    public async Task<bool> FailAsync(
        string id, string reason, CancellationToken cancellationToken, RunState from = RunState.Running, bool superseded = false)
    {
        while (await _record.FindAsync(id, cancellationToken) is { } row && row.GetString("State") == from.ToString())
        {
            var ended = _record.Ended(id, RunState.Failed, reason);
            if (await _record.TryWriteAsync(ended, row.ETag, TableUpdateMode.Merge, cancellationToken))
            {
                await RunEnd.TellAsync(
                    RunRecord.Read(row) with { State = RunState.Failed, EndedAt = ended.GetDateTimeOffset("EndedAt") },
                    superseded ? "superseded" : "failed",
                    _units,
                    cancellationToken);
                return true;
            }
        }

        return false;
    }

    /// <summary>Holds a run that is complete; one that has been released, or is not running, stays as it is.</summary>
    /// <returns>Whether it is held now.</returns>
    public async Task<bool> HoldAsync(string id, string reason, CancellationToken cancellationToken)
    {
        var holds = false;
        var run = await _record.ChangeAsync(
            id,
            row =>
            {
                holds = RunRecord.Read(row) is { State: RunState.Running, ReleasedAt: null };
                if (holds)
                {
                    foreach (var (name, value) in _record.Ended(id, RunState.Held, reason))
                    {
                        row[name] = value;
                    }
                }

                return holds;
            },
            cancellationToken);
        if (holds)
        {
            await RunEnd.TellAsync(run, "held", _units, cancellationToken);
        }

        return run.State == RunState.Held;
    }

    /// <summary>Lets a held run go on, and records who said so; does nothing when that has happened before.</summary>
    /// <returns>False when it is not held and has not been released.</returns>
    public async Task<bool> ReleaseAsync(string id, string by, CancellationToken cancellationToken) => await _record.ChangeAsync(
        id,
        row =>
        {
            if (RunRecord.Read(row).State != RunState.Held)
            {
                return false;
            }

            (row["State"], row["ReleasedBy"], row["ReleasedAt"]) = (nameof(RunState.Running), by, _time.GetUtcNow());
            return true;
        },
        cancellationToken) is { State: RunState.Running or RunState.Publishing or RunState.Published, ReleasedAt: not null };

    /// <summary>Has later nights, up to a date, follow a run by themselves, besides those that follow it already.</summary>
    /// <returns>False when the run has ended, and is not held: then nothing follows it any more.</returns>
    public async Task<bool> RaiseUntilAsync(string id, DateOnly until, CancellationToken cancellationToken)
    {
        var accepted = false;
        await _record.ChangeAsync(
            id,
            row =>
            {
                accepted = row.GetString("State") is nameof(RunState.Running) or nameof(RunState.Publishing) or nameof(RunState.Held);
                if (!accepted || RunRecord.Read(row).Until >= until)
                {
                    return false;
                }

                row[RunRecord.Until] = until.ToString("O");
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
    public Task NoteRequeueAsync(string id, int done, string stall, CancellationToken cancellationToken) => _record.ChangeAsync(
        id,
        row =>
        {
            var run = RunRecord.Read(row);
            row["Requeued"] = run.Requeued + 1;
            row["RequeuedInVain"] = run.RequeuedAtDone == done ? run.RequeuedInVain + 1 : 1;
            row["RequeuedAtDone"] = done;
            row["Stall"] = stall;
            return true;
        },
        cancellationToken);
}
