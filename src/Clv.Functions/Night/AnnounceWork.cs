using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>What telling a partition's events came to.</summary>
/// <param name="Events">Messages sent.</param>
/// <param name="Failed">Whether the unit was given up; then some may not have been sent.</param>
public sealed record AnnounceResult(long Events, bool Failed = false);

/// <summary>
/// Tells what the published night has changed: a message each on the queue of events, and the first unit writes the run's file of them, and says that
/// the exported scores are complete. A process that dies on the way sends what it had sent once more; a message's id is then the same. A run that
/// lookups never served tells nothing.
/// </summary>
public sealed class AnnounceWork(NightBlobs blobs, RunTable runs, NightKnowledge knowledge, StorageAccount storage, ScoreExport export) : IPhaseWork
{
    private const int AtOnce = 8;

    // A campaign tool may be away for longer than the service's seven days.
    private static readonly TimeSpan ForEver = TimeSpan.FromSeconds(-1);

    /// <inheritdoc/>
    public Phase Phase => Phase.Announce;

    /// <inheritdoc/>
    public async Task<string> RunAsync(Run run, RunSettings settings, int unit, CancellationToken cancellationToken)
    {
        if (!(await runs.Units.ResultAsync<PublishResult>(run.Id, Phase.Publish, 0, cancellationToken)).Served)
        {
            return NightJson.Write(new AnnounceResult(0));
        }

        if (unit == 0)
        {
            await WriteFileAsync(run, settings, cancellationToken);
            if (settings.ExportScores)
            {
                await export.CompleteAsync(run, settings, cancellationToken);
            }
        }

        var events = await knowledge.EventsAsync(run.Id, unit, cancellationToken);
        if (events.Count > 0)
        {
            var queue = storage.Queues.GetQueueClient(Names.EventQueue);
            await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await Parallel.ForEachAsync(
                events,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (message, token) => await queue.SendMessageAsync(NightJson.Write(message), visibilityTimeout: null, ForEver, token));
        }

        return NightJson.Write(new AnnounceResult(events.Count));
    }

    // In the order of partitions and keys, whole or not at all: every event once.
    private async Task WriteFileAsync(Run run, RunSettings settings, CancellationToken cancellationToken)
    {
        // An erasure may take somebody out of a part between two deliveries' looks at it.
        using var output = blobs.StageAlone(Names.Exports, Names.Events(run.Id));
        using var file = new EventFile(output);
        for (var partition = 0; partition < settings.Partitions; partition++)
        {
            foreach (var message in await knowledge.EventsAsync(run.Id, partition, cancellationToken))
            {
                file.Write(message);
            }
        }

        file.Flush();
        await output.CommitOnceAsync(cancellationToken);
    }
}
