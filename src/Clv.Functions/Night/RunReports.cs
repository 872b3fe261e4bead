using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>Reads what is told of runs.</summary>
public static class RunReports
{
    private const int Listed = 50;
    private const int ReadsAtOnce = 16;

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
        var report = RunReport.Of(details, plan is null ? null : NightJson.Read<Plan>(plan), await pointer.ReadAsync(cancellationToken));
        if (details.Run.RemovingAt is null || await blobs.FindAsync(Names.Reports, Names.Books(run), cancellationToken) is not { } books)
        {
            return report;
        }

        var models = await blobs.FindAsync(Names.Models, Names.Model(run), cancellationToken);
        return report.WithBooks(NightJson.Read<Books>(books), models is null ? null : NightJson.ReadModels(models));
    }

    /// <summary>The last 50 runs, the latest first, and what lookups are served from.</summary>
    public static async Task<RunList> ListAsync(RunTable runs, Pointer pointer, RunPublisher publisher, CancellationToken cancellationToken)
    {
        await runs.EnsureAsync(cancellationToken);
        var current = await pointer.ReadAsync(cancellationToken);
        var ids = (await runs.IdsAsync(cancellationToken)).Reverse().Take(Listed).ToList();
        // Point reads side by side: a range would pass over every unit's marker of these runs.
        var found = new Run?[ids.Count];
        await Parallel.ForAsync(
            0,
            found.Length,
            new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken },
            async (i, token) => found[i] = await runs.FindAsync(ids[i], token));
        var list = found.OfType<Run>().Select(run => new RunSummary(
            run.Id,
            run.Date,
            run.State,
            current?.Run == run.Id,
            publisher.CanPublish(run, current),
            run.Reason,
            run.StartedAt,
            run.EndedAt,
            run.ReleasedBy,
            run.ReleasedAt)).ToList();
        return new RunList(
            list, current is null ? null : new ServedSince(current.Run, current.Date, current.PublishedAt, current.MovedBy, current.MovedAt, current.MovedFrom));
    }
}

/// <summary>The runs, and what lookups are served from.</summary>
/// <param name="Runs">The runs, the latest first.</param>
/// <param name="Served">What lookups are served from; null before the first night.</param>
public sealed record RunList(IReadOnlyList<RunSummary> Runs, ServedSince? Served);

/// <summary>A run in a list.</summary>
/// <param name="Run">Its id.</param>
/// <param name="Date">The date of its extracts.</param>
/// <param name="State">How far it is.</param>
/// <param name="Published">Whether lookups are served from it now.</param>
/// <param name="CanPublish">Whether it is not, and an operator can have it published now.</param>
/// <param name="Reason">Why it failed or was held, or null.</param>
/// <param name="StartedAt">When it was started.</param>
/// <param name="EndedAt">When it was published, held or failed; null while units are worked on.</param>
/// <param name="ReleasedBy">Who released it after it was held; null when nobody had to.</param>
/// <param name="ReleasedAt">When it was released.</param>
public sealed record RunSummary(
    string Run,
    DateOnly Date,
    RunState State,
    bool Published,
    bool CanPublish,
    string? Reason,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    string? ReleasedBy,
    DateTimeOffset? ReleasedAt);

/// <summary>What lookups are served from, and since when.</summary>
/// <param name="Run">The run.</param>
/// <param name="Date">The date of its extracts.</param>
/// <param name="PublishedAt">When its scores were published first.</param>
/// <param name="MovedBy">Who made it the served one: a caller, or <c>night</c>.</param>
/// <param name="MovedAt">When.</param>
/// <param name="MovedFrom">The run that was served before.</param>
public sealed record ServedSince(string Run, DateOnly Date, DateTimeOffset PublishedAt, string? MovedBy, DateTimeOffset? MovedAt, string? MovedFrom);
