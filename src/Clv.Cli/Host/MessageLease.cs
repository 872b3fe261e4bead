using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace Clv.Cli.Host;

/// <summary>Keeps a message hidden while its call runs. Each renewal changes the receipt that is needed to delete the message.</summary>
internal sealed class MessageLease : IAsyncDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly Task _renewing;

    public MessageLease(QueueClient queue, QueueMessage message, string function, FunctionsHostOptions options)
    {
        Receipt = message.PopReceipt;
        _renewing = RenewAsync(queue, message.MessageId, function, options);
    }

    /// <summary>The newest receipt; final once disposed.</summary>
    public string Receipt { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _renewing;
        _over.Dispose();
    }

    private async Task RenewAsync(QueueClient queue, string messageId, string function, FunctionsHostOptions options)
    {
        while (true)
        {
            try
            {
                await Task.Delay(options.MessageLease / 2, options.TimeProvider, _over.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            try
            {
                // Not cancellable: a renewal given up half-way may have changed the receipt all the same.
                UpdateReceipt receipt = await queue.UpdateMessageAsync(messageId, Receipt, visibilityTimeout: options.MessageLease, cancellationToken: CancellationToken.None);
                Receipt = receipt.PopReceipt;
            }
            catch (Exception exception) when (StorageTrouble.Is(exception))
            {
                options.Logger.LeaseNotRenewed(exception, function);
                if (exception is RequestFailedException { Status: 404 or 400 })
                {
                    // The message is gone or was delivered again; this receipt will never be good any more.
                    return;
                }
            }
        }
    }
}
