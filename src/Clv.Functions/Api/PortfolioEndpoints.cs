using Clv.Core.Portfolio;
using Clv.Functions.Access;
using Clv.Functions.Lookup;

namespace Clv.Functions.Api;

/// <summary>GET /api/portfolio and POST /api/scenarios.</summary>
internal static class PortfolioEndpoints
{
    public static void MapPortfolio(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/portfolio", async (PortfolioLookup portfolios, CancellationToken cancellationToken) =>
            await portfolios.FindAsync(cancellationToken) is { } served ? Results.Ok(served) : Problems.NothingPublished()).Requires(Roles.Analyst);
        app.MapPost("/api/scenarios", async (ScenarioRequest? request, PortfolioLookup portfolios, CancellationToken cancellationToken) =>
        {
            if (request is null)
            {
                return Problems.Malformed("Give the changes: { \"changes\": [{ \"lever\": \"price\", \"percent\": 5 }] }.");
            }

            if (await portfolios.FindAsync(cancellationToken) is not { } served)
            {
                return Problems.NothingPublished();
            }

            try
            {
                return Results.Ok(new { served.Run, served.Date, served.Currency, Scenario = Scenario.Run(served.Portfolio.Scenarios, request) });
            }
            catch (ScenarioRefusedException e)
            {
                return Problems.Malformed($"{e.Property}: {e.Message}");
            }
        }).Requires(Roles.Analyst);
    }
}
