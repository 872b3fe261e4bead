using Clv.Functions.Access;
using Clv.Functions.Telemetry;

namespace Clv.Functions.Triggers;

/// <summary>The functions that the host calls for timers and queue messages: POST /{function}. Nobody else may call them.</summary>
internal static class TriggerEndpoints
{
    public static void MapTriggers(this IEndpointRouteBuilder app)
    {
        // No cancellation reaches a custom handler: a call ends when its work does, or with the process.
        Map(app, "StartNight", static (_, night) => night.StartNightAsync(CancellationToken.None));
        Map(app, "Watch", static (_, night) => night.WatchAsync(CancellationToken.None));
        Map(app, "RunUnit", static (invocation, night) => night.RunUnitAsync(invocation.Message("unit"), CancellationToken.None));
        Map(app, "FailUnit", static (invocation, night) => night.FailUnitAsync(invocation.Message("unit"), CancellationToken.None));
    }

    private static void Map(IEndpointRouteBuilder app, string function, Func<Invocation, NightTriggers, Task> run) =>
        app.MapPost($"/{function}", async (Invocation invocation, NightTriggers night, CallLog calls) =>
        {
            try
            {
                MessageDelivery.Current = invocation.Delivery;
                await calls.RunAsync(function, () => run(invocation, night));
                return Results.Json(InvocationAnswer.Empty, InvocationJson.Options);
            }
            catch (Exception e)
            {
                // Logged by then; the host is to deliver a message again.
                return Results.Problem(title: $"{function} failed", detail: e.GetType().Name, statusCode: StatusCodes.Status500InternalServerError);
            }
        }).RequiresHost();
}
