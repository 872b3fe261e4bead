using Clv.Core.Extracts;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>The extract folders that are complete, as far as it can be told without reading the files.</summary>
public sealed class Deliveries(NightBlobs blobs)
{
    /// <summary>The complete folders after a date, up to another, in their order.</summary>
    /// <param name="after">The date before the first; null for all from the beginning.</param>
    /// <param name="until">The last date.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async Task<IReadOnlyList<Delivery>> ListAsync(DateOnly? after, DateOnly until, CancellationToken cancellationToken)
    {
        var deliveries = new List<Delivery>();
        foreach (var date in await blobs.ListDatesAsync(cancellationToken))
        {
            if (!(date <= after) && date <= until && await FindAsync(date, cancellationToken) is { } delivery)
            {
                deliveries.Add(delivery);
            }
        }

        return deliveries;
    }

    // A manifest that cannot be used is told by the run of its date; nothing gives way to it.
    private async Task<Delivery?> FindAsync(DateOnly date, CancellationToken cancellationToken)
    {
        var files = (await blobs.ListExtractsAsync(date, cancellationToken)).Select(static file => file.Name).ToHashSet(StringComparer.Ordinal);
        if (!files.Contains(ExtractManifest.FileName))
        {
            return files.Contains(ExtractManifest.SuccessFileName) ? new Delivery(date, Snapshot: true) : null;
        }

        try
        {
            return await blobs.FindExtractAsync(Names.Folder(date) + ExtractManifest.FileName, ExtractManifest.MaxBytes, cancellationToken) is { } written
                && ExtractManifest.Parse(written) is { Kind: ExtractKind.Snapshot } manifest
                && manifest.Files.All(file => files.Contains(file.Name))
                ? new Delivery(date, Snapshot: true)
                : new Delivery(date, Snapshot: false);
        }
        catch (ExtractRefusedException)
        {
            return new Delivery(date, Snapshot: false);
        }
    }
}

/// <summary>An extract folder that is complete.</summary>
/// <param name="Date">Its date.</param>
/// <param name="Snapshot">Whether it is everything, so that it needs no earlier one.</param>
public sealed record Delivery(DateOnly Date, bool Snapshot);
