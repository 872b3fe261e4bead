using Clv.Core.Extracts;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>The plan: which files tonight has, how they are to be read, and what the run is built on.</summary>
public sealed class PlanWork(NightBlobs blobs, StorageAccount storage, Pointer pointer, RunTable runs, ClvOptions options)
{
    private const int MaxFiles = 1000;
    private const int MaxManifestBytes = 1 << 20;

    /// <summary>Plans a run and marks the plan as done.</summary>
    /// <exception cref="NightRefusedException">There is no complete extract set for the run's date.</exception>
    /// <exception cref="ExtractRefusedException">The manifest or the mapping cannot be used.</exception>
    public async Task RunAsync(Run run, CancellationToken cancellationToken)
    {
        await blobs.EnsureAsync(cancellationToken);
        var folder = Names.Folder(run.Date);
        var found = await blobs.ListExtractsAsync(run.Date, cancellationToken);
        if (found.Count == 0)
        {
            throw new NightRefusedException(
                $"There is no extract for {run.Date:yyyy-MM-dd}: container {Names.Extracts} has no folder {folder}. "
                + "Check that the CRM's export ran, deliver the folder, then start the run again.");
        }

        var manifest = await ManifestAsync(folder, found, cancellationToken);
        var mappingText = await blobs.FindExtractAsync(folder + ExtractMapping.FileName, MaxManifestBytes, cancellationToken)
            ?? await blobs.FindExtractAsync(ExtractMapping.FileName, MaxManifestBytes, cancellationToken);
        var mapping = mappingText is null ? ExtractMapping.None : ExtractMapping.Parse(mappingText);
        var plan = new Plan(Files(manifest, mapping, found), Ignored(manifest, mapping, found), mappingText?.ToString());

        var published = await pointer.ReadAsync(cancellationToken);
        var snapshot = manifest.Kind == ExtractKind.Snapshot;
        if (!snapshot && published is null)
        {
            throw new NightRefusedException(
                "The extracts are a delta, but no night was published that they could be added to: deliver a snapshot first.");
        }

        var settings = new RunSettings
        {
            Snapshot = snapshot,
            BaseRun = snapshot ? null : published!.Run,
            LastPublished = published?.Run,
            Partitions = snapshot ? options.Partitions : await PartitionsOfAsync(published!.Run, cancellationToken),
            Files = plan.Files.Count,
            HorizonWeeks = options.HorizonWeeks,
            DiscountRate = options.DiscountRate,
            FitCustomers = options.FitCustomers,
            Currency = mapping.ReportingCurrency,
        };
        await blobs.PutAsync(Names.Reports, Names.Plan(run.Id), NightJson.WriteBytes(plan), cancellationToken);
        await storage.Tables.CreateTableIfNotExistsAsync(Names.Scores(run.Id), cancellationToken);
        await runs.CompletePlanAsync(run.Id, settings, "{}", cancellationToken);
    }

    private async Task<ExtractManifest> ManifestAsync(
        string folder, IReadOnlyList<(string Name, string ETag)> found, CancellationToken cancellationToken)
    {
        if (await blobs.FindExtractAsync(folder + ExtractManifest.FileName, MaxManifestBytes, cancellationToken) is { } manifest)
        {
            return ExtractManifest.Parse(manifest);
        }

        return found.Any(static f => f.Name == ExtractManifest.SuccessFileName)
            ? new ExtractManifest(ExtractKind.Snapshot, [.. found.Where(static f => IsCsv(f.Name)).Select(static f => new ManifestFile(f.Name))])
            : throw new NightRefusedException(
                $"The extract folder {folder} is not complete: it has neither {ExtractManifest.FileName} nor {ExtractManifest.SuccessFileName}. "
                + $"Write {ExtractManifest.FileName} last, or an empty {ExtractManifest.SuccessFileName} when the folder is a snapshot.");
    }

    private static List<PlannedFile> Files(ExtractManifest manifest, ExtractMapping mapping, IReadOnlyList<(string Name, string ETag)> found)
    {
        var versions = found.ToDictionary(static f => f.Name, static f => f.ETag, StringComparer.Ordinal);
        var missing = manifest.Files.Select(static f => f.Name).Where(name => !versions.ContainsKey(name)).ToList();
        if (missing.Count > 0)
        {
            throw new ExtractRefusedException(
                ExtractManifest.FileName, $"the folder lacks {string.Join(", ", missing.Take(10))}, which the manifest names: deliver it, or correct the manifest");
        }

        var files = manifest.Files
            .Where(f => mapping.IsTransactions(f.Name))
            .DistinctBy(static f => f.Name)
            .OrderBy(static f => f.Name, StringComparer.Ordinal)
            .Select(f => new PlannedFile(f.Name, versions[f.Name], f.Rows, f.Sha256))
            .ToList();
        return files.Count switch
        {
            0 => throw new NightRefusedException(
                $"The extract set has no file of transactions: name one transactions*.csv, or give patterns under transactions.files in {ExtractMapping.FileName}."),
            > MaxFiles => throw new NightRefusedException($"The extract set has {files.Count} files of transactions; at most {MaxFiles} are taken."),
            _ => files,
        };
    }

    private static List<string> Ignored(ExtractManifest manifest, ExtractMapping mapping, IReadOnlyList<(string Name, string ETag)> found)
    {
        var used = manifest.Files.Select(static f => f.Name).Where(mapping.IsTransactions).ToHashSet(StringComparer.Ordinal);
        return [.. found.Select(static f => f.Name)
            .Where(name => !used.Contains(name)
                && name is not (ExtractManifest.FileName or ExtractManifest.SuccessFileName or ExtractMapping.FileName))
            .Take(MaxFiles)];
    }

    private async Task<int> PartitionsOfAsync(string run, CancellationToken cancellationToken)
    {
        var earlier = await runs.FindAsync(run, cancellationToken);
        return earlier?.Settings?.Partitions == options.Partitions
            ? options.Partitions
            : throw new NightRefusedException(
                $"Setting Clv:Partitions is {options.Partitions}, but the published history has {earlier?.Settings?.Partitions}: "
                + "deliver a snapshot to change it, or set it back.");
    }

    private static bool IsCsv(string name) =>
        name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase);
}
