using Clv.Core.Portfolio;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>Finds out what can only be known of all customers together.</summary>
public sealed class RankWork(NightBlobs blobs, NightKnowledge knowledge) : IPhaseWork
{
    /// <inheritdoc/>
    public Phase Phase => Phase.Rank;

    /// <inheritdoc/>
    public async Task<string> RunAsync(Run run, RunSettings settings, int unit, CancellationToken cancellationToken)
    {
        var builder = new RankingBuilder();
        for (var partition = 0; partition < settings.Partitions; partition++)
        {
            await foreach (var (facts, valued) in PartitionPeople.ReadAsync(blobs, run.Id, partition, cancellationToken))
            {
                builder.Add(facts, valued?.Worth);
            }
        }

        var ranking = builder.Build(NightKnowledge.ProfileOf(await knowledge.PlanAsync(run.Id, cancellationToken)));
        await blobs.PutAsync(Names.Models, Names.Ranking(run.Id), NightJson.WriteBytes(ranking), cancellationToken);
        return "{}";
    }
}
