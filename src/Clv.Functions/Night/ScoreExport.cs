using Clv.Core.History;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>
/// The exported scores of runs: whether they are complete, which their manifest says, and who is taken out of them.
/// </summary>
/// <remarks>
/// A part tells its own rows and hash, written with its bytes in one request, so the manifest can be made again at any time. Who changes a part removes the
/// manifest first and writes it again after: in between the export is not complete. Whoever writes a manifest has looked at the parts after the manifest
/// that it replaces was written, or else tries again: so of several writers the last one has seen every change. Only where an erasure meets another, or the
/// watch, that one may put the manifest back in the moment before the part changes; the hash shows it, and the erasure's own manifest follows. Killed before the manifest is
/// back, an erasure is not done, and whoever goes on with it puts it back.
/// </remarks>
public sealed class ScoreExport(NightBlobs blobs, RunTable runs, NightKnowledge knowledge)
{
    /// <summary>Says that a run's exported scores are complete.</summary>
    /// <param name="run">The run, which is served or was.</param>
    /// <param name="settings">What it ran with.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="InvalidOperationException">A part is missing.</exception>
    public async Task CompleteAsync(Run run, RunSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(settings);
        if (await WriteAsync(run, settings, cancellationToken) is { } missing)
        {
            throw new InvalidOperationException($"{Names.Exports}/{missing} is missing, or not as it was written: start the run again for an export.");
        }
    }

    // Gives the part without which there is no manifest; null when there is one.
    private async Task<string?> WriteAsync(Run run, RunSettings settings, CancellationToken cancellationToken)
    {
        var models = await knowledge.ModelsAsync(run.Id, cancellationToken);
        string? missing = null;
        await blobs.PutLatestAsync(Names.Exports, Names.ExportManifest(run.Id), ManifestAsync, cancellationToken);
        return missing;

        async Task<BinaryData?> ManifestAsync()
        {
            var parts = await blobs.ListNotesAsync(Names.Exports, Names.ExportedScores(run.Id), cancellationToken);
            var files = new List<ManifestFile>(settings.Partitions);
            for (var partition = 0; partition < settings.Partitions; partition++)
            {
                var name = Names.ExportedScores(run.Id, partition);
                if (!parts.TryGetValue(name, out var notes) || ExportedPart.Of(notes) is not { } part)
                {
                    missing = name;
                    return null;
                }

                files.Add(new ManifestFile(name[(run.Id.Length + 1)..], part.Rows, part.Sha256));
            }

            return NightJson.WriteBytes(new ExportManifest(
                run.Id,
                run.Date,
                settings.Currency,
                settings.HorizonWeeks,
                settings.DiscountRate,
                models is null ? null : ExportedModels.Of(models),
                files.Sum(static file => file.Rows!.Value),
                files));
        }
    }

    /// <summary>Takes people out of a partition's part, of which the export is not complete until <see cref="RestoreAsync"/>.</summary>
    /// <returns>Who was in it; null where there is no part.</returns>
    public Task<IReadOnlyCollection<CustomerKey>?> EraseAsync(
        string run, int partition, IReadOnlySet<CustomerKey> people, CancellationToken cancellationToken)
    {
        var part = new ExportedPart(0, "");
        return blobs.RewriteAsync(
            Names.Exports,
            Names.ExportedScores(run, partition),
            (from, to) => ScoreExportFile.Copy(from, people, to, out part),
            cancellationToken,
            () => blobs.RemoveAsync(Names.Exports, Names.ExportManifest(run), cancellationToken),
            () => part.ToNotes());
    }

    /// <summary>
    /// For the watch: <see cref="RestoreAsync"/> where there is no manifest. Of two who take out the same person at once, the one may be killed that has
    /// removed the manifest which the other wrote, and nothing is left of the erasure to go on with.
    /// </summary>
    public async Task RestoreMissingAsync(string run, CancellationToken cancellationToken)
    {
        if (!await blobs.ExistsAsync(Names.Exports, Names.ExportManifest(run), cancellationToken))
        {
            await RestoreAsync(run, cancellationToken);
        }
    }

    /// <summary>
    /// Says again that a run's exported scores are complete, if they are and its manifest belongs there: after anybody was taken out, now or by a process
    /// that died. An export of which somebody has removed a part keeps no erasure from being done.
    /// </summary>
    public async Task RestoreAsync(string run, CancellationToken cancellationToken)
    {
        // Read anew: a run that is just being published gets its manifest by itself, after this.
        if (await runs.FindAsync(run, cancellationToken) is { State: RunState.Published, RetiredAt: null, Settings: { ExportScores: true } settings } published
            && (await runs.Units.ResultAsync<PublishResult>(run, Phase.Publish, 0, cancellationToken)).Served)
        {
            await WriteAsync(published, settings, cancellationToken);
        }
    }
}
