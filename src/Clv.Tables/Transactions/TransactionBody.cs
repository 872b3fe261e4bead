using System.Buffers;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables.Access;
using Azure.Data.Tables.Wire;

namespace Azure.Data.Tables.Transactions;

/// <summary>
/// A transaction on the wire: one batch with one changeset, whose parts are whole HTTP requests. Everything is written once, into one
/// buffer. The buffer is not pooled: a retry or a hedged second try may still be reading it when the first call has returned.
/// </summary>
internal sealed class TransactionBody
{
    private const int BytesPerActionGuess = 1024;

    private readonly ArrayBufferWriter<byte> _buffer;
    private readonly string _batch = "batch_" + Guid.NewGuid().ToString("D");
    private readonly string _changeset = "changeset_" + Guid.NewGuid().ToString("D");

    private TransactionBody(int actions) => _buffer = new(actions * BytesPerActionGuess);

    public string ContentType => $"multipart/mixed; boundary={_batch}";

    public ReadOnlyMemory<byte> Bytes => _buffer.WrittenMemory;

    public static TransactionBody Write(TableAccount account, string table, List<TableTransactionAction> actions)
    {
        var body = new TransactionBody(actions.Count);
        using var json = new Utf8JsonWriter(body._buffer);
        body.Ascii($"--{body._batch}\r\nContent-Type: multipart/mixed; boundary={body._changeset}\r\n\r\n");
        foreach (var action in actions)
        {
            body.Write(account, table, action, json);

            // Stops a transaction of a hundred megabyte rows after the fifth.
            TransactionRules.CheckSize(table, body._buffer.WrittenCount);
        }

        body.Ascii($"--{body._changeset}--\r\n--{body._batch}--\r\n");
        TransactionRules.CheckSize(table, body._buffer.WrittenCount);
        return body;
    }

    private void Write(TableAccount account, string table, TableTransactionAction action, Utf8JsonWriter json)
    {
        var (verb, ifMatch) = action.ActionType switch
        {
            TableTransactionActionType.Add => ("POST", default),
            TableTransactionActionType.UpdateMerge => ("PATCH", action.ETag),
            TableTransactionActionType.UpdateReplace => ("PUT", action.ETag),
            TableTransactionActionType.UpsertMerge => ("PATCH", default),
            TableTransactionActionType.UpsertReplace => ("PUT", default),
            TableTransactionActionType.Delete => ("DELETE", action.ETag == default ? ETag.All : action.ETag),
            _ => throw new InvalidOperationException($"There is no action type {action.ActionType}."),
        };
        var path = action.ActionType == TableTransactionActionType.Add
            ? EntityPath.Rows(table)
            : EntityPath.Row(table, action.Entity.PartitionKey, action.Entity.RowKey);

        Ascii($"--{_changeset}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n");
        Ascii($"{verb} {account.Address(path)} HTTP/1.1\r\nAccept: application/json;odata=minimalmetadata\r\nDataServiceVersion: 3.0\r\n");
        if (ifMatch != default)
        {
            Ascii($"If-Match: {ifMatch}\r\n");
        }

        if (action.ActionType == TableTransactionActionType.Delete)
        {
            Ascii("\r\n");
            return;
        }

        Ascii(action.ActionType == TableTransactionActionType.Add
            ? "Content-Type: application/json\r\nPrefer: return-no-content\r\n\r\n"
            : "Content-Type: application/json\r\n\r\n");
        EntityWriter.Write(json, action.Entity);
        json.Flush();
        json.Reset();
        Ascii("\r\n");
    }

    private void Ascii(string text) => Encoding.ASCII.GetBytes(text, _buffer);
}
