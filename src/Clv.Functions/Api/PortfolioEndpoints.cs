using Clv.Core.Portfolio;
using Clv.Functions.Access;
using Clv.Functions.Description;
using Clv.Functions.Lookup;

namespace Clv.Functions.Api;

/// <summary>GET /api/portfolio and POST /api/scenarios.</summary>
internal static class PortfolioEndpoints
{
    public static void MapPortfolio(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/portfolio", async (PortfolioLookup portfolios, CancellationToken cancellationToken) =>
            await portfolios.FindAsync(cancellationToken) is { } served ? Results.Ok(served) : Problems.NothingPublished())
            .Requires(Roles.Analyst)
            .Describes("getPortfolio", "Portfolio", "What all customers are worth together", "Its movement, acquisition by channel and cohort, and where the next euro does most.")
            .Answers<ServedPortfolio>(StatusCodes.Status200OK, "The portfolio of the published run.")
            .Refuses(StatusCodes.Status404NotFound, "No night has been published.");
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
                return Results.Ok(new ScenarioAnswer(served.Run, served.Date, served.Currency, Scenario.Run(served.Portfolio.Scenarios, request)));
            }
            catch (ScenarioRefusedException e)
            {
                return Problems.Malformed($"{e.Property}: {e.Message}");
            }
        })
        .Requires(Roles.Analyst)
        .Describes("runScenario", "Portfolio", "What changes would do", "Changes of price, conversion, upsell, retention, service cost or margin, for everybody or a segment; nothing is stored.")
        .TakesBody("The changes, all at once.", """{"changes":[{"lever":"price","percent":3},{"lever":"retention","percent":-2,"segment":"Business"}]}""")
        .Answers<ScenarioAnswer>(StatusCodes.Status200OK, "The future value of customers before and after, and what prospects are expected to be worth.")
        .Refuses(StatusCodes.Status400BadRequest, "The body is malformed, or a change has no lever or segment that there is, is out of bounds or given twice.")
        .Refuses(StatusCodes.Status404NotFound, "No night has been published.");
    }
}

/// <summary>What changes would do.</summary>
/// <param name="Run">The published run.</param>
/// <param name="Date">The date of its extracts.</param>
/// <param name="Currency">The currency of the amounts, if the extracts say it.</param>
/// <param name="Scenario">What they do.</param>
internal sealed record ScenarioAnswer(string Run, DateOnly Date, string? Currency, ScenarioResult Scenario);
