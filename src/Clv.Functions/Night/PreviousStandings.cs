using Clv.Core.History;
using Clv.Core.Relationship;
using Clv.Functions.Privacy;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>
/// Where the people of a partition stood in the night that this one is compared with. A snapshot may have changed the number of partitions; then
/// the earlier night's files are all looked through. Whoever is erased never stood anywhere, whether or not that night's file has lost them yet.
/// </summary>
internal static class PreviousStandings
{
    /// <summary>The standings, in the order of keys; none without such a night.</summary>
    public static async Task<StandingCursor> OpenAsync(NightBlobs blobs, string forRun, RunSettings settings, int partition, CancellationToken cancellationToken)
    {
        if (settings.ComparedRun is not { } run)
        {
            return new StandingCursor([]);
        }

        var erased = Tombstones.Parse(await blobs.FindAsync(Names.Work, Names.Erased(forRun), cancellationToken));
        if (settings.ComparedPartitions == settings.Partitions)
        {
            return new StandingCursor(Read(await blobs.OpenAsync(Names.History, Names.StandingOf(run, partition), cancellationToken), erased));
        }

        var all = new List<Standing>();
        for (var other = 0; other < settings.ComparedPartitions; other++)
        {
            var file = await blobs.OpenAsync(Names.History, Names.StandingOf(run, other), cancellationToken);
            all.AddRange(Read(file, erased).Where(standing => standing.Key.Partition(settings.Partitions) == partition));
        }

        all.Sort(static (left, right) => left.Key.CompareTo(right.Key));
        return new StandingCursor(all);
    }

    private static IEnumerable<Standing> Read(Stream file, IReadOnlySet<CustomerKey> erased)
    {
        using (file)
        {
            foreach (var standing in StandingFile.Read(file))
            {
                if (!erased.Contains(standing.Key))
                {
                    yield return standing;
                }
            }
        }
    }
}
