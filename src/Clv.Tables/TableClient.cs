using System.Buffers;
using System.Text.Json;
using Azure.Core;
using Azure.Data.Tables.Access;
using Azure.Data.Tables.Models;
using Azure.Data.Tables.Wire;

namespace Azure.Data.Tables;

/// <summary>
/// One table. Thread-safe; keep it, or take it from a <see cref="TableServiceClient"/>, which costs nothing. A method that reaches the
/// service throws <see cref="RequestFailedException"/> when that refuses (with its Status and ErrorCode) or cannot be reached (Status 0).
/// Messages name the operation and the table, never a row's content.
/// </summary>
public partial class TableClient
{
    private readonly TableAccount _account = null!;

    /// <summary>For mocking.</summary>
    protected TableClient() => Name = null!;

    /// <inheritdoc cref="TableClient(string, string, TableClientOptions)"/>
    public TableClient(string connectionString, string tableName)
        : this(connectionString, tableName, null)
    {
    }

    /// <summary>Takes a connection string.</summary>
    /// <param name="connectionString">As <see cref="TableServiceClient(string, TableClientOptions)"/> takes it.</param>
    /// <param name="tableName">The table's name; it need not exist.</param>
    /// <param name="options">How to talk, or null for the defaults.</param>
    /// <exception cref="ArgumentException">A name is null or empty, or the string holds no valid combination of settings.</exception>
    /// <exception cref="InvalidOperationException">A segment of the string is not of the form Setting=value.</exception>
    /// <exception cref="FormatException">The key is not base64.</exception>
    public TableClient(string connectionString, string tableName, TableClientOptions? options = null)
        : this(TableAccount.From(connectionString, options), tableName)
    {
    }

    /// <inheritdoc cref="TableClient(Uri, string, TableSharedKeyCredential, TableClientOptions)"/>
    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential)
        : this(endpoint, tableName, credential, null)
    {
    }

    /// <summary>Takes an account's key.</summary>
    /// <param name="endpoint">The account's table endpoint, such as https://contoso.table.core.windows.net.</param>
    /// <param name="tableName">The table's name; it need not exist.</param>
    /// <param name="credential">The account's name and key.</param>
    /// <param name="options">How to talk, or null for the defaults.</param>
    /// <exception cref="ArgumentException">A parameter other than the options is null, or the name is empty.</exception>
    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential, TableClientOptions? options = null)
        : this(TableAccount.From(endpoint, credential, options), tableName)
    {
    }

    /// <summary>Takes a Microsoft Entra credential, such as a managed identity.</summary>
    /// <param name="endpoint">
    /// The account's table endpoint. Over anything but https every call throws <see cref="InvalidOperationException"/>.
    /// </param>
    /// <param name="tableName">The table's name; it need not exist.</param>
    /// <param name="tokenCredential">Where tokens come from; they are asked for Azure Storage of the public cloud.</param>
    /// <param name="options">How to talk, or null for the defaults.</param>
    /// <exception cref="ArgumentException">A parameter other than the options is null, or the name is empty.</exception>
    public TableClient(Uri endpoint, string tableName, TokenCredential tokenCredential, TableClientOptions? options = null)
        : this(TableAccount.From(endpoint, tokenCredential, options), tableName)
    {
    }

    internal TableClient(TableAccount account, string tableName)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        _account = account;
        Name = tableName;
    }

    /// <summary>The account's name, from the credential or else from the endpoint.</summary>
    public virtual string AccountName => _account.Name;

    /// <summary>The table's name.</summary>
    public virtual string Name { get; }

    /// <summary>The table's address.</summary>
    public virtual Uri Uri => new(_account.Address(EntityPath.Rows(Name)));

    /// <summary>Creates the table.</summary>
    /// <param name="cancellationToken">Ends the wait; the table may be created nevertheless.</param>
    /// <returns>The table.</returns>
    /// <exception cref="RequestFailedException">409 TableAlreadyExists, 409 TableBeingDeleted, 400 for a bad name.</exception>
    public virtual async Task<Response<TableItem>> CreateAsync(CancellationToken cancellationToken = default)
    {
        var response = await SendCreateAsync(expected: null, cancellationToken);
        return response.Status is 201 or 204
            ? Response.FromValue(new TableItem(Name), response)
            : throw TableError.Of("Create", Name, response);
    }

    /// <summary>Creates the table, or leaves the one that exists.</summary>
    /// <param name="cancellationToken">Ends the wait; the table may be created nevertheless.</param>
    /// <returns>The table; the raw response has status 409 if it existed.</returns>
    /// <exception cref="RequestFailedException">409 TableBeingDeleted: the name is free again in a while. 400 for a bad name.</exception>
    public virtual async Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default)
    {
        var response = await SendCreateAsync(expected: 409, cancellationToken);
        var exists = response.Status == 409 && TableError.Read(response).Code != TableErrorCode.TableBeingDeleted;
        return response.Status is 201 or 204 || exists
            ? Response.FromValue(new TableItem(Name), response)
            : throw TableError.Of("CreateIfNotExists", Name, response);
    }

    /// <summary>Deletes the table with all its rows. One that does not exist is no error.</summary>
    /// <param name="cancellationToken">Ends the wait; the table may be deleted nevertheless.</param>
    /// <returns>The response, with status 404 if there was no such table.</returns>
    public virtual async Task<Response> DeleteAsync(CancellationToken cancellationToken = default)
    {
        using var message = _account.CreateMessage(RequestMethod.Delete, EntityPath.Table(Name), expected: 404);
        var response = await _account.SendAsync(message, cancellationToken);
        return response.Status is 204 or 404 ? response : throw TableError.Of("Delete", Name, response);
    }

    private async Task<Response> SendCreateAsync(int? expected, CancellationToken cancellationToken)
    {
        using var message = _account.CreateMessage(RequestMethod.Post, EntityPath.Tables, expected);
        message.Request.Headers.SetValue("Prefer", "return-no-content");
        SetJson(message.Request, json =>
        {
            json.WriteStartObject();
            json.WriteString("TableName", Name);
            json.WriteEndObject();
        });
        return await _account.SendAsync(message, cancellationToken);
    }

    /// <remarks>The content is plain memory, so a retry can send it again.</remarks>
    private static void SetJson(Request request, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        request.Headers.SetValue("Content-Type", "application/json");
        request.Content = RequestContent.Create(buffer.WrittenMemory);
    }
}
