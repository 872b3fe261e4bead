using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Clv.Functions.Audit;
using Clv.Functions.Storage;
using Clv.Functions.Telemetry;

namespace Clv.Functions.Night;

/// <summary>
/// Publishes a run because an operator says so: a held one goes on past the gate, one that was published before is served again. What will be
/// done is in the audit before it is done.
/// </summary>
public sealed class RunPublisher(
    RunTable runs, Pointer pointer, WorkQueue queue, StorageAccount storage, AuditTable audit, ClvOptions options, TimeProvider time, ILogger<RunPublisher> logger)
{
    private const string Action = "publish";

    /// <summary>Whether a run can be published now, and is not served already.</summary>
    /// <param name="run">The run.</param>
    /// <param name="current">What lookups are served from; null when nothing is.</param>
    public bool CanPublish(Run run, PublishedRun? current)
    {
        ArgumentNullException.ThrowIfNull(run);
        return !run.IsActive && current?.Run != run.Id && Refusal(run, current) is null;
    }

    /// <summary>Publishes a run.</summary>
    /// <param name="id">The run.</param>
    /// <param name="by">Who says so.</param>
    /// <param name="reason">Why, for the audit; null when it was not given.</param>
    /// <param name="cancellationToken">Ends the attempt, which can be made again.</param>
    /// <exception cref="RequestFailedException">Storage does not take the audit's row, and so nothing was done, or it failed on the way.</exception>
    public async Task<PublishAnswer> PublishAsync(string id, string by, string? reason, CancellationToken cancellationToken)
    {
        await runs.EnsureAsync(cancellationToken);
        var order = new Order(id, by, reason);
        // Before the run's record: see Pointer.FenceAsync.
        var current = await pointer.ReadAsync(cancellationToken);
        if (await runs.FindAsync(id, cancellationToken) is not { } run)
        {
            return await AnswerAsync(order, PublishOutcome.Unknown, $"There is no run {id}.", cancellationToken);
        }

        if (current?.Run == id)
        {
            return await AnswerAsync(order, PublishOutcome.Served, $"Lookups are served from run {id} already.", cancellationToken);
        }

        if (Refusal(run, current) is { } refusal)
        {
            return await AnswerAsync(order, PublishOutcome.Refused, refusal, cancellationToken);
        }

        return run.State == RunState.Published
            ? await MoveAsync(order, run, current, cancellationToken)
            : await ReleaseAsync(order, cancellationToken);
    }

    // Recorded first, queued after: killed in between, a second call finds the record and queues again.
    private async Task<PublishAnswer> ReleaseAsync(Order order, CancellationToken cancellationToken)
    {
        var answer = await AnswerAsync(
            order, PublishOutcome.Released, $"Run {order.Run} is released and will be published in a moment.", cancellationToken);
        if (!await runs.Course.ReleaseAsync(order.Run, order.By, cancellationToken))
        {
            return await AnswerAsync(order, PublishOutcome.Refused, $"Run {order.Run} is not held any more: see GET /api/runs/{order.Run}.", cancellationToken);
        }

        Log.Released(logger, order.Run, order.By);
        await queue.EnsureAsync(cancellationToken);
        var released = ClvTelemetry.Activities.HasListeners() ? await runs.FindAsync(order.Run, cancellationToken) : null;
        using (released is null ? null : NightTrace.Of(released)?.StartSend(Phase.Publish, units: 1))
        {
            await queue.SendAsync([new WorkMessage(order.Run, Phase.Publish, 0)], cancellationToken);
        }

        return answer;
    }

    private async Task<PublishAnswer> MoveAsync(Order order, Run run, PublishedRun? current, CancellationToken cancellationToken)
    {
        if (!await HasScoresAsync(run.Id, cancellationToken))
        {
            return await AnswerAsync(order, PublishOutcome.Refused, Dropped(run), cancellationToken);
        }

        var forward = current is null || RunId.IsLater(run.Id, than: current.Run);
        var answer = await AnswerAsync(
            order,
            forward ? PublishOutcome.RolledForward : PublishOutcome.RolledBack,
            $"Lookups are served from run {run.Id} of {run.Date:yyyy-MM-dd}{(current is null ? "" : $", before from run {current.Run} of {current.Date:yyyy-MM-dd}")}.",
            cancellationToken);
        var last = current;
        while (await pointer.TryMoveAsync(run, run.EndedAt ?? run.StartedAt, last, order.By, time.GetUtcNow(), cancellationToken) is null)
        {
            last = await pointer.ReadAsync(cancellationToken);
            if (last?.Run != current?.Run)
            {
                return await AnswerAsync(
                    order, PublishOutcome.Refused, "Another run was published in this moment: see GET /api/runs, and say again what is to be served.", cancellationToken);
            }

            // Written as it was, because a run is being dropped.
            if ((await runs.FindAsync(run.Id, cancellationToken))?.RetiredAt is not null)
            {
                return await AnswerAsync(order, PublishOutcome.Refused, Dropped(run), cancellationToken);
            }
        }

        Log.Moved(logger, current?.Run, run.Id, order.By);
        return answer;
    }

    private async Task<PublishAnswer> AnswerAsync(Order order, PublishOutcome outcome, string detail, CancellationToken cancellationToken)
    {
        var note = outcome is PublishOutcome.Refused ? string.Join(' ', new[] { detail, order.Reason }.OfType<string>()) : order.Reason;
        await audit.WriteAsync(new AuditEntry(order.By, Action, Code(outcome), Run: order.Run, Detail: note), cancellationToken);
        return new PublishAnswer(order.Run, outcome, detail);
    }

    private string? Refusal(Run run, PublishedRun? current) => run switch
    {
        { State: RunState.Failed } => $"Run {run.Id} failed and has no scores: start the night of {run.Date:yyyy-MM-dd} again. {run.Reason}",
        { IsActive: true, ReleasedAt: null } => $"Run {run.Id} is still under way: it is published when it is complete.",
        { RetiredAt: not null } => Dropped(run),
        { Settings: null } => $"Run {run.Id} has no plan.",
        { Settings.HashKeyFingerprint: var key } when key != options.HashKeyFingerprint =>
            $"Run {run.Id} was made with another Clv:HashKey, so no customer could be found in it: set that one back, or start the night again.",
        { Settings.HistoryFormat: not RunSettings.CurrentHistoryFormat } =>
            $"Run {run.Id} was made by an earlier version of this program, which this one cannot read: start the night again.",
        { State: RunState.Held } when current is not null && RunId.IsLater(current.Newest, than: run.Id) =>
            $"Run {current.Newest} was published since run {run.Id} was held: start the night of {run.Date:yyyy-MM-dd} again if it is still wanted.",
        _ => null,
    };

    private static string Dropped(Run run) =>
        $"The scores of run {run.Id} are not kept any more (Clv:RetainedRuns): start the night of {run.Date:yyyy-MM-dd} again.";

    private static string Code(PublishOutcome outcome) => outcome switch
    {
        PublishOutcome.Released => "released",
        PublishOutcome.RolledBack => "rolled-back",
        PublishOutcome.RolledForward => "rolled-forward",
        PublishOutcome.Served => "served",
        PublishOutcome.Refused => "refused",
        _ => "unknown",
    };

    private async Task<bool> HasScoresAsync(string run, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in storage.Tables.GetTableClient(Names.Scores(run)).QueryAsync<TableEntity>(
                maxPerPage: 1, select: ["RowKey"], cancellationToken: cancellationToken))
            {
                return true;
            }

            return false;
        }
        catch (RequestFailedException e) when (e.Status == 404 && e.ErrorCode == TableErrorCode.TableNotFound)
        {
            return false;
        }
    }

    private sealed record Order(string Run, string By, string? Reason);
}

/// <summary>What came of an operator's word to publish a run.</summary>
public enum PublishOutcome
{
    /// <summary>It was held and is being published.</summary>
    Released,

    /// <summary>Lookups are served from it instead of a later one.</summary>
    RolledBack,

    /// <summary>Lookups are served from it instead of an earlier one.</summary>
    RolledForward,

    /// <summary>Lookups were served from it already.</summary>
    Served,

    /// <summary>It cannot be published, and nothing was changed.</summary>
    Refused,

    /// <summary>There is no such run.</summary>
    Unknown,
}

/// <summary>The answer to an operator's word to publish a run.</summary>
/// <param name="Run">The run.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Detail">The same as a sentence; of a refusal, why and what to do.</param>
public sealed record PublishAnswer(string Run, PublishOutcome Outcome, string Detail);
