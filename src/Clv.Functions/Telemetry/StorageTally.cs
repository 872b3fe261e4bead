using System.Diagnostics;

namespace Clv.Functions.Telemetry;

/// <summary>Counts the storage requests of one span. A span for each of them would be most of the trace and say little more.</summary>
internal sealed class StorageTally
{
    private const string Property = "clv.storage";

    private long _requests;
    private long _retries;

    /// <summary>Counts what is done within a span from now on.</summary>
    public static void Begin(Activity activity) => activity.SetCustomProperty(Property, new StorageTally());

    /// <summary>Counts a request of the span that is under way, if there is one.</summary>
    public static void Count(int retries)
    {
        for (var activity = Activity.Current; activity is not null; activity = activity.Parent)
        {
            if (activity.GetCustomProperty(Property) is StorageTally tally)
            {
                Interlocked.Increment(ref tally._requests);
                Interlocked.Add(ref tally._retries, retries);
                return;
            }
        }
    }

    /// <summary>Writes the counts into the span.</summary>
    public static void End(Activity activity)
    {
        if (activity.GetCustomProperty(Property) is StorageTally tally)
        {
            activity.SetTag(Tags.StorageRequests, Interlocked.Read(ref tally._requests));
            activity.SetTag(Tags.StorageRetries, Interlocked.Read(ref tally._retries));
        }
    }
}
