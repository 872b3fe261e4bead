using Clv.Functions.Night;

namespace Clv.Functions;

/// <summary>Every log message of the app. None carries a customer's id, name, phone number or address.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Run {Run}: {Phase} {Unit} done in {Seconds:0.00} s")]
    public static partial void Done(ILogger logger, string run, Phase phase, int unit, double seconds);

    [LoggerMessage(2, LogLevel.Information, "Run {Run}: {Phase} is complete, queueing {Units} units of {Next}")]
    public static partial void PhaseDone(ILogger logger, string run, Phase phase, Phase next, int units);

    [LoggerMessage(3, LogLevel.Warning, "Run {Run}: {Phase} {Unit} skipped, the run is {State}")]
    public static partial void Skipped(ILogger logger, string run, Phase phase, int unit, string state);

    [LoggerMessage(4, LogLevel.Error, "Run {Run}: {Phase} {Unit} ended the run. {Reason}")]
    public static partial void Refused(ILogger logger, string run, Phase phase, int unit, string reason);

    [LoggerMessage(5, LogLevel.Error, "{Function} failed")]
    public static partial void FunctionFailed(ILogger logger, Exception exception, string function);

    [LoggerMessage(6, LogLevel.Warning, "Storage cannot be reached: {Problem}")]
    public static partial void StorageDown(ILogger logger, string problem);

    [LoggerMessage(7, LogLevel.Information, "Night for the timer: run {Run}, started {Started}")]
    public static partial void TimerStarted(ILogger logger, string run, bool started);

    [LoggerMessage(9, LogLevel.Warning, "{Problem}")]
    public static partial void NightNeeded(ILogger logger, string problem);

    [LoggerMessage(20, LogLevel.Error, "Run {Run} is held and not published. {Reason}")]
    public static partial void Held(ILogger logger, string run, string reason);

    [LoggerMessage(21, LogLevel.Warning, "Run {Run} was released by {By}")]
    public static partial void Released(ILogger logger, string run, string by);

    [LoggerMessage(22, LogLevel.Warning, "Lookups were moved from run {From} to run {Run} by {By}")]
    public static partial void Moved(ILogger logger, string? from, string run, string by);

    [LoggerMessage(30, LogLevel.Warning, "Run {Run} is stuck. {Stall}")]
    public static partial void Requeued(ILogger logger, string run, string stall);

    [LoggerMessage(31, LogLevel.Error, "Run {Run} is given up. {Reason}")]
    public static partial void GivenUp(ILogger logger, string run, string reason);

    [LoggerMessage(32, LogLevel.Warning, "Lookups are served from run {Run} of {Date:yyyy-MM-dd}, which was published {Hours:0} hours ago: a night is missing")]
    public static partial void Late(ILogger logger, string run, DateOnly date, double hours);

    [LoggerMessage(33, LogLevel.Error, "{Function}: a message is no unit of work and was taken from the queue ({Length} characters, SHA-256 {Hash})")]
    public static partial void NoUnit(ILogger logger, string function, int length, string hash);

    [LoggerMessage(34, LogLevel.Error, "Run {Run}: there is no unit {Unit} of {Phase}; its message was taken from the queue. {Problem}")]
    public static partial void UnknownUnit(ILogger logger, string run, Phase phase, int unit, string problem);

    [LoggerMessage(35, LogLevel.Warning, "Run {Run} ended: {Reason}")]
    public static partial void Superseded(ILogger logger, string run, string reason);

    [LoggerMessage(36, LogLevel.Information, "Run {Run} of {Date:yyyy-MM-dd} is published, next is {Next:yyyy-MM-dd} with run {NextRun}")]
    public static partial void Follows(ILogger logger, string run, DateOnly date, DateOnly next, string nextRun);

    [LoggerMessage(37, LogLevel.Information, "Run {Run} of {Date:yyyy-MM-dd} is not kept any more: its scores, history, quarantine and exports are dropped")]
    public static partial void Retired(ILogger logger, string run, DateOnly date);

    [LoggerMessage(38, LogLevel.Warning, "{Count} runs that the table of runs does not know have left files or tables, which are not dropped: {Runs}")]
    public static partial void Strays(ILogger logger, int count, string runs);

    [LoggerMessage(39, LogLevel.Error, "Run {Run} is served but was recorded as {State}; it is recorded as published now")]
    public static partial void ServedNotPublished(ILogger logger, string run, RunState state);

    [LoggerMessage(41, LogLevel.Error, "Run {Run} is published, but the events of partition {Partition} were not all told. {Reason}")]
    public static partial void Untold(ILogger logger, string run, int partition, string reason);

    [LoggerMessage(8, LogLevel.Error, "{Method} {Route} failed")]
    public static partial void RequestFailed(ILogger logger, Exception exception, string method, string route);

    [LoggerMessage(50, LogLevel.Warning, "{Method} {Route} refused to {Caller}")]
    public static partial void AccessRefused(ILogger logger, string method, string route, string caller);

    [LoggerMessage(51, LogLevel.Warning, "The audit does not say that a lookup failed: {Problem}")]
    public static partial void AuditNotCorrected(ILogger logger, string problem);
}
