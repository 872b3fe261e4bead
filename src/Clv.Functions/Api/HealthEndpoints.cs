using Clv.Functions.Lookup;

namespace Clv.Functions.Api;

/// <summary>GET /api/healthz: whether storage answers, and how old the published scores are.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/healthz", async (CustomerLookup lookup, TimeProvider time, CancellationToken cancellationToken) =>
        {
            var published = await lookup.PublishedAsync(cancellationToken);
            return Results.Ok(new
            {
                Status = "ok",
                published?.Run,
                published?.Date,
                AgeHours = published is null ? (double?)null : (time.GetUtcNow() - published.PublishedAt).TotalHours,
            });
        });
    }
}
