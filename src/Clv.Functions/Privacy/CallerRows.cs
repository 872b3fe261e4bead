using Azure;
using Azure.Data.Tables;
using Clv.Core.Callers;
using Clv.Core.History;
using Clv.Functions.Storage;

namespace Clv.Functions.Privacy;

/// <summary>Removes people from a run's table of callers, by the numbers and addresses that the run's history holds of them as hashes.</summary>
internal static class CallerRows
{
    /// <summary>Removes the rows of some people.</summary>
    /// <returns>How many rows each had; nothing where the run has no such table.</returns>
    public static async Task<IReadOnlyDictionary<CustomerKey, int>> RemoveAsync(
        TableServiceClient tables, string run, IEnumerable<(CallerKey Caller, CustomerKey Customer)> rows, int partitions, CancellationToken cancellationToken)
    {
        var table = tables.GetTableClient(Names.Callers(run));
        var removed = new Dictionary<CustomerKey, int>();
        foreach (var (caller, customer) in rows)
        {
            try
            {
                var (partition, row) = CallerTable.KeysOf(caller, customer, partitions);
                if ((await table.DeleteEntityAsync(partition, row, cancellationToken: cancellationToken)).Status != 404)
                {
                    removed[customer] = removed.GetValueOrDefault(customer) + 1;
                }
            }
            catch (RequestFailedException e) when (e.IsOfNoTable())
            {
                return removed;
            }
        }

        return removed;
    }

    /// <summary>Removes whatever rows some people have, where it is not known any more what they were found by: the whole table is read.</summary>
    public static async Task RemoveAllAsync(TableServiceClient tables, string run, IReadOnlySet<CustomerKey> people, CancellationToken cancellationToken)
    {
        var table = tables.GetTableClient(Names.Callers(run));
        try
        {
            var found = await table.QueryAsync<TableEntity>(select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken)
                .Where(row => people.Contains(CallerTable.CustomerOf(row.RowKey)))
                .ToListAsync(cancellationToken);
            foreach (var row in found)
            {
                await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: cancellationToken);
            }
        }
        catch (RequestFailedException e) when (e.IsOfNoTable())
        {
            // Nobody is in it any more.
        }
    }
}
