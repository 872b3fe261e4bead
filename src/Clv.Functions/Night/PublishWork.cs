using Clv.Core.Estimation;
using Clv.Core.Portfolio;
using Clv.Core.Valuation;
using Clv.Functions.Privacy;
using Clv.Functions.Storage;
using Clv.Functions.Telemetry;

namespace Clv.Functions.Night;

/// <summary>What publishing came to.</summary>
/// <param name="Served">Whether lookups are served from the run; false when a run started later was published before it.</param>
public sealed record PublishResult(bool Served = true);

/// <summary>
/// Checks the books, holds a run that differs too much from the last one, writes the portfolio report, and makes the run the one that lookups
/// see.
/// </summary>
public sealed class PublishWork(
    RunTable runs, NightBlobs blobs, NightKnowledge knowledge, Pointer pointer, Eraser eraser, ClvOptions options, TimeProvider time) : IPhaseWork
{
    private const int LookedBack = 10;

    /// <inheritdoc/>
    public Phase Phase => Phase.Publish;

    /// <inheritdoc/>
    /// <exception cref="NightHeldException">The run differs too much from the last one, and nobody has released it.</exception>
    public async Task<string> RunAsync(Run run, RunSettings settings, int unit, CancellationToken cancellationToken)
    {
        var books = Books.Of((await runs.DetailsAsync(run.Id, cancellationToken))!);
        if (books.Imbalance() is { } imbalance)
        {
            throw new NightRefusedException($"The books do not balance: {imbalance}. Nothing was published; start the run again, and report this if it stays.");
        }

        if (books.Persons == 0)
        {
            throw new NightRefusedException("The night has no customer: every row of the extracts was quarantined, or there was none. See the quarantine files.");
        }

        var portfolio = await PortfolioAsync(run, settings, cancellationToken);
        if (portfolio.Total.Future != books.FutureValue || portfolio.Total.Lifetime != books.LifetimeValue)
        {
            throw new NightRefusedException(
                $"The portfolio's totals are not the sums over its customers: future {portfolio.Total.Future} and {books.FutureValue}, lifetime "
                + $"{portfolio.Total.Lifetime} and {books.LifetimeValue}. Nothing was published; start the run again, and report this if it stays.");
        }

        NightMetrics.Checked(settings, books);
        // Once publishing has begun the gate is behind it, and an operator's word stands above it.
        if (run is { State: RunState.Running, ReleasedAt: null })
        {
            await PassGateAsync(run, settings, books, cancellationToken);
        }

        if (!await runs.Course.BeginPublishingAsync(run.Id, cancellationToken))
        {
            throw new NightRefusedException("The run was given up before it could be published.");
        }

        await eraser.EraseFromAsync(run, settings, cancellationToken);
        await blobs.PutAsync(Names.Reports, Names.Portfolio(run.Id), NightJson.WriteBytes(portfolio), cancellationToken);
        await blobs.PutAsync(Names.Reports, Names.Books(run.Id), NightJson.WriteBytes(books), cancellationToken);
        var served = await pointer.MoveForwardAsync(
            run,
            time.GetUtcNow(),
            async () => (await runs.FindAsync(run.Id, cancellationToken))?.State == RunState.Failed,
            cancellationToken);
        if (served)
        {
            NightMetrics.Published(settings, books);
        }

        await SupersedeAsync(run, cancellationToken);
        return NightJson.Write(new PublishResult(served));
    }

    private async Task<PortfolioReport> PortfolioAsync(Run run, RunSettings settings, CancellationToken cancellationToken)
    {
        var all = PartitionPortfolio.None;
        for (var partition = 0; partition < settings.Partitions; partition++)
        {
            all = all.Merge(NightJson.Read<PartitionPortfolio>(await blobs.FindAsync(Names.Work, Names.PortfolioPart(run.Id, partition), cancellationToken)
                ?? throw new InvalidOperationException($"Partition {partition} of run {run.Id} has left no part of the portfolio.")));
        }

        return PortfolioReport.Of(
            all,
            new ValuationTerms(settings.HorizonWeeks, settings.DiscountRate),
            NightKnowledge.ProfileOf(await knowledge.PlanAsync(run.Id, cancellationToken)));
    }

    // Measured against what is served now: since the plan was made an operator may have rolled back or released another run.
    private async Task PassGateAsync(Run run, RunSettings settings, Books books, CancellationToken cancellationToken)
    {
        var served = await pointer.ReadAsync(cancellationToken) is { } current && RunId.IsLater(run.Id, than: current.Run) ? current : null;
        var models = (await knowledge.ModelsAsync(run.Id, cancellationToken))!;
        var reasons = PublishGate.Reasons(
            new GateEvidence(
                run,
                books,
                served is not null && await runs.FindAsync(served.Run, cancellationToken) is { } last
                    ? new ServedBooks(
                        last,
                        await LastBooksAsync(last.Id, cancellationToken),
                        (await knowledge.ModelsAsync(last.Id, cancellationToken)) is { } then ? then.Margins is not null : null)
                    : null,
                settings.ComparedRun is { } compared ? (await LastBooksAsync(compared, cancellationToken)).Persons : null,
                await KeptAsync(run, models, cancellationToken),
                await RolledBackTwinAsync(run, served, cancellationToken))
            {
                Margins = models.Margins is not null,
            },
            options.Gate);
        if (reasons.Count > 0)
        {
            throw new NightHeldException(PublishGate.Describe(run.Id, served?.Run, reasons));
        }
    }

    private async Task<LastBooks> LastBooksAsync(string run, CancellationToken cancellationToken)
    {
        if (await blobs.FindAsync(Names.Reports, Names.Books(run), cancellationToken) is { } books)
        {
            return NightJson.Read<LastBooks>(books);
        }

        // An earlier version of this program wrote its books where the portfolio is now, with values of another meaning.
        return await blobs.FindAsync(Names.Reports, Names.Portfolio(run), cancellationToken) is { } written
            ? NightJson.Read<LastBooks>(written) with { FutureValue = null }
            : new LastBooks();
    }

    private async Task<IReadOnlyList<KeptModel>> KeptAsync(Run run, ModelFile models, CancellationToken cancellationToken)
    {
        var dates = new Dictionary<string, DateOnly?>(StringComparer.Ordinal);
        var kept = new List<KeptModel>();
        foreach (var (name, fittedIn) in Fitted(models).Where(model => model.FittedIn != run.Id))
        {
            if (!dates.TryGetValue(fittedIn, out var date))
            {
                dates[fittedIn] = date = (await runs.FindAsync(fittedIn, cancellationToken))?.Date;
            }

            kept.Add(new KeptModel(name, fittedIn, date));
        }

        return kept;
    }

    private static IEnumerable<(string Name, string FittedIn)> Fitted(ModelFile models) =>
    [
        ("purchases", models.Transactions.FittedIn),
        .. models.Segments.Select(static segment => ($"purchases in segment {segment.Key}", segment.Value.FittedIn)),
        .. models.Contracts.Terms.Where(static term => term.Value.Common is not null)
            .Select(static term => ($"contracts of {term.Key} months", term.Value.Common!.FittedIn)),
        .. models.Contracts.Terms.SelectMany(static term => term.Value.Products
            .Select(product => ($"contracts of {term.Key} months of {product.Key}", product.Value.FittedIn))),
    ];

    // The timer finds a date unpublished again after a roll-back: its files as they are would bring back what was taken away.
    private async Task<string?> RolledBackTwinAsync(Run run, PublishedRun? served, CancellationToken cancellationToken)
    {
        if (served is null
            || served.Newest == served.Run
            || await runs.FindAsync(served.Newest, cancellationToken) is not { } newest
            || newest.Date != run.Date)
        {
            return null;
        }

        var (then, now) = (await knowledge.PlanAsync(newest.Id, cancellationToken), await knowledge.PlanAsync(run.Id, cancellationToken));
        return then.Files.SequenceEqual(now.Files)
            && (then.Mapping, then.Profile, then.Settings.HorizonWeeks, then.Settings.DiscountRate)
                == (now.Mapping, now.Profile, now.Settings.HorizonWeeks, now.Settings.DiscountRate)
            ? newest.Id
            : null;
    }

    // What was held before a later run was published is not to be released over it.
    private async Task SupersedeAsync(Run run, CancellationToken cancellationToken)
    {
        foreach (var id in (await runs.IdsAsync(cancellationToken)).Where(id => RunId.IsLater(run.Id, than: id)).TakeLast(LookedBack))
        {
            if (await runs.FindAsync(id, cancellationToken) is { State: RunState.Held } held)
            {
                // The nights that waited for it wait for this one now.
                if (held.Until is { } until && until > run.Date)
                {
                    await runs.Course.RaiseUntilAsync(run.Id, until, cancellationToken);
                }

                await runs.Course.FailAsync(
                    id, $"Superseded: run {run.Id} was published since. It had been held: {held.Reason}", cancellationToken, from: RunState.Held, superseded: true);
            }
        }
    }
}
