using Clv.Functions.Telemetry;
using Clv.Functions.Tests.Rig;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Clv.Functions.Tests.Telemetry;

// Listeners are those of the whole process.
[Collection("listeners")]
public sealed class TelemetrySettingsTests
{
    private const string Secret = "S3cretS3cret";
    private const string Insights = "InstrumentationKey=5b5450db-eb26-4c1a-981c-ba1d25f0483d;IngestionEndpoint=https://127.0.0.1:1/";

    public static TheoryData<string, string> Broken => new()
    {
        { "OTEL_EXPORTER_OTLP_ENDPOINT", Secret },
        { "OTEL_EXPORTER_OTLP_ENDPOINT", $"ftp://{Secret}" },
        { "OTEL_EXPORTER_OTLP_ENDPOINT", $"http://user:{Secret}@localhost:4318" },
        { "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", $"{Secret}:4317" },
        { "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", $"/{Secret}" },
        { "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", $"http://{Secret}:port" },
        { "OTEL_EXPORTER_OTLP_PROTOCOL", $"http/json{Secret}" },
        { "OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", Secret },
        { "OTEL_EXPORTER_OTLP_HEADERS", Secret },
        { "OTEL_EXPORTER_OTLP_TRACES_HEADERS", $"={Secret}" },
        { "OTEL_EXPORTER_OTLP_TIMEOUT", Secret },
        { "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", $"-{Secret}" },
        { "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", Secret },
        { "OTEL_RESOURCE_ATTRIBUTES", Secret },
        { "OTEL_TRACES_EXPORTER", Secret },
        { "OTEL_METRICS_EXPORTER", $"prometheus{Secret}" },
        { "OTEL_LOGS_EXPORTER", Secret },
        { "OTEL_TRACES_SAMPLER", Secret },
        { "OTEL_TRACES_SAMPLER_ARG", Secret },
        { "OTEL_SDK_DISABLED", Secret },
        { "OTEL_BSP_SCHEDULE_DELAY", Secret },
        { "OTEL_METRIC_EXPORT_INTERVAL", Secret },
        { "APPLICATIONINSIGHTS_CONNECTION_STRING", Secret },
        { "APPLICATIONINSIGHTS_CONNECTION_STRING", $"InstrumentationKey={Secret}" },
        { "APPLICATIONINSIGHTS_CONNECTION_STRING", $"@Microsoft.KeyVault(SecretUri=https://{Secret}.vault.azure.net/)" },
        { "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", Secret },
        { "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", $"Authorization={Secret}" },
        { "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", $"Authorization=AAD;ClientId={Secret}" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Settings_Broken_AreNamedAndNotQuoted(string setting, string value)
    {
        var all = new Dictionary<string, string?> { ["OTEL_TRACES_SAMPLER"] = "traceidratio", ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = Insights, [setting] = value };

        var refused = Assert.Throws<InvalidOperationException>(() => TelemetryOptions.From(Configuration(all)));

        Assert.StartsWith($"Setting {setting} ", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, refused.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Program_WithABrokenSetting_EndsWithOneSentence()
    {
        var program = await AppProgram.RunAsync(("OTEL_EXPORTER_OTLP_ENDPOINT", Secret));

        Assert.Equal((1, ""), (program.ExitCode, program.Output));
        Assert.Equal("Setting OTEL_EXPORTER_OTLP_ENDPOINT must be an http or https address without a user, such as http://localhost:4318.", program.Error);
    }

    [Fact]
    public void Telemetry_WithoutSettings_RegistersNothingAndStartsNothing()
    {
        var services = new ServiceCollection();

        services.AddTelemetry(Configuration([]));
        services.AddTelemetry(Configuration(new() { ["OTEL_SDK_DISABLED"] = "true", ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://localhost:4318" }));
        services.AddTelemetry(Configuration(new()
        {
            ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = Insights,
            ["OTEL_TRACES_EXPORTER"] = "none",
            ["OTEL_METRICS_EXPORTER"] = "none",
            ["OTEL_LOGS_EXPORTER"] = "none",
        }));

        Assert.Empty(services);
        // Nobody in this process listens, as in an app without settings.
        Assert.Null(ClvTelemetry.Activities.StartActivity("anything"));
        Assert.False(LookupMetrics.IsOn);
        Assert.False(NightMetrics.MeasuresPhases);
    }

    [Fact]
    public void Otlp_OfOneSignal_IsSentAloneAndWhereItSays()
    {
        var one = TelemetryOptions.From(Configuration(new() { ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = "http://collector:4318/own/path" }));
        Assert.Equal(("http://collector:4318/own/path", OtlpExportProtocol.Grpc), (one.Traces!.Endpoint.AbsoluteUri, one.Traces.Protocol));
        Assert.Null(one.Metrics);
        Assert.Null(one.Logs);

        var all = TelemetryOptions.From(Configuration(new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "https://collector/otlp/",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = "api-key=1",
            ["OTEL_EXPORTER_OTLP_LOGS_HEADERS"] = "api-key=2",
            ["OTEL_EXPORTER_OTLP_METRICS_PROTOCOL"] = "grpc",
            ["OTEL_EXPORTER_OTLP_TIMEOUT"] = "3000",
        }));
        Assert.Equal(("https://collector/otlp/v1/traces", "api-key=1", 3000), (all.Traces!.Endpoint.AbsoluteUri, all.Traces.Headers, all.Traces.Timeout));
        Assert.Equal(("https://collector/otlp/", OtlpExportProtocol.Grpc), (all.Metrics!.Endpoint.AbsoluteUri, all.Metrics.Protocol));
        Assert.Equal(("https://collector/otlp/v1/logs", "api-key=2"), (all.Logs!.Endpoint.AbsoluteUri, all.Logs.Headers));

        Assert.Equal("http://localhost:4317/", TelemetryOptions.From(Configuration(new() { ["OTEL_METRICS_EXPORTER"] = "otlp" })).Metrics!.Endpoint.AbsoluteUri);
        Assert.Null(TelemetryOptions.From(Configuration(new() { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://c:4317", ["OTEL_LOGS_EXPORTER"] = "none" })).Logs);
    }

    [Fact]
    public async Task ApplicationInsights_OfAConnectionString_IsRegisteredWithTheIdentityThatIsNamed()
    {
        var without = TelemetryOptions.From(Configuration(new() { ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = Insights }));
        Assert.Null(without.Insights!.Identity);
        var settings = new Dictionary<string, string?>
        {
            ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = Insights,
            ["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] = "Authorization=AAD;ClientId=5b5450db-eb26-4c1a-981c-ba1d25f0483d",
            ["OTEL_LOGS_EXPORTER"] = "none",
        };
        var with = TelemetryOptions.From(Configuration(settings)).Insights!;
        Assert.NotNull(with.Identity);
        Assert.Equal((true, true, false), (with.Traces, with.Metrics, with.Logs));

        var services = new ServiceCollection().AddSingleton<IConfiguration>(Configuration(settings));
        services.AddTelemetry(Configuration(settings));
        await using var provider = services.BuildServiceProvider();
        Assert.NotNull(provider.GetRequiredService<TracerProvider>());
        Assert.NotNull(provider.GetRequiredService<MeterProvider>());
    }

    private static IConfiguration Configuration(Dictionary<string, string?> settings) => new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
}
