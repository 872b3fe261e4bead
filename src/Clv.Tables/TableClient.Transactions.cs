using Azure.Core;
using Azure.Data.Tables.Transactions;
using Azure.Data.Tables.Wire;

namespace Azure.Data.Tables;

/// <content>Entity-group transactions.</content>
public partial class TableClient
{
    /// <summary>
    /// Does all of up to 100 actions on rows of one partition, or none. What the service is certain to refuse is refused without being
    /// sent, with the exception that its answer would become: over 100 actions (400 InvalidInput), two partitions (400
    /// CommandsInBatchActOnDifferentPartitions), a row twice (400 InvalidDuplicateRow), over 4 MiB (413 RequestBodyTooLarge).
    /// </summary>
    /// <param name="transactionActions">The actions, one per row; enumerated once, before anything is sent.</param>
    /// <param name="cancellationToken">Ends the wait; the transaction may be done nevertheless.</param>
    /// <returns>The answers in the order of the actions; the ETag header of each is its row's new version.</returns>
    /// <exception cref="ArgumentException">The list, an action or a row's key is null.</exception>
    /// <exception cref="InvalidOperationException">There are no actions.</exception>
    /// <exception cref="NotSupportedException">A value's type has no column type.</exception>
    /// <exception cref="TableTransactionFailedException">
    /// An action failed, so that nothing was written: Status, ErrorCode and FailedTransactionActionIndex tell which and why.
    /// </exception>
    /// <exception cref="RequestFailedException">
    /// The request as a whole was refused (403) or not served (503, or 0 if nobody answered).
    /// </exception>
    public virtual async Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transactionActions);
        var actions = transactionActions.ToList();
        if (actions.Count == 0)
        {
            throw new InvalidOperationException("A transaction needs at least one action.");
        }

        if (actions.Contains(null!))
        {
            throw new ArgumentException("An action is null.", nameof(transactionActions));
        }

        TransactionRules.Check(Name, actions);
        var body = TransactionBody.Write(_account, Name, actions);

        using var message = _account.CreateMessage(RequestMethod.Post, "$batch");
        message.Request.Headers.SetValue("Content-Type", body.ContentType);
        message.Request.Content = RequestContent.Create(body.Bytes);
        var response = await _account.SendAsync(message, cancellationToken);
        if (response.Status != 202)
        {
            throw TableError.Of("SubmitTransaction", Name, response);
        }

        var parts = TransactionAnswer.Read(response.Content.ToMemory());
        if (parts.Find(part => part.IsError) is { } failed)
        {
            throw Failure(failed);
        }

        // Fewer answers than actions would be taken for success of what was never confirmed.
        return parts.Count == actions.Count
            ? Response.FromValue<IReadOnlyList<Response>>(parts, response)
            : throw new RequestFailedException(
                response.Status,
                $"SubmitTransaction on table '{Name}' got {parts.Count} answers to {actions.Count} actions; what was written is unknown.");
    }

    private TableTransactionFailedException Failure(Response failed)
    {
        var (code, text) = TableError.Read(failed);
        var index = TransactionAnswer.FailedIndex(text);
        var cause = $"status {failed.Status} ({code ?? "no error code"})";
        return new(
            failed.Status,
            code ?? "",
            $"SubmitTransaction on table '{Name}' failed at action {index?.ToString() ?? "?"} with {cause}; nothing was written.",
            index);
    }
}
