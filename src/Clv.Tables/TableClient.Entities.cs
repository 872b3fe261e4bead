using Azure.Core;
using Azure.Data.Tables.Wire;

namespace Azure.Data.Tables;

/// <content>Single rows.</content>
public partial class TableClient
{
    /// <summary>Reads a row by its keys.</summary>
    /// <typeparam name="T"><see cref="TableEntity"/>, or a class with a parameterless constructor.</typeparam>
    /// <param name="partitionKey">The partition key.</param>
    /// <param name="rowKey">The row key.</param>
    /// <param name="select">The columns to read, or null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The row.</returns>
    /// <exception cref="RequestFailedException">404 ResourceNotFound, or TableNotFound.</exception>
    public virtual async Task<Response<T>> GetEntityAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        var response = await SendGetAsync(partitionKey, rowKey, select, expected: null, cancellationToken);
        return response.Status == 200
            ? Response.FromValue(ReadRow<T>(response), response)
            : throw TableError.Of("GetEntity", Name, response);
    }

    /// <summary>Reads a row by its keys, if there is one. A missing table counts as a missing row.</summary>
    /// <typeparam name="T"><see cref="TableEntity"/>, or a class with a parameterless constructor.</typeparam>
    /// <param name="partitionKey">The partition key.</param>
    /// <param name="rowKey">The row key.</param>
    /// <param name="select">The columns to read, or null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// The row; or a response with status 404 whose HasValue is false and whose Value throws <see cref="InvalidOperationException"/>.
    /// </returns>
    public virtual async Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        var response = await SendGetAsync(partitionKey, rowKey, select, expected: 404, cancellationToken);
        return response.Status switch
        {
            200 => Response.FromValue(ReadRow<T>(response), response),
            404 => new NoRow<T>(response),
            _ => throw TableError.Of("GetEntityIfExists", Name, response),
        };
    }

    /// <summary>Inserts a row.</summary>
    /// <typeparam name="T">The row's type.</typeparam>
    /// <param name="entity">The row, its keys set.</param>
    /// <param name="cancellationToken">Ends the wait; the row may be written nevertheless.</param>
    /// <returns>The response; its ETag header is the row's version.</returns>
    /// <exception cref="RequestFailedException">409 EntityAlreadyExists; 400 for a bad key or value; 404 TableNotFound.</exception>
    /// <exception cref="ArgumentException">The row or one of its keys is null.</exception>
    /// <exception cref="NotSupportedException">A value's type has no column type.</exception>
    public virtual async Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        ArgumentNullException.ThrowIfNull(entity);
        using var message = _account.CreateMessage(RequestMethod.Post, EntityPath.Rows(Name));
        message.Request.Headers.SetValue("Prefer", "return-no-content");
        SetJson(message.Request, json => EntityWriter.Write(json, entity));
        var response = await _account.SendAsync(message, cancellationToken);
        return response.Status is 201 or 204 ? response : throw TableError.Of("AddEntity", Name, response);
    }

    /// <summary>Writes a row, whether it exists or not.</summary>
    /// <typeparam name="T">The row's type.</typeparam>
    /// <param name="entity">The row, its keys set. Its ETag is ignored.</param>
    /// <param name="mode">What happens to an existing row's other columns.</param>
    /// <param name="cancellationToken">Ends the wait; the row may be written nevertheless.</param>
    /// <returns>The response; its ETag header is the row's version.</returns>
    /// <exception cref="RequestFailedException">400 for a bad key or value; 404 TableNotFound.</exception>
    /// <exception cref="ArgumentException">The row or one of its keys is null.</exception>
    /// <exception cref="NotSupportedException">A value's type has no column type.</exception>
    public virtual Task<Response> UpsertEntityAsync<T>(
        T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity =>
        SendWriteAsync("UpsertEntity", entity, default, mode, cancellationToken);

    /// <summary>Writes a row that exists, if its version is the expected one.</summary>
    /// <typeparam name="T">The row's type.</typeparam>
    /// <param name="entity">The row, its keys set. Its own ETag is ignored.</param>
    /// <param name="ifMatch">The expected version, or <see cref="ETag.All"/> for any.</param>
    /// <param name="mode">What happens to the row's other columns.</param>
    /// <param name="cancellationToken">Ends the wait; the row may be written nevertheless.</param>
    /// <returns>The response; its ETag header is the row's new version.</returns>
    /// <exception cref="RequestFailedException">
    /// 412 UpdateConditionNotSatisfied; 404 ResourceNotFound; 400 for a bad key or value.
    /// </exception>
    /// <exception cref="ArgumentException"><paramref name="ifMatch"/> is empty, or the row or one of its keys is null.</exception>
    /// <exception cref="NotSupportedException">A value's type has no column type.</exception>
    public virtual Task<Response> UpdateEntityAsync<T>(
        T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity =>
        ifMatch == default
            ? throw new ArgumentException("An update needs the version it expects, or ETag.All for any.", nameof(ifMatch))
            : SendWriteAsync("UpdateEntity", entity, ifMatch, mode, cancellationToken);

    /// <summary>Deletes a row. One that does not exist is no error.</summary>
    /// <param name="partitionKey">The partition key.</param>
    /// <param name="rowKey">The row key.</param>
    /// <param name="ifMatch">The expected version; any by default.</param>
    /// <param name="cancellationToken">Ends the wait; the row may be deleted nevertheless.</param>
    /// <returns>The response, with status 404 if there was no such row.</returns>
    /// <exception cref="RequestFailedException">412 UpdateConditionNotSatisfied.</exception>
    /// <exception cref="ArgumentNullException">A key is null.</exception>
    public virtual async Task<Response> DeleteEntityAsync(
        string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        using var message = _account.CreateMessage(RequestMethod.Delete, EntityPath.Row(Name, partitionKey, rowKey), expected: 404);
        message.Request.Headers.SetValue("If-Match", (ifMatch == default ? ETag.All : ifMatch).ToString());
        var response = await _account.SendAsync(message, cancellationToken);
        return response.Status is 204 or 404 ? response : throw TableError.Of("DeleteEntity", Name, response);
    }

    /// <summary>Deletes a row by its keys. One that does not exist is no error.</summary>
    /// <param name="entity">The row; only its keys are used, not its ETag.</param>
    /// <param name="ifMatch">The expected version; any by default.</param>
    /// <param name="cancellationToken">Ends the wait; the row may be deleted nevertheless.</param>
    /// <returns>The response, with status 404 if there was no such row.</returns>
    /// <exception cref="RequestFailedException">412 UpdateConditionNotSatisfied.</exception>
    /// <exception cref="ArgumentNullException">The row or one of its keys is null.</exception>
    public virtual Task<Response> DeleteEntityAsync(
        ITableEntity entity, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return DeleteEntityAsync(entity.PartitionKey, entity.RowKey, ifMatch, cancellationToken);
    }

    private static T ReadRow<T>(Response response)
        where T : class, ITableEntity =>
        EntityShape.Bind<T>(EntityReader.ReadOne(response.Content.ToMemory().Span));

    private async Task<Response> SendGetAsync(
        string partitionKey, string rowKey, IEnumerable<string>? select, int? expected, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        var path = EntityPath.Row(Name, partitionKey, rowKey) + QueryString.Of(null, null, select);
        using var message = _account.CreateMessage(RequestMethod.Get, path, expected);
        return await _account.SendAsync(message, cancellationToken);
    }

    private async Task<Response> SendWriteAsync(
        string operation, ITableEntity entity, ETag ifMatch, TableUpdateMode mode, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entity);
        EntityWriter.RequireKeys(entity);
        var method = mode switch
        {
            TableUpdateMode.Merge => RequestMethod.Patch,
            TableUpdateMode.Replace => RequestMethod.Put,
            _ => throw new ArgumentException($"There is no update mode {mode}.", nameof(mode)),
        };
        using var message = _account.CreateMessage(method, EntityPath.Row(Name, entity.PartitionKey, entity.RowKey));

        // With If-Match the service updates what exists; without it, it inserts what does not.
        if (ifMatch != default)
        {
            message.Request.Headers.SetValue("If-Match", ifMatch.ToString());
        }

        SetJson(message.Request, json => EntityWriter.Write(json, entity));
        var response = await _account.SendAsync(message, cancellationToken);
        return response.Status == 204 ? response : throw TableError.Of(operation, Name, response);
    }

    private sealed class NoRow<T>(Response response) : NullableResponse<T>
    {
        public override bool HasValue => false;

        public override T Value => throw new InvalidOperationException("The row does not exist; check HasValue first.");

        public override Response GetRawResponse() => response;
    }
}
