using Clv.Functions.Audit;
using Clv.Functions.Description;
using Clv.Functions.Storage;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace Clv.Functions.Api;

/// <summary>Every error of the API as problem details (RFC 9457).</summary>
internal static class Problems
{
    /// <summary>The request itself is wrong.</summary>
    public static IResult Malformed(string detail) =>
        Results.Problem(title: "The request is malformed", detail: detail, statusCode: StatusCodes.Status400BadRequest);

    /// <summary>Nobody knows who asks.</summary>
    public static IResult Unauthorised(string detail) =>
        Results.Problem(title: "Who is asking?", detail: detail, statusCode: StatusCodes.Status401Unauthorized);

    /// <summary>The caller may not.</summary>
    public static IResult Forbidden(string detail) =>
        Results.Problem(title: "This is not allowed", detail: detail, statusCode: StatusCodes.Status403Forbidden);

    /// <summary>The caller asks too often.</summary>
    /// <param name="seconds">When to try again.</param>
    public static IResult TooMany(int seconds) => Results.Problem(
        title: "Too many requests", detail: $"Try again in {seconds} s.", statusCode: StatusCodes.Status429TooManyRequests);

    /// <summary>What was asked for is not there.</summary>
    public static IResult NotFound(string title, string detail, IDictionary<string, object?>? extensions = null) =>
        Results.Problem(title: title, detail: detail, statusCode: StatusCodes.Status404NotFound, extensions: extensions);

    /// <summary>What was asked for cannot be done as things stand.</summary>
    public static IResult Conflict(string title, string detail) =>
        Results.Problem(title: title, detail: detail, statusCode: StatusCodes.Status409Conflict);

    /// <summary>No night has been published, so there is nothing to answer with.</summary>
    public static IResult NothingPublished() => NotFound("Nothing is published yet", "No night has been published, so there are no scores.");

    /// <summary>Says what to do where the routing or the server itself refuses a request of the API.</summary>
    public static void Complete(ProblemDetailsContext context)
    {
        if (context.HttpContext.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            context.ProblemDetails.Detail ??= context.ProblemDetails.Status switch
            {
                StatusCodes.Status404NotFound => $"The API has no such path: {ApiDocument.Path} names all that it has.",
                StatusCodes.Status405MethodNotAllowed => $"The path has no such method: {ApiDocument.Path} names those that it has.",
                StatusCodes.Status413PayloadTooLarge => BodyRefusal.TooLarge,
                StatusCodes.Status415UnsupportedMediaType => BodyRefusal.NoJson,
                _ => null,
            };
        }
    }

    /// <summary>Turns what escapes an endpoint into an answer: 503 when storage is down, 400 for a body that cannot be read, else 500.</summary>
    public static void UseProblems(this IApplicationBuilder app) => app.UseExceptionHandler(handler => handler.Run(async context =>
    {
        var logger = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Problems));
        var caught = context.Features.Get<IExceptionHandlerFeature>()!;
        var (error, endpoint) = (caught.Error, caught.Endpoint);
        var problem = error switch
        {
            BadHttpRequestException bad => new ProblemDetails { Status = bad.StatusCode, Title = "The request is malformed", Detail = BodyRefusal.Of(context.RequestServices, endpoint, bad) },
            EarlierVersionException => new ProblemDetails
            {
                Status = StatusCodes.Status503ServiceUnavailable,
                Title = "A night is needed",
                Detail = error.Message,
            },
            AuditUnavailableException => new ProblemDetails
            {
                Status = StatusCodes.Status503ServiceUnavailable,
                Title = "The audit cannot be written",
                Detail = "Nobody is looked up unseen, and storage does not take the audit's row. Try again in a few seconds.",
            },
            _ when Resilience.IsStorageDown(error) => new ProblemDetails
            {
                Status = StatusCodes.Status503ServiceUnavailable,
                Title = "Storage cannot be reached",
                Detail = "The scores are in a storage account that does not answer at the moment. Try again in a few seconds.",
            },
            _ => new ProblemDetails { Status = StatusCodes.Status500InternalServerError, Title = "The request failed", Detail = "The app's log says why." },
        };
        if (error is EarlierVersionException)
        {
            Log.NightNeeded(logger, error.Message);
        }
        else if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "5";
            Log.StorageDown(logger, error.GetType().Name);
        }
        else if (problem.Status >= 500)
        {
            Log.RequestFailed(logger, error, context.Request.Method, (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "");
        }

        await Results.Problem(problem).ExecuteAsync(context);
    }));
}
