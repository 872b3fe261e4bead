using Clv.Functions.Access;
using Clv.Functions.Audit;
using Clv.Functions.Description;
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
                _ => Results.Ok(new FoundCustomer(result.Run, result.Score)),
            };
        },
        new PersonText("getCustomer", "Customers", "A customer's score", static route => route
            .IsWorded()
            .Answers<FoundCustomer>(StatusCodes.Status200OK, "The score, with the run that it comes from.")
            .Refuses(StatusCodes.Status404NotFound, "The run, which `run` names, does not know the customer, or no night has been published.")),
        part: new PersonPart("/record", Roles.Operator, "record", PrivacyEndpoints.RecordAsync, PrivacyEndpoints.RecordText("getCustomerRecord")),
        without: new PersonSearch(static context => ByContactAsync(context), static route => route
            .Describes(
                "findCustomersByQuery",
                "Customers",
                "The scores of customers by id, phone number or e-mail address",
                "Give exactly one of `id`, `phone` and `email`; an id is answered with the one score. Addresses end up in logs of hosts and proxies: customers:find has the same in its body.")
            .IsWorded()
            .TakesQuery("phone", "A phone number with its country code; a plus need not be escaped.", "+4922147103003")
            .TakesQuery("email", "An e-mail address.", "name@example.com")
            .Answers<FoundCustomer>(StatusCodes.Status200OK, "The score of the id, or everybody who has the number or the address.", or: nameof(FoundCustomers))
            .Refuses(StatusCodes.Status400BadRequest, "None or several of the three are given, or what is given cannot be read.")
            .Refuses(StatusCodes.Status404NotFound, "The run, which `run` names, knows nobody who is meant, or no night has been published.")));
        app.MapPost("/api/customers:find", static (FindRequest? request, HttpContext context) => (request ?? new FindRequest()).AnswerAsync(context))
            .Requires(Roles.Agent)
            .Describes("findCustomers", "Customers", "Everybody who is meant", "By id, phone number, e-mail address or whatever an agent typed, without anything personal in the address of the request.")
            .IsWorded()
            .TakesBody("Exactly one of id, phone, email and query.", """{"phone":"+49 221 4710003"}""")
            .Answers<FoundCustomers>(StatusCodes.Status200OK, "Everybody who is meant, who is worth most first.")
            .Refuses(StatusCodes.Status400BadRequest, "The body is malformed, or what it gives cannot be read.")
            .Refuses(StatusCodes.Status404NotFound, "The run, which `run` names, knows nobody who is meant, or no night has been published.");
        app.MapPost("/api/customers:batchGet", static (BatchRequest? request, HttpContext context) => (request ?? new BatchRequest()).AnswerAsync(context))
            .Requires(Roles.Agent)
            .Describes("batchGetCustomers", "Customers", "The scores of up to 100 customers")
            .IsWorded()
            .TakesBody("1 to 100 ids.", """{"ids":["17","18"]}""")
            .Answers<BatchResult>(StatusCodes.Status200OK, "Those whom the run knows, in the order asked, and the places of the others.")
            .Refuses(StatusCodes.Status400BadRequest, "The body is malformed, has no ids or too many, or one that cannot be used.")
            .Refuses(StatusCodes.Status404NotFound, "No night has been published.");
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
        },
        new PersonText("explainCustomer", "Customers", "A customer's figures, calculated step by step from the customer's own rows", static route => route
            .IsWorded()
            .Answers<ExplanationAnswer>(StatusCodes.Status200OK, "The steps in the order of calculation.")
            .Refuses(StatusCodes.Status404NotFound, "The run does not know the customer, or no night has been published.")));
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

/// <summary>A customer's score with the run that it comes from.</summary>
/// <param name="Run">The run.</param>
/// <param name="Customer">The score.</param>
internal sealed record FoundCustomer(ServedRun Run, CustomerAnswer Customer);
