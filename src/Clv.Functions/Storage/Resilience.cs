using Azure;
using Polly;
using Polly.CircuitBreaker;
using Polly.Hedging;
using Polly.Retry;

namespace Clv.Functions.Storage;

/// <summary>
/// The one place that says how storage is treated. The night is patient: long tries, several of them. A lookup is not: an agent waits, so
/// tries are short, a slow point read is sent a second time, and after many failures the circuit opens and answers at once.
/// </summary>
public static class Resilience
{
    /// <summary>How long one try of a request of the night may take.</summary>
    public static readonly TimeSpan NightTry = TimeSpan.FromSeconds(60);

    /// <summary>The longest wait between two tries, whatever the service asks for.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    /// <summary>How long one try of a lookup may take.</summary>
    public static readonly TimeSpan LookupTry = TimeSpan.FromSeconds(2);

    /// <summary>Retries for the night's requests: nine, about 55 s of waiting in all before a request fails its unit.</summary>
    internal static ResiliencePipeline<StorageOutcome> Night(TimeProvider time) => Retries(time, 9, TimeSpan.FromMilliseconds(200), LongestWait);

    /// <summary>One retry for a lookup's request.</summary>
    internal static ResiliencePipeline<StorageOutcome> LookupRequest(TimeProvider time) =>
        Retries(time, 1, TimeSpan.FromMilliseconds(30), TimeSpan.FromMilliseconds(100));

    /// <summary>Around a whole lookup: a circuit breaker on storage failures, 3.5 s at most, hedged after 150 ms.</summary>
    public static ResiliencePipeline<T> Lookup<T>(TimeProvider time)
    {
        var builder = new ResiliencePipelineBuilder<T> { TimeProvider = time };
        return builder
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<T>
            {
                ShouldHandle = static args => ValueTask.FromResult(
                    args.Outcome.Exception is { } e && IsStorageDown(e) && !args.Context.CancellationToken.IsCancellationRequested),
                FailureRatio = 0.5,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = TimeSpan.FromSeconds(5),
            })
            .AddTimeout(TimeSpan.FromSeconds(3.5))
            .AddHedging(new HedgingStrategyOptions<T>
            {
                ShouldHandle = static _ => ValueTask.FromResult(false),
                Delay = TimeSpan.FromMilliseconds(150),
                MaxHedgedAttempts = 1,
            })
            .Build();
    }

    /// <summary>Around several lookups that answer one question, each of which is treated as above: 7 s at most.</summary>
    public static ResiliencePipeline Several(TimeProvider time) =>
        new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(TimeSpan.FromSeconds(7)).Build();

    /// <summary>Whether an exception says that storage cannot be reached or does not work, rather than that it refused a request.</summary>
    public static bool IsStorageDown(Exception e) => e switch
    {
        RequestFailedException failed => failed.Status is 0 or 408 or 429 or >= 500,
        AggregateException all => all.InnerExceptions.All(IsStorageDown),
        BrokenCircuitException or Polly.Timeout.TimeoutRejectedException => true,
        _ => StorageOutcome.IsTransient(e),
    };

    private static ResiliencePipeline<StorageOutcome> Retries(TimeProvider time, int retries, TimeSpan first, TimeSpan longest)
    {
        var builder = new ResiliencePipelineBuilder<StorageOutcome> { TimeProvider = time };
        return builder
            .AddRetry(new RetryStrategyOptions<StorageOutcome>
            {
                ShouldHandle = static args => ValueTask.FromResult(
                    args.Outcome.Exception is { } e ? StorageOutcome.IsTransient(e) : args.Outcome.Result.Transient),
                MaxRetryAttempts = retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = first,
                MaxDelay = longest,
                DelayGenerator = static args => ValueTask.FromResult(
                    args.Outcome.Exception is null && args.Outcome.Result.RetryAfter is { } asked ? asked < LongestWait ? asked : LongestWait : (TimeSpan?)null),
            })
            .Build();
    }
}
