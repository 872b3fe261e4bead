using System.Diagnostics;
using Azure;
using Azure.Storage.Blobs.Models;
using Clv.Core.Extracts;
using Clv.Core.History;
using Clv.Functions.Privacy;
using Clv.Functions.Storage;
using Clv.Functions.Telemetry;

namespace Clv.Functions.Night;

/// <summary>
/// Runs units as their messages arrive. Delivery is at least once: a message may come twice, at the same time or after the process that
/// worked on it was killed between any two writes. So a finished unit is not worked on again, but its barrier is looked at again.
/// </summary>
public sealed class UnitRunner(
    RunTable runs,
    PlanWork plan,
    IEnumerable<IPhaseWork> work,
    WorkQueue queue,
    NightBlobs blobs,
    Pointer pointer,
    NightStarter starter,
    Retention retention,
    Eraser eraser,
    ILogger<UnitRunner> logger)
{
    private readonly Dictionary<Phase, IPhaseWork> _work = work.ToDictionary(static w => w.Phase);

    /// <summary>Does the unit that a message names, and what follows from it.</summary>
    public async Task RunAsync(WorkMessage message, CancellationToken cancellationToken)
    {
        await runs.EnsureAsync(cancellationToken);
        var run = await FindAsync(message, cancellationToken);
        if (run is null)
        {
            return;
        }

        using var span = NightTrace.Of(run)?.StartUnit(message);
        try
        {
            var outcome = await RunAsync(run, message, cancellationToken);
            span?.End(outcome);
        }
        catch (Exception e)
        {
            span?.Fail(e);
            throw;
        }
    }

    // Gives what came of it, as the trace has it.
    private async Task<string> RunAsync(Run run, WorkMessage message, CancellationToken cancellationToken)
    {
        try
        {
            if (run.RemovingAt is not null)
            {
                // Nothing of it is kept but its report.
                Log.Skipped(logger, message.Run, message.Phase, message.Unit, "retired");
                return "skipped";
            }

            await ForgetAsync(run, message, cancellationToken);
            if (run.State == RunState.Failed)
            {
                Log.Skipped(logger, message.Run, message.Phase, message.Unit, "failed");
                return "skipped";
            }

            if (run.State == RunState.Held)
            {
                if (message.Phase == Phase.Publish)
                {
                    await RestAsync(run.Id, run.Reason!, cancellationToken);
                }

                return "held";
            }

            if (run.Settings is { HistoryFormat: not RunSettings.CurrentHistoryFormat } && run.IsActive)
            {
                await runs.Course.FailAsync(run.Id, "The run was planned by an earlier version of this program: start it again.", cancellationToken);
                return "refused";
            }

            if (await runs.Units.IsDoneAsync(run.Id, message.Phase, message.Unit, cancellationToken))
            {
                await PassBarrierAsync(run.Id, message.Phase, last: false, cancellationToken);
                return "again";
            }

            var watch = Stopwatch.StartNew();
            var completion = await WorkAsync(run, message, watch, cancellationToken);
            Log.Done(logger, run.Id, message.Phase, message.Unit, watch.Elapsed.TotalSeconds);
            if (!completion.First)
            {
                await TidyAsync(run.Id, cancellationToken);
            }

            await PassBarrierAsync(run.Id, message.Phase, completion, cancellationToken);
            return completion.First ? "done" : "again";
        }
        catch (NightHeldException e)
        {
            if (await runs.Course.HoldAsync(run.Id, e.Message, cancellationToken))
            {
                await RestAsync(run.Id, e.Message, cancellationToken);
            }

            return "held";
        }
        catch (Exception e) when (e is NightRefusedException or ExtractRefusedException or OversizedCustomerException)
        {
            Log.Refused(logger, run.Id, message.Phase, message.Unit, e.Message);
            await runs.Units.NoteProblemAsync(run.Id, message.Phase, message.Unit, e.Message, cancellationToken);
            await runs.Course.FailAsync(run.Id, run.Ending(e.Message), cancellationToken);
            return "refused";
        }
        catch (Exception e)
        {
            // The host delivers the message again; should that be the last time, FailUnit gives this as the run's reason.
            await runs.Units.NoteProblemAsync(run.Id, message.Phase, message.Unit, $"{e.GetType().Name}: {e.Message}", CancellationToken.None);
            throw;
        }
    }

    /// <summary>Ends a run because one of its units failed for good.</summary>
    public async Task FailAsync(WorkMessage message, CancellationToken cancellationToken)
    {
        await runs.EnsureAsync(cancellationToken);
        // A run that could not even be recorded is recorded now, so that it can be seen to have failed.
        if (await FindAsync(message, cancellationToken) is { RemovingAt: null } run)
        {
            await ForgetAsync(run, message, cancellationToken);
            var problem = await runs.Units.ProblemAsync(message.Run, message.Phase, message.Unit, cancellationToken)
                ?? "no error could be noted; its process was ended, or storage could not be reached";
            await GiveUpAsync(message, $"Unit {message.Unit} of phase {message.Phase} failed every time it was tried. Last: {problem}", cancellationToken);
        }
    }

    /// <summary>
    /// Ends a run whose unit will not be done any more, unless it is done, or what mattered of it is. A run that is published stays so.
    /// </summary>
    public async Task GiveUpAsync(WorkMessage message, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Phase == Phase.Publish && (await pointer.ReadAsync(cancellationToken))?.Newest == message.Run)
        {
            // All that mattered has happened; only the record of it is missing.
            await CompleteAsync(message, NightJson.Write(new PublishResult()), cancellationToken);
        }

        if (await runs.Units.IsDoneAsync(message.Run, message.Phase, message.Unit, cancellationToken))
        {
            await PassBarrierAsync(message.Run, message.Phase, last: false, cancellationToken);
            return;
        }

        if (message.Phase == Phase.Announce)
        {
            // The night is published and stays so; that not all of its events could be told is on its record. The alarm first: killed in between, it
            // is told again.
            Log.Untold(logger, message.Run, message.Unit, reason);
            var completion = await CompleteAsync(message, NightJson.Write(new AnnounceResult(0, Failed: true)), cancellationToken);
            await PassBarrierAsync(message.Run, message.Phase, completion, cancellationToken);
            return;
        }

        var ending = (await runs.FindAsync(message.Run, cancellationToken))?.Ending(reason) ?? reason;
        Log.Refused(logger, message.Run, message.Phase, message.Unit, ending);
        await runs.Course.FailAsync(message.Run, ending, cancellationToken);
        await runs.Course.FailAsync(message.Run, ending, cancellationToken, from: RunState.Publishing);
    }

    // An earlier delivery of the same message may have written after people were erased from the run, and been killed.
    private async Task ForgetAsync(Run run, WorkMessage message, CancellationToken cancellationToken)
    {
        if (run.MayBeErasedFrom && run.Settings is { HistoryFormat: RunSettings.CurrentHistoryFormat } settings && _work.TryGetValue(message.Phase, out var work))
        {
            await work.ForgetAsync(run, settings, message.Unit, cancellationToken);
        }
    }

    // A message of no run, or of a unit that its run does not have, is nobody's work: it is told, and does not come back.
    private async Task<Run?> FindAsync(WorkMessage message, CancellationToken cancellationToken)
    {
        var run = message is { Phase: Phase.Plan, Date: { } date }
            ? await runs.CreateAsync(message.Run, date, message.Until, message.Replaces, cancellationToken)
            : await runs.FindAsync(message.Run, cancellationToken);
        var problem = run is null ? "There is no such run."
            : run.Settings is { HistoryFormat: not RunSettings.CurrentHistoryFormat } ? null
            : message.Unit >= (run.Settings?.Units(message.Phase) ?? (message.Phase == Phase.Plan ? 1 : 0)) ? "The run has no such unit."
            : null;
        if (problem is null)
        {
            return run;
        }

        Log.UnknownUnit(logger, message.Run, message.Phase, message.Unit, problem);
        return null;
    }

    // An alarm hangs on the log's line, so it comes after the record and with every delivery: killed in between, it is told by the next one.
    private async Task RestAsync(string run, string reason, CancellationToken cancellationToken)
    {
        Log.Held(logger, run, reason);
        await blobs.RemoveSpentAsync(run, cancellationToken);
    }

    private async Task<UnitCompletion> WorkAsync(Run run, WorkMessage message, Stopwatch watch, CancellationToken cancellationToken)
    {
        UnitCompletion completion;
        string? result = null;
        if (message.Phase == Phase.Plan)
        {
            completion = await plan.RunAsync(run, cancellationToken);
        }
        else
        {
            var settings = run.Settings ?? throw new InvalidOperationException($"Run {run.Id} has a unit of phase {message.Phase} but no plan.");
            result = await ResultAsync(_work[message.Phase], run, settings, message.Unit, cancellationToken);
            completion = await CompleteAsync(message, result, cancellationToken);
        }

        if (completion.First)
        {
            NightMetrics.UnitDone(run.Settings, message.Phase, message.Unit, result, watch.Elapsed.TotalSeconds);
        }

        return completion;
    }

    // An erasure that began before the night may write anew what a unit is reading. Storage refuses to go on reading then, which is nothing that
    // went wrong: the unit reads what is there now. It ends, since people who ask later are left to the night's end.
    private static async Task<string> ResultAsync(IPhaseWork work, Run run, RunSettings settings, int unit, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await work.RunAsync(run, settings, unit, cancellationToken);
            }
            catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ConditionNotMet)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    // A unit's second delivery may write what the night's end has removed already. It looks whether the night has ended after it wrote, and the
    // night's end removes once more after it is recorded: one of the two sees the other.
    private async Task TidyAsync(string run, CancellationToken cancellationToken)
    {
        if (await runs.Units.ProgressAsync(run, Phase.Announce, cancellationToken) is { NextQueued: true })
        {
            await blobs.RemoveAsync(Names.Work, $"{run}/", cancellationToken);
        }
    }

    private async Task<UnitCompletion> CompleteAsync(WorkMessage message, string result, CancellationToken cancellationToken)
    {
        var completion = await runs.Units.CompleteAsync(
            message.Run, message.Phase, message.Unit, result, publishes: message.Phase == Phase.Publish, cancellationToken);
        if (completion.First && message.Phase == Phase.Publish)
        {
            NightMetrics.Ended("published");
        }

        return completion;
    }

    // A unit that was not its phase's last leaves the barrier to the one that is: should both pass it, every message of the next phase would be there
    // twice. A unit whose marker was there already may be the last one's second delivery, and looks.
    private async Task PassBarrierAsync(string run, Phase phase, UnitCompletion mine, CancellationToken cancellationToken)
    {
        if (mine is not { First: true, Last: false })
        {
            await PassBarrierAsync(run, phase, mine.Last, cancellationToken);
        }
    }

    /// <summary>
    /// Does what follows a phase when every unit of it is done, unless that has happened. Queue first, record after: killed in between, the units are
    /// queued again, which does no harm; the other order could lose them.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="phase">The phase.</param>
    /// <param name="last">Whether the caller has just marked the phase's last unit; false for whoever looks after it.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    internal async Task PassBarrierAsync(string run, Phase phase, bool last, CancellationToken cancellationToken)
    {
        var progress = await runs.Units.ProgressAsync(run, phase, cancellationToken);
        if (progress is null || (!last && (!progress.IsDone || progress.NextQueued)))
        {
            return;
        }

        var trace = await TellAsync(run, progress, last, cancellationToken);
        if (progress.NextQueued)
        {
            return;
        }

        if (phase == Phase.Announce)
        {
            await blobs.RemoveAsync(Names.Work, $"{run}/", cancellationToken);
            await starter.FollowAsync((await runs.FindAsync(run, cancellationToken))!, cancellationToken);
            await runs.Units.NextQueuedAsync(run, phase, cancellationToken);
            // Once more: what a unit's second delivery wrote before this was recorded.
            await blobs.RemoveAsync(Names.Work, $"{run}/", cancellationToken);
            // A night's end does not depend on it, and the watch does it again.
            await retention.RunAsync(cancellationToken);
            await eraser.ResumeAsync(cancellationToken);
            return;
        }

        var next = phase + 1;
        var units = (await runs.Units.ProgressAsync(run, next, cancellationToken))!.Units;
        Log.PhaseDone(logger, run, phase, next, units);
        using (trace?.StartSend(next, units))
        {
            await queue.SendAsync(Enumerable.Range(0, units).Select(unit => new WorkMessage(run, next, unit)), cancellationToken);
        }

        await runs.Units.NextQueuedAsync(run, phase, cancellationToken);
    }

    // Whoever marked the last unit tells of the phase; killed before it could, whoever passes the barrier in its place. Gives the night's trace to it.
    private async Task<NightTrace?> TellAsync(string id, PhaseProgress progress, bool last, CancellationToken cancellationToken)
    {
        if (!ClvTelemetry.Activities.HasListeners() && !NightMetrics.MeasuresPhases)
        {
            return null;
        }

        var run = (await runs.FindAsync(id, cancellationToken))!;
        var trace = NightTrace.Of(run);
        var before = progress.Phase == Phase.Plan ? null : (await runs.Units.ProgressAsync(id, progress.Phase - 1, cancellationToken))?.EndedAt;
        if (last && progress.EndedAt is { } end)
        {
            NightMetrics.PhaseDone(progress.Phase, Math.Max(0, (end - (before ?? run.StartedAt)).TotalSeconds));
        }

        trace?.PhaseEnded(progress, before);
        if (progress.Phase == Phase.Announce)
        {
            trace?.Ended("published", [progress]);
        }

        return trace;
    }
}
