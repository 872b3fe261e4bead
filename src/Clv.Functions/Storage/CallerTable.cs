using Azure.Data.Tables;
using Clv.Core.Callers;
using Clv.Core.History;

namespace Clv.Functions.Storage;

/// <summary>
/// A run's table of callers: PartitionKey the partition of the caller's key, RowKey the caller's key and the customer's, and nothing more. So the
/// people who share a number are one range of rows, and a row written again is the same row.
/// </summary>
public static class CallerTable
{
    /// <summary>The most people of one number or address that a lookup tells.</summary>
    public const int MostTold = 50;

    /// <summary>Everybody's rows in the order of the table, in transactions: each of one partition and of as many rows as one may have.</summary>
    /// <param name="callers">Who is to be found by what, in any order.</param>
    /// <param name="partitions">The number of partitions.</param>
    public static IEnumerable<IReadOnlyList<TableTransactionAction>> Transactions(IEnumerable<(CallerKey Caller, CustomerKey Customer)> callers, int partitions) =>
        callers
            .Select(of => (Partition: of.Caller.Partition(partitions), of.Caller, of.Customer))
            .Order()
            .GroupBy(static of => of.Partition)
            .SelectMany(static partition => partition.Chunk(ScoreTable.RowsAtOnce))
            .Select(static chunk => chunk
                .Select(static of => new TableTransactionAction(
                    TableTransactionActionType.UpsertReplace, new TableEntity(Names.Partition(of.Partition), RowKeyOf(of.Caller, of.Customer))))
                .ToList());

    /// <summary>PartitionKey and RowKey of a row.</summary>
    /// <param name="caller">Whose number or address.</param>
    /// <param name="customer">Who is to be found by it.</param>
    /// <param name="partitions">The run's number of partitions.</param>
    public static (string Partition, string Row) KeysOf(CallerKey caller, CustomerKey customer, int partitions) =>
        (Names.Partition(caller.Partition(partitions)), RowKeyOf(caller, customer));

    /// <summary>Who is found by a row.</summary>
    /// <param name="rowKey">The row's key.</param>
    public static CustomerKey CustomerOf(string rowKey)
    {
        ArgumentNullException.ThrowIfNull(rowKey);
        return CustomerKey.Read(Convert.FromHexString(rowKey.AsSpan(rowKey.Length - (2 * CustomerKey.Size))));
    }

    private static string RowKeyOf(CallerKey caller, CustomerKey customer) => $"{caller}-{customer}";

    /// <summary>The people of a caller, in the order of their keys, one more than <see cref="MostTold"/> at most.</summary>
    /// <param name="table">The run's table.</param>
    /// <param name="caller">The caller.</param>
    /// <param name="partitions">The run's number of partitions.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<IReadOnlyList<CustomerKey>> ReadAsync(TableClient table, CallerKey caller, int partitions, CancellationToken cancellationToken)
    {
        // The sign behind "-" in ASCII ends the range.
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {Names.Partition(caller.Partition(partitions))} and RowKey ge {$"{caller}-"} and RowKey lt {$"{caller}."}");
        var found = new List<CustomerKey>();
        await foreach (var row in table.QueryAsync<TableEntity>(filter, MostTold + 1, ["RowKey"], cancellationToken))
        {
            found.Add(CustomerOf(row.RowKey));
            if (found.Count > MostTold)
            {
                break;
            }
        }

        return found;
    }
}
