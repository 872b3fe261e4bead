using System.Diagnostics;
using Clv.Functions.Night;
using Clv.Functions.Telemetry;

namespace Clv.Functions.Tests.Telemetry;

// Listeners are those of the whole process.
[Collection("listeners")]
public sealed class SpanIdentityTests
{
    [Fact]
    public void Span_OfItsOwnId_IsStartedWithIt()
    {
        using var source = new ActivitySource("Clv.SpanIdentityTests");
        using var listener = new ActivityListener { ShouldListenTo = found => found == source, Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded };
        ActivitySource.AddActivityListener(listener);
        var parent = new ActivityContext(SpanIdentity.Trace("r00001"), default, ActivityTraceFlags.Recorded, isRemote: true);

        using var span = source.StartActivity("night", ActivityKind.Internal, parent)!;
        span.SetSpanId(SpanIdentity.Span("r00001"));

        Assert.Equal((SpanIdentity.Trace("r00001"), SpanIdentity.Span("r00001"), default), (span.TraceId, span.SpanId, span.ParentSpanId));
        Assert.Equal($"00-{SpanIdentity.Trace("r00001")}-{SpanIdentity.Span("r00001")}-01", span.Id);
        Assert.NotEqual(SpanIdentity.Span("r00001"), SpanIdentity.Span("r00002"));
    }

    [Fact]
    public void Trace_WithoutAListener_IsNone() =>
        Assert.Null(NightTrace.Of(new Run("r00001", new DateOnly(2026, 11, 20), RunState.Running, null, DateTimeOffset.UnixEpoch, null, null)));
}
