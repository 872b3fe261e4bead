using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Clv.Core.History;
using Clv.Functions.Storage;

namespace Clv.Functions.Privacy;

/// <summary>Removes people from a run's table of callers, whose row keys end with the customer's pseudonym.</summary>
internal static class CallerRows
{
    private const int KeyLength = CustomerKey.Size * 2;

    /// <summary>Removes the rows of some people.</summary>
    /// <returns>How many rows each had; nothing where the run has no such table.</returns>
    public static async Task<IReadOnlyDictionary<CustomerKey, int>> RemoveAsync(
        TableServiceClient tables, string run, IReadOnlySet<CustomerKey> people, CancellationToken cancellationToken)
    {
        var table = tables.GetTableClient(Names.Callers(run));
        var names = people.Select(static key => key.ToString()).ToHashSet(StringComparer.Ordinal);
        var rows = new List<TableEntity>();
        try
        {
            await foreach (var row in table.QueryAsync<TableEntity>(select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
            {
                if (row.RowKey.Length > KeyLength && names.Contains(row.RowKey[^KeyLength..]))
                {
                    rows.Add(row);
                }
            }
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.TableNotFound)
        {
            return new Dictionary<CustomerKey, int>();
        }

        var removed = new Dictionary<CustomerKey, int>();
        foreach (var row in rows)
        {
            if ((await table.DeleteEntityAsync(row, cancellationToken: cancellationToken)).Status != 404)
            {
                var key = CustomerKey.Read(Convert.FromHexString(row.RowKey[^KeyLength..]));
                removed[key] = removed.GetValueOrDefault(key) + 1;
            }
        }

        return removed;
    }
}
