using Clv.Core;
using Clv.Core.Extracts;
using Clv.Functions.Lookup;

namespace Clv.Functions.Api;

/// <summary>GET /api/customers/{id}, and GET /api/customers?id= for ids that a path does not carry safely through every proxy.</summary>
internal static class CustomerEndpoints
{
    private const string Prefix = "/api/customers/";

    public static void MapCustomers(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/customers", (string? id, CustomerLookup lookup, CancellationToken cancellationToken) => FindAsync(id, lookup, cancellationToken));
        app.MapGet(Prefix + "{**id}", (HttpContext context, CustomerLookup lookup, CancellationToken cancellationToken) =>
            FindAsync(RequestTarget.After(context, Prefix), lookup, cancellationToken));
    }

    private static async Task<IResult> FindAsync(string? id, CustomerLookup lookup, CancellationToken cancellationToken)
    {
        if (id is null)
        {
            return Problems.Malformed("Give the customer's id: /api/customers/{id} or /api/customers?id=...");
        }

        if (!CustomerId.TryNormalise(id, out var normal, out var reason))
        {
            return Problems.Malformed($"The customer id cannot be used: {reason.Describe()}.");
        }

        var result = await lookup.FindAsync(normal, cancellationToken);
        return result switch
        {
            { Run: null } => Problems.NotFound("Nothing is published yet", "No night has been published, so there are no scores."),
            { Score: null } => Problems.NotFound(
                "Unknown customer",
                $"Run {result.Run.Id} of {result.Run.Date:yyyy-MM-dd} has no customer with this id.",
                new Dictionary<string, object?> { ["run"] = result.Run }),
            _ => Results.Ok(new { result.Run, Customer = result.Score }),
        };
    }
}
