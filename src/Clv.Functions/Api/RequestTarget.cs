using Microsoft.AspNetCore.Http.Features;

namespace Clv.Functions.Api;

/// <summary>
/// The last part of a path as the client meant it. The server decodes every escape but %2F before routing, so an id that contains "/" and
/// one that contains "%2F" would look the same; the raw target keeps them apart.
/// </summary>
internal static class RequestTarget
{
    /// <summary>The decoded rest of the path after a prefix.</summary>
    /// <param name="context">The request.</param>
    /// <param name="prefix">The raw path before it, with the last slash.</param>
    /// <param name="suffix">The raw path behind it, with the first slash; null for none.</param>
    /// <returns>Null when the path is not of this form.</returns>
    public static string? After(HttpContext context, string prefix, string? suffix = null)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var path = target.Split('?', 2)[0];
        var end = path.Length - (suffix?.Length ?? 0);
        return end >= prefix.Length
            && path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            && (suffix is null || path.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            ? Uri.UnescapeDataString(path[prefix.Length..end])
            : null;
    }
}
