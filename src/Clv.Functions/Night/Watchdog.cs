using Clv.Functions.Telemetry;

namespace Clv.Functions.Night;

/// <summary>
/// Looks after runs whose work has stopped, such as for a message that was lost: queues again what is missing, and gives a run up when that does
/// not help. Time is the storage service's alone, that of its rows and of its answers, so no clock of a machine makes a run look stuck.
/// </summary>
public sealed class Watchdog(
    RunTable runs,
    UnitRunner units,
    WorkQueue queue,
    Pointer pointer,
    ScoreExport export,
    ClvOptions options,
    TimeProvider time,
    ILogger<Watchdog> logger)
{
    /// <summary>How often in a row what is missing is queued again before the run is given up.</summary>
    public const int MostInVain = 3;

    private const int Named = 10;

    /// <summary>Looks once.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await runs.EnsureAsync(cancellationToken);
        await queue.EnsureAsync(cancellationToken);
        await LookAtServedAsync(cancellationToken);
        var open = await runs.OpenAsync(cancellationToken);
        foreach (var run in open)
        {
            if (run.IsActive || (run is { State: RunState.Published, RetiredAt: null }
                && await runs.Units.ProgressAsync(run.Id, Phase.Announce, cancellationToken) is { NextQueued: false }))
            {
                await LookAtAsync(run, cancellationToken);
            }
        }

        foreach (var run in open.Where(static run => run is { State: RunState.Published, RetiredAt: null }))
        {
            await export.RestoreMissingAsync(run.Id, cancellationToken);
        }
    }

    private async Task LookAtServedAsync(CancellationToken cancellationToken)
    {
        if (await pointer.ReadAsync(cancellationToken) is not { } served)
        {
            return;
        }

        if (await runs.FindAsync(served.Run, cancellationToken) is { State: RunState.Failed } run)
        {
            // Given up in the moment in which it was published after all.
            await units.GiveUpAsync(new WorkMessage(run.Id, Phase.Publish, 0), run.Reason ?? "", cancellationToken);
            Log.ServedNotPublished(logger, run.Id, run.State);
        }

        var age = time.GetUtcNow() - served.PublishedAt;
        if (age.TotalHours > options.LateHours)
        {
            Log.Late(logger, served.Run, served.Date, age.TotalHours);
        }
    }

    private async Task LookAtAsync(Run run, CancellationToken cancellationToken)
    {
        var idle = await runs.ServiceTimeAsync(cancellationToken) - await runs.LastProgressAsync(run.Id, cancellationToken);
        if (idle is not { } still || still < TimeSpan.FromMinutes(options.StuckMinutes))
        {
            return;
        }

        var details = (await runs.DetailsAsync(run.Id, cancellationToken))!;
        var phase = details.Phases.FirstOrDefault(static progress => !progress.IsDone || !progress.NextQueued)
            ?? new PhaseProgress(Phase.Plan, Units: 1, Done: 0, NextQueued: false, EndedAt: null);
        var finished = details.Markers.Where(marker => marker.Phase == phase.Phase).Select(static marker => marker.Unit).ToHashSet();
        var missing = Enumerable.Range(0, phase.Units).Where(unit => !finished.Contains(unit)).ToList();
        var what = phase.IsDone
            ? $"phase {phase.Phase} is complete, but what follows it was not queued"
            : $"of phase {phase.Phase}, {missing.Count} of {phase.Units} units are missing ({string.Join(", ", missing.Take(Named))}{(missing.Count > Named ? " ..." : "")})";
        var done = details.Phases.Sum(static progress => progress.Done);
        if (run.RequeuedInVain >= MostInVain && run.RequeuedAtDone == done)
        {
            await GiveUpAsync(run, phase.Phase, missing, what, cancellationToken);
            return;
        }

        // Queued first, noted after: killed in between, it is queued once more.
        if (phase.IsDone)
        {
            await units.PassBarrierAsync(run.Id, phase.Phase, last: false, cancellationToken);
        }
        else
        {
            using var span = NightTrace.Of(run)?.StartSend(phase.Phase, missing.Count, again: true);
            await queue.SendAsync(
                missing.Select(unit => phase.Phase == Phase.Plan
                    ? new WorkMessage(run.Id, Phase.Plan, unit, run.Date, run.Until)
                    : new WorkMessage(run.Id, phase.Phase, unit)),
                cancellationToken);
        }

        var stall = $"Nothing was done for {still.TotalMinutes:0} minutes: {what}; this was queued again.";
        await runs.Course.NoteRequeueAsync(run.Id, done, stall, cancellationToken);
        Log.Requeued(logger, run.Id, stall);
    }

    private async Task GiveUpAsync(Run run, Phase phase, List<int> missing, string what, CancellationToken cancellationToken)
    {
        string? problem = null;
        foreach (var unit in missing)
        {
            problem ??= await runs.Units.ProblemAsync(run.Id, phase, unit, cancellationToken);
        }

        var reason = $"Nothing was done any more although it was queued again {MostInVain} times: {what}. "
            + $"Last problem: {problem ?? "none was noted; check that the function app runs and can reach its queue"}";
        Log.GivenUp(logger, run.Id, reason);
        if (phase != Phase.Announce)
        {
            await units.GiveUpAsync(new WorkMessage(run.Id, phase, missing.FirstOrDefault()), reason, cancellationToken);
            return;
        }

        // The night is published and stays so.
        foreach (var unit in missing)
        {
            await units.GiveUpAsync(new WorkMessage(run.Id, phase, unit), reason, cancellationToken);
        }

        await units.PassBarrierAsync(run.Id, phase, last: false, cancellationToken);
    }
}
