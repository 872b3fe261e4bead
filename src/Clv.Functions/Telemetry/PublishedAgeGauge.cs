using System.Diagnostics.Metrics;
using Clv.Functions.Lookup;
using Clv.Functions.Night;

namespace Clv.Functions.Telemetry;

/// <summary>
/// How old the scores are that lookups are served from. The pointer is read when somebody collects, not more than once a second; while storage
/// does not answer there is no measurement rather than an old one.
/// </summary>
internal sealed class PublishedAgeGauge(PublishedAge published, TimeProvider time) : IHostedService
{
    /// <summary>What it is called.</summary>
    public const string Name = "clv.published.age";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        ClvTelemetry.Meter.CreateObservableGauge(Name, Measure, "s", "Time since the scores that lookups are served from were published.");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // On the thread of whoever collects, which is none that works on a unit or a lookup.
    private IEnumerable<Measurement<double>> Measure()
    {
        PublishedRun? run;
        try
        {
            var asked = published.FindAsync(CancellationToken.None);
            run = asked.Wait(Patience) ? asked.Result : null;
        }
        catch (AggregateException)
        {
            // Storage does not answer, which its own metric tells.
            run = null;
        }

        return run is null ? [] : [new Measurement<double>((time.GetUtcNow() - run.PublishedAt).TotalSeconds)];
    }
}
