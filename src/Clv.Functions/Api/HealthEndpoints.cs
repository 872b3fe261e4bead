using Clv.Functions.Access;
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
            return context.FindCaller() is { Roles: not Roles.None }
                ? Results.Ok(new { Status = "ok", run?.Run, run?.Date, AgeHours = run is null ? (double?)null : (time.GetUtcNow() - run.PublishedAt).TotalHours })
                : Results.Ok(new { Status = "ok" });
        }).OpenToAnyone();
    }
}
