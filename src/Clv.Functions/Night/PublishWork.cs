using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>Checks the books, writes the portfolio report, and makes the run the one that lookups see.</summary>
public sealed class PublishWork(RunTable runs, NightBlobs blobs, Pointer pointer, ClvOptions options, TimeProvider time) : IPhaseWork
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

        if (books.Customers == 0)
        {
            throw new NightRefusedException("The night has no customer: every row of the extracts was quarantined, or there was none. See the quarantine files.");
        }

        await CheckAgainstLastAsync(books, settings, cancellationToken);
        if (!await runs.BeginPublishingAsync(run.Id, cancellationToken))
        {
            throw new NightRefusedException("The run was given up before it could be published.");
        }

        await blobs.PutAsync(Names.Reports, Names.Portfolio(run.Id), NightJson.WriteBytes(books), cancellationToken);
        await pointer.MoveForwardAsync(run, time.GetUtcNow(), cancellationToken);
        return "{}";
    }

    private async Task CheckAgainstLastAsync(Books books, RunSettings settings, CancellationToken cancellationToken)
    {
        if (settings.LastPublished is not { } last
            || await blobs.FindAsync(Names.Reports, Names.Portfolio(last), cancellationToken) is not { } portfolio)
        {
            return;
        }

        var before = NightJson.Read<Books>(portfolio).Customers;
        if (books.Customers < before * options.MinimumCustomerShare)
        {
            throw new NightRefusedException(
                $"The run has {books.Customers} customers, the published run {last} has {before}: was the delivery cut short? "
                + "If it is complete, set Clv:MinimumCustomerShare lower than their share and start the run again.");
        }
    }
}
