using System.Text.Json;
using System.Text.Json.Serialization;
using Clv.Functions.Access;
using Clv.Functions.Api;
using Clv.Functions.Audit;
using Clv.Functions.Description;
using Clv.Functions.Desk;
using Clv.Functions.Lookup;
using Clv.Functions.Night;
using Clv.Functions.Privacy;
using Clv.Functions.Storage;
using Clv.Functions.Telemetry;
using Clv.Functions.Triggers;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Clv.Functions;

/// <summary>The app: its services and its routes.</summary>
public static class App
{
    private const string PortSetting = "FUNCTIONS_CUSTOMHANDLER_PORT";
    private const int MaxBodyBytes = 1 << 20;

    /// <summary>Builds the app as the Functions host starts it.</summary>
    /// <param name="args">Command-line settings, over those of the environment.</param>
    /// <param name="configure">What a host of its own replaces, such as the clock; null for nothing.</param>
    /// <param name="settings">Further sources of settings, over all others; null for none.</param>
    /// <exception cref="InvalidOperationException">A setting is missing or unusable; the message names it.</exception>
    public static WebApplication Build(string[] args, Action<IServiceCollection>? configure = null, Action<IConfigurationBuilder>? settings = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory, WebRootPath = "wwwroot" });
        settings?.Invoke(builder.Configuration);
        // The host takes each line of standard output as information and of standard error as an error.
        builder.Logging.ClearProviders().AddConsoleLog().AddClvFilters();
        // Loopback only: the host is the one that faces the network.
        builder.WebHost.UseUrls($"http://127.0.0.1:{Port(builder.Configuration)}");
        builder.Services.AddClvApp(builder.Configuration);
        configure?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseClv(static routes => routes.MapTriggers());
        return app;
    }

    /// <summary>Registers the whole app, with what its HTTP pipeline needs, for any server that runs <see cref="UseClv"/>.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or unusable; the message names it.</exception>
    public static IServiceCollection AddClvApp(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddClv(configuration);
        services.AddAccess(configuration);
        services.AddTelemetry(configuration);
        services.AddSingleton<CallLog>();
        services.AddRouting();
        ApiDocument.Add(services);
        services.Configure<KestrelServerOptions>(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Limits.MaxRequestHeaderCount = 100;
            // App Service authentication adds a principal and tokens to what the client sends.
            kestrel.Limits.MaxRequestHeadersTotalSize = 64 << 10;
            kestrel.Limits.MaxRequestLineSize = 8 << 10;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            // Longer than the host keeps an idle connection, so that it never sends a call into one that is being closed.
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(130);
            kestrel.Limits.MaxConcurrentConnections = 1_000;
        });
        services.AddProblemDetails(static problems => problems.CustomizeProblemDetails = Problems.Complete);
        // A body that cannot be read goes the way of every other error instead of ending as an empty 400.
        services.Configure<RouteHandlerOptions>(static routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(static json =>
        {
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
            json.SerializerOptions.MaxDepth = 32;
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        });
        return services;
    }

    /// <summary>
    /// Keeps ASP.NET Core's own log of requests out, whose paths would name customers. What escapes an endpoint is logged once, by the app.
    /// </summary>
    public static ILoggingBuilder AddClvFilters(this ILoggingBuilder logging) => logging
        .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
        .AddFilter("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogLevel.None)
        .AddFilter("Microsoft.Hosting", LogLevel.Warning);

    /// <summary>The app's HTTP pipeline: the API and the pages, with their access rules, errors and headers.</summary>
    /// <param name="app">The pipeline to build; it has no routing of its own yet.</param>
    /// <param name="map">What a head maps beside them; null for nothing.</param>
    public static void UseClv(this IApplicationBuilder app, Action<IEndpointRouteBuilder>? map = null)
    {
        app.UseRouting();
        app.UseTelemetry();
        app.UseResponseHeaders();
        app.UseProblems();
        app.UseStatusCodePages();
        app.UseKnownMethods();
        app.UseDesk();
        app.UseAccess();
        app.UseEndpoints(routes =>
        {
            map?.Invoke(routes);
            routes.MapCustomers();
            routes.MapPortfolio();
            routes.MapRuns();
            routes.MapAudit();
            routes.MapPrivacy();
            routes.MapHealth();
            ApiDocument.Map(routes);
        });
    }

    /// <summary>Registers everything that works on a storage account: the night and the lookup.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or unusable; the message names it.</exception>
    public static IServiceCollection AddClv(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(ClvOptions.From(configuration));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new StorageAccount(configuration, TimeProvider.System));
        services.AddSingleton<AuditTable>();
        services.AddSingleton<LookupAudit>();
        services.AddSingleton<PublishedAge>();
        services.AddSingleton<RunTable>();
        services.AddSingleton<Pointer>();
        services.AddSingleton<NightBlobs>();
        services.AddSingleton<NightKnowledge>();
        services.AddSingleton<NightRates>();
        services.AddSingleton<ErasureFiles>();
        services.AddSingleton<ScoreExport>();
        services.AddSingleton<WorkQueue>();
        services.AddSingleton<Deliveries>();
        services.AddSingleton<RunReplacement>();
        services.AddSingleton<NightStarter>();
        services.AddSingleton<Retention>();
        services.AddSingleton<PlanWork>();
        services.AddSingleton<IPhaseWork, IngestWork>();
        services.AddSingleton<IPhaseWork, SummariseWork>();
        services.AddSingleton<IPhaseWork, FitWork>();
        services.AddSingleton<IPhaseWork, ValueWork>();
        services.AddSingleton<IPhaseWork, RankWork>();
        services.AddSingleton<IPhaseWork, ScoreWork>();
        services.AddSingleton<IPhaseWork, PublishWork>();
        services.AddSingleton<IPhaseWork, AnnounceWork>();
        services.AddSingleton<UnitRunner>();
        services.AddSingleton<RunPublisher>();
        services.AddSingleton<Watchdog>();
        services.AddSingleton<Tombstones>();
        services.AddSingleton<RunErasure>();
        services.AddSingleton<Eraser>();
        services.AddSingleton<NightTriggers>();
        services.AddSingleton<PersonHistories>();
        services.AddSingleton<PersonRecords>();
        services.AddSingleton<CustomerLookup>();
        services.AddSingleton<CustomerExplainer>();
        services.AddSingleton<PortfolioLookup>();
        return services;
    }

    private static int Port(IConfiguration configuration) => int.TryParse(configuration[PortSetting], out var port) && port is > 0 and < 65536
        ? port
        : throw new InvalidOperationException(
            $"{PortSetting} is not set. This program is started by the Functions host: run `func start` in its folder, or `clv serve`.");
}
