using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Clv.Cli.Host;

/// <summary>Calls functions in a handler and judges the answers as the real host does.</summary>
internal sealed class Invoker(FunctionsHostOptions options, TimeSpan functionTimeout)
{
    private const string HostVersion = "4.0.0.0";
    private readonly ILogger _logger = options.Logger;

    /// <summary>
    /// Calls a function and waits for its end. It never throws for what the handler does; only the process's end cuts a call short.
    /// </summary>
    public async Task<InvocationResult> InvokeAsync(HandlerProcess process, string function, byte[] body)
    {
        var id = Guid.NewGuid();
        var started = options.TimeProvider.GetTimestamp();
        var failure = await CallAsync(process, function, id, body);
        var milliseconds = (long)options.TimeProvider.GetElapsedTime(started).TotalMilliseconds;
        if (failure is null)
        {
            _logger.CallSucceeded(function, id, milliseconds);
            return InvocationResult.Success;
        }

        _logger.CallFailed(function, id, milliseconds, failure);
        return new InvocationResult(failure);
    }

    private async Task<string?> CallAsync(HandlerProcess process, string function, Guid id, byte[] body)
    {
        using var timeout = new CancellationTokenSource(functionTimeout, options.TimeProvider);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/" + Uri.EscapeDataString(function), UriKind.Relative));
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
            request.Headers.TransferEncodingChunked = true;
            request.Headers.Add("X-Azure-Functions-InvocationId", id.ToString());
            request.Headers.Add("X-Azure-Functions-HostVersion", HostVersion);
            request.Headers.UserAgent.ParseAdd("Azure-Functions-Host/" + HostVersion);

            using var answer = await process.Client.SendAsync(request, HttpCompletionOption.ResponseContentRead, timeout.Token);
            var content = await answer.Content.ReadAsByteArrayAsync(timeout.Token);
            if (!answer.IsSuccessStatusCode)
            {
                return $"the handler answered {(int)answer.StatusCode}";
            }

            if (content.Length == 0)
            {
                // The real host never completes such a call, so a handler that answers this way has to be noticed here too.
                await process.Exited.WaitAsync(timeout.Token);
                return "the handler's process ended after it had answered with an empty body";
            }

            if (!string.Equals(answer.Content.Headers.ContentType?.MediaType, "application/json", StringComparison.OrdinalIgnoreCase))
            {
                return $"the handler answered with the content type \"{answer.Content.Headers.ContentType}\" instead of application/json";
            }

            return LogsOf(content);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            process.Kill();
            return $"it did not end within the functionTimeout of {functionTimeout}, so the handler's process {process.Id} was killed";
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            return process.Exited.IsCompleted
                ? $"the handler's process {process.Id} ended during the call"
                : $"the handler's answer could not be read: {exception.Message}";
        }
    }

    private string? LogsOf(byte[] content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return "the handler's answer is not a JSON object";
            }

            var logs = document.RootElement.EnumerateObject()
                .FirstOrDefault(property => property.Name.Equals("Logs", StringComparison.OrdinalIgnoreCase))
                .Value;
            if (logs.ValueKind == JsonValueKind.Array)
            {
                foreach (var line in logs.EnumerateArray())
                {
                    _logger.HandlerOutput(line.ToString());
                }
            }

            return null;
        }
        catch (JsonException)
        {
            // Without the exception's message, which could repeat some of the content.
            return "the handler's answer is not valid JSON";
        }
    }
}
