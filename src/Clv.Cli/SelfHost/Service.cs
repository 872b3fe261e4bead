using System.Net;
using Clv.Cli.Host;
using Clv.Cli.Local;

namespace Clv.Cli.SelfHost;

/// <summary>The app on a storage account, without Azure Functions: its API, its timers and its share of the night's units, until it is told to stop.</summary>
/// <param name="Settings">The app's settings.</param>
/// <param name="Address">The address to listen on.</param>
/// <param name="Port">The port; 0 for any.</param>
/// <param name="Proxies">Proxies whose word on their clients is taken.</param>
/// <param name="Workers">Handler processes.</param>
/// <param name="StopLimit">How long units that run may go on after the stop.</param>
internal sealed record Service(
    IReadOnlyDictionary<string, string> Settings, IPAddress Address, int Port, IReadOnlyList<IPNetwork> Proxies, int Workers, TimeSpan StopLimit)
{
    /// <summary>Serves until stopped. Any number of services may share an account: a night's units are spread over them, and its timers start one run.</summary>
    /// <exception cref="FunctionsHostException">The port is taken, or the app cannot be started.</exception>
    /// <exception cref="CliException">The app's processes ended by themselves.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        using var logs = ServiceLog.Create();
        var log = logs.CreateLogger("clv");
        try
        {
            await using var host = await FunctionsHost.StartAsync(
                new FunctionsHostOptions
                {
                    AppFolder = LocalNight.AppFolder,
                    Settings = Settings,
                    Workers = Workers,
                    HttpAddress = Address,
                    HttpPort = Port,
                    Proxies = Proxies,
                    Logger = log,
                },
                stop);
            log.Serving(host.BaseAddress);
            ServiceManager.Ready();
            await UntilStoppedAsync(host, stop);
            ServiceManager.Stopping();
            log.Stopping(StopLimit.TotalSeconds);
            if (await host.StopAsync(StopLimit))
            {
                log.Stopped();
            }
            else
            {
                log.Interrupted();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped before it served.
            log.Stopped();
        }
    }

    private static async Task UntilStoppedAsync(FunctionsHost host, CancellationToken stop)
    {
        try
        {
            await host.Completion.WaitAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }

        throw new CliException("The app's processes ended by themselves, so nothing is left to serve. Start the service again; its log says what they said last.");
    }
}
