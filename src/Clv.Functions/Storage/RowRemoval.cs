using Azure;
using Azure.Data.Tables;

namespace Clv.Functions.Storage;

/// <summary>Removes rows of a table, a hundred in one transaction.</summary>
internal static class RowRemoval
{
    private const int RowsAtOnce = 100;
    private const int RowsInMemory = 50 * RowsAtOnce;

    /// <summary>Removes the rows that a filter finds, of a table that exists; others may do the same at the same time.</summary>
    /// <param name="table">The table.</param>
    /// <param name="filter">The OData filter.</param>
    /// <param name="cancellationToken">Ends the attempt, which can be made again.</param>
    public static async Task RemoveRowsAsync(this TableClient table, string filter, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Asked anew instead of gone on with: a page's continuation names the row after it, which may be gone.
            var rows = await table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken)
                .Take(RowsInMemory)
                .ToListAsync(cancellationToken);
            if (rows.Count == 0)
            {
                return;
            }

            foreach (var batch in rows.GroupBy(static row => row.PartitionKey, StringComparer.Ordinal).SelectMany(static partition => partition.Chunk(RowsAtOnce)))
            {
                await RemoveAsync(table, batch, cancellationToken);
            }
        }
    }

    private static async Task RemoveAsync(TableClient table, TableEntity[] rows, CancellationToken cancellationToken)
    {
        try
        {
            await table.SubmitTransactionAsync(
                rows.Select(static row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All)), cancellationToken);
        }
        catch (TableTransactionFailedException e) when (e.Status == 404)
        {
            // Somebody else removes them too, or this transaction's answer was lost: whichever are left go one by one.
            foreach (var row in rows)
            {
                await table.DeleteEntityAsync(row, ETag.All, cancellationToken);
            }
        }
    }
}
