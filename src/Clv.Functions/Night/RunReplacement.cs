namespace Clv.Functions.Night;

/// <summary>
/// Ends the run whose place another one takes. Which that is stands in the new run's message and record, so whoever starts it may be killed as soon
/// as it is queued: its plan ends the other then.
/// </summary>
public sealed class RunReplacement(RunTable runs, ILogger<RunReplacement> logger)
{
    /// <summary>Ends the run, unless it has ended or is being published, and whatever that one should have ended.</summary>
    /// <param name="by">The run that takes its place.</param>
    /// <param name="replaced">The run; null for none.</param>
    /// <param name="cancellationToken">Ends the attempt, which can be made again.</param>
    public async Task EndAsync(Run by, string? replaced, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        // A run that was given up before its own plan has ended nobody.
        while (replaced is not null && await runs.FindAsync(replaced, cancellationToken) is { } run)
        {
            var reason = run.Date < by.Date ? $"Superseded by run {by.Id} of {by.Date:yyyy-MM-dd}." : $"Given up for run {by.Id}.";
            if (await runs.Course.FailAsync(run.Id, reason, cancellationToken, superseded: true))
            {
                Log.Superseded(logger, run.Id, reason);
            }

            replaced = run.Replaces;
        }
    }
}
