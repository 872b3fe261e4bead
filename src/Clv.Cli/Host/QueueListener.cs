using System.Text;
using Azure;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Logging;

namespace Clv.Cli.Host;

/// <summary>One worker's look at one queue: fetches messages, calls the function for each, and deletes, releases or sets aside the message.</summary>
internal sealed class QueueListener(
    FunctionDefinition function,
    QueueTrigger trigger,
    Worker worker,
    QueueSettings settings,
    Invoker invoker,
    PollPause pauses,
    FunctionsHostOptions options)
{
    /// <summary>The first pause after a look into an empty queue; each further one is twice as long.</summary>
    public static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly ILogger _logger = options.Logger;
    private readonly List<Task> _calls = [];

    /// <summary>Polls until cancelled; then waits for the calls that run, which end when their process does.</summary>
    public async Task RunAsync(CancellationToken stopPolling)
    {
        var pause = ShortestPause;
        try
        {
            while (!stopPolling.IsCancellationRequested)
            {
                await worker.WhenReadyAsync(stopPolling);
                await WaitForRoomAsync(stopPolling);
                var wakeUp = pauses.NextWakeUp;
                if (await FetchAsync(stopPolling))
                {
                    pause = ShortestPause;
                    continue;
                }

                var woken = await pauses.WaitAsync(wakeUp, pause, stopPolling);
                pause = woken ? ShortestPause : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, settings.MaxPollingInterval.Ticks));
            }
        }
        catch (OperationCanceledException)
        {
            // That is how polling stops, and how a worker says that its process has left for good.
        }
        finally
        {
            await Task.WhenAll(_calls);
        }
    }

    private async Task WaitForRoomAsync(CancellationToken stopPolling)
    {
        await RemoveEndedAsync();
        while (_calls.Count > settings.NewBatchThreshold)
        {
            await Task.WhenAny(_calls).WaitAsync(stopPolling);
            await RemoveEndedAsync();
        }
    }

    // Awaited, because whatever a call throws is a mistake in this program, which is to end the host and not to go unseen.
    private async Task RemoveEndedAsync()
    {
        var ended = _calls.Where(call => call.IsCompleted).ToList();
        _calls.RemoveAll(ended.Contains);
        await Task.WhenAll(ended);
    }

    private async Task<bool> FetchAsync(CancellationToken stopPolling)
    {
        try
        {
            // Not cancellable: messages that were handed out but not taken would stay hidden for the whole lease. The client's own time
            // limit bounds it.
            QueueMessage[] messages = await trigger.Queue.ReceiveMessagesAsync(settings.BatchSize, options.MessageLease, CancellationToken.None);
            _calls.AddRange(messages.Select(message => Task.Run(() => ProcessAsync(message, stopPolling), CancellationToken.None)));
            return messages.Length > 0;
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            return await CreateAsync();
        }
        catch (Exception exception) when (StorageTrouble.Is(exception))
        {
            _logger.QueueUnreachable(exception, function.Name, trigger.Queue.Name);
            return false;
        }
    }

    private async Task<bool> CreateAsync()
    {
        try
        {
            await trigger.Queue.CreateIfNotExistsAsync(cancellationToken: CancellationToken.None);
        }
        catch (Exception exception) when (StorageTrouble.Is(exception))
        {
            _logger.QueueUnreachable(exception, function.Name, trigger.Queue.Name);
        }

        return false;
    }

    private async Task ProcessAsync(QueueMessage message, CancellationToken stopPolling)
    {
        try
        {
            var text = Decode(message.Body);
            if (text is null || message.DequeueCount > settings.MaxDequeueCount)
            {
                await SetAsideAsync(message, message.PopReceipt);
                return;
            }

            using var lease = new MessageLease(trigger.Queue, message, function.Name, options);
            var result = await CallAsync(message, text, stopPolling);
            var receipt = await lease.EndAsync();
            if (result is null)
            {
                await ReleaseAsync(message, receipt, TimeSpan.Zero);
            }
            else if (result.Succeeded)
            {
                await trigger.Queue.DeleteMessageAsync(message.MessageId, receipt, CancellationToken.None);
            }
            else if (message.DequeueCount >= settings.MaxDequeueCount)
            {
                await SetAsideAsync(message, receipt);
            }
            else if (trigger.PoisonQueue is not null)
            {
                await ReleaseAsync(message, receipt, settings.VisibilityTimeout);
            }
        }
        catch (Exception exception) when (StorageTrouble.Is(exception))
        {
            _logger.MessageNotCompleted(exception, function.Name, trigger.Queue.Name);
        }
        finally
        {
            pauses.WakeAll();
        }
    }

    /// <returns>Null when there was no call, as no process will answer one any more.</returns>
    private async Task<InvocationResult?> CallAsync(QueueMessage message, string text, CancellationToken stopPolling)
    {
        HandlerProcess process;
        try
        {
            // The process may have died since the messages were asked for. That must not cost those their tries that it never saw.
            process = await worker.WhenReadyAsync(stopPolling);
        }
        catch (OperationCanceledException)
        {
            return null;
        }

        var body = InvocationBody.ForQueue(function.Name, trigger.Binding, message, text, options.TimeProvider.GetUtcNow());
        return await invoker.InvokeAsync(process, function.Name, body);
    }

    private async Task ReleaseAsync(QueueMessage message, string receipt, TimeSpan hidden) =>
        await trigger.Queue.UpdateMessageAsync(message.MessageId, receipt, visibilityTimeout: hidden, cancellationToken: CancellationToken.None);

    private async Task SetAsideAsync(QueueMessage message, string receipt)
    {
        if (trigger.PoisonQueue is null)
        {
            // There is no poison queue behind a poison queue: the message stays hidden until its lease passes, which prevents a fast
            // endless loop.
            return;
        }

        try
        {
            await trigger.PoisonQueue.SendMessageAsync(message.Body, cancellationToken: CancellationToken.None);
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            await trigger.PoisonQueue.CreateIfNotExistsAsync(cancellationToken: CancellationToken.None);
            await trigger.PoisonQueue.SendMessageAsync(message.Body, cancellationToken: CancellationToken.None);
        }

        await trigger.Queue.DeleteMessageAsync(message.MessageId, receipt, CancellationToken.None);
        _logger.MessagePoisoned(function.Name, trigger.PoisonQueue.Name, message.DequeueCount);
    }

    private string? Decode(BinaryData body)
    {
        try
        {
            return settings.Base64 ? StrictUtf8.GetString(Convert.FromBase64String(body.ToString())) : body.ToString();
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            return null;
        }
    }
}
