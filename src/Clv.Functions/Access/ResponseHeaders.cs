namespace Clv.Functions.Access;

/// <summary>What every answer tells a browser and whatever stands in between: not to keep it, guess its kind, run, frame or embed it.</summary>
internal static class ResponseHeaders
{
    private static readonly (string Name, string Value)[] Headers =
    [
        ("Cache-Control", "no-store"),
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
    ];

    /// <summary>Adds the headers that an answer has not set itself.</summary>
    public static void UseResponseHeaders(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        // At the start of the answer: an error takes back what was set before it.
        context.Response.OnStarting(
            static state =>
            {
                var answer = (HttpResponse)state;
                foreach (var (name, value) in Headers)
                {
                    answer.Headers.TryAdd(name, value);
                }

                return Task.CompletedTask;
            },
            context.Response);
        return next(context);
    });

    /// <summary>Refuses methods that nothing here has, such as TRACE.</summary>
    public static void UseKnownMethods(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        var method = context.Request.Method;
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsPost(method) || HttpMethods.IsDelete(method))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        context.Response.Headers.Allow = "GET, HEAD, POST, DELETE";
        return Task.CompletedTask;
    });
}
