using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Clv.Functions.Telemetry;

/// <summary>
/// Sends what has gathered when a unit ends: the host may kill the process without a word when there is nothing more to do. It happens on a
/// thread of its own, which no unit waits for, and at most once a second.
/// </summary>
internal sealed class UnitFlush : BaseProcessor<Activity>, IHostedService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private const int LimitMilliseconds = 5_000;

    private readonly IServiceProvider _services;
    private readonly AutoResetEvent _ended = new(initialState: false);
    private readonly ManualResetEventSlim _stop = new();

    public UnitFlush(IServiceProvider services) => _services = services;

    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        // Also the end of a phase or a night, which comes with no other unit's.
        if (data.Kind is ActivityKind.Consumer or ActivityKind.Internal)
        {
            _ended.Set();
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Taken now, since at a stop the services may be gone while the thread still sends.
        var (traces, metrics, logs) = (_services.GetService<TracerProvider>(), _services.GetService<MeterProvider>(), _services.GetService<LoggerProvider>());
        Action[] flushes = [() => traces?.ForceFlush(LimitMilliseconds), () => metrics?.ForceFlush(LimitMilliseconds), () => logs?.ForceFlush(LimitMilliseconds)];
        new Thread(() => Run(flushes)) { IsBackground = true, Name = "telemetry flush" }.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stop.Set();
        _ended.Set();
        return Task.CompletedTask;
    }

    private void Run(Action[] flushes)
    {
        while (_ended.WaitOne() && !_stop.IsSet)
        {
            foreach (var flush in flushes)
            {
                if (!_stop.IsSet)
                {
                    flush();
                }
            }

            _stop.Wait(Pause);
        }
    }
}
