using Clv.Functions.Access;
using Clv.Functions.Audit;
using Clv.Functions.Lookup;

namespace Clv.Functions.Api;

/// <summary>
/// GET /api/customers/{id} and GET /api/explanations/{id}, each with the id in the query too; GET /api/customers?phone= and ?email=;
/// POST /api/customers:find, which leaves nothing personal in an address that hosts and proxies log; POST /api/customers:batchGet.
/// </summary>
internal static class CustomerEndpoints
{
    public static void MapCustomers(this IEndpointRouteBuilder app)
    {
        app.MapPerson("/api/customers", Roles.Agent, LookupAudit.Lookup, static async (context, id) =>
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
        part: new PersonPart("/record", Roles.Operator, "record", PrivacyEndpoints.RecordAsync),
        without: static context => ByContactAsync(context));
        app.MapPost("/api/customers:find", static (FindRequest? request, HttpContext context) => (request ?? new FindRequest()).AnswerAsync(context))
            .Requires(Roles.Agent);
        app.MapPost("/api/customers:batchGet", static (BatchRequest? request, HttpContext context) => (request ?? new BatchRequest()).AnswerAsync(context))
            .Requires(Roles.Agent);
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

    private static Task<IResult> ByContactAsync(HttpContext context)
    {
        var (phone, email) = ((string?)context.Request.Query["phone"], (string?)context.Request.Query["email"]);
        if ((phone is null) == (email is null))
        {
            return Task.FromResult(Problems.Malformed(
                "Give the customer's id (/api/customers/{id} or /api/customers?id=...), a phone number (?phone=...) or an e-mail address (?email=...)."));
        }

        // Telephone systems put a number's plus into an address as it is, where it means a blank.
        return new FindRequest(Phone: phone?.StartsWith(' ') == true ? $"+{phone.TrimStart()}" : phone, Email: email).AnswerAsync(context);
    }
}
