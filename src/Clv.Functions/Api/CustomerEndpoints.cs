using Clv.Functions.Access;
using Clv.Functions.Lookup;

namespace Clv.Functions.Api;

/// <summary>GET /api/customers/{id} and GET /api/explanations/{id}, each with the id in the query too.</summary>
internal static class CustomerEndpoints
{
    public static void MapCustomers(this IEndpointRouteBuilder app)
    {
        app.MapPerson("/api/customers", Roles.Agent, "lookup", static async (context, id) =>
        {
            var result = await context.RequestServices.GetRequiredService<CustomerLookup>().FindAsync(id, RequestLanguage.Of(context), context.RequestAborted);
            return result switch
            {
                { Run: null } => Problems.NothingPublished(),
                { Score: null } => Problems.NotFound(
                    "Unknown customer",
                    $"Run {result.Run.Id} of {result.Run.Date:yyyy-MM-dd} has no customer with this id.",
                    new Dictionary<string, object?> { ["run"] = result.Run }),
                _ => Results.Ok(new { result.Run, Customer = result.Score }),
            };
        },
        part: new PersonPart("/record", Roles.Operator, "record", PrivacyEndpoints.RecordAsync));
        app.MapPerson("/api/explanations", Roles.Analyst, "explain", static async (context, id) =>
        {
            var explained = await context.RequestServices.GetRequiredService<CustomerExplainer>().ExplainAsync(id, context.RequestAborted);
            return explained switch
            {
                { Run: null } => Problems.NothingPublished(),
                { Key: null } => Problems.NotFound(
                    "Unknown customer", $"Run {explained.Run.Id} of {explained.Run.Date:yyyy-MM-dd} has no customer with this id."),
                _ => Results.Ok(ExplanationAnswer.Of(explained, RequestLanguage.Of(context))),
            };
        });
    }
}
