using Azure;
using Azure.Data.Tables;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>
/// What is done of a run: a marker per finished unit with what it left behind, a counter per phase that is its barrier, and what went wrong in units.
/// </summary>
public sealed class RunUnits
{
    private const int MaxResult = 32_000;
    private const int MaxProblem = 8000;

    private readonly TableClient _table;
    private readonly RunRecord _record;
    private readonly TimeProvider _time;

    internal RunUnits(TableClient table, RunRecord record, TimeProvider time) => (_table, _record, _time) = (table, record, time);

    /// <summary>A phase's counter; null while the run is not planned.</summary>
    public async Task<PhaseProgress?> ProgressAsync(string id, Phase phase, CancellationToken cancellationToken) =>
        await _table.GetEntityIfExistsAsync<TableEntity>(id, PhaseRow(phase), cancellationToken: cancellationToken) is { HasValue: true, Value: { } row }
            ? ReadProgress(row)
            : null;

    /// <summary>The counters of all phases, in their order; empty while the run is not planned.</summary>
    public async Task<IReadOnlyList<PhaseProgress>> PhasesAsync(string id, CancellationToken cancellationToken)
    {
        var phases = new List<PhaseProgress>();
        await foreach (var row in _table.QueryAsync<TableEntity>(
            $"PartitionKey eq '{id}' and RowKey ge 'phase-' and RowKey lt 'phase.'", cancellationToken: cancellationToken))
        {
            phases.Add(ReadProgress(row));
        }

        return phases;
    }

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
            new(TableTransactionActionType.UpdateMerge, new TableEntity(id, RunRecord.Row) { ["Settings"] = NightJson.Write(settings) }, ETag.All),
        };
        foreach (var phase in Enum.GetValues<Phase>())
        {
            var done = phase == Phase.Plan ? 1 : 0;
            var row = new TableEntity(id, PhaseRow(phase)) { ["Units"] = settings.Units(phase), ["Done"] = done, ["NextQueued"] = false };
            if (done == 1)
            {
                row["EndedAt"] = _time.GetUtcNow();
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
                counted["EndedAt"] = _time.GetUtcNow();
            }

            var actions = new List<TableTransactionAction>
            {
                new(TableTransactionActionType.Add, Marker(id, phase, unit, result)),
                new(TableTransactionActionType.UpdateMerge, counted, counter.ETag),
            };
            if (publishes)
            {
                actions.Add(new(TableTransactionActionType.UpdateMerge, _record.Ended(id, RunState.Published, reason: null), ETag.All));
            }

            var submission = await SubmitOnceAsync(actions, cancellationToken);
            if (submission != Submission.Moved)
            {
                var now = submission == Submission.Done;
                return new UnitCompletion(now, now && last);
            }

            // Another unit of the phase was counted in between. Units differ in length, so a short wait parts them.
            await Task.Delay(TimeSpan.FromMilliseconds(20 + (unit % 16 * 10)), _time, cancellationToken);
        }
    }

    /// <summary>Records that the units of the next phase were queued.</summary>
    public async Task NextQueuedAsync(string id, Phase phase, CancellationToken cancellationToken) =>
        await _table.UpdateEntityAsync(
            new TableEntity(id, PhaseRow(phase)) { ["NextQueued"] = true }, ETag.All, TableUpdateMode.Merge, cancellationToken);

    /// <summary>Notes what went wrong in a unit, in place of what was noted before.</summary>
    public async Task NoteProblemAsync(string id, Phase phase, int unit, string problem, CancellationToken cancellationToken) =>
        await _table.UpsertEntityAsync(
            new TableEntity(id, ProblemRow(phase, unit)) { ["Problem"] = problem.Length > MaxProblem ? problem[..MaxProblem] : problem },
            TableUpdateMode.Replace,
            cancellationToken);

    /// <summary>What was last noted of a unit, or null.</summary>
    public async Task<string?> ProblemAsync(string id, Phase phase, int unit, CancellationToken cancellationToken) =>
        await _table.GetEntityIfExistsAsync<TableEntity>(id, ProblemRow(phase, unit), cancellationToken: cancellationToken)
            is { HasValue: true, Value: { } row } ? row.GetString("Problem") : null;

    /// <summary>Removes a run's markers and problems: what they said is in its books.</summary>
    public async Task RemoveUnitsAsync(string id, CancellationToken cancellationToken)
    {
        await _table.RemoveRowsAsync($"PartitionKey eq '{id}' and RowKey ge 'unit-' and RowKey lt 'unit.'", cancellationToken);
        await _table.RemoveRowsAsync($"PartitionKey eq '{id}' and RowKey ge 'problem-' and RowKey lt 'problem.'", cancellationToken);
    }

    private static string PhaseRow(Phase phase) => $"phase-{(int)phase}-{phase.Code()}";

    internal static string UnitRow(Phase phase, int unit) => $"unit-{(int)phase}-{phase.Code()}-{unit:D5}";

    private static string ProblemRow(Phase phase, int unit) => $"problem-{(int)phase}-{phase.Code()}-{unit:D5}";

    private static TableEntity Marker(string id, Phase phase, int unit, string result) => new(id, UnitRow(phase, unit)) { ["Result"] = result };

    internal static PhaseProgress ReadProgress(TableEntity row) => new(
        Enum.Parse<Phase>(row.RowKey.Split('-')[2], ignoreCase: true),
        row.GetInt32("Units")!.Value,
        row.GetInt32("Done")!.Value,
        row.GetBoolean("NextQueued")!.Value,
        row.GetDateTimeOffset("EndedAt"));

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
