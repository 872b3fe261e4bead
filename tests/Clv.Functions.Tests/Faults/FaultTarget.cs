using Clv.Functions.Storage;
using Clv.Functions.Tests.Rig;

namespace Clv.Functions.Tests.Faults;

/// <summary>What a request is for. A fault names one, and which of its requests it hits.</summary>
public enum FaultTarget
{
    /// <summary>Anything that the app writes: a blob, a row, a message.</summary>
    AnyWrite,

    /// <summary>The plan that is written once.</summary>
    PlanFile,

    /// <summary>A file of the run's own work.</summary>
    WorkFile,

    /// <summary>A file of the history.</summary>
    HistoryFile,

    /// <summary>Models or ranking.</summary>
    ModelFile,

    /// <summary>Portfolio or books.</summary>
    ReportFile,

    /// <summary>The events as a file.</summary>
    ExportFile,

    /// <summary>A transaction of score rows.</summary>
    ScoreRows,

    /// <summary>A unit's marker with its phase's counter, or the plan's with all of them.</summary>
    Marker,

    /// <summary>The run's record, that its next phase is queued, or a problem.</summary>
    RunRecord,

    /// <summary>Which run lookups follow.</summary>
    Pointer,

    /// <summary>A unit on its way into the queue.</summary>
    WorkMessage,

    /// <summary>An event on its way into the queue.</summary>
    EventMessage,

    /// <summary>A work file's removal.</summary>
    Removal,

    /// <summary>A file that is read.</summary>
    FileRead,

    /// <summary>A phase's counter that is read.</summary>
    CounterRead,

    /// <summary>The host's word that a message is done with, or is to come again.</summary>
    Receipt,
}

/// <summary>Tells what requests are for.</summary>
internal static class FaultTargets
{
    /// <summary>The targets that a request counts for; none of lookups, and of the host's own looks into the queue.</summary>
    public static IEnumerable<FaultTarget> Of(StorageRequest request)
    {
        var path = request.Target.Split('?')[0];
        if (IsOfHost(request))
        {
            return request.Method is "DELETE" or "PUT" && path.Contains("/messages/", StringComparison.Ordinal) ? [FaultTarget.Receipt] : [];
        }

        return (request.IsWrite, Written(request, path)) switch
        {
            (true, { } target) => [FaultTarget.AnyWrite, target],
            (true, null) => [FaultTarget.AnyWrite],
            (false, _) when IsBlob(path) && request.Method == "GET" => [FaultTarget.FileRead],
            (false, _) when path.Contains($"/{Names.Runs}(", StringComparison.Ordinal) && path.Contains("'phase-", StringComparison.Ordinal) =>
                [FaultTarget.CounterRead],
            _ => [],
        };
    }

    /// <summary>Whether a request is the host's own rather than the app's: all that is asked of the queue of units but to take one more.</summary>
    public static bool IsOfHost(StorageRequest request)
    {
        var path = request.Target.Split('?')[0];
        return path.Contains($"/{Names.WorkQueue}-poison", StringComparison.Ordinal) || (IsQueue(path, Names.WorkQueue) && request.Method != "POST");
    }

    private static FaultTarget? Written(StorageRequest request, string path)
    {
        bool In(string container) => path.Contains($"/{container}/", StringComparison.Ordinal);
        if (path.EndsWith("/$batch", StringComparison.Ordinal))
        {
            return request.Body.Contains("/clvscores", StringComparison.Ordinal) ? FaultTarget.ScoreRows
                : request.Body.Contains("unit-", StringComparison.Ordinal) ? FaultTarget.Marker
                : null;
        }

        return true switch
        {
            _ when IsQueue(path, Names.WorkQueue) => FaultTarget.WorkMessage,
            _ when IsQueue(path, Names.EventQueue) => FaultTarget.EventMessage,
            _ when path.Contains($"/{Names.Runs}", StringComparison.Ordinal) =>
                (path + request.Body).Contains("pointer", StringComparison.Ordinal) ? FaultTarget.Pointer : FaultTarget.RunRecord,
            _ when request.Method == "DELETE" && In(Names.Work) => FaultTarget.Removal,
            _ when path.EndsWith("/plan.json", StringComparison.Ordinal) => FaultTarget.PlanFile,
            _ when In(Names.Work) => FaultTarget.WorkFile,
            _ when In(Names.History) => FaultTarget.HistoryFile,
            _ when In(Names.Models) => FaultTarget.ModelFile,
            _ when In(Names.Reports) => FaultTarget.ReportFile,
            _ when In(Names.Exports) => FaultTarget.ExportFile,
            _ => null,
        };
    }

    private static bool IsBlob(string path) =>
        Names.Containers.Any(container => path.Contains($"/{container}/", StringComparison.Ordinal));

    private static bool IsQueue(string path, string queue) => path.EndsWith($"/{queue}/messages", StringComparison.Ordinal)
        || path.Contains($"/{queue}/messages/", StringComparison.Ordinal);
}
