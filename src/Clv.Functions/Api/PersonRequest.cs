using Clv.Core;
using Clv.Core.Extracts;

namespace Clv.Functions.Api;

/// <summary>A request about one person, whose id stands in the path or, for ids that a path does not carry safely through every proxy, in the query.</summary>
internal static class PersonRequest
{
    /// <summary>Maps <c>{route}/{id}</c> and <c>{route}?id=</c>.</summary>
    /// <param name="app">The routes.</param>
    /// <param name="route">The path before the id, without a slash at its end.</param>
    /// <param name="answer">Answers for an id in its one spelling.</param>
    /// <param name="method">The method.</param>
    /// <param name="part">
    /// A part of the person with a path of its own, such as <c>/record</c>, and what answers for it. An id that ends so itself is escaped
    /// (<c>%2Frecord</c>), or stands in the query.
    /// </param>
    public static void MapPerson(
        this IEndpointRouteBuilder app,
        string route,
        Func<HttpContext, ReadOnlyMemory<byte>, Task<IResult>> answer,
        string method = "GET",
        (string Suffix, Func<HttpContext, ReadOnlyMemory<byte>, Task<IResult>> Answer)? part = null)
    {
        var prefix = route + "/";
        app.MapMethods(route, [method], (string? id, HttpContext context) => AnswerAsync(route, id, context, answer));
        app.MapMethods(
            prefix + "{**id}",
            [method],
            (Delegate)((HttpContext context) => part is { } of && RequestTarget.After(context, prefix, of.Suffix) is { } whole
                ? AnswerAsync(route, whole, context, of.Answer)
                : AnswerAsync(route, RequestTarget.After(context, prefix), context, answer)));
    }

    private static async Task<IResult> AnswerAsync(
        string route, string? id, HttpContext context, Func<HttpContext, ReadOnlyMemory<byte>, Task<IResult>> answer)
    {
        if (id is null)
        {
            return Problems.Malformed($"Give the customer's id: {route}/{{id}} or {route}?id=...");
        }

        return CustomerId.TryNormalise(id, out var normal, out var reason)
            ? await answer(context, normal)
            : Problems.Malformed($"The customer id cannot be used: {reason.Describe()}.");
    }
}
