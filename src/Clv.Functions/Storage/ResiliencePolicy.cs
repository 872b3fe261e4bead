using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Clv.Functions.Telemetry;
using Polly;

namespace Clv.Functions.Storage;

/// <summary>
/// Takes the place of the SDK's own retries: every request of every storage client goes through one Polly pipeline, and nothing retries twice.
/// </summary>
internal sealed class ResiliencePolicy(ResiliencePipeline<StorageOutcome> resilience, string service) : HttpPipelinePolicy
{
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        using var call = new Call(service, message, pipeline);
        resilience.Execute(
            static (call, _) =>
            {
                FreeConnection(call.NextTry());
                ProcessNext(call.Message, call.Pipeline);
                return call.Answered();
            },
            call,
            message.CancellationToken);
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        using var call = new Call(service, message, pipeline);
        await resilience.ExecuteAsync(
            static async (call, _) =>
            {
                FreeConnection(call.NextTry());
                await ProcessNextAsync(call.Message, call.Pipeline);
                return call.Answered();
            },
            call,
            message.CancellationToken);
    }

    // A failed try's answer is of no more use, and an unread body would keep its connection.
    private static void FreeConnection(HttpMessage message)
    {
        if (message.HasResponse)
        {
            message.Response.ContentStream?.Dispose();
        }
    }

    // One request with all its tries, counted when it has ended.
    private sealed class Call(string service, HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) : IDisposable
    {
        private int _tries;
        private int? _status;

        public HttpMessage Message => message;

        public ReadOnlyMemory<HttpPipelinePolicy> Pipeline => pipeline;

        public HttpMessage NextTry()
        {
            _tries++;
            _status = null;
            return message;
        }

        public StorageOutcome Answered()
        {
            _status = message.Response.Status;
            return StorageOutcome.Of(message);
        }

        public void Dispose() => StorageMetrics.Count(service, _status, _tries);
    }
}

/// <summary>How one try of a storage request ended.</summary>
/// <param name="Transient">Whether the same request may succeed in a moment (408, 429, 500, 502, 503, 504).</param>
/// <param name="RetryAfter">How long the service asked to wait, if it did.</param>
internal readonly record struct StorageOutcome(bool Transient, TimeSpan? RetryAfter)
{
    /// <summary>Reads the outcome off a message that has its response.</summary>
    public static StorageOutcome Of(HttpMessage message) => new(
        message.Response.Status is 408 or 429 or 500 or 502 or 503 or 504,
        message.Response.Headers.TryGetValue("Retry-After", out var text) && int.TryParse(text, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null);

    /// <summary>Whether an exception means that the connection, not the request, is at fault.</summary>
    public static bool IsTransient(Exception e) => e switch
    {
        RequestFailedException { Status: 0 } => true,
        RequestFailedException => false,
        HttpRequestException or IOException or TimeoutException or AuthenticationFailedException => true,
        // The try's own timeout; the caller's cancellation ends the pipeline before it gets here.
        OperationCanceledException => true,
        AggregateException all => all.InnerExceptions.All(IsTransient),
        _ => false,
    };
}
