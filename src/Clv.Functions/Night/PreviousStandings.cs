using Clv.Core.Relationship;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>
/// Where the people of a partition stood in the night that this one is compared with. A snapshot may have changed the number of partitions; then
/// the earlier night's files are all looked through.
/// </summary>
internal static class PreviousStandings
{
    /// <summary>The standings, in the order of keys; none without such a night.</summary>
    public static async Task<StandingCursor> OpenAsync(NightBlobs blobs, RunSettings settings, int partition, CancellationToken cancellationToken)
    {
        if (settings.ComparedRun is not { } run)
        {
            return new StandingCursor([]);
        }

        if (settings.ComparedPartitions == settings.Partitions)
        {
            return new StandingCursor(Read(await blobs.OpenAsync(Names.History, Names.StandingOf(run, partition), cancellationToken)));
        }

        var all = new List<Standing>();
        for (var other = 0; other < settings.ComparedPartitions; other++)
        {
            var file = await blobs.OpenAsync(Names.History, Names.StandingOf(run, other), cancellationToken);
            all.AddRange(Read(file).Where(standing => standing.Key.Partition(settings.Partitions) == partition));
        }

        all.Sort(static (left, right) => left.Key.CompareTo(right.Key));
        return new StandingCursor(all);
    }

    private static IEnumerable<Standing> Read(Stream file)
    {
        using (file)
        {
            foreach (var standing in StandingFile.Read(file))
            {
                yield return standing;
            }
        }
    }
}
