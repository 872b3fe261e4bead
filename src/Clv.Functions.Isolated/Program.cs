using System.Globalization;
using Clv.Functions;
using Clv.Functions.Isolated;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// Files, tables and messages are the same whatever the machine's language.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
IHost host;
try
{
    var builder = FunctionsApplication.CreateBuilder(args);
    builder.ConfigureFunctionsWebApplication();
    builder.UseMiddleware<FailureLog>();
    builder.Logging.AddClvFilters();
    builder.Services.AddClvApp(builder.Configuration);
    builder.Services.AddSingleton<AppPipeline>();
    // The app reads X-Forwarded-For itself, and trusts its last entry alone; the worker would take that off and believe the client's.
    builder.Services.PostConfigure<ForwardedHeadersOptions>(static forwarded => forwarded.ForwardedHeaders = ForwardedHeaders.None);
    host = builder.Build();
    // Built now, so that a fault in it ends the start and not the first request.
    host.Services.GetRequiredService<AppPipeline>();
}
catch (InvalidOperationException e)
{
    // A setting is wrong: its name and what to do, not a stack trace. What a worker writes to the error stream the host takes for an error only if it
    // says so itself, else for information.
    await Console.Error.WriteLineAsync($"Error: {e.Message}");
    return 1;
}

await host.RunAsync();
return 0;
