using ProtoBuf;

namespace Clv.Cli.Trace;

/// <summary>What an OTLP exporter of spans sends: opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest, as far as it is read.</summary>
[ProtoContract]
internal sealed class TraceExport
{
    [ProtoMember(1)]
    public List<ResourceSpans> Resources { get; } = [];
}

/// <summary>The spans of one process.</summary>
[ProtoContract]
internal sealed class ResourceSpans
{
    [ProtoMember(1)]
    public OtlpResource? Resource { get; set; }

    [ProtoMember(2)]
    public List<ScopeSpans> Scopes { get; } = [];
}

/// <summary>Who sends.</summary>
[ProtoContract]
internal sealed class OtlpResource
{
    [ProtoMember(1)]
    public List<OtlpAttribute> Attributes { get; } = [];
}

/// <summary>The spans of one source.</summary>
[ProtoContract]
internal sealed class ScopeSpans
{
    [ProtoMember(2)]
    public List<OtlpSpan> Spans { get; } = [];
}

/// <summary>A span.</summary>
[ProtoContract]
internal sealed class OtlpSpan
{
    [ProtoMember(1)]
    public byte[] TraceId { get; set; } = [];

    [ProtoMember(2)]
    public byte[] Id { get; set; } = [];

    [ProtoMember(3)]
    public string TraceState { get; set; } = "";

    [ProtoMember(4)]
    public byte[] ParentId { get; set; } = [];

    [ProtoMember(5)]
    public string Name { get; set; } = "";

    [ProtoMember(6)]
    public int Kind { get; set; }

    [ProtoMember(7, DataFormat = DataFormat.FixedSize)]
    public ulong StartNanoseconds { get; set; }

    [ProtoMember(8, DataFormat = DataFormat.FixedSize)]
    public ulong EndNanoseconds { get; set; }

    [ProtoMember(9)]
    public List<OtlpAttribute> Attributes { get; } = [];

    [ProtoMember(13)]
    public List<OtlpLink> Links { get; } = [];

    [ProtoMember(15)]
    public OtlpStatus? Status { get; set; }
}

/// <summary>A span that another one is linked to.</summary>
[ProtoContract]
internal sealed class OtlpLink
{
    [ProtoMember(1)]
    public byte[] TraceId { get; set; } = [];

    [ProtoMember(2)]
    public byte[] SpanId { get; set; } = [];
}

/// <summary>How a span ended.</summary>
[ProtoContract]
internal sealed class OtlpStatus
{
    public const int Error = 2;

    [ProtoMember(3)]
    public int Code { get; set; }
}

/// <summary>A named value.</summary>
[ProtoContract]
internal sealed class OtlpAttribute
{
    [ProtoMember(1)]
    public string Key { get; set; } = "";

    [ProtoMember(2)]
    public OtlpValue? Value { get; set; }
}

/// <summary>A value of one of several types.</summary>
[ProtoContract]
internal sealed class OtlpValue
{
    [ProtoMember(1)]
    public string? Text { get; set; }

    [ProtoMember(2)]
    public bool? Flag { get; set; }

    [ProtoMember(3)]
    public long? Whole { get; set; }

    [ProtoMember(4)]
    public double? Number { get; set; }

    /// <summary>The value, whatever its type; null for those that are not read.</summary>
    public object? Value => Text ?? (object?)Flag ?? (object?)Whole ?? Number;
}
