using Azure.Storage.Queues;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>The queue of the night's units.</summary>
public sealed class WorkQueue(StorageAccount storage)
{
    private const int AtOnce = 8;

    private readonly QueueClient _queue = storage.Queues.GetQueueClient(Names.WorkQueue);

    /// <summary>Creates the queue when it is missing.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken) => await _queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);

    /// <summary>Queues units. When it returns all of them are queued, some perhaps twice.</summary>
    public async Task SendAsync(IEnumerable<WorkMessage> messages, CancellationToken cancellationToken) =>
        await Parallel.ForEachAsync(
            messages,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (message, token) => await _queue.SendMessageAsync(
                // A message lives as long as its run can: the default of seven days would let a stuck one vanish unseen.
                message.ToJson(), visibilityTimeout: null, timeToLive: TimeSpan.FromSeconds(-1), token));
}
