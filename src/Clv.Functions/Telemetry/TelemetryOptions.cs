using System.Globalization;
using Azure.Core;
using Azure.Identity;
using OpenTelemetry.Exporter;

namespace Clv.Functions.Telemetry;

/// <summary>
/// Where telemetry goes, by OpenTelemetry's standard settings and by those of Application Insights that the Functions host reads. Without any of
/// them nothing is sent and nobody listens. The standard lets a bad value pass as if it were not set; here it stops the app.
/// </summary>
internal sealed class TelemetryOptions
{
    private const string Connection = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    private const string Authentication = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";
    private const string Otlp = "OTEL_EXPORTER_OTLP";

    private static readonly string[] Samplers =
        ["always_on", "always_off", "traceidratio", "parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio"];

    // Read by the SDK itself.
    private static readonly string[] Counts =
    [
        "OTEL_BSP_SCHEDULE_DELAY", "OTEL_BSP_EXPORT_TIMEOUT", "OTEL_BSP_MAX_QUEUE_SIZE", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "OTEL_BLRP_SCHEDULE_DELAY",
        "OTEL_BLRP_EXPORT_TIMEOUT", "OTEL_BLRP_MAX_QUEUE_SIZE", "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "OTEL_METRIC_EXPORT_INTERVAL", "OTEL_METRIC_EXPORT_TIMEOUT",
    ];

    private readonly IConfiguration _configuration;

    private TelemetryOptions(IConfiguration configuration) => _configuration = configuration;

    /// <summary>Where spans go by OTLP; null when they do not.</summary>
    public OtlpTarget? Traces { get; private init; }

    /// <summary>Where metrics go by OTLP.</summary>
    public OtlpTarget? Metrics { get; private init; }

    /// <summary>Where log records go by OTLP.</summary>
    public OtlpTarget? Logs { get; private init; }

    /// <summary>Application Insights; null when it is not used.</summary>
    public ApplicationInsights? Insights { get; private init; }

    /// <summary>What the app is called unless OTEL_SERVICE_NAME says otherwise: the function app's name in Azure.</summary>
    public string ServiceName => Text("WEBSITE_SITE_NAME") ?? "clv";

    /// <summary>Milliseconds between two exports of metrics.</summary>
    public int MetricInterval => int.Parse(Text("OTEL_METRIC_EXPORT_INTERVAL") ?? "10000", CultureInfo.InvariantCulture);

    /// <summary>Whether anything is sent anywhere.</summary>
    public bool IsOn => Traces is not null || Metrics is not null || Logs is not null || Insights is { Traces: true } or { Metrics: true } or { Logs: true };

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="InvalidOperationException">A setting is unusable; the message names it and quotes nothing.</exception>
    public static TelemetryOptions From(IConfiguration configuration)
    {
        var settings = new TelemetryOptions(configuration);
        if (settings.Choice("OTEL_SDK_DISABLED", ["true", "false"]) is "true")
        {
            return settings;
        }

        settings.Check();
        return new TelemetryOptions(configuration)
        {
            Traces = settings.Target("TRACES"),
            Metrics = settings.Target("METRICS"),
            Logs = settings.Target("LOGS"),
            Insights = settings.ReadInsights(),
        };
    }

    private void Check()
    {
        var sampler = Choice("OTEL_TRACES_SAMPLER", Samplers);
        if (Text("OTEL_TRACES_SAMPLER_ARG") is { } share && sampler?.EndsWith("ratio", StringComparison.Ordinal) == true
            && !(double.TryParse(share, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1))
        {
            throw Bad("OTEL_TRACES_SAMPLER_ARG", "must be a number from 0 to 1");
        }

        Choice($"{Otlp}_METRICS_TEMPORALITY_PREFERENCE", ["cumulative", "delta", "lowmemory"]);
        Pairs("OTEL_RESOURCE_ATTRIBUTES");
        foreach (var name in Counts)
        {
            Count(name);
        }
    }

    private OtlpTarget? Target(string signal)
    {
        var exporter = Choice($"OTEL_{signal}_EXPORTER", ["otlp", "none"]);
        var own = Endpoint($"{Otlp}_{signal}_ENDPOINT");
        var common = Endpoint($"{Otlp}_ENDPOINT");
        var grpc = (Choice($"{Otlp}_{signal}_PROTOCOL", ["grpc", "http/protobuf"]) ?? Choice($"{Otlp}_PROTOCOL", ["grpc", "http/protobuf"])) is not "http/protobuf";
        Pairs($"{Otlp}_HEADERS");
        Pairs($"{Otlp}_{signal}_HEADERS");
        var timeout = Count($"{Otlp}_{signal}_TIMEOUT") ?? Count($"{Otlp}_TIMEOUT") ?? 10_000;
        if (exporter == "none" || (exporter is null && own is null && common is null))
        {
            return null;
        }

        // The common address is that of the collector, a signal's own is used as it is.
        var endpoint = common ?? new Uri(grpc ? "http://localhost:4317" : "http://localhost:4318");
        endpoint = own ?? (grpc ? endpoint : new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/v1/{signal.ToLowerInvariant()}"));
        return new OtlpTarget(
            endpoint, grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf, Text($"{Otlp}_{signal}_HEADERS") ?? Text($"{Otlp}_HEADERS"), timeout);
    }

    private ApplicationInsights? ReadInsights()
    {
        if (Text(Connection) is not { } text)
        {
            return null;
        }

        var parts = Parts(text, ';');
        if (parts is null
            || !Guid.TryParse(parts.GetValueOrDefault("InstrumentationKey"), out _)
            || (parts.GetValueOrDefault("IngestionEndpoint") is { } endpoint && !(Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps)))
        {
            throw Bad(Connection, "is not a connection string of Application Insights; a Key Vault reference that the platform could not resolve looks like that too");
        }

        return new ApplicationInsights(text, Identity(), IsWanted("TRACES"), IsWanted("METRICS"), IsWanted("LOGS"));

        bool IsWanted(string signal) => Text($"OTEL_{signal}_EXPORTER") is not { } exporter || !exporter.Equals("none", StringComparison.OrdinalIgnoreCase);
    }

    // As the host reads it: a managed identity, the system's or the one with the client id.
    private ManagedIdentityCredential? Identity()
    {
        if (Text(Authentication) is not { } text)
        {
            return null;
        }

        if (Parts(text, ';') is not { } parts || !string.Equals(parts.GetValueOrDefault("Authorization"), "AAD", StringComparison.OrdinalIgnoreCase))
        {
            throw Bad(Authentication, "must be Authorization=AAD, with ;ClientId=... for a user-assigned identity");
        }

        return parts.GetValueOrDefault("ClientId") switch
        {
            null or "" => new ManagedIdentityCredential(ManagedIdentityId.SystemAssigned),
            var client when Guid.TryParse(client, out _) => new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(client)),
            _ => throw Bad(Authentication, "must have the client id of a managed identity, a GUID, as its ClientId"),
        };
    }

    private string? Text(string name) => _configuration[name]?.Trim() is { Length: > 0 } text ? text : null;

    private string? Choice(string name, string[] choices) => Text(name)?.ToLowerInvariant() is not { } text ? null
        : choices.Contains(text, StringComparer.Ordinal) ? text
        : throw Bad(name, $"must be {string.Join(", ", choices[..^1])} or {choices[^1]}");

    private int? Count(string name) => Text(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count
        : throw Bad(name, "must be a whole number above 0");

    private Uri? Endpoint(string name) => Text(name) is not { } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.UserInfo.Length == 0 ? uri
        : throw Bad(name, "must be an http or https address without a user, such as http://localhost:4318");

    private void Pairs(string name)
    {
        if (Text(name) is { } text && Parts(text, ',') is null)
        {
            throw Bad(name, "must be a list such as name=value,name=value");
        }
    }

    private static Dictionary<string, string>? Parts(string text, char separator)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                return null;
            }

            parts[part[..equals].Trim()] = part[(equals + 1)..].Trim();
        }

        return parts;
    }

    private static InvalidOperationException Bad(string setting, string problem) => new($"Setting {setting} {problem}.");
}

/// <summary>Where one signal goes by OTLP.</summary>
/// <param name="Endpoint">The address, with its path where the protocol has one.</param>
/// <param name="Protocol">How.</param>
/// <param name="Headers">Headers of each request, as the setting has them; null for none.</param>
/// <param name="Timeout">Milliseconds that an export may take.</param>
internal sealed record OtlpTarget(Uri Endpoint, OtlpExportProtocol Protocol, string? Headers, int Timeout)
{
    /// <summary>Sets an exporter up.</summary>
    public void Configure(OtlpExporterOptions options)
    {
        (options.Endpoint, options.Protocol, options.TimeoutMilliseconds) = (Endpoint, Protocol, Timeout);
        if (Headers is not null)
        {
            options.Headers = Headers;
        }
    }
}

/// <summary>Application Insights.</summary>
/// <param name="ConnectionString">Where it is.</param>
/// <param name="Identity">Who the app is to it; null when the connection string is enough.</param>
/// <param name="Traces">Whether it gets spans.</param>
/// <param name="Metrics">Whether it gets metrics.</param>
/// <param name="Logs">Whether it gets log records.</param>
internal sealed record ApplicationInsights(string ConnectionString, TokenCredential? Identity, bool Traces, bool Metrics, bool Logs);
