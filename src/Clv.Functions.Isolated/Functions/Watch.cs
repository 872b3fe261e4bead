using Clv.Functions.Triggers;
using Microsoft.Azure.Functions.Worker;

namespace Clv.Functions.Isolated.Functions;

/// <summary>Looks after runs, retention and erasures.</summary>
internal sealed class Watch(NightTriggers night)
{
    /// <summary>Called at <c>Clv:WatchSchedule</c>.</summary>
    [Function(nameof(Watch))]
    public Task RunAsync([TimerTrigger("%Clv:WatchSchedule%")] TimerInfo timer, CancellationToken cancellationToken) => night.WatchAsync(cancellationToken);
}
