using System.Diagnostics;

namespace Clv.Functions.Telemetry;

/// <summary>The span of sending messages or of working on one, with the storage requests that it took.</summary>
internal sealed class WorkSpan : IDisposable
{
    /// <summary>What the queue is, in the words of the conventions for messaging.</summary>
    public const string Queue = "azure_storage_queue";

    private readonly Activity _activity;

    public WorkSpan(Activity activity)
    {
        _activity = activity;
        StorageTally.Begin(activity);
    }

    /// <summary>Says what came of it: done, again (it was done before), skipped, held or refused.</summary>
    public void End(string outcome)
    {
        _activity.SetTag(Tags.Outcome, outcome);
        if (outcome is "refused")
        {
            _activity.SetStatus(ActivityStatusCode.Error);
        }
    }

    /// <summary>Says that it failed and will be delivered again. Only what kind of error it was: its text is in the log.</summary>
    public void Fail(Exception e)
    {
        _activity.SetTag(Tags.Outcome, "failed");
        _activity.SetTag(Tags.ErrorType, e.GetType().FullName);
        _activity.SetStatus(ActivityStatusCode.Error);
    }

    public void Dispose()
    {
        StorageTally.End(_activity);
        _activity.Dispose();
    }
}
