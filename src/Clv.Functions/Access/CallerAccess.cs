using Clv.Functions.Api;
using Microsoft.AspNetCore.RateLimiting;

namespace Clv.Functions.Access;

/// <summary>Finds out who sends a request and whether they may, before any endpoint sees it.</summary>
internal sealed class CallerAccess(RequestDelegate next, ICallerSource source, HostCalls host, RequestLimits limits, ILogger<CallerAccess> logger)
{
    /// <summary>Lets a request pass, or answers it.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        // What the routing makes up itself (a wrong method, a wrong content type) has no rule of its own.
        var route = context.GetEndpoint() as RouteEndpoint;
        var rule = route?.Metadata.GetMetadata<AccessRule>();
        var isApi = context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);
        if (route is not null && rule is null)
        {
            await Problems.Forbidden("No role is stated for this route, so nobody may use it.").ExecuteAsync(context);
        }
        else if (rule is { HostOnly: true })
        {
            await (host.Has(context, route!.RoutePattern.RawText!) ? next(context) : NothingHereAsync(context));
        }
        else if (rule is null && !isApi)
        {
            // Not even which methods a trigger has.
            context.SetEndpoint(null);
            await next(context);
        }
        else
        {
            await DecideAsync(context, rule);
        }
    }

    private async Task DecideAsync(HttpContext context, AccessRule? rule)
    {
        var caller = source.Find(context.Request);
        context.Features.Set(caller);
        if (rule is { Anyone: true })
        {
            await next(context);
        }
        else if (caller is null)
        {
            await RefuseNobodyAsync(context);
        }
        else if (rule is not null && caller.Refusal(rule.Roles) is { } refusal)
        {
            Log.AccessRefused(logger, context.Request.Method, (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "", caller.Id);
            await Problems.Forbidden(refusal).ExecuteAsync(context);
        }
        else if (IsFromAnotherSite(context.Request))
        {
            await Problems.Forbidden("A page of another site may not change anything here.").ExecuteAsync(context);
        }
        else
        {
            await next(context);
        }
    }

    private async Task RefuseNobodyAsync(HttpContext context)
    {
        using var lease = limits.Failures.AttemptAcquire(context);
        if (!lease.IsAcquired)
        {
            await RequestLimits.RefuseAsync(context, lease);
            return;
        }

        context.Response.Headers.WWWAuthenticate = source.Challenge;
        await Problems.Unauthorised(source.Needed).ExecuteAsync(context);
    }

    // A browser says where a request comes from, and sends the cookies of App Service authentication along wherever that is.
    private static bool IsFromAnotherSite(HttpRequest request) => !HttpMethods.IsGet(request.Method)
        && request.Headers["Sec-Fetch-Site"] is [{ } site] && site is not ("same-origin" or "none");

    private static Task NothingHereAsync(HttpContext context)
    {
        context.SetEndpoint(null);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}

/// <summary>Access in the app's pipeline.</summary>
internal static class AccessPipeline
{
    /// <summary>Registers who may do what.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing, unusable or contradicts another; the message names it.</exception>
    public static IServiceCollection AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        var options = AccessOptions.From(configuration);
        services.AddSingleton(options);
        services.AddSingleton<ICallerSource>(options.Mode switch
        {
            AccessMode.AppService => new ClientPrincipal(),
            AccessMode.ApiKeys => new ApiKeys(options),
            _ => new FunctionKeys(),
        });
        services.AddSingleton<HostCalls>();
        services.AddSingleton<RequestLimits>();
        services.AddRateLimiter(static limiter => limiter.OnRejected = static (rejected, _) => new(RequestLimits.RefuseAsync(rejected.HttpContext, rejected.Lease)));
        services.AddOptions<RateLimiterOptions>().Configure<RequestLimits>(static (limiter, limits) => limiter.GlobalLimiter = limits.Requests);
        return services;
    }

    /// <summary>Lets through who may, as often as they may.</summary>
    public static void UseAccess(this IApplicationBuilder app)
    {
        app.UseMiddleware<CallerAccess>();
        app.UseRateLimiter();
    }

    /// <summary>Who sends the request.</summary>
    /// <exception cref="InvalidOperationException">Nobody has found out.</exception>
    public static Caller GetCaller(this HttpContext context) =>
        context.FindCaller() ?? throw new InvalidOperationException("The request has passed no access check.");

    /// <summary>Who sends the request; null where nobody needs to say so, and did not.</summary>
    public static Caller? FindCaller(this HttpContext context) => context.Features.Get<Caller>();
}
