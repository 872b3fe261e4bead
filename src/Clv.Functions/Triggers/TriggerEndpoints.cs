using Clv.Functions.Night;

namespace Clv.Functions.Triggers;

/// <summary>The functions that the host calls for timers and queue messages: POST /{function}.</summary>
internal static class TriggerEndpoints
{
    public static void MapTriggers(this IEndpointRouteBuilder app)
    {
        Map(app, "StartNight", static async (_, services, cancellationToken) =>
        {
            var started = await services.GetRequiredService<NightStarter>().StartTonightAsync(cancellationToken);
            Log.TimerStarted(services.GetRequiredService<ILogger<NightStarter>>(), started.Run, started.Started);
        });
        Map(app, "RunUnit", static (invocation, services, cancellationToken) =>
            services.GetRequiredService<UnitRunner>().RunAsync(WorkMessage.Parse(invocation.Message("unit")), cancellationToken));
        Map(app, "FailUnit", static (invocation, services, cancellationToken) =>
            services.GetRequiredService<UnitRunner>().FailAsync(WorkMessage.Parse(invocation.Message("unit")), cancellationToken));
    }

    private static void Map(IEndpointRouteBuilder app, string function, Func<Invocation, IServiceProvider, CancellationToken, Task> run) =>
        app.MapPost($"/{function}", async (Invocation invocation, HttpContext context, ILogger<Invocation> logger) =>
        {
            try
            {
                // No cancellation reaches a custom handler: a call ends when its work does, or with the process.
                await run(invocation, context.RequestServices, CancellationToken.None);
                return Results.Json(InvocationAnswer.Empty, InvocationJson.Options);
            }
            catch (Exception e)
            {
                Log.FunctionFailed(logger, e, function);
                return Results.Problem(title: $"{function} failed", detail: e.GetType().Name, statusCode: StatusCodes.Status500InternalServerError);
            }
        });
}
