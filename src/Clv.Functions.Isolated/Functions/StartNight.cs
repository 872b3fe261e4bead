using Clv.Functions.Triggers;
using Microsoft.Azure.Functions.Worker;

namespace Clv.Functions.Isolated.Functions;

/// <summary>Starts the night.</summary>
internal sealed class StartNight(NightTriggers night)
{
    /// <summary>Called at <c>Clv:Schedule</c>.</summary>
    [Function(nameof(StartNight))]
    public Task RunAsync([TimerTrigger("%Clv:Schedule%")] TimerInfo timer, CancellationToken cancellationToken) => night.StartNightAsync(cancellationToken);
}
