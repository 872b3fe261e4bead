namespace Azure.Data.Tables.Wire;

/// <summary>Pages on demand: one request per page, made when the caller asks for it.</summary>
internal sealed class PagedQuery<T>(Func<string?, int?, CancellationToken, Task<Page<T>>> fetch, CancellationToken cancellationToken)
    : AsyncPageable<T>(cancellationToken)
    where T : notnull
{
    public override async IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
    {
        // An empty page with a continuation is legal: it was the service's time that ended, not the table. Cancellation is looked at here
        // as well, because a transport need not, and a listing can go on for hours.
        do
        {
            CancellationToken.ThrowIfCancellationRequested();
            var page = await fetch(continuationToken, pageSizeHint, CancellationToken);
            yield return page;
            continuationToken = page.ContinuationToken;
        }
        while (continuationToken is not null);
    }

    public override async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken, cancellationToken);
        string? next = null;
        do
        {
            both.Token.ThrowIfCancellationRequested();
            var page = await fetch(next, null, both.Token);
            foreach (var item in page.Values)
            {
                yield return item;
            }

            next = page.ContinuationToken;
        }
        while (next is not null);
    }
}
