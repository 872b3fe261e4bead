using Azure;
using Azure.Data.Tables;
using Clv.Core.History;
using Clv.Functions.Storage;

namespace Clv.Functions.Privacy;

/// <summary>Removes people from a run's table of scores.</summary>
internal static class ScoreRows
{
    /// <summary>Removes the rows of some people of a partition.</summary>
    /// <returns>Of whom there was one; nothing where the run has no such table.</returns>
    public static async Task<IReadOnlyDictionary<CustomerKey, int>> RemoveAsync(
        TableServiceClient tables, string run, int partition, IEnumerable<CustomerKey> people, CancellationToken cancellationToken)
    {
        var table = tables.GetTableClient(Names.Scores(run));
        var removed = new Dictionary<CustomerKey, int>();
        foreach (var key in people)
        {
            try
            {
                if ((await table.DeleteEntityAsync(Names.Partition(partition), key.ToString(), cancellationToken: cancellationToken)).Status != 404)
                {
                    removed[key] = 1;
                }
            }
            catch (RequestFailedException e) when (e.IsOfNoTable())
            {
                return removed;
            }
        }

        return removed;
    }
}
