using System.Diagnostics;
using System.Globalization;
using Clv.Functions.Night;
using Clv.Functions.Storage;

namespace Clv.Functions.Telemetry;

/// <summary>
/// A night as one trace. Its id and those of its night, its phases and the sending of their messages follow from the run's record, so whatever
/// process works on a unit, for whatever reason, joins the same trace, and messages need not carry it. A span of the night or of a phase is told
/// by whoever ends it, from the times in the record; should it be told twice, it is the same span.
/// </summary>
internal sealed class NightTrace
{
    private readonly Run _run;
    private readonly string _about;
    private readonly ActivityTraceId _trace;

    private NightTrace(Run run)
    {
        _run = run;
        _about = string.Create(CultureInfo.InvariantCulture, $"{run.Id} {run.StartedAt.UtcTicks}");
        _trace = SpanIdentity.Trace(_about);
    }

    /// <summary>The trace of a run; null while nobody listens.</summary>
    public static NightTrace? Of(Run run) => ClvTelemetry.Activities.HasListeners() ? new NightTrace(run) : null;

    /// <summary>Starts the span of a message's delivery, linked to where the message was sent and to the host's own trace.</summary>
    public WorkSpan? StartUnit(WorkMessage message)
    {
        var links = new List<ActivityLink> { new(new ActivityContext(_trace, SendId(message.Phase), ActivityTraceFlags.Recorded)) };
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Parent: null } call && call.ParentSpanId != default)
        {
            links.Add(new ActivityLink(new ActivityContext(call.TraceId, call.ParentSpanId, call.ActivityTraceFlags)));
        }

        var delivery = MessageDelivery.Current;
        var activity = ClvTelemetry.Activities.StartActivity(
            ActivityKind.Consumer, Parent(PhaseId(message.Phase)), About(message.Phase), links, name: $"process {message.Phase.Code()}");
        activity?.SetTag(Tags.Unit, message.Unit);
        activity?.SetTag(Tags.MessagingSystem, WorkSpan.Queue);
        activity?.SetTag(Tags.Destination, Names.WorkQueue);
        activity?.SetTag(Tags.Operation, "process");
        activity?.SetTag(Tags.OperationType, "process");
        activity?.SetTag(Tags.MessageId, delivery?.MessageId);
        activity?.SetTag(Tags.DeliveryCount, delivery?.Count);
        return activity is null ? null : new WorkSpan(activity);
    }

    /// <summary>Starts the span of sending a phase's messages.</summary>
    /// <param name="phase">The phase whose units are queued.</param>
    /// <param name="units">How many.</param>
    /// <param name="start">When, if not now.</param>
    /// <param name="again">Whether they were sent before, and are missing.</param>
    public WorkSpan? StartSend(Phase phase, int units, DateTimeOffset start = default, bool again = false)
    {
        // Who asked for the night has a trace of their own.
        ActivityLink[] links = Activity.Current is { IdFormat: ActivityIdFormat.W3C } asking && asking.TraceId != _trace ? [new(asking.Context)] : [];
        var activity = ClvTelemetry.Activities.StartActivity(
            ActivityKind.Producer, Parent(PhaseId(phase)), About(phase), links, start, $"send {phase.Code()}");
        if (activity is not null && !again)
        {
            activity.SetSpanId(SendId(phase));
        }

        activity?.SetTag(Tags.Outcome, again ? "requeued" : "queued");
        activity?.SetTag(Tags.MessagingSystem, WorkSpan.Queue);
        activity?.SetTag(Tags.Destination, Names.WorkQueue);
        activity?.SetTag(Tags.Operation, "send");
        activity?.SetTag(Tags.OperationType, "send");
        activity?.SetTag(Tags.BatchCount, units);
        return activity is null ? null : new WorkSpan(activity);
    }

    /// <summary>Tells of a phase that has ended.</summary>
    /// <param name="progress">Its counter.</param>
    /// <param name="before">When the phase before it ended; null for the first.</param>
    /// <param name="outcome">How it ended; null when every unit is done.</param>
    public void PhaseEnded(PhaseProgress progress, DateTimeOffset? before, string? outcome = null)
    {
        var start = before ?? _run.StartedAt;
        if (IsReleased(progress.Phase) && _run.ReleasedAt > start)
        {
            start = _run.ReleasedAt.Value;
        }

        var end = progress.EndedAt ?? _run.EndedAt ?? start;
        Tell(
            progress.Phase.Code(),
            PhaseId(progress.Phase),
            Parent(PartId(IsReleased(progress.Phase))),
            new Period(start, end),
            outcome ?? "done",
            [.. About(progress.Phase), new(Tags.Units, progress.Units)]);
    }

    /// <summary>Tells of the night as a whole, and of the phase in which it ended before its time.</summary>
    /// <param name="outcome">published, held, failed or superseded.</param>
    /// <param name="phases">Its phases' counters; empty when it was not planned.</param>
    public void Ended(string outcome, IReadOnlyList<PhaseProgress> phases)
    {
        if (phases.FirstOrDefault(static phase => !phase.IsDone) is { } open)
        {
            PhaseEnded(open, phases.LastOrDefault(phase => phase.Phase < open.Phase)?.EndedAt, outcome);
        }

        var released = _run.ReleasedAt is not null;
        var last = phases.Max(static phase => phase.EndedAt);
        var end = last > _run.EndedAt ? last.Value : _run.EndedAt ?? last ?? _run.StartedAt;
        Tell(
            string.Create(CultureInfo.InvariantCulture, $"night {_run.Date:yyyy-MM-dd}{(released ? ", released" : "")}"),
            PartId(released),
            released ? Parent(PartId(released: false)) : Parent(default),
            new Period(_run.ReleasedAt ?? _run.StartedAt, end),
            outcome,
            About());
    }

    // A span of something that has ended.
    private static void Tell(
        string name, ActivitySpanId id, ActivityContext parent, Period time, string outcome, IEnumerable<KeyValuePair<string, object?>> about)
    {
        // A span without a parent would take the one that is under way.
        var under = Activity.Current;
        Activity.Current = null;
        using (var activity = ClvTelemetry.Activities.StartActivity(ActivityKind.Internal, parent, about, links: null, time.Start, name))
        {
            activity?.SetSpanId(id);
            activity?.SetTag(Tags.Outcome, outcome);
            activity?.SetEndTime((time.End > time.Start ? time.End : time.Start).UtcDateTime);
            if (outcome is "failed")
            {
                activity?.SetStatus(ActivityStatusCode.Error);
            }
        }

        Activity.Current = under;
    }

    private IEnumerable<KeyValuePair<string, object?>> About(Phase? phase = null)
    {
        yield return new(Tags.Run, _run.Id);
        yield return new(Tags.Date, _run.Date.ToString("O", CultureInfo.InvariantCulture));
        if (phase is { } of)
        {
            yield return new(Tags.Phase, of.Code());
        }
    }

    // What an operator released goes on after the night had ended: a part of its own, so that the night keeps its one end.
    private bool IsReleased(Phase phase) => _run.ReleasedAt is not null && phase >= Phase.Publish;

    private ActivitySpanId PartId(bool released) => SpanIdentity.Span(released ? $"{_about} released" : _about);

    private ActivitySpanId PhaseId(Phase phase) => SpanIdentity.Span($"{_about} {phase}{(IsReleased(phase) ? " released" : "")}");

    private ActivitySpanId SendId(Phase phase) => SpanIdentity.Span($"{_about} send {phase}{(IsReleased(phase) ? " released" : "")}");

    // A night is one trace a day: samplers that follow the parent keep it whole.
    private ActivityContext Parent(ActivitySpanId id) => new(_trace, id, ActivityTraceFlags.Recorded, traceState: null, isRemote: true);

    private readonly record struct Period(DateTimeOffset Start, DateTimeOffset End);
}
