using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace Clv.Cli.Host;

/// <summary>Keeps a message hidden while its call runs. Each renewal changes the receipt that is needed to delete the message.</summary>
internal sealed class MessageLease : IDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly Task _renewing;
    private string _receipt;

    public MessageLease(QueueClient queue, QueueMessage message, string function, FunctionsHostOptions options)
    {
        _receipt = message.PopReceipt;
        _renewing = RenewAsync(queue, message.MessageId, function, options);
    }

    /// <summary>Ends the renewals.</summary>
    /// <returns>The receipt that is good now.</returns>
    public async Task<string> EndAsync()
    {
        await _over.CancelAsync();
        await _renewing;
        return _receipt;
    }

    public void Dispose() => _over.Dispose();

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
                UpdateReceipt receipt = await queue.UpdateMessageAsync(
                    messageId, _receipt, visibilityTimeout: options.MessageLease, cancellationToken: CancellationToken.None);
                _receipt = receipt.PopReceipt;
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
