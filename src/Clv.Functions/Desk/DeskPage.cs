namespace Clv.Functions.Desk;

/// <summary>The agent's page: static files without data, which ask the API themselves.</summary>
internal static class DeskPage
{
    /// <summary>Serves the page at the root; nothing from elsewhere may run in it or frame it.</summary>
    public static void UseDesk(this IApplicationBuilder app)
    {
        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions
        {
            OnPrepareResponse = static file =>
            {
                var headers = file.Context.Response.Headers;
                headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
                headers.CacheControl = "no-cache";
            },
        });
    }
}
