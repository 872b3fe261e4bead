using Clv.Functions.Night;

namespace Clv.Functions.Telemetry;

/// <summary>Tells the night's metrics and its trace that a run has ended otherwise than published.</summary>
internal static class RunEnd
{
    /// <summary>Tells it; for whoever has ended the run, by that very call.</summary>
    /// <param name="run">The run as it is now.</param>
    /// <param name="outcome">held, failed or superseded.</param>
    /// <param name="units">How far it came.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task TellAsync(Run run, string outcome, RunUnits units, CancellationToken cancellationToken)
    {
        NightMetrics.Ended(outcome);
        if (NightTrace.Of(run) is { } trace)
        {
            trace.Ended(outcome, await units.PhasesAsync(run.Id, cancellationToken));
        }
    }
}
