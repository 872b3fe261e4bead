namespace Clv.Cli.Host;

/// <summary>What the handler is told of a schedule.</summary>
/// <param name="Last">The occurrence before this one; the year 1 when there was none.</param>
/// <param name="Next">The next occurrence.</param>
/// <param name="LastUpdated">When this was last true.</param>
internal sealed record TimerStatus(DateTimeOffset Last, DateTimeOffset Next, DateTimeOffset LastUpdated);
