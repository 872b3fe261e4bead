using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Clv.Functions.Telemetry;

/// <summary>
/// Ids of traces and spans that follow from what they are about, so that every process arrives at the same ones and a span can be the parent of
/// others before anybody knows when it ends.
/// </summary>
internal static class SpanIdentity
{
    // The API takes a trace's id from the parent, but always draws a span's own. Should a later runtime keep it elsewhere, these spans get a
    // drawn one, and their children show without a parent.
    private static readonly FieldInfo? Id =
        typeof(Activity).GetField("_spanId", BindingFlags.Instance | BindingFlags.NonPublic) is { } field && field.FieldType == typeof(string) ? field : null;

    /// <summary>The id of a trace.</summary>
    public static ActivityTraceId Trace(string about) => ActivityTraceId.CreateFromBytes(Hash(about).AsSpan(0, 16));

    /// <summary>The id of a span.</summary>
    public static ActivitySpanId Span(string about) => ActivitySpanId.CreateFromBytes(Hash(about).AsSpan(16, 8));

    /// <summary>Gives a span that has just been started its id.</summary>
    public static void SetSpanId(this Activity activity, ActivitySpanId id) => Id?.SetValue(activity, id.ToHexString());

    private static byte[] Hash(string about) => SHA256.HashData(Encoding.UTF8.GetBytes(about));
}
