using Azure.Core;
using Azure.Data.Tables.Access;
using Azure.Data.Tables.Models;
using Azure.Data.Tables.Wire;

namespace Azure.Data.Tables;

/// <summary>
/// A storage account's tables. Make one and keep it: it is thread-safe and owns the connections. A method that reaches the service throws
/// <see cref="RequestFailedException"/> when that refuses (with its Status and ErrorCode) or cannot be reached (Status 0).
/// </summary>
public class TableServiceClient
{
    private readonly TableAccount _account = null!;

    /// <summary>For mocking.</summary>
    protected TableServiceClient()
    {
    }

    /// <inheritdoc cref="TableServiceClient(string, TableClientOptions)"/>
    public TableServiceClient(string connectionString)
        : this(connectionString, null)
    {
    }

    /// <summary>Takes a connection string.</summary>
    /// <param name="connectionString">
    /// AccountName and AccountKey with EndpointSuffix or TableEndpoint; or TableEndpoint with SharedAccessSignature; or
    /// UseDevelopmentStorage=true.
    /// </param>
    /// <param name="options">How to talk, or null for the defaults.</param>
    /// <exception cref="ArgumentException">The string is null, empty, or holds no valid combination of settings.</exception>
    /// <exception cref="InvalidOperationException">A segment is not of the form Setting=value.</exception>
    /// <exception cref="FormatException">The key is not base64.</exception>
    public TableServiceClient(string connectionString, TableClientOptions? options = null) =>
        _account = TableAccount.From(connectionString, options);

    /// <inheritdoc cref="TableServiceClient(Uri, TableSharedKeyCredential, TableClientOptions)"/>
    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential)
        : this(endpoint, credential, null)
    {
    }

    /// <summary>Takes an account's key.</summary>
    /// <param name="endpoint">The account's table endpoint, such as https://contoso.table.core.windows.net.</param>
    /// <param name="credential">The account's name and key.</param>
    /// <param name="options">How to talk, or null for the defaults.</param>
    /// <exception cref="ArgumentNullException">A parameter other than the options is null.</exception>
    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions? options) =>
        _account = TableAccount.From(endpoint, credential, options);

    /// <inheritdoc cref="TableServiceClient(Uri, AzureSasCredential, TableClientOptions)"/>
    public TableServiceClient(Uri endpoint, AzureSasCredential credential)
        : this(endpoint, credential, null)
    {
    }

    /// <summary>Takes a shared access signature.</summary>
    /// <param name="endpoint">The account's table endpoint: https, unless it is this machine.</param>
    /// <param name="credential">The signature; it may be renewed while the client is in use.</param>
    /// <param name="options">How to talk, or null for the defaults.</param>
    /// <exception cref="ArgumentException">A parameter other than the options is null, or the endpoint is not https.</exception>
    public TableServiceClient(Uri endpoint, AzureSasCredential credential, TableClientOptions? options = null) =>
        _account = TableAccount.From(endpoint, credential, options);

    /// <summary>Takes a Microsoft Entra credential, such as a managed identity.</summary>
    /// <param name="endpoint">
    /// The account's table endpoint. Over anything but https every call throws <see cref="InvalidOperationException"/>.
    /// </param>
    /// <param name="tokenCredential">Where tokens come from; they are asked for Azure Storage of the public cloud.</param>
    /// <param name="options">How to talk, or null for the defaults.</param>
    /// <exception cref="ArgumentNullException">A parameter other than the options is null.</exception>
    public TableServiceClient(Uri endpoint, TokenCredential tokenCredential, TableClientOptions? options = null) =>
        _account = TableAccount.From(endpoint, tokenCredential, options);

    /// <summary>The account's name, from the credential or else from the endpoint.</summary>
    public virtual string AccountName => _account.Name;

    /// <summary>The account's table endpoint.</summary>
    public virtual Uri Uri => _account.Endpoint;

    /// <summary>Makes a filter from an interpolated string, its values quoted and escaped.</summary>
    /// <param name="filter">Such as $"TableName ge {first}".</param>
    /// <returns>The filter.</returns>
    /// <exception cref="ArgumentException">The filter is null or compares with a type that no column has.</exception>
    public static string CreateQueryFilter(FormattableString filter) => ODataFilter.Create(filter);

    /// <summary>A client for one table, over the same connections. Sends nothing; the table need not exist.</summary>
    /// <param name="tableName">The table's name.</param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentException"><paramref name="tableName"/> is null or empty.</exception>
    public virtual TableClient GetTableClient(string tableName) => new(_account, tableName);

    /// <summary>Lists tables, page by page.</summary>
    /// <param name="filter">An OData filter on TableName, or null for all.</param>
    /// <param name="maxPerPage">Tables per request, 1 to 1,000, or null for 1,000.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>The tables, in the order of their names.</returns>
    public virtual AsyncPageable<TableItem> QueryAsync(
        string? filter = null, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        new PagedQuery<TableItem>(
            async (token, hint, cancellation) =>
            {
                var (next, _) = ContinuationToken.Split(token);
                var query = QueryString.Of(filter, hint ?? maxPerPage, null, ("NextTableName", next));
                using var message = _account.CreateMessage(RequestMethod.Get, EntityPath.Tables + query);
                var response = await _account.SendAsync(message, cancellation);
                if (response.Status != 200)
                {
                    throw TableError.Of("Query", EntityPath.Tables, response);
                }

                var tables = EntityReader.ReadPage(response.Content.ToMemory().Span, row => new TableItem(row.GetString("TableName")!));
                response.Headers.TryGetValue("x-ms-continuation-NextTableName", out var following);
                return Page<TableItem>.FromValues(tables, ContinuationToken.Join(following, null), response);
            },
            cancellationToken);

    /// <summary>Creates a table.</summary>
    /// <param name="tableName">The name: 3 to 63 letters and digits, a letter first.</param>
    /// <param name="cancellationToken">Ends the wait; the table may be created nevertheless.</param>
    /// <returns>The table.</returns>
    /// <exception cref="RequestFailedException">409 TableAlreadyExists, 409 TableBeingDeleted, 400 for a bad name.</exception>
    public virtual Task<Response<TableItem>> CreateTableAsync(string tableName, CancellationToken cancellationToken = default) =>
        GetTableClient(tableName).CreateAsync(cancellationToken);

    /// <summary>Creates a table, or leaves the one that exists.</summary>
    /// <param name="tableName">The name: 3 to 63 letters and digits, a letter first.</param>
    /// <param name="cancellationToken">Ends the wait; the table may be created nevertheless.</param>
    /// <returns>The table; the raw response has status 409 if it existed.</returns>
    /// <exception cref="RequestFailedException">409 TableBeingDeleted, 400 for a bad name.</exception>
    public virtual Task<Response<TableItem>> CreateTableIfNotExistsAsync(string tableName, CancellationToken cancellationToken = default) =>
        GetTableClient(tableName).CreateIfNotExistsAsync(cancellationToken);

    /// <summary>Deletes a table with all its rows. One that does not exist is no error.</summary>
    /// <param name="tableName">The table's name.</param>
    /// <param name="cancellationToken">Ends the wait; the table may be deleted nevertheless.</param>
    /// <returns>The response, with status 404 if there was no such table.</returns>
    public virtual Task<Response> DeleteTableAsync(string tableName, CancellationToken cancellationToken = default) =>
        GetTableClient(tableName).DeleteAsync(cancellationToken);
}
