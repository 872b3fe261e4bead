using Clv.Core.History;
using Clv.Core.Valuation;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>Reads the people of a partition with what they are worth, side by side.</summary>
internal static class PartitionPeople
{
    /// <summary>Everybody, in the order of keys; a prospect without worth.</summary>
    /// <exception cref="InvalidDataException">The two files are not of the same people.</exception>
    public static async IAsyncEnumerable<(CustomerFacts Facts, ValuedCustomer? Valued)> ReadAsync(
        NightBlobs blobs, string run, int partition, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var facts = await blobs.OpenAsync(Names.Work, Names.Facts(run, partition), cancellationToken);
        await using var worth = await blobs.OpenAsync(Names.Work, Names.Worth(run, partition), cancellationToken);
        using var valued = WorthFile.Read(worth).GetEnumerator();
        foreach (var person in FactsReader.ReadAll(facts))
        {
            if (person.IsProspect)
            {
                yield return (person, null);
            }
            else
            {
                yield return valued.MoveNext() && valued.Current.Key == person.Key ? (person, valued.Current) : throw Different();
            }
        }

        if (valued.MoveNext())
        {
            throw Different();
        }

        InvalidDataException Different() => new($"Partition {partition} of run {run} has facts and values of different people.");
    }
}
