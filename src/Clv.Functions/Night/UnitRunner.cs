using System.Diagnostics;
using Clv.Core.Extracts;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>
/// Runs units as their messages arrive. Delivery is at least once: a message may come twice, at the same time or after the process that
/// worked on it was killed between any two writes. So a finished unit is not worked on again, but its barrier is looked at again.
/// </summary>
public sealed class UnitRunner(
    RunTable runs, PlanWork plan, IEnumerable<IPhaseWork> work, WorkQueue queue, NightBlobs blobs, Pointer pointer, ILogger<UnitRunner> logger)
{
    private readonly Dictionary<Phase, IPhaseWork> _work = work.ToDictionary(static w => w.Phase);

    /// <summary>Does the unit that a message names, and what follows from it.</summary>
    public async Task RunAsync(WorkMessage message, CancellationToken cancellationToken)
    {
        await runs.EnsureAsync(cancellationToken);
        var run = message is { Phase: Phase.Plan, Date: { } date }
            ? await runs.CreateAsync(message.Run, date, cancellationToken)
            : await runs.FindAsync(message.Run, cancellationToken);
        if (run is null || run.State == RunState.Failed)
        {
            Log.Skipped(logger, message.Run, message.Phase, message.Unit, run is null ? "unknown" : "failed");
            return;
        }

        if (run.State == RunState.Held)
        {
            if (message.Phase == Phase.Publish)
            {
                await RestAsync(run.Id, run.Reason!, cancellationToken);
            }

            return;
        }

        if (run.Settings is { HistoryFormat: not RunSettings.CurrentHistoryFormat } && run.IsActive)
        {
            await runs.FailAsync(run.Id, "The run was planned by an earlier version of this program: start it again.", cancellationToken);
            return;
        }

        try
        {
            if (!await runs.IsDoneAsync(run.Id, message.Phase, message.Unit, cancellationToken))
            {
                var watch = Stopwatch.StartNew();
                await WorkAsync(run, message, cancellationToken);
                Log.Done(logger, run.Id, message.Phase, message.Unit, watch.Elapsed.TotalSeconds);
            }

            await PassBarrierAsync(run.Id, message.Phase, cancellationToken);
        }
        catch (NightHeldException e)
        {
            if (await runs.HoldAsync(run.Id, e.Message, cancellationToken))
            {
                await RestAsync(run.Id, e.Message, cancellationToken);
            }
        }
        catch (Exception e) when (e is NightRefusedException or ExtractRefusedException)
        {
            Log.Refused(logger, run.Id, message.Phase, message.Unit, e.Message);
            await runs.NoteProblemAsync(run.Id, message.Phase, message.Unit, e.Message, cancellationToken);
            await runs.FailAsync(run.Id, e.Message, cancellationToken);
        }
        catch (Exception e)
        {
            // The host delivers the message again; should that be the last time, FailUnit gives this as the run's reason.
            await runs.NoteProblemAsync(run.Id, message.Phase, message.Unit, $"{e.GetType().Name}: {e.Message}", CancellationToken.None);
            throw;
        }
    }

    /// <summary>Ends a run because one of its units failed for good.</summary>
    public async Task FailAsync(WorkMessage message, CancellationToken cancellationToken)
    {
        await runs.EnsureAsync(cancellationToken);
        if (message.Date is { } date)
        {
            // A run that could not even be recorded is recorded now, so that it can be seen to have failed.
            await runs.CreateAsync(message.Run, date, cancellationToken);
        }

        if (message.Phase == Phase.Publish && (await pointer.ReadAsync(cancellationToken))?.Newest == message.Run)
        {
            // All that mattered has happened; only the record of it is missing.
            await runs.CompleteAsync(message.Run, message.Phase, message.Unit, "{}", publishes: true, cancellationToken);
        }

        if (await runs.IsDoneAsync(message.Run, message.Phase, message.Unit, cancellationToken))
        {
            await PassBarrierAsync(message.Run, message.Phase, cancellationToken);
            return;
        }

        if (message.Phase == Phase.Announce)
        {
            // The night is published and stays so; that not all of its events could be told is on its record.
            await runs.CompleteAsync(message.Run, message.Phase, message.Unit, NightJson.Write(new AnnounceResult(0, Failed: true)), publishes: false, cancellationToken);
            await PassBarrierAsync(message.Run, message.Phase, cancellationToken);
            return;
        }

        var problem = await runs.ProblemAsync(message.Run, message.Phase, message.Unit, cancellationToken)
            ?? "no error could be noted; its process was ended, or storage could not be reached";
        var reason = $"Unit {message.Unit} of phase {message.Phase} failed every time it was tried. Last: {problem}";
        Log.Refused(logger, message.Run, message.Phase, message.Unit, reason);
        await runs.FailAsync(message.Run, reason, cancellationToken);
        await runs.FailAsync(message.Run, reason, cancellationToken, from: RunState.Publishing);
    }

    // An alarm hangs on the log's line, so it comes after the record and with every delivery: killed in between, it is told by the next one.
    private async Task RestAsync(string run, string reason, CancellationToken cancellationToken)
    {
        Log.Held(logger, run, reason);
        foreach (var spent in Names.SpentBeforePublishing(run))
        {
            await blobs.RemoveAsync(Names.Work, spent, cancellationToken);
        }
    }

    private async Task WorkAsync(Run run, WorkMessage message, CancellationToken cancellationToken)
    {
        if (message.Phase == Phase.Plan)
        {
            await plan.RunAsync(run, cancellationToken);
            return;
        }

        var settings = run.Settings ?? throw new InvalidOperationException($"Run {run.Id} has a unit of phase {message.Phase} but no plan.");
        if (message.Unit >= settings.Units(message.Phase))
        {
            throw new InvalidOperationException($"Run {run.Id} has no unit {message.Unit} in phase {message.Phase}.");
        }

        var result = await _work[message.Phase].RunAsync(run, settings, message.Unit, cancellationToken);
        await runs.CompleteAsync(run.Id, message.Phase, message.Unit, result, publishes: message.Phase == Phase.Publish, cancellationToken);
    }

    // Queue first, record after: killed in between, the units are queued again, which does no harm; the other order could lose them.
    private async Task PassBarrierAsync(string run, Phase phase, CancellationToken cancellationToken)
    {
        var progress = await runs.ProgressAsync(run, phase, cancellationToken);
        if (progress is null || !progress.IsDone || progress.NextQueued)
        {
            return;
        }

        if (phase == Phase.Announce)
        {
            await blobs.RemoveAsync(Names.Work, $"{run}/", cancellationToken);
        }
        else
        {
            var next = phase + 1;
            var units = (await runs.ProgressAsync(run, next, cancellationToken))!.Units;
            Log.PhaseDone(logger, run, phase, next, units);
            await queue.SendAsync(Enumerable.Range(0, units).Select(unit => new WorkMessage(run, next, unit)), cancellationToken);
        }

        await runs.NextQueuedAsync(run, phase, cancellationToken);
    }
}
