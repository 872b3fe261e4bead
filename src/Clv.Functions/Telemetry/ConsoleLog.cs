using Microsoft.Extensions.Logging.Console;

namespace Clv.Functions.Telemetry;

/// <summary>The log on standard output and standard error, which the Functions host reads line by line.</summary>
internal static class ConsoleLog
{
    /// <summary>
    /// Logs a line for each message, as text, or as JSON with its values by the standard setting Logging:Console:FormatterName. Scopes stay out of
    /// both whatever the settings say: the server's have the request's path, and with it customers' ids.
    /// </summary>
    public static ILoggingBuilder AddConsoleLog(this ILoggingBuilder logging)
    {
        logging.AddConsole(static console => console.LogToStandardErrorThreshold = LogLevel.Error);
        // The builder has named its own formatter over whatever the settings say.
        logging.Services.AddOptions<ConsoleLoggerOptions>().Configure<IConfiguration>(
            static (console, settings) => console.FormatterName = settings["Logging:Console:FormatterName"] ?? ConsoleFormatterNames.Simple);
        logging.Services.Configure<SimpleConsoleFormatterOptions>(static simple => simple.SingleLine = true);
        logging.Services.PostConfigure<SimpleConsoleFormatterOptions>(static simple => simple.IncludeScopes = false);
        logging.Services.PostConfigure<JsonConsoleFormatterOptions>(static json => json.IncludeScopes = false);
        logging.Services.PostConfigure<ConsoleFormatterOptions>(static other => other.IncludeScopes = false);
        return logging;
    }
}
