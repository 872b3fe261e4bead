using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Clv.Functions.Night;
using Clv.Functions.Privacy;

namespace Clv.Functions.Triggers;

/// <summary>
/// What each timer and each queue message does, whoever hands it over: the endpoints of the custom handler and the functions of the isolated
/// worker call nothing else. A call that fails says so by an exception: a message is then delivered again, a timer is not.
/// </summary>
/// <param name="starter">Starts nights.</param>
/// <param name="watchdog">Looks after runs that stand still.</param>
/// <param name="retention">Removes what is kept no longer.</param>
/// <param name="eraser">Finishes erasures.</param>
/// <param name="units">Runs the units of a night.</param>
/// <param name="loggers">The logs of those.</param>
public sealed class NightTriggers(
    NightStarter starter, Watchdog watchdog, Retention retention, Eraser eraser, UnitRunner units, ILoggerFactory loggers)
{
    /// <summary>The timer of <c>Clv:Schedule</c>: starts tonight's run, or finds it started.</summary>
    public async Task StartNightAsync(CancellationToken cancellationToken = default)
    {
        var started = await starter.StartTonightAsync(cancellationToken);
        Log.TimerStarted(loggers.CreateLogger<NightStarter>(), started.Run, started.Started);
    }

    /// <summary>The timer of <c>Clv:WatchSchedule</c>: looks after runs, retention and erasures.</summary>
    /// <exception cref="AggregateException">What failed; the others have run all the same.</exception>
    public async Task WatchAsync(CancellationToken cancellationToken = default)
    {
        // Each for itself: one that fails keeps none of the others from its work.
        var failures = new List<Exception>();
        foreach (var look in (Func<CancellationToken, Task>[])[watchdog.RunAsync, retention.RunAsync, eraser.WatchAsync])
        {
            try
            {
                await look(cancellationToken);
            }
            catch (Exception e)
            {
                failures.Add(e);
            }
        }

        if (failures.Count > 0)
        {
            throw new AggregateException(failures);
        }
    }

    /// <summary>A message of the queue <c>clv-work</c>: runs its unit.</summary>
    /// <param name="text">The message's text. One that names no unit is logged by its hash and taken from the queue.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    public Task RunUnitAsync(string text, CancellationToken cancellationToken = default) =>
        UnitOf(text, "RunUnit") is { } message ? units.RunAsync(message, cancellationToken) : Task.CompletedTask;

    /// <summary>A message of the queue <c>clv-work-poison</c>: its unit has failed too often, so the run is ended.</summary>
    /// <param name="text">The message's text. One that names no unit is logged by its hash and taken from the queue.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    public Task FailUnitAsync(string text, CancellationToken cancellationToken = default) =>
        UnitOf(text, "FailUnit") is { } message ? units.FailAsync(message, cancellationToken) : Task.CompletedTask;

    // A message that is no unit of work would come back for ever. Its text may be anybody's, so the log tells it only by its hash.
    private WorkMessage? UnitOf(string text, string function)
    {
        try
        {
            return WorkMessage.Parse(text);
        }
        catch (JsonException)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
            Log.NoUnit(loggers.CreateLogger<UnitRunner>(), function, text.Length, hash);
            return null;
        }
    }
}
