using Clv.Cli.Trace;
using ProtoBuf;

namespace Clv.Functions.Tests.Telemetry;

/// <summary>ExportMetricsServiceRequest of OTLP, as far as tests read it.</summary>
[ProtoContract]
internal sealed class MetricExport
{
    [ProtoMember(1)]
    public List<ResourceMetrics> Resources { get; } = [];
}

[ProtoContract]
internal sealed class ResourceMetrics
{
    [ProtoMember(1)]
    public OtlpResource? Resource { get; set; }

    [ProtoMember(2)]
    public List<ScopeMetrics> Scopes { get; } = [];
}

[ProtoContract]
internal sealed class ScopeMetrics
{
    [ProtoMember(2)]
    public List<OtlpMetric> Metrics { get; } = [];
}

[ProtoContract]
internal sealed class OtlpMetric
{
    [ProtoMember(1)]
    public string Name { get; set; } = "";

    [ProtoMember(2)]
    public string Description { get; set; } = "";

    [ProtoMember(3)]
    public string Unit { get; set; } = "";

    [ProtoMember(5)]
    public OtlpNumbers? Gauge { get; set; }

    [ProtoMember(7)]
    public OtlpNumbers? Sum { get; set; }

    [ProtoMember(9)]
    public OtlpHistograms? Histogram { get; set; }
}

[ProtoContract]
internal sealed class OtlpNumbers
{
    [ProtoMember(1)]
    public List<OtlpNumber> Points { get; } = [];
}

[ProtoContract]
internal sealed class OtlpNumber
{
    [ProtoMember(4)]
    public double? Double { get; set; }

    [ProtoMember(6, DataFormat = DataFormat.FixedSize)]
    public long? Whole { get; set; }

    [ProtoMember(7)]
    public List<OtlpAttribute> Attributes { get; } = [];
}

[ProtoContract]
internal sealed class OtlpHistograms
{
    [ProtoMember(1)]
    public List<OtlpHistogram> Points { get; } = [];
}

[ProtoContract]
internal sealed class OtlpHistogram
{
    [ProtoMember(4, DataFormat = DataFormat.FixedSize)]
    public ulong Count { get; set; }

    [ProtoMember(5)]
    public double? Sum { get; set; }

    [ProtoMember(7, IsPacked = true)]
    public double[] Bounds { get; set; } = [];

    [ProtoMember(9)]
    public List<OtlpAttribute> Attributes { get; } = [];
}

/// <summary>ExportLogsServiceRequest of OTLP, as far as tests read it.</summary>
[ProtoContract]
internal sealed class LogExport
{
    [ProtoMember(1)]
    public List<ResourceLogs> Resources { get; } = [];
}

[ProtoContract]
internal sealed class ResourceLogs
{
    [ProtoMember(2)]
    public List<ScopeLogs> Scopes { get; } = [];
}

[ProtoContract]
internal sealed class ScopeLogs
{
    [ProtoMember(2)]
    public List<OtlpLog> Records { get; } = [];
}

[ProtoContract]
internal sealed class OtlpLog
{
    [ProtoMember(5)]
    public OtlpValue? Body { get; set; }

    [ProtoMember(6)]
    public List<OtlpAttribute> Attributes { get; } = [];

    [ProtoMember(9)]
    public byte[] TraceId { get; set; } = [];
}
