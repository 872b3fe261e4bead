using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Clv.Core.Estimation;
using Clv.Core.History;
using Clv.Core.Relationship;
using Clv.Functions.Night;
using Clv.Functions.Storage;
using Polly;

namespace Clv.Functions.Lookup;

/// <summary>Finds customers' scores in the published run, hedged and behind circuit breakers. One customer by id takes two point reads.</summary>
public sealed partial class CustomerLookup
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
        _served = Resilience.Lookup<Served?>(time);
        _score = Resilience.Lookup<CustomerAnswer?>(time);
        _callers = Resilience.Lookup<IReadOnlyList<CustomerKey>>(time);
        _several = Resilience.Several(time);
    }

    /// <summary>Looks a customer up.</summary>
    /// <param name="normalId">The customer's id in its one spelling (<see cref="Core.CustomerId"/>).</param>
    /// <param name="language">The language of labels and sentences, <c>en</c> or <c>de</c>; null for the run's own.</param>
    /// <param name="cancellationToken">Ends the lookup.</param>
    /// <exception cref="InvalidOperationException">The hash key is not the one that the published run was made with.</exception>
    public async Task<LookupResult> FindAsync(ReadOnlyMemory<byte> normalId, string? language, CancellationToken cancellationToken) =>
        await _lookup.ExecuteAsync(async token => await ReadAsync(normalId, language, token), cancellationToken);

    /// <summary>The published run, or null before the first night.</summary>
    public async Task<PublishedRun?> PublishedAsync(CancellationToken cancellationToken) =>
        await _pointer.ExecuteAsync(async token => await Pointer.ReadAsync(_runs, token), cancellationToken);

    private async Task<LookupResult> ReadAsync(ReadOnlyMemory<byte> normalId, string? language, CancellationToken cancellationToken) =>
        await ServedAsync(cancellationToken) is { } served
            ? new LookupResult(served.Run, await ScoreAsync(served, KeyOf(normalId), language, cancellationToken))
            : new LookupResult(null, null);

    private CustomerKey KeyOf(ReadOnlyMemory<byte> normalId) => CustomerKey.Of(normalId.Span, _options.HashKey.Span);

    // The run that is served now; null before the first night.
    private async Task<Served?> ServedAsync(CancellationToken cancellationToken)
    {
        if (await Pointer.ReadAsync(_runs, cancellationToken) is not { } published)
        {
            return null;
        }

        var known = await KnownAsync(published.Run, cancellationToken);
        var settings = known.Settings;
        if (settings.HashKeyFingerprint != _options.HashKeyFingerprint)
        {
            throw new InvalidOperationException(
                $"Setting Clv:HashKey is not the one that run {published.Run} was made with, so no customer can be found: set it back.");
        }

        return new Served(
            new ServedRun(published.Run, published.Date, published.PublishedAt, (_time.GetUtcNow() - published.PublishedAt).TotalHours, known.Model), settings);
    }

    // A person's score; null when the run does not know the person.
    private async Task<CustomerAnswer?> ScoreAsync(Served served, CustomerKey key, string? language, CancellationToken cancellationToken)
    {
        var settings = served.Settings;
        try
        {
            var row = await _tables.GetTableClient(Names.Scores(served.Run.Id)).GetEntityAsync<TableEntity>(
                Names.Partition(key.Partition(settings.Partitions)), key.ToString(), cancellationToken: cancellationToken);
            return CustomerAnswer.Of(
                row.Value.RowKey, ScoreTable.Read(row.Value), settings.Currency, settings.HorizonWeeks, settings.DiscountRate, Wording.Of(language ?? settings.Language));
        }
        catch (RequestFailedException e) when (e.Status == 404 && e.ErrorCode != TableErrorCode.TableNotFound)
        {
            return null;
        }
    }

    // A run's settings and models never change once it is published, so they are read once until another run is.
    private async Task<KnownRun> KnownAsync(string run, CancellationToken cancellationToken)
    {
        if (_known is { } known && known.Run == run)
        {
            return known;
        }

        var row = (await _runs.GetEntityAsync<TableEntity>(run, RunRecord.Row, cancellationToken: cancellationToken)).Value;
        var settings = NightJson.Read<RunSettings>(row.GetString("Settings")
            ?? throw new InvalidOperationException($"The published run {run} has no settings."));
        var fit = (await _runs.GetEntityAsync<TableEntity>(run, RunUnits.UnitRow(Phase.Fit, 0), cancellationToken: cancellationToken)).Value;
        var models = NightJson.ReadModels(fit.GetString("Result") ?? throw new InvalidOperationException($"The published run {run} has no models."));
        var model = models?.Transactions;
        return _known = new KnownRun(
            run, settings, model is null ? null : new ServedModel(model.Kind, model.Name, model.FittedIn, model.FittedIn != run, model.Verdict, models!.Behaviour with { Effects = null }));
    }

    private sealed record Served(ServedRun Run, RunSettings Settings);

    private sealed record KnownRun(string Run, RunSettings Settings, ServedModel? Model);
}

/// <summary>The answer to a lookup.</summary>
/// <param name="Run">The run that was asked; null when nothing has been published yet.</param>
/// <param name="Score">The person's score; null when the run does not know the person.</param>
public sealed record LookupResult(ServedRun? Run, CustomerAnswer? Score);

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
/// <param name="Behaviour">Which measures of behaviour count in the expected purchases, with their effect and its error, and why others stay out.</param>
public sealed record ServedModel(
    string Kind, string Name, string FittedIn, bool Kept, string Verdict, BehaviourEstimate Behaviour);
