using System.Reflection;
using Azure.Monitor.OpenTelemetry.Exporter;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Clv.Functions.Telemetry;

/// <summary>Telemetry in the app: spans, metrics and log records on their way out, by OTLP, to Application Insights, or both.</summary>
public static class TelemetryPipeline
{
    // The runtime's own meter: memory, garbage collection, threads.
    private const string RuntimeMeter = "System.Runtime";

    /// <summary>Registers what the settings ask for; without any, nothing.</summary>
    /// <exception cref="InvalidOperationException">A setting is unusable; the message names it and quotes nothing.</exception>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var options = TelemetryOptions.From(configuration);
        if (!options.IsOn)
        {
            return services;
        }

        services.AddSingleton<UnitFlush>();
        services.AddHostedService(static provider => provider.GetRequiredService<UnitFlush>());
        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource
            .Clear()
            .AddService(options.ServiceName, serviceVersion: Version)
            .AddAttributes([new("process.pid", Environment.ProcessId)])
            .AddTelemetrySdk()
            // Last, so that OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES have the word.
            .AddEnvironmentVariableDetector());
        if (options.Traces is not null || options.Insights is { Traces: true })
        {
            telemetry.WithTracing(traces => AddTraces(traces, options));
        }

        if (options.Metrics is not null || options.Insights is { Metrics: true })
        {
            services.AddHostedService<PublishedAgeGauge>();
            telemetry.WithMetrics(metrics => AddMetrics(metrics, options));
        }

        if (options.Logs is not null || options.Insights is { Logs: true })
        {
            telemetry.WithLogging(logs => AddLogs(logs, options), static logger => logger.IncludeFormattedMessage = true);
        }

        return services;
    }

    /// <summary>Tells of the requests to the API; before everything else that answers them.</summary>
    public static void UseTelemetry(this IApplicationBuilder app) => app.UseMiddleware<RequestTelemetry>();

    private static string? Version => typeof(TelemetryPipeline).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    private static void AddTraces(TracerProviderBuilder traces, TelemetryOptions options)
    {
        traces.AddSource(ClvTelemetry.Name);
        if (options.Traces is { } target)
        {
            traces.AddOtlpExporter(target.Configure);
        }

        if (options.Insights is { Traces: true } insights)
        {
            traces.AddProcessor(new BatchActivityExportProcessor(new AzureMonitorTraceExporter(Options(insights))));
        }

        // Behind the exporters' own, so that they have a unit's span when it is told to send.
        traces.AddProcessor(static provider => provider.GetRequiredService<UnitFlush>());
    }

    private static void AddMetrics(MeterProviderBuilder metrics, TelemetryOptions options)
    {
        metrics.AddMeter(ClvTelemetry.Name, RuntimeMeter);
        if (options.Metrics is { } target)
        {
            metrics.AddOtlpExporter((exporter, reader) =>
            {
                target.Configure(exporter);
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = options.MetricInterval;
            });
        }

        if (options.Insights is { Metrics: true } insights)
        {
            metrics.AddReader(new PeriodicExportingMetricReader(new AzureMonitorMetricExporter(Options(insights)))
            {
                TemporalityPreference = MetricReaderTemporalityPreference.Delta,
            });
        }
    }

    private static void AddLogs(LoggerProviderBuilder logs, TelemetryOptions options)
    {
        logs.AddProcessor(new UnitLogAttributes());
        if (options.Logs is { } target)
        {
            logs.AddOtlpExporter(target.Configure);
        }

        if (options.Insights is { Logs: true } insights)
        {
            logs.AddProcessor(new BatchLogRecordExportProcessor(new AzureMonitorLogExporter(Options(insights))));
        }
    }

    private static AzureMonitorExporterOptions Options(ApplicationInsights insights) => new()
    {
        ConnectionString = insights.ConnectionString,
        Credential = insights.Identity,
    };
}
