using Clv.Core.Portfolio;
using Clv.Core.Valuation;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>What publishing came to.</summary>
/// <param name="Served">Whether lookups are served from the run; false when a run started later was published before it.</param>
public sealed record PublishResult(bool Served = true);

/// <summary>Checks the books, writes the portfolio report, and makes the run the one that lookups see.</summary>
public sealed class PublishWork(RunTable runs, NightBlobs blobs, NightKnowledge knowledge, Pointer pointer, ClvOptions options, TimeProvider time) : IPhaseWork
{
    /// <inheritdoc/>
    public Phase Phase => Phase.Publish;

    /// <inheritdoc/>
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

        await CheckAgainstLastAsync(books, settings, cancellationToken);
        var portfolio = await PortfolioAsync(run, settings, cancellationToken);
        if (portfolio.Total.Future != books.FutureValue || portfolio.Total.Lifetime != books.LifetimeValue)
        {
            throw new NightRefusedException(
                $"The portfolio's totals are not the sums over its customers: future {portfolio.Total.Future} and {books.FutureValue}, lifetime "
                + $"{portfolio.Total.Lifetime} and {books.LifetimeValue}. Nothing was published; start the run again, and report this if it stays.");
        }

        if (!await runs.BeginPublishingAsync(run.Id, cancellationToken))
        {
            throw new NightRefusedException("The run was given up before it could be published.");
        }

        await blobs.PutAsync(Names.Reports, Names.Portfolio(run.Id), NightJson.WriteBytes(portfolio), cancellationToken);
        await blobs.PutAsync(Names.Reports, Names.Books(run.Id), NightJson.WriteBytes(books), cancellationToken);
        return NightJson.Write(new PublishResult(await pointer.MoveForwardAsync(run, time.GetUtcNow(), cancellationToken)));
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

    private async Task CheckAgainstLastAsync(Books books, RunSettings settings, CancellationToken cancellationToken)
    {
        // An earlier version of this program wrote its books where the portfolio is now.
        if (settings.LastPublished is not { } last
            || (await blobs.FindAsync(Names.Reports, Names.Books(last), cancellationToken)
                ?? await blobs.FindAsync(Names.Reports, Names.Portfolio(last), cancellationToken)) is not { } written)
        {
            return;
        }

        var before = NightJson.Read<LastBooks>(written).Customers;
        if (books.Customers < before * options.Gate.MinimumCustomerShare)
        {
            throw new NightRefusedException(
                $"The run has {books.Customers} customers, the published run {last} has {before}: was the delivery cut short? "
                + "If it is complete, set Clv:MinimumCustomerShare lower than their share and start the run again.");
        }
    }

    // What any version of this program wrote in its books.
    private sealed record LastBooks(long Customers);
}
