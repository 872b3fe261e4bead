using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Clv.Functions.Telemetry;

/// <summary>
/// Gives everything that is logged within a unit its run, phase and unit, whoever logs it. Scopes are not exported: those of the server have the
/// request's path, and with it customers' ids.
/// </summary>
internal sealed class UnitLogAttributes : BaseProcessor<LogRecord>
{
    private static readonly string[] Names = [Tags.Run, Tags.Phase, Tags.Unit];

    /// <inheritdoc/>
    public override void OnEnd(LogRecord data)
    {
        for (var activity = Activity.Current; activity is not null; activity = activity.Parent)
        {
            if (activity.Kind == ActivityKind.Consumer && activity.Source.Name == ClvTelemetry.Name)
            {
                data.Attributes = [.. data.Attributes ?? [], .. Names.Select(name => KeyValuePair.Create(name, activity.GetTagItem(name)))];
                return;
            }
        }
    }
}
