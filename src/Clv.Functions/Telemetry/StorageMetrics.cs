using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Clv.Functions.Telemetry;

/// <summary>What the app asks of storage.</summary>
internal static class StorageMetrics
{
    private static readonly Counter<long> Requests = ClvTelemetry.Meter.CreateCounter<long>(
        "clv.storage.requests", "{request}", "Storage requests, each with all its tries, by service and the class of the last answer's status.");

    private static readonly Counter<long> Retries = ClvTelemetry.Meter.CreateCounter<long>(
        "clv.storage.retries", "{retry}", "Further tries of storage requests whose try before failed, by service.");

    /// <summary>Counts a request that has ended.</summary>
    /// <param name="service">blob, queue or table.</param>
    /// <param name="status">The status of the last answer; null when there was none.</param>
    /// <param name="tries">How often it was tried.</param>
    public static void Count(string service, int? status, int tries)
    {
        var retries = Math.Max(0, tries - 1);
        Requests.Add(1, new TagList { { "service", service }, { "outcome", Outcome(status) } });
        if (retries > 0)
        {
            Retries.Add(retries, new KeyValuePair<string, object?>("service", service));
        }

        StorageTally.Count(retries);
    }

    private static string Outcome(int? status) => status switch
    {
        null => "none",
        < 200 => "1xx",
        < 300 => "2xx",
        < 400 => "3xx",
        < 500 => "4xx",
        _ => "5xx",
    };
}
