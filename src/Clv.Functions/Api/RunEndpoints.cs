using System.ComponentModel.DataAnnotations;
using Clv.Core.Estimation;
using Clv.Functions.Access;
using Clv.Functions.Audit;
using Clv.Functions.Description;
using Clv.Functions.Night;
using Clv.Functions.Storage;

namespace Clv.Functions.Api;

/// <summary>GET /api/runs, GET /api/runs/{run}, GET /api/runs/{run}/models, POST /api/runs, POST /api/runs/{run}:publish.</summary>
internal static class RunEndpoints
{
    private const int MaxReason = 500;
    private const string RunMeaning = "The run's id.";
    private const string RunExample = "r00001";
    private const string RunPattern = "^r[0-9]{5,9}$";

    public static void MapRuns(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/runs", async (RunTable runs, Pointer pointer, RunPublisher publisher, CancellationToken cancellationToken) =>
            Results.Ok(await RunReports.ListAsync(runs, pointer, publisher, cancellationToken)))
            .Requires(Roles.Analyst | Roles.Operator)
            .Describes("listRuns", "Runs", "The last 50 runs, and what lookups are served from")
            .Answers<RunList>(StatusCodes.Status200OK, "The runs, the latest first.");
        app.MapGet("/api/runs/{run}", async (string run, RunTable runs, NightBlobs blobs, Pointer pointer, CancellationToken cancellationToken) =>
            !RunId.IsValid(run)
                ? NoRunId()
                : await RunReports.FindAsync(run, runs, blobs, pointer, cancellationToken) is { } report
                    ? Results.Ok(report)
                    : Unknown($"There is no run {run}."))
            .Requires(Roles.Analyst | Roles.Operator)
            .Describes("getRun", "Runs", "A run with its files' books, models, phases and reason")
            .TakesPath("run", RunMeaning, RunExample, RunPattern)
            .Answers<RunReport>(StatusCodes.Status200OK, "The run as it stands.")
            .Refuses(StatusCodes.Status400BadRequest, "What the path has is no run's id.")
            .Refuses(StatusCodes.Status404NotFound, "There is no such run.");
        app.MapGet("/api/runs/{run}/models", async (string run, NightBlobs blobs, CancellationToken cancellationToken) =>
            !RunId.IsValid(run)
                ? NoRunId()
                : await blobs.FindAsync(Names.Models, Names.Model(run), cancellationToken) is { } models
                    ? Results.Bytes(models.ToMemory(), "application/json; charset=utf-8")
                    : Problems.NotFound("No models", $"There is no run {run}, or its models are not estimated yet."))
            .Requires(Roles.Analyst | Roles.Operator)
            .Describes("getRunModels", "Runs", "A run's models in full", "Parameters, errors, diagnostics, the backtest, and what behaviour counts and why. Of a run of an earlier version of the app, as that wrote them.")
            .TakesPath("run", RunMeaning, RunExample, RunPattern)
            .Answers<ModelFile>(StatusCodes.Status200OK, "The models.")
            .Refuses(StatusCodes.Status400BadRequest, "What the path has is no run's id.")
            .Refuses(StatusCodes.Status404NotFound, "There is no such run, or its models are not estimated yet.");
        app.MapPost("/api/runs", async (
            StartRequest? request, HttpContext context, NightStarter starter, AuditTable audit, CancellationToken cancellationToken) =>
        {
            if (request is { Replace: true, Date: null })
            {
                return Problems.Malformed("\"replace\" needs the \"date\" of the folder to start.");
            }

            await audit.WriteAsync(
                new AuditEntry(
                    context.GetCaller().Id,
                    "start",
                    "requested",
                    Detail: $"{(request?.Date is { } asked ? $"{asked:yyyy-MM-dd}" : "tonight")}{(request is { Replace: true } ? ", in place of the run under way" : "")}"),
                cancellationToken);
            var started = request?.Date is { } date
                ? await starter.StartAsync(date, request.Replace, cancellationToken)
                : await starter.StartTonightAsync(cancellationToken);
            return started.Started ? Results.Accepted($"/api/runs/{started.Run}", started) : Results.Ok(started);
        })
        .Requires(Roles.Operator)
        .Describes("startRun", "Runs", "Starts a night now", "Tonight's without a body. While the run of an earlier date is under way, a snapshot takes its place, and a delta follows it by itself.")
        .TakesBody("Which night.", """{"date":"2026-11-20"}""", required: false)
        .Answers<StartedRun>(StatusCodes.Status200OK, "The run that is under way, or published, already.")
        .Answers<StartedRun>(StatusCodes.Status202Accepted, "The run that was started.")
        .Refuses(StatusCodes.Status400BadRequest, "The body is malformed, or `replace` comes without the date.");
        app.MapPost("/api/runs/{run}:publish", async (
            string run, PublishRequest? request, HttpContext context, RunPublisher publisher, CancellationToken cancellationToken) =>
        {
            if (!RunId.IsValid(run))
            {
                return NoRunId();
            }

            var reason = string.IsNullOrWhiteSpace(request?.Reason) ? null : request.Reason.Trim();
            if (reason is not null && (reason.Length > MaxReason || reason.Any(char.IsControl)))
            {
                return Problems.Malformed($"\"reason\" must be at most {MaxReason} characters, on one line.");
            }

            var answer = await publisher.PublishAsync(run, context.GetCaller().Id, reason, cancellationToken);
            return answer.Outcome switch
            {
                PublishOutcome.Unknown => Unknown(answer.Detail),
                PublishOutcome.Refused => Problems.Conflict("The run cannot be published", answer.Detail),
                PublishOutcome.Released => Results.Accepted($"/api/runs/{run}", answer),
                _ => Results.Ok(answer),
            };
        })
        .Requires(Roles.Operator)
        .Describes("publishRun", "Runs", "Releases a held run, or serves another published one", "Rolls back and forward.")
        .TakesPath("run", RunMeaning, RunExample, RunPattern)
        .TakesBody("Why.", """{"reason":"The campaign was meant to do that."}""", required: false)
        .Answers<PublishAnswer>(StatusCodes.Status200OK, "Lookups are served from the run.")
        .Answers<PublishAnswer>(StatusCodes.Status202Accepted, "The run was held and will be published in a moment.")
        .Refuses(StatusCodes.Status400BadRequest, "The body is malformed, what the path has is no run's id, or the reason is too long or of several lines.")
        .Refuses(StatusCodes.Status404NotFound, "There is no such run.")
        .Refuses(StatusCodes.Status409Conflict, "The run cannot be published, and nothing was changed: the detail says why.");
    }

    private static IResult NoRunId() => Problems.Malformed("A run's id is r and at least five digits, such as r00001.");

    private static IResult Unknown(string detail) => Problems.NotFound("Unknown run", detail);

    /// <summary>What may be asked of a start.</summary>
    /// <param name="Date">The date of the extract folder; tonight's when absent.</param>
    /// <param name="Replace">Whether a run that is under way is given up for this one.</param>
    internal sealed record StartRequest(DateOnly? Date = null, bool Replace = false);

    /// <summary>What may be said with a run that is to be published.</summary>
    /// <param name="Reason">Why, for the audit, with nothing personal in it; at most 500 characters.</param>
    internal sealed record PublishRequest([property: MaxLength(MaxReason)] string? Reason = null);
}
