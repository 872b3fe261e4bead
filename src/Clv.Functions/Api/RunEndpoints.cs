using Clv.Functions.Night;
using Clv.Functions.Storage;

namespace Clv.Functions.Api;

/// <summary>GET /api/runs, GET /api/runs/{run}, GET /api/runs/{run}/models, POST /api/runs.</summary>
internal static class RunEndpoints
{
    private const int Listed = 50;

    public static void MapRuns(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/runs", async (RunTable runs, Pointer pointer, CancellationToken cancellationToken) =>
        {
            await runs.EnsureAsync(cancellationToken);
            var published = await pointer.ReadAsync(cancellationToken);
            var list = new List<object>();
            foreach (var id in (await runs.IdsAsync(cancellationToken)).Reverse().Take(Listed))
            {
                if (await runs.FindAsync(id, cancellationToken) is { } run)
                {
                    list.Add(new { run = run.Id, run.Date, run.State, Published = published?.Run == run.Id, run.Reason, run.StartedAt, run.EndedAt });
                }
            }

            return Results.Ok(new { Runs = list });
        });
        app.MapGet("/api/runs/{run}", async (string run, RunTable runs, NightBlobs blobs, Pointer pointer, CancellationToken cancellationToken) =>
            !RunId.IsValid(run)
                ? Problems.Malformed("A run's id is r and at least five digits, such as r00001.")
                : await RunReports.FindAsync(run, runs, blobs, pointer, cancellationToken) is { } report
                    ? Results.Ok(report)
                    : Problems.NotFound("Unknown run", $"There is no run {run}."));
        app.MapGet("/api/runs/{run}/models", async (string run, NightBlobs blobs, CancellationToken cancellationToken) =>
            !RunId.IsValid(run)
                ? Problems.Malformed("A run's id is r and at least five digits, such as r00001.")
                : await blobs.FindAsync(Names.Models, Names.Model(run), cancellationToken) is { } models
                    ? Results.Bytes(models.ToMemory(), "application/json; charset=utf-8")
                    : Problems.NotFound("No models", $"There is no run {run}, or its models are not estimated yet."));
        app.MapPost("/api/runs", async (StartRequest? request, NightStarter starter, CancellationToken cancellationToken) =>
        {
            if (request is { Replace: true, Date: null })
            {
                return Problems.Malformed("\"replace\" needs the \"date\" of the folder to start.");
            }

            var started = request?.Date is { } date
                ? await starter.StartAsync(date, request.Replace, cancellationToken)
                : await starter.StartTonightAsync(cancellationToken);
            return started.Started ? Results.Accepted($"/api/runs/{started.Run}", started) : Results.Ok(started);
        });
    }

    /// <summary>What may be asked of a start.</summary>
    /// <param name="Date">The date of the extract folder; tonight's when absent.</param>
    /// <param name="Replace">Whether a run that is under way is given up for this one.</param>
    internal sealed record StartRequest(DateOnly? Date = null, bool Replace = false);
}
