using System.Diagnostics;
using System.Globalization;
using Clv.Functions.Access;
using Clv.Functions.Api;

namespace Clv.Functions.Telemetry;

/// <summary>
/// A span for each request to the API, in the trace of whoever sends it, and the time that lookups take. Paths, queries, bodies and the sender's
/// trace state are left out: people can be found in them.
/// </summary>
internal sealed class RequestTelemetry(RequestDelegate next)
{
    private const string Customers = "/api/customers";

    // In the place of a method that nobody knows, which is whatever text the sender likes.
    private const string OtherMethod = "_OTHER";

    /// <summary>Lets a request pass, and tells of it.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) || !(ClvTelemetry.Activities.HasListeners() || LookupMetrics.IsOn))
        {
            await next(context);
            return;
        }

        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        var isLookup = IsLookup(context, route);
        var started = Stopwatch.GetTimestamp();
        using var span = Start(context, route);
        var status = StatusCodes.Status500InternalServerError;
        try
        {
            await next(context);
            status = context.Response.StatusCode;
        }
        finally
        {
            var outcome = Outcome(status);
            if (span is not null)
            {
                End(span, context, status, outcome);
            }

            // Nobody waited for the end of a lookup that was given up.
            if (isLookup && status != StatusCodes.Status499ClientClosedRequest)
            {
                LookupMetrics.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, outcome);
            }
        }
    }

    private static bool IsLookup(HttpContext context, string? route) => route switch
    {
        Customers => HttpMethods.IsGet(context.Request.Method),
        $"{Customers}/{{**id}}" => HttpMethods.IsGet(context.Request.Method) && RequestTarget.After(context, $"{Customers}/", "/record") is null,
        $"{Customers}:find" or $"{Customers}:batchGet" => true,
        _ => false,
    };

    private static string Outcome(int status) => status switch
    {
        >= 500 => "failed",
        404 => "unknown",
        499 => "abandoned",
        >= 400 => "refused",
        _ => "found",
    };

    private static Activity? Start(HttpContext context, string? route)
    {
        var request = context.Request;
        var method = HttpMethods.GetCanonicalizedValue(request.Method) is var known && Known(known) ? known : OtherMethod;
        var parent = ActivityContext.TryParse(request.Headers.TraceParent, traceState: null, isRemote: true, out var sender) ? sender : default;
        // The server's own activity, which nobody exports, would come between the sender's span and this one.
        var server = Activity.Current;
        Activity.Current = null;
        var span = ClvTelemetry.Activities.StartActivity(route is null ? method : $"{method} {route}", ActivityKind.Server, parent);
        if (span is null)
        {
            Activity.Current = server;
            return null;
        }

        span.SetTag(Tags.Method, method);
        span.SetTag(Tags.Route, route);
        StorageTally.Begin(span);
        return span;
    }

    private static void End(Activity span, HttpContext context, int status, string outcome)
    {
        span.SetTag(Tags.Status, status);
        span.SetTag(Tags.Outcome, outcome);
        span.SetTag(Tags.Role, context.FindCaller() is { } caller ? string.Join(' ', caller.Roles.Names()) : "none");
        StorageTally.End(span);
        if (status >= StatusCodes.Status500InternalServerError)
        {
            span.SetTag(Tags.ErrorType, status.ToString(CultureInfo.InvariantCulture));
            span.SetStatus(ActivityStatusCode.Error);
        }
    }

    private static bool Known(string method) => HttpMethods.IsGet(method) || HttpMethods.IsPost(method) || HttpMethods.IsDelete(method)
        || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsPut(method) || HttpMethods.IsPatch(method) || HttpMethods.IsTrace(method);
}
