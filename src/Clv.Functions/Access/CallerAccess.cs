namespace Clv.Functions.Access;

/// <summary>Finds out who sends a request, before any endpoint sees it.</summary>
internal static class CallerAccess
{
    /// <summary>Sets every request's caller.</summary>
    public static void UseAccess(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        context.Features.Set(Caller.Host);
        return next(context);
    });

    /// <summary>Who sends the request.</summary>
    /// <exception cref="InvalidOperationException">Nobody has found out.</exception>
    public static Caller GetCaller(this HttpContext context) =>
        context.Features.Get<Caller>() ?? throw new InvalidOperationException("The request has passed no access check.");
}
