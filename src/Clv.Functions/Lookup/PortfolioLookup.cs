using Clv.Core.Portfolio;
using Clv.Functions.Night;
using Clv.Functions.Storage;

namespace Clv.Functions.Lookup;

/// <summary>The portfolio of the published run, kept in memory until another run is published.</summary>
public sealed class PortfolioLookup(NightBlobs blobs, RunTable runs, Pointer pointer, TimeProvider time)
{
    private volatile Known? _known;

    /// <summary>The portfolio; null before the first night.</summary>
    /// <exception cref="EarlierVersionException">The run was published by an earlier version of this program, without a portfolio.</exception>
    public async Task<ServedPortfolio?> FindAsync(CancellationToken cancellationToken)
    {
        await runs.EnsureAsync(cancellationToken);
        if (await pointer.ReadAsync(cancellationToken) is not { } published)
        {
            return null;
        }

        if (_known is not { } known || known.Run != published.Run)
        {
            _known = known = await ReadAsync(published.Run, cancellationToken);
        }

        return new ServedPortfolio(
            published.Run, published.Date, published.PublishedAt, (time.GetUtcNow() - published.PublishedAt).TotalHours, known.Currency, known.Report);
    }

    private async Task<Known> ReadAsync(string run, CancellationToken cancellationToken)
    {
        var settings = (await runs.FindAsync(run, cancellationToken))?.Settings;
        var report = await blobs.FindAsync(Names.Reports, Names.Portfolio(run), cancellationToken);
        return settings?.HistoryFormat is not null && report is not null
            ? new Known(run, settings.Currency, NightJson.Read<PortfolioReport>(report))
            : throw new EarlierVersionException($"The scores of run {run}");
    }

    private sealed record Known(string Run, string? Currency, PortfolioReport Report);
}

/// <summary>A portfolio with the run that it is of.</summary>
/// <param name="Run">The published run.</param>
/// <param name="Date">The date of its extracts.</param>
/// <param name="PublishedAt">When it was published.</param>
/// <param name="AgeHours">Hours since then.</param>
/// <param name="Currency">The currency of the amounts, if the extracts say it.</param>
/// <param name="Portfolio">The portfolio.</param>
public sealed record ServedPortfolio(
    string Run, DateOnly Date, DateTimeOffset PublishedAt, double AgeHours, string? Currency, PortfolioReport Portfolio);
