using Microsoft.Extensions.Logging;

namespace Clv.Cli.Host;

/// <summary>The host's log messages.</summary>
internal static partial class HostLog
{
    [LoggerMessage(1, LogLevel.Information, "{Line}", EventName = "HandlerOutput")]
    public static partial void HandlerOutput(this ILogger logger, string line);

    [LoggerMessage(2, LogLevel.Error, "{Line}", EventName = "HandlerError")]
    public static partial void HandlerError(this ILogger logger, string line);

    [LoggerMessage(3, LogLevel.Information, "Worker {Worker}: process {ProcessId} answers after {Milliseconds} ms.")]
    public static partial void WorkerReady(this ILogger logger, int worker, int processId, long milliseconds);

    [LoggerMessage(4, LogLevel.Warning, "Worker {Worker}: process {ProcessId} ended with exit code {ExitCode} and is started again.")]
    public static partial void WorkerRestarts(this ILogger logger, int worker, int processId, int exitCode);

    [LoggerMessage(5, LogLevel.Warning, "Worker {Worker}: process {ProcessId} ended by itself with exit code 0 and is not started again.")]
    public static partial void WorkerLeft(this ILogger logger, int worker, int processId);

    [LoggerMessage(6, LogLevel.Warning, "Worker {Worker}: start {Attempt} of {Attempts} failed: {Reason}")]
    public static partial void WorkerStartFailed(this ILogger logger, int worker, int attempt, int attempts, string reason);

    [LoggerMessage(7, LogLevel.Information, "{Function} ({InvocationId}) succeeded in {Milliseconds} ms.")]
    public static partial void CallSucceeded(this ILogger logger, string function, Guid invocationId, long milliseconds);

    [LoggerMessage(8, LogLevel.Error, "{Function} ({InvocationId}) failed after {Milliseconds} ms: {Reason}")]
    public static partial void CallFailed(this ILogger logger, string function, Guid invocationId, long milliseconds, string reason);

    [LoggerMessage(9, LogLevel.Error, "{Function}: a message was moved to {Queue} after {DequeueCount} deliveries.")]
    public static partial void MessagePoisoned(this ILogger logger, string function, string queue, long dequeueCount);

    [LoggerMessage(10, LogLevel.Warning, "{Function}: the queue {Queue} cannot be reached; trying again.")]
    public static partial void QueueUnreachable(this ILogger logger, Exception exception, string function, string queue);

    [LoggerMessage(11, LogLevel.Warning, "{Function}: a message's outcome could not be recorded in {Queue}; it will be delivered again.")]
    public static partial void MessageNotCompleted(this ILogger logger, Exception exception, string function, string queue);

    [LoggerMessage(12, LogLevel.Information, "{Function}: next run at {Next:u}.")]
    public static partial void TimerWaits(this ILogger logger, string function, DateTimeOffset next);

    [LoggerMessage(13, LogLevel.Warning, "{Function}: its schedule never comes again.")]
    public static partial void TimerEnds(this ILogger logger, string function);

    [LoggerMessage(14, LogLevel.Warning, "{Method} {Route} could not be forwarded: {Reason}")]
    public static partial void NotForwarded(this ILogger logger, string method, string route, string reason);

    [LoggerMessage(15, LogLevel.Warning, "{Function}: a message's hiding could not be renewed.")]
    public static partial void LeaseNotRenewed(this ILogger logger, Exception exception, string function);
}
