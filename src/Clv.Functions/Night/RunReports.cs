using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>Reads what is told of a run.</summary>
public static class RunReports
{
    /// <summary>A run's report, or null when there is no such run.</summary>
    public static async Task<RunReport?> FindAsync(
        string run, RunTable runs, NightBlobs blobs, Pointer pointer, CancellationToken cancellationToken)
    {
        await runs.EnsureAsync(cancellationToken);
        if (await runs.DetailsAsync(run, cancellationToken) is not { } details)
        {
            return null;
        }

        var plan = await blobs.FindAsync(Names.Reports, Names.Plan(run), cancellationToken);
        return RunReport.Of(details, plan is null ? null : NightJson.Read<Plan>(plan), await pointer.ReadAsync(cancellationToken));
    }
}
