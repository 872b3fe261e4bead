using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Clv.Functions.Access;
using Clv.Functions.Night;
using Clv.Functions.Privacy;

namespace Clv.Functions.Triggers;

/// <summary>The functions that the host calls for timers and queue messages: POST /{function}. Nobody else may call them.</summary>
internal static class TriggerEndpoints
{
    public static void MapTriggers(this IEndpointRouteBuilder app)
    {
        Map(app, "StartNight", static async (_, services, cancellationToken) =>
        {
            var started = await services.GetRequiredService<NightStarter>().StartTonightAsync(cancellationToken);
            Log.TimerStarted(services.GetRequiredService<ILogger<NightStarter>>(), started.Run, started.Started);
        });
        Map(app, "Watch", static async (_, services, cancellationToken) =>
        {
            // Each for itself: one that fails keeps none of the others from its work.
            var failures = new List<Exception>();
            foreach (var look in (Func<CancellationToken, Task>[])
                [services.GetRequiredService<Watchdog>().RunAsync, services.GetRequiredService<Retention>().RunAsync, services.GetRequiredService<Eraser>().WatchAsync])
            {
                try
                {
                    await look(cancellationToken);
                }
                catch (Exception e)
                {
                    failures.Add(e);
                }
            }

            if (failures.Count > 0)
            {
                throw new AggregateException(failures);
            }
        });
        MapUnit(app, "RunUnit", static (units, message, cancellationToken) => units.RunAsync(message, cancellationToken));
        MapUnit(app, "FailUnit", static (units, message, cancellationToken) => units.FailAsync(message, cancellationToken));
    }

    // A message that is no unit of work would come back for ever. Its text may be anybody's, so the log tells it only by its hash.
    private static void MapUnit(IEndpointRouteBuilder app, string function, Func<UnitRunner, WorkMessage, CancellationToken, Task> run) =>
        Map(app, function, async (invocation, services, cancellationToken) =>
        {
            var text = invocation.Message("unit");
            WorkMessage message;
            try
            {
                message = WorkMessage.Parse(text);
            }
            catch (JsonException)
            {
                Log.NoUnit(
                    services.GetRequiredService<ILogger<UnitRunner>>(),
                    function,
                    text.Length,
                    Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
                return;
            }

            await run(services.GetRequiredService<UnitRunner>(), message, cancellationToken);
        });

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
        }).RequiresHost();
}
