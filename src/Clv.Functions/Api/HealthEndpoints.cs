using Clv.Functions.Access;
using Clv.Functions.Description;
using Clv.Functions.Lookup;

namespace Clv.Functions.Api;

/// <summary>GET /api/healthz: whether storage answers, for anyone, and how old the published scores are, for whoever has a role.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/healthz", async (HttpContext context, PublishedAge published, TimeProvider time, CancellationToken cancellationToken) =>
        {
            var run = await published.FindAsync(cancellationToken);
            return Results.Ok(context.FindCaller() is { Roles: not Roles.None }
                ? new HealthAnswer("ok", run?.Run, run?.Date, run is null ? null : (time.GetUtcNow() - run.PublishedAt).TotalHours)
                : new HealthAnswer("ok"));
        })
        .OpenToAnyone()
        .Describes("getHealth", "Service", "Whether the service works", "Anyone learns the status; whoever has a role, how old the scores are.")
        .Answers<HealthAnswer>(StatusCodes.Status200OK, "Storage answers.")
        .Refuses(StatusCodes.Status500InternalServerError, "Storage refuses the app.")
        .Refuses(StatusCodes.Status503ServiceUnavailable, "Storage does not answer.");
    }
}

/// <summary>How the service is.</summary>
/// <param name="Status">Always ok.</param>
/// <param name="Run">The published run; only for whoever has a role, as what follows, and not before the first night.</param>
/// <param name="Date">The date of its extracts.</param>
/// <param name="AgeHours">Hours since it was published.</param>
internal sealed record HealthAnswer(string Status, string? Run = null, DateOnly? Date = null, double? AgeHours = null);
