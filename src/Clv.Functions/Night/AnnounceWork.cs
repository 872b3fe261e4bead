using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>What telling a partition's events came to.</summary>
/// <param name="Events">Messages sent.</param>
/// <param name="Failed">Whether the unit was given up; then some may not have been sent.</param>
public sealed record AnnounceResult(long Events, bool Failed = false);

/// <summary>
/// Sends what the published night has changed to the queue of events, a message each. A process that dies on the way sends what it had sent once
/// more; a message's id is then the same.
/// </summary>
public sealed class AnnounceWork(NightBlobs blobs, StorageAccount storage) : IPhaseWork
{
    private const int AtOnce = 8;

    /// <inheritdoc/>
    public Phase Phase => Phase.Announce;

    /// <inheritdoc/>
    public async Task<string> RunAsync(Run run, RunSettings settings, int unit, CancellationToken cancellationToken)
    {
        var events = await PublishWork.EventsAsync(blobs, run.Id, unit, cancellationToken);
        if (events.Count > 0)
        {
            var queue = storage.Queues.GetQueueClient(Names.EventQueue);
            await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await Parallel.ForEachAsync(
                events,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (message, token) => await queue.SendMessageAsync(NightJson.Write(message), token));
        }

        return NightJson.Write(new AnnounceResult(events.Count));
    }
}
