using Microsoft.Net.Http.Headers;

namespace Clv.Functions.Api;

/// <summary>The language that the asker prefers of those that there are.</summary>
internal static class RequestLanguage
{
    private static readonly string[] Known = ["en", "de"];

    /// <summary>The language by Accept-Language, <c>en</c> or <c>de</c>; null when the header asks for neither.</summary>
    public static string? Of(HttpContext context) => context.Request.GetTypedHeaders().AcceptLanguage
        .Where(static asked => asked.Quality is null or > 0)
        .OrderByDescending(static asked => asked.Quality ?? 1)
        .Select(static asked => Find(asked))
        .FirstOrDefault(static known => known is not null);

    private static string? Find(StringWithQualityHeaderValue asked) =>
        Array.Find(Known, known => asked.Value.Equals(known, StringComparison.OrdinalIgnoreCase)
            || (asked.Value.Value?.StartsWith(known + "-", StringComparison.OrdinalIgnoreCase) ?? false));
}
