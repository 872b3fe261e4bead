using Azure.Data.Tables.Models;

namespace Azure.Data.Tables.Transactions;

/// <summary>
/// What the service refuses in any case, refused before a byte is sent
/// (https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions). The exception is the one that the service's
/// answer would become, so a caller cannot tell the difference. The check matters beyond the saved trip: Azurite accepts two partitions in
/// one transaction, and what passes there would fail in Azure.
/// </summary>
internal static class TransactionRules
{
    public const int MaxActions = 100;
    public const int MaxBytes = 4 * 1024 * 1024;

    public static void Check(string table, List<TableTransactionAction> actions)
    {
        if (actions.Count > MaxActions)
        {
            var why = $"it has {actions.Count} actions and {MaxActions} are allowed";
            throw Refuse(table, 400, TableErrorCode.InvalidInput, why, MaxActions);
        }

        var rows = new HashSet<string>(actions.Count, StringComparer.Ordinal);
        for (var i = 0; i < actions.Count; i++)
        {
            var entity = actions[i].Entity;
            Wire.EntityWriter.RequireKeys(entity);
            if (entity.PartitionKey != actions[0].Entity.PartitionKey)
            {
                var why = $"action {i} is in another partition than action 0";
                throw Refuse(table, 400, TableErrorCode.CommandsInBatchActOnDifferentPartitions, why, i);
            }

            if (!rows.Add(entity.RowKey))
            {
                throw Refuse(table, 400, TableErrorCode.InvalidDuplicateRow, $"action {i} names a row for the second time", i);
            }
        }
    }

    public static void CheckSize(string table, int bytes)
    {
        if (bytes > MaxBytes)
        {
            throw Refuse(table, 413, "RequestBodyTooLarge", $"it is {bytes} bytes long and {MaxBytes} are allowed", null);
        }
    }

    private static TableTransactionFailedException Refuse(string table, int status, TableErrorCode code, string why, int? index) =>
        new(status, code.ToString(), $"SubmitTransaction on table '{table}' was not sent: {why} ({code}).", index);
}
