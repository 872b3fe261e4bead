using Azure;
using Azure.Data.Tables;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>
/// The table of runs: which there are, and what is known of each. A run's record, its phases' counters and its units' markers share the run's
/// partition, so that a unit is marked done and counted in one entity-group transaction: never one without the other, and never twice.
/// </summary>
public sealed class RunTable
{
    private const string Index = "index";

    // In the index: nothing of the run is left to look after.
    private const string Cleared = "Cleared";

    private readonly TableClient _table;
    private readonly TimeProvider _time;
    private readonly RunRecord _record;

    private volatile bool _exists;

    /// <summary>The table of an account.</summary>
    public RunTable(StorageAccount storage, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(storage);
        (_table, _time) = (storage.Tables.GetTableClient(Names.Runs), time);
        _record = new RunRecord(_table, time);
        Units = new RunUnits(_table, _record, time);
        Course = new RunCourse(_record, Units, time);
        Retirement = new RunRetirement(_record, time);
    }

    /// <summary>What is done of a run.</summary>
    public RunUnits Units { get; }

    /// <summary>How a run goes on and ends.</summary>
    public RunCourse Course { get; }

    /// <summary>How a run comes to be dropped.</summary>
    public RunRetirement Retirement { get; }

    /// <summary>Creates the table when it is missing.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (!_exists)
        {
            await _table.CreateIfNotExistsAsync(cancellationToken);
            _exists = true;
        }
    }

    /// <summary>The ids of all runs, in the order in which they were started.</summary>
    public async Task<IReadOnlyList<string>> IdsAsync(CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        await foreach (var row in _table.QueryAsync<TableEntity>($"PartitionKey eq '{Index}'", select: ["RowKey"], cancellationToken: cancellationToken))
        {
            ids.Add(row.RowKey);
        }

        return ids;
    }

    /// <summary>The id of the run started last, or null before the first.</summary>
    public async Task<string?> LastIdAsync(CancellationToken cancellationToken) =>
        await IdsAsync(cancellationToken) is [.., var last] ? last : null;

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

    /// <summary>Takes a run of which nothing is left but its record from those that are looked after (<see cref="OpenAsync"/>).</summary>
    public async Task ClearAsync(string id, CancellationToken cancellationToken) =>
        await _table.UpdateEntityAsync(new TableEntity(Index, id) { [Cleared] = true }, ETag.All, TableUpdateMode.Merge, cancellationToken);

    /// <summary>Records that a run exists; does nothing when it does.</summary>
    /// <param name="id">The run.</param>
    /// <param name="date">The date of its extracts.</param>
    /// <param name="until">The date up to which later nights follow it by themselves (<see cref="Run.Until"/>); null for none.</param>
    /// <param name="replaces">The run whose place it takes (<see cref="Run.Replaces"/>); null for none.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The run as it stands, which is another date's when that one was recorded first.</returns>
    public async Task<Run> CreateAsync(string id, DateOnly date, DateOnly? until, string? replaces, CancellationToken cancellationToken)
    {
        var run = new TableEntity(id, RunRecord.Row)
        {
            ["Date"] = date.ToString("O"),
            ["State"] = nameof(RunState.Running),
            ["StartedAt"] = _time.GetUtcNow(),
        };
        if (until is { } last)
        {
            run[RunRecord.Until] = last.ToString("O");
        }

        if (replaces is not null)
        {
            run[RunRecord.Replaces] = replaces;
        }

        await InsertAsync(run);
        await InsertAsync(new TableEntity(Index, id));
        return await FindAsync(id, cancellationToken) ?? throw new InvalidOperationException($"Run {id} vanished while it was created.");

        async Task InsertAsync(TableEntity row)
        {
            try
            {
                await _table.AddEntityAsync(row, cancellationToken);
            }
            catch (RequestFailedException e) when (e.Status == 409)
            {
                // Another starter, or this message's first delivery, was here before.
            }
        }
    }

    /// <summary>A run's record, or null.</summary>
    public async Task<Run?> FindAsync(string id, CancellationToken cancellationToken) =>
        await _record.FindAsync(id, cancellationToken) is { } row ? RunRecord.Read(row) : null;

    /// <summary>Everything known of a run, or null.</summary>
    public async Task<RunDetails?> DetailsAsync(string id, CancellationToken cancellationToken)
    {
        Run? run = null;
        var phases = new List<PhaseProgress>();
        var markers = new List<UnitMarker>();
        var problems = new List<string>();
        await foreach (var row in _table.QueryAsync<TableEntity>($"PartitionKey eq '{id}'", cancellationToken: cancellationToken))
        {
            switch (row.RowKey.Split('-'))
            {
                case [RunRecord.Row]:
                    run = RunRecord.Read(row);
                    break;
                case ["phase", _, _]:
                    phases.Add(RunUnits.ReadProgress(row));
                    break;
                case ["unit", _, var phase, var unit]:
                    // By name: runs of an earlier version numbered their phases otherwise.
                    if (Enum.TryParse<Phase>(phase, ignoreCase: true, out var of))
                    {
                        markers.Add(new UnitMarker(of, int.Parse(unit), row.GetString("Result")!));
                    }

                    break;
                case ["problem", _, var phase, var unit]:
                    problems.Add($"{phase} {int.Parse(unit)}: {row.GetString("Problem")}");
                    break;
            }
        }

        if (run?.Stall is { } stall)
        {
            problems.Add(stall);
        }

        return run is null ? null : new RunDetails(run, phases, markers, problems);
    }

    /// <summary>When anything of a run was last written, by the service's clock; null without a run.</summary>
    public async Task<DateTimeOffset?> LastProgressAsync(string id, CancellationToken cancellationToken)
    {
        DateTimeOffset? last = null;
        await foreach (var row in _table.QueryAsync<TableEntity>($"PartitionKey eq '{id}'", select: ["Timestamp"], cancellationToken: cancellationToken))
        {
            last = last > row.Timestamp ? last : row.Timestamp;
        }

        return last;
    }

    /// <summary>What the storage service's own clock says, to the second: a jump of this machine's clock is not one of the service's.</summary>
    public async Task<DateTimeOffset> ServiceTimeAsync(CancellationToken cancellationToken) =>
        (await _table.GetEntityIfExistsAsync<TableEntity>(Index, Index, ["RowKey"], cancellationToken)).GetRawResponse().Headers.Date
        ?? throw new InvalidOperationException("The table service's answer has no date.");
}
