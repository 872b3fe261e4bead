using Azure;
using Azure.Data.Tables;
using Clv.Core.Estimation;
using Clv.Functions.Storage;
using Clv.Functions.Telemetry;

namespace Clv.Functions.Night;

/// <summary>
/// The table of runs. A run's record, its phases' counters and its units' markers share the run's partition, so that a unit is marked done
/// and counted in one entity-group transaction: never one without the other, and never twice.
/// </summary>
public sealed partial class RunTable(StorageAccount storage, TimeProvider time)
{
    private const string Index = "index";
    internal const string RunRow = "run";
    private const string Replaces = "Replaces";
    private const int MaxResult = 32_000;

    private readonly TableClient _table = storage.Tables.GetTableClient(Names.Runs);

    private volatile bool _exists;

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

    /// <summary>Records that a run exists; does nothing when it does.</summary>
    /// <param name="id">The run.</param>
    /// <param name="date">The date of its extracts.</param>
    /// <param name="until">The date up to which later nights follow it by themselves (<see cref="Run.Until"/>); null for none.</param>
    /// <param name="replaces">The run whose place it takes (<see cref="Run.Replaces"/>); null for none.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The run as it stands, which is another date's when that one was recorded first.</returns>
    public async Task<Run> CreateAsync(string id, DateOnly date, DateOnly? until, string? replaces, CancellationToken cancellationToken)
    {
        var run = new TableEntity(id, RunRow)
        {
            ["Date"] = date.ToString("O"),
            ["State"] = nameof(RunState.Running),
            ["StartedAt"] = time.GetUtcNow(),
        };
        if (until is { } last)
        {
            run[Until] = last.ToString("O");
        }

        if (replaces is not null)
        {
            run[Replaces] = replaces;
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
        await _table.GetEntityIfExistsAsync<TableEntity>(id, RunRow, cancellationToken: cancellationToken) is { HasValue: true, Value: { } row }
            ? ToRun(row)
            : null;

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
                case [RunRow]:
                    run = ToRun(row);
                    break;
                case ["phase", _, _]:
                    phases.Add(ToProgress(row));
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

    /// <summary>The first day of any row that a run has, of its extracts and of the history they were merged into; null when it is not known.</summary>
    public async Task<int?> FirstDayAsync(Run run, RunSettings settings, CancellationToken cancellationToken)
    {
        var first = settings.BaseFirstDay;
        foreach (var file in (await DetailsAsync(run.Id, cancellationToken))!.Results<IngestResult>(Phase.Ingest))
        {
            first = first is { } before && file.FirstDay is { } day ? Math.Min(before, day) : first ?? file.FirstDay;
        }

        return first;
    }

    /// <summary>Weeks that a run holds out to test its models; its extracts must have been ingested.</summary>
    public async Task<int> BacktestWeeksAsync(Run run, RunSettings settings, CancellationToken cancellationToken) =>
        await FirstDayAsync(run, settings, cancellationToken) is { } first
            ? BacktestWindow.Weeks(settings.BacktestWeeks, first, run.Date.DayNumber)
            : settings.BacktestWeeks;

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

    /// <summary>A phase's counter; null while the run is not planned.</summary>
    public async Task<PhaseProgress?> ProgressAsync(string id, Phase phase, CancellationToken cancellationToken) =>
        await _table.GetEntityIfExistsAsync<TableEntity>(id, PhaseRow(phase), cancellationToken: cancellationToken) is { HasValue: true, Value: { } row }
            ? ToProgress(row)
            : null;

    /// <summary>What a finished unit left behind.</summary>
    /// <exception cref="RequestFailedException">The unit is not done.</exception>
    public async Task<T> ResultAsync<T>(string id, Phase phase, int unit, CancellationToken cancellationToken) =>
        NightJson.Read<T>((await _table.GetEntityAsync<TableEntity>(id, UnitRow(phase, unit), cancellationToken: cancellationToken)).Value.GetString("Result")!);

    /// <summary>Whether a unit is done.</summary>
    public async Task<bool> IsDoneAsync(string id, Phase phase, int unit, CancellationToken cancellationToken) =>
        (await _table.GetEntityIfExistsAsync<TableEntity>(id, UnitRow(phase, unit), ["RowKey"], cancellationToken)).HasValue;

    /// <summary>
    /// Marks the plan as done: its settings, every phase's counter (the plan's own already full) and its marker, in one transaction.
    /// Does nothing when that has happened before.
    /// </summary>
    public async Task<UnitCompletion> CompletePlanAsync(string id, RunSettings settings, string result, CancellationToken cancellationToken)
    {
        var actions = new List<TableTransactionAction>
        {
            new(TableTransactionActionType.Add, Marker(id, Phase.Plan, 0, result)),
            new(TableTransactionActionType.UpdateMerge, new TableEntity(id, RunRow) { ["Settings"] = NightJson.Write(settings) }, ETag.All),
        };
        foreach (var phase in Enum.GetValues<Phase>())
        {
            var done = phase == Phase.Plan ? 1 : 0;
            var row = new TableEntity(id, PhaseRow(phase)) { ["Units"] = settings.Units(phase), ["Done"] = done, ["NextQueued"] = false };
            if (done == 1)
            {
                row["EndedAt"] = time.GetUtcNow();
            }

            actions.Add(new TableTransactionAction(TableTransactionActionType.Add, row));
        }

        var now = await SubmitOnceAsync(actions, cancellationToken) == Submission.Done;
        return new UnitCompletion(now, now);
    }

    /// <summary>Marks a unit as done and counts it, in one transaction; does nothing when that has happened before.</summary>
    /// <param name="id">The run.</param>
    /// <param name="phase">The unit's phase.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="result">What the unit leaves behind, as JSON of at most 32,000 characters.</param>
    /// <param name="publishes">Whether the run is published with it, as its last unit.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<UnitCompletion> CompleteAsync(string id, Phase phase, int unit, string result, bool publishes, CancellationToken cancellationToken)
    {
        if (result.Length > MaxResult)
        {
            throw new InvalidOperationException($"Unit {unit} of phase {phase} leaves {result.Length} characters behind; a column holds {MaxResult}.");
        }

        while (true)
        {
            var counter = (await _table.GetEntityAsync<TableEntity>(id, PhaseRow(phase), cancellationToken: cancellationToken)).Value;
            var done = counter.GetInt32("Done")!.Value + 1;
            var counted = new TableEntity(id, PhaseRow(phase)) { ["Done"] = done };
            var last = done == counter.GetInt32("Units");
            if (last)
            {
                counted["EndedAt"] = time.GetUtcNow();
            }

            var actions = new List<TableTransactionAction>
            {
                new(TableTransactionActionType.Add, Marker(id, phase, unit, result)),
                new(TableTransactionActionType.UpdateMerge, counted, counter.ETag),
            };
            if (publishes)
            {
                actions.Add(new(TableTransactionActionType.UpdateMerge, Ended(id, RunState.Published, reason: null), ETag.All));
            }

            var submission = await SubmitOnceAsync(actions, cancellationToken);
            if (submission != Submission.Moved)
            {
                var now = submission == Submission.Done;
                return new UnitCompletion(now, now && last);
            }

            // Another unit of the phase was counted in between. Units differ in length, so a short wait parts them.
            await Task.Delay(TimeSpan.FromMilliseconds(20 + (unit % 16 * 10)), time, cancellationToken);
        }
    }

    /// <summary>Records that the units of the next phase were queued.</summary>
    public async Task NextQueuedAsync(string id, Phase phase, CancellationToken cancellationToken) =>
        await _table.UpdateEntityAsync(
            new TableEntity(id, PhaseRow(phase)) { ["NextQueued"] = true }, ETag.All, TableUpdateMode.Merge, cancellationToken);

    /// <summary>
    /// Enters the last step, from which a run is not given up any more; of this and <see cref="FailAsync"/> only one succeeds.
    /// </summary>
    /// <returns>False when the run has failed or was given up.</returns>
    public async Task<bool> BeginPublishingAsync(string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            var row = (await _table.GetEntityAsync<TableEntity>(id, RunRow, cancellationToken: cancellationToken)).Value;
            if (row.GetString("State") != nameof(RunState.Running))
            {
                return row.GetString("State") == nameof(RunState.Publishing);
            }

            try
            {
                var publishing = new TableEntity(id, RunRow) { ["State"] = nameof(RunState.Publishing) };
                await _table.UpdateEntityAsync(publishing, row.ETag, TableUpdateMode.Merge, cancellationToken);
                return true;
            }
            catch (RequestFailedException e) when (e.Status == 412)
            {
                // Somebody else wrote the record, or this write's answer was lost: look again.
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
        while (await _table.GetEntityIfExistsAsync<TableEntity>(id, RunRow, cancellationToken: cancellationToken) is { HasValue: true, Value: { } row }
            && row.GetString("State") == from.ToString())
        {
            try
            {
                var ended = Ended(id, RunState.Failed, reason);
                await _table.UpdateEntityAsync(ended, row.ETag, TableUpdateMode.Merge, cancellationToken);
                await TellEndAsync(
                    ToRun(row) with { State = RunState.Failed, EndedAt = ended.GetDateTimeOffset("EndedAt") }, superseded ? "superseded" : "failed", cancellationToken);
                return true;
            }
            catch (RequestFailedException e) when (e.Status == 412)
            {
                // Somebody else wrote the record: look again.
            }
        }

        return false;
    }

    /// <summary>Holds a run that is complete; one that has been released, or is not running, stays as it is.</summary>
    /// <returns>Whether it is held now.</returns>
    public async Task<bool> HoldAsync(string id, string reason, CancellationToken cancellationToken)
    {
        var holds = false;
        var run = await ChangeAsync(
            id,
            row =>
            {
                holds = ToRun(row) is { State: RunState.Running, ReleasedAt: null };
                if (holds)
                {
                    foreach (var (name, value) in Ended(id, RunState.Held, reason))
                    {
                        row[name] = value;
                    }
                }

                return holds;
            },
            cancellationToken);
        if (holds)
        {
            await TellEndAsync(run, "held", cancellationToken);
        }

        return run.State == RunState.Held;
    }

    /// <summary>Lets a held run go on, and records who said so; does nothing when that has happened before.</summary>
    /// <returns>False when it is not held and has not been released.</returns>
    public async Task<bool> ReleaseAsync(string id, string by, CancellationToken cancellationToken) => await ChangeAsync(
        id,
        row =>
        {
            if (ToRun(row).State != RunState.Held)
            {
                return false;
            }

            (row["State"], row["ReleasedBy"], row["ReleasedAt"]) = (nameof(RunState.Running), by, time.GetUtcNow());
            return true;
        },
        cancellationToken) is { State: RunState.Running or RunState.Publishing or RunState.Published, ReleasedAt: not null };

    /// <summary>Notes what went wrong in a unit, in place of what was noted before.</summary>
    public async Task NoteProblemAsync(string id, Phase phase, int unit, string problem, CancellationToken cancellationToken) =>
        await _table.UpsertEntityAsync(
            new TableEntity(id, ProblemRow(phase, unit)) { ["Problem"] = problem.Length > 8000 ? problem[..8000] : problem },
            TableUpdateMode.Replace,
            cancellationToken);

    /// <summary>What was last noted of a unit, or null.</summary>
    public async Task<string?> ProblemAsync(string id, Phase phase, int unit, CancellationToken cancellationToken) =>
        await _table.GetEntityIfExistsAsync<TableEntity>(id, ProblemRow(phase, unit), cancellationToken: cancellationToken)
            is { HasValue: true, Value: { } row } ? row.GetString("Problem") : null;

    private static string PhaseRow(Phase phase) => $"phase-{(int)phase}-{phase.Code()}";

    internal static string UnitRow(Phase phase, int unit) => $"unit-{(int)phase}-{phase.Code()}-{unit:D5}";

    private static string ProblemRow(Phase phase, int unit) => $"problem-{(int)phase}-{phase.Code()}-{unit:D5}";

    private static TableEntity Marker(string id, Phase phase, int unit, string result) => new(id, UnitRow(phase, unit)) { ["Result"] = result };

    private static Run ToRun(TableEntity row) => new(
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
        RetiredAt = row.GetDateTimeOffset(Retired),
        RemovingAt = row.GetDateTimeOffset(Removing),
        RemovedAt = row.GetDateTimeOffset(Removed),
    };

    private static PhaseProgress ToProgress(TableEntity row) => new(
        Enum.Parse<Phase>(row.RowKey.Split('-')[2], ignoreCase: true),
        row.GetInt32("Units")!.Value,
        row.GetInt32("Done")!.Value,
        row.GetBoolean("NextQueued")!.Value,
        row.GetDateTimeOffset("EndedAt"));

    private TableEntity Ended(string id, RunState state, string? reason)
    {
        var row = new TableEntity(id, RunRow) { ["State"] = state.ToString(), ["EndedAt"] = time.GetUtcNow() };
        if (reason is not null)
        {
            row["Reason"] = reason.Length > 8000 ? reason[..8000] : reason;
        }

        return row;
    }

    /// <summary>The counters of all phases, in their order; empty while the run is not planned.</summary>
    public async Task<IReadOnlyList<PhaseProgress>> PhasesAsync(string id, CancellationToken cancellationToken)
    {
        var phases = new List<PhaseProgress>();
        await foreach (var row in _table.QueryAsync<TableEntity>(
            $"PartitionKey eq '{id}' and RowKey ge 'phase-' and RowKey lt 'phase.'", cancellationToken: cancellationToken))
        {
            phases.Add(ToProgress(row));
        }

        return phases;
    }

    /// <summary>Tells the night's metrics and its trace that a run has ended, by this very call.</summary>
    /// <param name="run">The run as it is now.</param>
    /// <param name="outcome">held, failed or superseded.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    private async Task TellEndAsync(Run run, string outcome, CancellationToken cancellationToken)
    {
        NightMetrics.Ended(outcome);
        if (NightTrace.Of(run) is { } trace)
        {
            trace.Ended(outcome, await PhasesAsync(run.Id, cancellationToken));
        }
    }

    private async Task<Submission> SubmitOnceAsync(List<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        try
        {
            await _table.SubmitTransactionAsync(actions, cancellationToken);
            return Submission.Done;
        }
        catch (TableTransactionFailedException e) when (e.Status == 409)
        {
            // The marker exists: this very unit was completed before, perhaps by a try whose answer was lost.
            return Submission.DoneBefore;
        }
        catch (TableTransactionFailedException e) when (e.Status == 412)
        {
            return Submission.Moved;
        }
    }

    private enum Submission
    {
        // In effect by this call.
        Done,

        // In effect by an earlier one.
        DoneBefore,

        // Not in effect: the counter has moved.
        Moved,
    }
}
