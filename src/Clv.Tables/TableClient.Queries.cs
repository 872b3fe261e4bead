using Azure.Core;
using Azure.Data.Tables.Wire;

namespace Azure.Data.Tables;

/// <content>Many rows.</content>
public partial class TableClient
{
    /// <summary>Makes a filter from an interpolated string, its values quoted and escaped as their types need.</summary>
    /// <param name="filter">
    /// Such as $"PartitionKey eq {partition} and RowKey ge {first}". Text outside the braces is taken as it is.
    /// </param>
    /// <returns>The filter.</returns>
    /// <exception cref="ArgumentException">The filter is null or compares with a type that no column has.</exception>
    public static string CreateQueryFilter(FormattableString filter) => ODataFilter.Create(filter);

    /// <summary>
    /// Reads rows, page by page, in the order of their keys. Only a filter that fixes PartitionKey, and best a range of RowKey, avoids a
    /// scan. Rows that change while the listing runs may or may not be seen as they were.
    /// </summary>
    /// <typeparam name="T"><see cref="TableEntity"/>, or a class with a parameterless constructor.</typeparam>
    /// <param name="filter">
    /// An OData filter, such as <see cref="CreateQueryFilter(FormattableString)"/> makes, or null for all rows.
    /// </param>
    /// <param name="maxPerPage">
    /// Rows per request, 1 to 1,000, or null for 1,000. A page may hold fewer, even none, and not be the last.
    /// </param>
    /// <param name="select">The columns to read, or null for all. The keys are columns too.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>The rows; a page's ContinuationToken resumes after it. Nothing is sent until they are enumerated.</returns>
    public virtual AsyncPageable<T> QueryAsync<T>(
        string? filter = null, int? maxPerPage = null, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity =>
        new PagedQuery<T>(
            async (token, hint, cancellation) =>
            {
                var (partition, row) = ContinuationToken.Split(token);
                var query = QueryString.Of(filter, hint ?? maxPerPage, select, ("NextPartitionKey", partition), ("NextRowKey", row));
                using var message = _account.CreateMessage(RequestMethod.Get, $"{EntityPath.Rows(Name)}(){query}");
                var response = await _account.SendAsync(message, cancellation);
                if (response.Status != 200)
                {
                    throw TableError.Of("Query", Name, response);
                }

                var rows = EntityReader.ReadPage(response.Content.ToMemory().Span, EntityShape.Bind<T>);
                response.Headers.TryGetValue("x-ms-continuation-NextPartitionKey", out var nextPartition);
                response.Headers.TryGetValue("x-ms-continuation-NextRowKey", out var nextRow);
                return Page<T>.FromValues(rows, ContinuationToken.Join(nextPartition, nextRow), response);
            },
            cancellationToken);
}
