using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Clv.Cli.SelfHost;

/// <summary>The service's log: a line a message on standard output, for the journal with its severity, for everything else with the time.</summary>
internal static partial class ServiceLog
{
    /// <summary>Where the lines go. Disposed, it has written them all.</summary>
    public static ILoggerFactory Create() => LoggerFactory.Create(static logging =>
    {
        if (ServiceManager.HasJournal)
        {
            logging.AddSystemdConsole();
        }
        else
        {
            logging.AddSimpleConsole(static console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
                console.ColorBehavior = LoggerColorBehavior.Disabled;
            });
        }
    });

    [LoggerMessage(101, LogLevel.Information, "Serving on {Address}.")]
    public static partial void Serving(this ILogger logger, Uri address);

    [LoggerMessage(102, LogLevel.Information, "Stopping: no more messages are taken, and units that run have {Seconds} seconds to end.")]
    public static partial void Stopping(this ILogger logger, double seconds);

    [LoggerMessage(103, LogLevel.Information, "Stopped.")]
    public static partial void Stopped(this ILogger logger);

    [LoggerMessage(104, LogLevel.Warning, "Stopped while units ran: they are delivered again, to this service or another one.")]
    public static partial void Interrupted(this ILogger logger);
}
