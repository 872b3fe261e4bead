using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.FileProviders;

namespace Clv.Functions.Isolated;

/// <summary>The app's own HTTP pipeline, to which a function hands the request that reached it.</summary>
internal sealed class AppPipeline
{
    private readonly RequestDelegate _pipeline;

    public AppPipeline(IServiceProvider services, IWebHostEnvironment environment)
    {
        // The host starts the worker wherever it likes; the pages are beside the program.
        environment.WebRootFileProvider = new PhysicalFileProvider(Path.Combine(AppContext.BaseDirectory, "wwwroot"));
        var app = new ApplicationBuilder(services, new FeatureCollection());
        app.UseClv();
        _pipeline = app.Build();
    }

    /// <summary>Answers a request as the custom handler would.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        // The worker has matched the function's route; the app matches its own, and finds what a route of its own left there.
        var (endpoint, values) = (context.GetEndpoint(), context.Request.RouteValues);
        context.SetEndpoint(null);
        context.Request.RouteValues = [];
        try
        {
            await _pipeline(context);
        }
        finally
        {
            context.SetEndpoint(endpoint);
            context.Request.RouteValues = values;
        }
    }
}
