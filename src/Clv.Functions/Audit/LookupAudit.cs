using Azure;
using Azure.Data.Tables;
using Clv.Core.History;
using Clv.Functions.Access;
using Clv.Functions.Lookup;
using Clv.Functions.Storage;
using Polly;

namespace Clv.Functions.Audit;

/// <summary>
/// Keeps account of who looks whom up: a row a person, written while storage is asked for the person, so that it takes no time of its own. The
/// row says <c>found</c> from the start and is corrected when that is not so: whatever dies in between, nobody was shown who is not in it.
/// </summary>
public sealed class LookupAudit(AuditTable audit, TimeProvider time, ILogger<LookupAudit> logger)
{
    /// <summary>What it is called that somebody's value is looked up.</summary>
    public const string Lookup = "lookup";

    /// <summary>The person was shown.</summary>
    public const string Found = "found";

    /// <summary>There is no such person.</summary>
    public const string Unknown = "unknown";

    private const string Refused = "refused";
    private const string Failed = "failed";

    private readonly ResiliencePipeline<bool> _writing = Resilience.Lookup<bool>(time);

    /// <summary>Answers a request about people when the audit has a row of each.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="action">What for, such as <c>lookup</c>.</param>
    /// <param name="customers">Whom about; one row without a person for none.</param>
    /// <param name="ask">Asks storage. Its answer's status is the outcome: 404 is <c>unknown</c>.</param>
    /// <exception cref="AuditUnavailableException">Storage does not take the row.</exception>
    public Task<IResult> AnswerAsync(Caller caller, string action, IReadOnlyList<CustomerKey> customers, Func<Task<IResult>> ask) => AnswerAsync(
        caller,
        action,
        customers,
        ask,
        static (answer, _) => (answer as IStatusCodeHttpResult)?.StatusCode switch
        {
            null or (>= 200 and < 300) => Found,
            StatusCodes.Status404NotFound => Unknown,
            _ => Refused,
        });

    /// <summary>As above, for answers in which each person has an outcome of their own.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="action">What for.</param>
    /// <param name="customers">Whom about; one row without a person for none.</param>
    /// <param name="ask">Asks storage.</param>
    /// <param name="outcome">A person's outcome, such as <see cref="Found"/> or <see cref="Unknown"/>.</param>
    public async Task<T> AnswerAsync<T>(
        Caller caller, string action, IReadOnlyList<CustomerKey> customers, Func<Task<T>> ask, Func<T, CustomerKey?, string> outcome)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(customers);
        ArgumentNullException.ThrowIfNull(ask);
        ArgumentNullException.ThrowIfNull(outcome);
        var rows = (customers.Count == 0 ? [null] : customers.Select(static key => (CustomerKey?)key))
            .Select(key => (Key: key, Row: audit.Row(new AuditEntry(caller.Id, action, Found, key?.ToString()))))
            .ToList();
        var written = WriteAsync([.. rows.Select(static row => row.Row)]);
        T answer;
        try
        {
            answer = await ask();
        }
        catch
        {
            await CorrectAsync(written, [.. rows.Select(static row => AuditTable.WithOutcome(row.Row, Failed))]);
            throw;
        }

        await written;
        var others = rows.Select(row => (row.Row, Outcome: outcome(answer, row.Key)))
            .Where(static row => row.Outcome != Found)
            .Select(static row => AuditTable.WithOutcome(row.Row, row.Outcome))
            .ToList();
        if (others.Count > 0)
        {
            await WriteAsync(others);
        }

        return answer;
    }

    /// <summary>Answers whose a number or an address is. Who that is is known only when storage has answered, and shown when the audit says so.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="ask">Asks storage.</param>
    /// <exception cref="AuditUnavailableException">Storage does not take the rows.</exception>
    public async Task<CallerResult> CallerAsync(Caller caller, Func<Task<CallerResult>> ask)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(ask);
        CallerResult found;
        try
        {
            found = await ask();
        }
        catch
        {
            await CorrectAsync(Task.CompletedTask, [audit.Row(new AuditEntry(caller.Id, Lookup, Failed))]);
            throw;
        }

        return await AnswerAsync(
            caller,
            Lookup,
            [.. found.Customers.Select(static customer => CustomerKey.Read(Convert.FromHexString(customer.Key)))],
            () => Task.FromResult(found),
            static (_, key) => key is null ? Unknown : Found);
    }

    // Not ended with the request: that somebody asked and went away is worth a row too.
    private async Task WriteAsync(IReadOnlyList<TableEntity> rows)
    {
        try
        {
            await _writing.ExecuteAsync(async token =>
            {
                await audit.PutAsync(rows, token);
                return true;
            });
        }
        catch (RequestFailedException e) when (!Resilience.IsStorageDown(e))
        {
            throw new AuditUnavailableException($"Table {Names.Audit} does not take rows: {e.ErrorCode}", e);
        }
    }

    // The lookup's own failure is what the caller gets to know.
    private async Task CorrectAsync(Task written, IReadOnlyList<TableEntity> rows)
    {
        await written.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var corrected = written.IsCompletedSuccessfully ? WriteAsync(rows) : written;
        await corrected.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (corrected.Exception is { InnerException: { } e })
        {
            Log.AuditNotCorrected(logger, e.GetType().Name);
        }
    }
}
