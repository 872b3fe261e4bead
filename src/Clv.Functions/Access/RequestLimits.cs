using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Clv.Functions.Api;

namespace Clv.Functions.Access;

/// <summary>
/// How often a caller may ask from one address, and how often an address may fail to say who it is. Each of the app's processes counts for
/// itself; a bucket is forgotten when it is full again.
/// </summary>
internal sealed class RequestLimits : IDisposable
{
    /// <summary>Failed authentications a minute of one address.</summary>
    public const int FailuresPerMinute = 30;

    public RequestLimits(AccessOptions options)
    {
        Requests = PartitionedRateLimiter.Create<HttpContext, string>(context => options.RequestsPerMinute == 0
            ? RateLimitPartition.GetNoLimiter("")
            : RateLimitPartition.GetTokenBucketLimiter($"{context.FindCaller()?.Id} {AddressOf(context)}", _ => Bucket(options.RequestsPerMinute)));
        Failures = PartitionedRateLimiter.Create<HttpContext, string>(
            static context => RateLimitPartition.GetTokenBucketLimiter(AddressOf(context), static _ => Bucket(FailuresPerMinute)));
    }

    /// <summary>All requests of a caller.</summary>
    public PartitionedRateLimiter<HttpContext> Requests { get; }

    /// <summary>Requests of nobody.</summary>
    public PartitionedRateLimiter<HttpContext> Failures { get; }

    /// <summary>Answers 429 with the wait.</summary>
    public static async Task RefuseAsync(HttpContext context, RateLimitLease lease)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1;
        context.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        await Problems.TooMany(wait).ExecuteAsync(context);
    }

    public void Dispose()
    {
        Requests.Dispose();
        Failures.Dispose();
    }

    // The last entry is the one that the host appended; what stands before it is what the client says. The app itself listens on loopback only,
    // so without an entry it is somebody on this machine.
    internal static string AddressOf(HttpContext context)
    {
        var last = context.Request.Headers["X-Forwarded-For"].ToString().Split(',')[^1].Trim();
        var address = IPEndPoint.TryParse(last, out var client) ? client.Address : context.Connection.RemoteIpAddress;
        if (address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false })
        {
            // Whoever has one address of version 6 has 2^64 of them.
            var bytes = address.GetAddressBytes();
            bytes.AsSpan(8).Clear();
            address = new IPAddress(bytes);
        }

        return address?.ToString() ?? "";
    }

    private static TokenBucketRateLimiterOptions Bucket(int perMinute) => new()
    {
        TokenLimit = perMinute,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromMinutes(1) / perMinute,
        QueueLimit = 0,
    };
}
