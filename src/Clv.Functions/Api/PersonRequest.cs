using Clv.Core;
using Clv.Core.Extracts;
using Clv.Core.History;
using Clv.Functions.Access;
using Clv.Functions.Audit;
using Clv.Functions.Description;

namespace Clv.Functions.Api;

/// <summary>A request about one person, whose id stands in the path or, for ids that a path does not carry safely through every proxy, in the query.</summary>
internal static class PersonRequest
{
    private const string Unusable = "There is no id, or it cannot be used: it is empty, too long or has control characters.";

    /// <summary>Maps <c>{route}/{id}</c> and <c>{route}?id=</c>; every request about somebody leaves a row in the audit.</summary>
    /// <param name="app">The routes.</param>
    /// <param name="route">The path before the id, without a slash at its end.</param>
    /// <param name="roles">Who may ask: one of these roles is needed.</param>
    /// <param name="action">What the audit calls it; null for an answer that keeps account itself.</param>
    /// <param name="answer">Answers for an id in its one spelling.</param>
    /// <param name="text">What the API's document says of it.</param>
    /// <param name="method">The method.</param>
    /// <param name="part">A part of the person with a path of its own.</param>
    /// <param name="without">What answers a request to <paramref name="route"/> that gives no id; null to refuse it.</param>
    public static void MapPerson(
        this IEndpointRouteBuilder app,
        string route,
        Roles roles,
        string? action,
        Func<HttpContext, ReadOnlyMemory<byte>, Task<IResult>> answer,
        PersonText text,
        string method = "GET",
        PersonPart? part = null,
        PersonSearch? without = null)
    {
        var prefix = route + "/";
        var whole = new PersonPart("", roles, action, answer, text);
        var byQuery = app.MapMethods(
            route,
            [method],
            (string? id, HttpContext context) => id is null && without is not null ? without.Answer(context) : AnswerAsync(route, id, whole, context))
            .Requires(roles)
            .TakesQuery("id", "The customer's id, as the CRM has it.", "17", required: without is null)
            .Refuses(StatusCodes.Status400BadRequest, Unusable);
        if (without is null)
        {
            text.Describe(byQuery, "ByQuery");
        }
        else
        {
            without.Describe(byQuery);
        }

        Map(prefix + "{**id}", whole);
        if (part is not null)
        {
            Map(prefix + "{id}" + part.Suffix, part);
        }

        // An id may have slashes, so either pattern may match what the other is for: what is asked, the path as it was sent says.
        void Map(string pattern, PersonPart told) => told.Text.Describe(
            app.MapMethods(
                pattern,
                [method],
                (Delegate)((HttpContext context) => part is not null && RequestTarget.After(context, prefix, part.Suffix) is { } id
                    ? AnswerAsync(route, id, part, context)
                    : AnswerAsync(route, RequestTarget.After(context, prefix), whole, context)))
                .Requires(roles | (part?.Roles ?? Roles.None))
                .WithMetadata(new OperationRoles(told.Roles))
                .TakesPath("id", "The customer's id, as the CRM has it.", "17")
                .Refuses(StatusCodes.Status400BadRequest, Unusable));
    }

    private static async Task<IResult> AnswerAsync(string route, string? id, PersonPart asked, HttpContext context)
    {
        // A person and a part of the person share a route, and so the roles of both.
        if (context.GetCaller().Refusal(asked.Roles) is { } refusal)
        {
            Log.AccessRefused(
                context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(PersonRequest)),
                context.Request.Method,
                route + asked.Suffix,
                context.GetCaller().Id);
            return Problems.Forbidden(refusal);
        }

        if (id is null)
        {
            return Problems.Malformed($"Give the customer's id: {route}/{{id}} or {route}?id=...");
        }

        if (!CustomerId.TryNormalise(id, out var normal, out var reason))
        {
            return Problems.Malformed($"The customer id cannot be used: {reason.Describe()}.");
        }

        if (asked.Action is not { } action)
        {
            return await asked.Answer(context, normal);
        }

        var services = context.RequestServices;
        var key = CustomerKey.Of(normal, services.GetRequiredService<ClvOptions>().HashKey.Span);
        return await services.GetRequiredService<LookupAudit>().AnswerAsync(
            context.GetCaller(), action, [key], () => asked.Answer(context, normal));
    }
}

/// <summary>What may be asked of a person.</summary>
/// <param name="Suffix">
/// What ends its path, such as <c>/record</c>. An id that ends so itself is escaped (<c>%2Frecord</c>), or stands in the query.
/// </param>
/// <param name="Roles">Who may ask.</param>
/// <param name="Action">What the audit calls it; null for an answer that keeps account itself.</param>
/// <param name="Answer">Answers for an id in its one spelling.</param>
/// <param name="Text">What the API's document says of it.</param>
internal sealed record PersonPart(
    string Suffix, Roles Roles, string? Action, Func<HttpContext, ReadOnlyMemory<byte>, Task<IResult>> Answer, PersonText Text);

/// <summary>What the API's document says of a request about one person.</summary>
/// <param name="Id">The operation's name with the id in the path.</param>
/// <param name="Tag">What it is about.</param>
/// <param name="Summary">What it does, in a line.</param>
/// <param name="Answers">States its answers.</param>
internal sealed record PersonText(string Id, string Tag, string Summary, Action<RouteHandlerBuilder> Answers)
{
    /// <summary>States all of it of a route.</summary>
    /// <param name="route">The route.</param>
    /// <param name="form">What the name ends with, of another form than that with the id in the path.</param>
    public void Describe(RouteHandlerBuilder route, string form = "") => Answers(route.Describes(Id + form, Tag, Summary));
}

/// <summary>What answers a request for people that gives no id.</summary>
/// <param name="Answer">Answers it.</param>
/// <param name="Describe">States what the API's document says of the route, which takes an id too.</param>
internal sealed record PersonSearch(Func<HttpContext, Task<IResult>> Answer, Action<RouteHandlerBuilder> Describe);
