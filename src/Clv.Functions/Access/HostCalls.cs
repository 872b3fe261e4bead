using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace Clv.Functions.Access;

/// <summary>
/// Tells a call that the Functions host makes itself (a timer, a message) from a request that it forwards for somebody. The contract's headers
/// alone do not: the host adds them to both, and a path such as /api/%252e%252e/RunUnit comes out of its forwarding as /RunUnit. What it
/// forwards carries the caller's Host and headers, and what stood in front of it leaves its own.
/// </summary>
internal sealed class HostCalls(IConfiguration configuration)
{
    /// <summary>The header of the secret that a host gave its process as CLV_HOST_SECRET; the Azure host gives none.</summary>
    public const string SecretHeader = "X-Clv-Host-Secret";

    private const string SecretSetting = "CLV_HOST_SECRET";

    // Beginnings of the names of headers that proxies, App Service, browsers and clients with a key send, and that the host does not.
    private static readonly string[] Forwarded =
    [
        "X-Forwarded", "Forwarded", "X-Original-", "X-ARR-", "X-Functions-", "X-Api-Key", "X-MS-CLIENT-", "X-MS-TOKEN-", "X-HTTP-Method", "X-Method-Override",
        "X-AppService-", "X-SITE-", "WAS-DEFAULT-", "DISGUISED-", "CLIENT-IP", "X-Real-IP", "X-Azure-FDID", "X-Azure-ClientIP", "X-Azure-SocketIP", "Via",
        "Max-Forwards", "Authorization", "Cookie", "Origin", "Referer", "Sec-",
    ];

    private readonly byte[]? _secret = configuration[SecretSetting] is { Length: > 0 } secret ? Encoding.UTF8.GetBytes(secret) : null;

    /// <summary>Whether the host itself calls.</summary>
    /// <param name="context">The request.</param>
    /// <param name="path">The route's path, which the request line must have to the letter.</param>
    public bool Has(HttpContext context, string path)
    {
        var request = context.Request;
        return context.Connection is { RemoteIpAddress: { } peer, LocalPort: var port }
            && IPAddress.IsLoopback(peer)
            && context.Features.Get<IHttpRequestFeature>()!.RawTarget == path
            && request.Host is { Host: "127.0.0.1" or "localhost" or "[::1]", Port: { } named } && named == port
            && request.Headers["X-Azure-Functions-InvocationId"] is [{ } id] && Guid.TryParse(id, out _)
            && request.Headers["X-Azure-Functions-HostVersion"] is [{ Length: > 0 }]
            && !request.Headers.Keys.Any(IsForwarded)
            && HasSecret(request);
    }

    private static bool IsForwarded(string name) => Array.Exists(Forwarded, start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase));

    private bool HasSecret(HttpRequest request) => _secret is null
        || (request.Headers[SecretHeader] is [{ } given] && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), _secret));
}
