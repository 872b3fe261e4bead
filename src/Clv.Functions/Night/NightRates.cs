using Clv.Core.Extracts;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>
/// The rates of other currencies that a run converts at: those that its base knew, and over them those of its own files, in their order. Every
/// unit that needs them reads them itself, so they are the same whatever runs first.
/// </summary>
public sealed class NightRates(NightBlobs blobs)
{
    /// <summary>Reads a run's rates.</summary>
    /// <exception cref="ExtractRefusedException">A file of rates cannot be used, or was changed since the run was planned.</exception>
    public async Task<RateTable> ReadAsync(Run run, Plan plan, ExtractMapping mapping, CancellationToken cancellationToken)
    {
        var rates = RateTable.Empty;
        if (plan.Settings.BaseRun is { } before && await blobs.FindAsync(Names.History, Names.RatesOf(before), cancellationToken) is { } known)
        {
            using var stream = known.ToStream();
            rates = RateTable.Read(stream);
        }

        foreach (var file in plan.Files.Where(static file => file.Content == FileContent.Rates))
        {
            await using var raw = await blobs.OpenExtractAsync(run.Date, file, cancellationToken);
            // The file's own unit sets its bad rows aside and counts them.
            using var reader = new RateReader(ExtractStream.Open(raw, file.Name), file.Name, mapping, static _ => { });
            var read = reader.ReadTable();
            if (rates.Count + read.Count > RateTable.MaxRates)
            {
                throw new ExtractRefusedException(
                    file.Name, $"with it there are more than {RateTable.MaxRates:N0} rates: deliver those of the days and currencies that the transactions have");
            }

            rates = rates.Merge(read);
        }

        return rates;
    }

    /// <summary>Keeps a run's rates for the deltas that build on it.</summary>
    public async Task WriteAsync(string run, RateTable rates, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        rates.Write(content);
        await blobs.PutAsync(Names.History, Names.RatesOf(run), new BinaryData(content.ToArray()), cancellationToken);
    }
}
