using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Clv.Core.History;
using Clv.Functions.Night;
using Clv.Functions.Storage;
using Polly;

namespace Clv.Functions.Lookup;

/// <summary>Finds a customer's score in the published run. Two point reads, the whole hedged, behind a circuit breaker.</summary>
public sealed class CustomerLookup
{
    private readonly TableServiceClient _tables;
    private readonly TableClient _runs;
    private readonly ClvOptions _options;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<LookupResult> _lookup;
    private readonly ResiliencePipeline<PublishedRun?> _pointer;
    private volatile KnownRun? _known;

    /// <summary>Creates the lookup; nothing is read yet.</summary>
    public CustomerLookup(StorageAccount storage, ClvOptions options, TimeProvider time)
    {
        _tables = storage.LookupTables;
        _runs = _tables.GetTableClient(Names.Runs);
        _options = options;
        _time = time;
        _pointer = Resilience.Lookup<PublishedRun?>(time);
        _lookup = Resilience.Lookup<LookupResult>(time);
    }

    /// <summary>Looks a customer up.</summary>
    /// <param name="normalId">The customer's id in its one spelling (<see cref="Core.CustomerId"/>).</param>
    /// <param name="cancellationToken">Ends the lookup.</param>
    /// <exception cref="InvalidOperationException">The hash key is not the one that the published run was made with.</exception>
    public async Task<LookupResult> FindAsync(ReadOnlyMemory<byte> normalId, CancellationToken cancellationToken) =>
        await _lookup.ExecuteAsync(async token => await ReadAsync(normalId, token), cancellationToken);

    /// <summary>The published run, or null before the first night.</summary>
    public async Task<PublishedRun?> PublishedAsync(CancellationToken cancellationToken) =>
        await _pointer.ExecuteAsync(async token => await Pointer.ReadAsync(_runs, token), cancellationToken);

    private async Task<LookupResult> ReadAsync(ReadOnlyMemory<byte> normalId, CancellationToken cancellationToken)
    {
        if (await Pointer.ReadAsync(_runs, cancellationToken) is not { } published)
        {
            return new LookupResult(null, null);
        }

        var known = await KnownAsync(published.Run, cancellationToken);
        var settings = known.Settings;
        if (settings.HashKeyFingerprint != _options.HashKeyFingerprint)
        {
            throw new InvalidOperationException(
                $"Setting Clv:HashKey is not the one that run {published.Run} was made with, so no customer can be found: set it back.");
        }

        var key = CustomerKey.Of(normalId.Span, _options.HashKey.Span);
        var served = new ServedRun(
            published.Run, published.Date, published.PublishedAt, (_time.GetUtcNow() - published.PublishedAt).TotalHours, known.Model);
        try
        {
            var row = await _tables.GetTableClient(Names.Scores(published.Run)).GetEntityAsync<TableEntity>(
                Names.Partition(key.Partition(settings.Partitions)), key.ToString(), cancellationToken: cancellationToken);
            return new LookupResult(served, Score(row.Value, settings));
        }
        catch (RequestFailedException e) when (e.Status == 404 && e.ErrorCode != TableErrorCode.TableNotFound)
        {
            return new LookupResult(served, null);
        }
    }

    // A run's settings and models never change once it is published, so they are read once until another run is.
    private async Task<KnownRun> KnownAsync(string run, CancellationToken cancellationToken)
    {
        if (_known is { } known && known.Run == run)
        {
            return known;
        }

        var row = (await _runs.GetEntityAsync<TableEntity>(run, RunTable.RunRow, cancellationToken: cancellationToken)).Value;
        var settings = NightJson.Read<RunSettings>(row.GetString("Settings")
            ?? throw new InvalidOperationException($"The published run {run} has no settings."));
        var fit = (await _runs.GetEntityAsync<TableEntity>(run, RunTable.UnitRow(Phase.Fit, 0), cancellationToken: cancellationToken)).Value;
        var model = NightJson.ReadModels(fit.GetString("Result")
            ?? throw new InvalidOperationException($"The published run {run} has no models."))?.Transactions;
        return _known = new KnownRun(
            run, settings, model is null ? null : new ServedModel(model.Kind, model.Name, model.FittedIn, model.FittedIn != run, model.Verdict));
    }

    private static CustomerScore Score(TableEntity row, RunSettings settings)
    {
        var first = row.GetString("FirstDay") is { } day ? DateOnly.ParseExact(day, "O") : (DateOnly?)null;
        var recency = row.GetInt32("RecencyDays");
        return new CustomerScore(
            row.RowKey,
            settings.Currency,
            settings.HorizonWeeks,
            settings.DiscountRate,
            first,
            recency is { } days ? first?.AddDays(days) : null,
            row.GetInt32("Frequency"),
            recency / 7.0,
            row.GetInt32("AgeDays") / 7.0,
            row.GetDouble("ProbabilityAlive"),
            row.GetDouble("ExpectedTransactions"),
            row.GetInt32("WholeTransactions"),
            row.GetDouble("ExpectedSpend"),
            row.GetDouble("NetTotal")!.Value,
            row.GetDouble("FutureValue"),
            row.GetDouble("ValueLow"),
            row.GetDouble("ValueHigh"),
            row.GetDouble("NoPurchase"),
            row.GetDouble("NetRate"),
            row.GetDouble("MarginRate"));
    }

    private sealed record KnownRun(string Run, RunSettings Settings, ServedModel? Model);
}

/// <summary>The answer to a lookup.</summary>
/// <param name="Run">The run that was asked; null when nothing has been published yet.</param>
/// <param name="Score">The customer's score; null when the run does not know the customer.</param>
public sealed record LookupResult(ServedRun? Run, CustomerScore? Score);

/// <summary>The run that an answer comes from.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Date">The date of its extracts: what happened later is not in it.</param>
/// <param name="PublishedAt">When it was published.</param>
/// <param name="AgeHours">Hours since then.</param>
/// <param name="Model">Everybody's model of how often customers buy; null for a run that an earlier version of this program published.</param>
public sealed record ServedRun(string Id, DateOnly Date, DateTimeOffset PublishedAt, double AgeHours, ServedModel? Model);

/// <summary>The model behind an answer.</summary>
/// <param name="Kind">Its id.</param>
/// <param name="Name">Its name in the literature.</param>
/// <param name="FittedIn">The run whose customers it was estimated on.</param>
/// <param name="Kept">Whether that is an earlier run, because this one's fits were refused.</param>
/// <param name="Verdict">How its fit ended: one plain sentence.</param>
public sealed record ServedModel(string Kind, string Name, string FittedIn, bool Kept, string Verdict);

/// <summary>A customer's score. Everything the models say is null for a customer without a purchase occasion.</summary>
/// <param name="Key">The customer's pseudonym.</param>
/// <param name="Currency">The currency of the amounts, if the extracts' mapping states it.</param>
/// <param name="HorizonWeeks">Weeks of the future that count.</param>
/// <param name="DiscountRate">Discount rate a year, effective.</param>
/// <param name="FirstPurchase">Day of the first purchase occasion.</param>
/// <param name="LastPurchase">Day of the last one.</param>
/// <param name="Frequency">Repeat occasions: all but the first.</param>
/// <param name="RecencyWeeks">Weeks from the first occasion to the last.</param>
/// <param name="AgeWeeks">Weeks from the first occasion to the end of the observation window.</param>
/// <param name="ProbabilityAlive">The probability that the customer is still one.</param>
/// <param name="ExpectedTransactions">Expected occasions within the horizon.</param>
/// <param name="WholeTransactions">The same as a whole number, made so that those of all customers add up to what is expected.</param>
/// <param name="ExpectedSpend">Expected value of a paid occasion, before later returns.</param>
/// <param name="HistoricValue">Everything bought so far less everything returned.</param>
/// <param name="FutureValue">
/// Expected value of the occasions within the horizon, discounted to the end of the observation window: contribution margin where margins
/// are known, else revenue.
/// </param>
/// <param name="ValueLow">Lower end of the interval that holds the future value with a probability of 80 %.</param>
/// <param name="ValueHigh">Its upper end.</param>
/// <param name="NoPurchase">The probability that there is no purchase within the horizon.</param>
/// <param name="NetRate">What is left of the expected spend since some occasions are free or returned; null for all of it.</param>
/// <param name="MarginRate">The share of the customer's amounts that is contribution margin; null when margins are not known.</param>
public sealed record CustomerScore(
    string Key,
    string? Currency,
    double HorizonWeeks,
    double DiscountRate,
    DateOnly? FirstPurchase,
    DateOnly? LastPurchase,
    int? Frequency,
    double? RecencyWeeks,
    double? AgeWeeks,
    double? ProbabilityAlive,
    double? ExpectedTransactions,
    int? WholeTransactions,
    double? ExpectedSpend,
    double HistoricValue,
    double? FutureValue,
    double? ValueLow,
    double? ValueHigh,
    double? NoPurchase,
    double? NetRate,
    double? MarginRate);
