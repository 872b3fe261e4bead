using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Clv.Functions.Telemetry;

/// <summary>The one source of the app's spans and the one meter of its metrics. Nobody listens to them unless a setting says where to send them.</summary>
internal static class ClvTelemetry
{
    /// <summary>The name of both.</summary>
    public const string Name = "Clv";

    /// <summary>Starts spans; gives null while nobody listens.</summary>
    public static ActivitySource Activities { get; } = new(Name);

    /// <summary>Has the instruments; a measurement is dropped at once while nobody listens.</summary>
    public static Meter Meter { get; } = new(Name);
}
