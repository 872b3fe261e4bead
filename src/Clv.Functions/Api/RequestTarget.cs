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
    public static string? After(HttpContext context, string prefix)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var path = target.Split('?', 2)[0];
        return path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? Uri.UnescapeDataString(path[prefix.Length..]) : null;
    }
}
