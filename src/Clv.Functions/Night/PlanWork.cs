using Clv.Core.Extracts;
using Clv.Core.Industry;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>The plan: which files tonight has, how they are to be read, and what the run is built on.</summary>
public sealed class PlanWork(
    NightBlobs blobs,
    StorageAccount storage,
    Pointer pointer,
    RunTable runs,
    NightKnowledge knowledge,
    RunReplacement replacement,
    Retention retention,
    ClvOptions options)
{
    private const int MaxFiles = 1000;

    /// <summary>Plans a run and marks the plan as done.</summary>
    /// <exception cref="NightRefusedException">There is no complete extract set for the run's date.</exception>
    /// <exception cref="ExtractRefusedException">The manifest or the mapping cannot be used.</exception>
    public async Task<UnitCompletion> RunAsync(Run run, CancellationToken cancellationToken)
    {
        await replacement.EndAsync(run, run.Replaces, cancellationToken);
        await blobs.EnsureAsync(cancellationToken);
        await retention.SweepAsync(cancellationToken);
        var folder = Names.Folder(run.Date);
        // The manifest is written last, so what is listed after it was read is complete.
        var written = await blobs.FindExtractAsync(folder + ExtractManifest.FileName, ExtractManifest.MaxBytes, cancellationToken);
        var found = await blobs.ListExtractsAsync(run.Date, cancellationToken);
        if (found.Count == 0)
        {
            throw new NightRefusedException(
                $"There is no extract for {run.Date:yyyy-MM-dd}: container {Names.Extracts} has no folder {folder}. "
                + "Check that the CRM's export ran, deliver the folder, then start the run again.");
        }

        var manifest = written is null ? ImpliedManifest(folder, found) : ExtractManifest.Parse(written);
        var mappingText = await blobs.FindExtractAsync(folder + ExtractMapping.FileName, ExtractManifest.MaxBytes, cancellationToken)
            ?? await blobs.FindExtractAsync(ExtractMapping.FileName, ExtractManifest.MaxBytes, cancellationToken);
        var mapping = mappingText is null ? ExtractMapping.None : ExtractMapping.Parse(mappingText);
        var profileText = await blobs.FindExtractAsync(folder + IndustryProfile.FileName, ExtractManifest.MaxBytes, cancellationToken)
            ?? await blobs.FindExtractAsync(IndustryProfile.FileName, ExtractManifest.MaxBytes, cancellationToken);
        var profile = profileText is null ? IndustryProfile.Default : IndustryProfile.Parse(profileText);
        if (mapping.ReportingCurrency is { } stated && profile.Currency is { } other && !stated.Equals(other, StringComparison.OrdinalIgnoreCase))
        {
            throw new NightRefusedException(
                $"{ExtractMapping.FileName} says that amounts are reported in {stated}, {IndustryProfile.FileName} says {other}: make them the same.");
        }

        var files = Files(manifest, mapping, found);
        var published = await pointer.ReadAsync(cancellationToken);
        var snapshot = manifest.Kind == ExtractKind.Snapshot;
        var currency = mapping.ReportingCurrency ?? profile.Currency;
        var before = snapshot ? null : await BaseOfDeltaAsync(run, currency, published, cancellationToken);
        var compared = await ComparedAsync(run, currency, published, cancellationToken);
        var settings = new RunSettings
        {
            Snapshot = snapshot,
            BaseRun = before?.Id,
            BaseFirstDay = before?.Settings is { } of ? await knowledge.FirstDayAsync(before, of, cancellationToken) : null,
            LastPublished = published?.Run,
            ComparedRun = compared?.Id,
            ComparedDate = compared?.Date,
            ComparedPartitions = compared?.Settings?.Partitions ?? 0,
            HistoryFormat = RunSettings.CurrentHistoryFormat,
            Partitions = options.Partitions,
            FilesOf = files.CountBy(static f => f.Content).ToDictionary(),
            HorizonWeeks = profile.HorizonWeeks ?? options.HorizonWeeks,
            DiscountRate = profile.DiscountRate ?? options.DiscountRate,
            FitCustomers = options.FitCustomers,
            BacktestWeeks = options.BacktestWeeks,
            Currency = currency,
            Language = profile.Language,
            ExportScores = options.ExportScores,
            HashKeyFingerprint = options.HashKeyFingerprint,
        };
        // Two deliveries of this message may see different folders; the first plan that is written down is the run's.
        var plan = NightJson.Read<Plan>(await blobs.PutOnceAsync(
            Names.Reports,
            Names.Plan(run.Id),
            NightJson.WriteBytes(new Plan(files, Ignored(manifest, mapping, found), mappingText?.ToString(), profileText?.ToString(), settings)),
            cancellationToken));
        await storage.Tables.CreateTableIfNotExistsAsync(Names.Scores(run.Id), cancellationToken);
        await storage.Tables.CreateTableIfNotExistsAsync(Names.Callers(run.Id), cancellationToken);
        return await runs.Units.CompletePlanAsync(run.Id, plan.Settings, "{}", cancellationToken);
    }

    // The history that a delta is merged into is that of the newest published date before its own: a delta of the same date that is
    // delivered once more replaces the first one, and none is merged into a history that has later rows or lacks an earlier delivery.
    private async Task<Run> BaseOfDeltaAsync(Run run, string? currency, PublishedRun? published, CancellationToken cancellationToken)
    {
        if (published?.Date > run.Date)
        {
            throw new NightRefusedException(
                $"The extracts are a delta of {run.Date:yyyy-MM-dd}, but {published.Date:yyyy-MM-dd} is published already: "
                + "its rows would overwrite later ones. Deliver them in a later delta, or deliver a snapshot.");
        }

        var earlier = await EarlierAsync(run, published, cancellationToken);
        if (earlier?.Settings is not { } settings)
        {
            throw new NightRefusedException(
                "The extracts are a delta, but no night before its date was published that it could be added to: deliver a snapshot first.");
        }

        var missed = (await blobs.ListDatesAsync(cancellationToken)).Where(date => date > earlier.Date && date < run.Date).ToList();
        if (missed.Count > 0)
        {
            throw new NightRefusedException(
                $"The extracts are a delta, but those of {string.Join(", ", missed.Take(10).Select(static d => $"{d:yyyy-MM-dd}"))} were delivered "
                + "and never published: start the runs of these dates first, oldest first, or release those that are held, or their rows would be missing.");
        }

        if (earlier.RetiredAt is not null)
        {
            throw new NightRefusedException(
                $"The extracts are a delta, but the history of run {earlier.Id} of {earlier.Date:yyyy-MM-dd}, which they would be added to, is not kept any more: "
                + "deliver a snapshot.");
        }

        if (settings.HistoryFormat != RunSettings.CurrentHistoryFormat)
        {
            throw new NightRefusedException(
                "The extracts are a delta, but the published history was written by an earlier version of this program: deliver a snapshot once.");
        }

        if (!SameCurrency(settings.Currency, currency))
        {
            throw new NightRefusedException(
                $"The extracts are a delta in {currency ?? "no stated currency"}, but the published history is in {settings.Currency ?? "no stated currency"}: "
                + "state the same reporting currency, or deliver a snapshot to change it.");
        }

        if (settings.Partitions != options.Partitions)
        {
            throw new NightRefusedException(
                $"Setting Clv:Partitions is {options.Partitions}, but the published history has {settings.Partitions}: "
                + "deliver a snapshot to change it, or set it back.");
        }

        return settings.HashKeyFingerprint == options.HashKeyFingerprint
            ? earlier
            : throw new NightRefusedException(
                "Setting Clv:HashKey is not the one that the published history was made with: set it back, or deliver a snapshot to change it.");
    }

    // The newest run that was published for an earlier date. Of runs of the run's own date or later ones, what came before them is looked at.
    private async Task<Run?> EarlierAsync(Run run, PublishedRun? published, CancellationToken cancellationToken)
    {
        var earlier = published is null ? null : await runs.FindAsync(published.Run, cancellationToken);
        while (earlier is not null && earlier.Date >= run.Date)
        {
            earlier = (earlier.Settings?.ComparedRun ?? earlier.Settings?.BaseRun) is { } before ? await runs.FindAsync(before, cancellationToken) : null;
        }

        return earlier;
    }

    // Another hash key gives everybody another pseudonym, amounts of another currency cannot be compared, and what an earlier version left
    // cannot be read.
    private async Task<Run?> ComparedAsync(Run run, string? currency, PublishedRun? published, CancellationToken cancellationToken) =>
        await EarlierAsync(run, published, cancellationToken) is { RetiredAt: null, Settings: { HistoryFormat: RunSettings.CurrentHistoryFormat } settings } earlier
            && settings.HashKeyFingerprint == options.HashKeyFingerprint
            && SameCurrency(settings.Currency, currency)
            && await blobs.ExistsAsync(Names.History, Names.StandingOf(earlier.Id, 0), cancellationToken)
            ? earlier
            : null;

    private static bool SameCurrency(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static ExtractManifest ImpliedManifest(string folder, IReadOnlyList<(string Name, string ETag)> found) =>
        found.Any(static f => f.Name == ExtractManifest.SuccessFileName)
            ? new ExtractManifest(ExtractKind.Snapshot, [.. found.Where(static f => IsCsv(f.Name)).Select(static f => new ManifestFile(f.Name))])
            : throw new NightRefusedException(
                $"The extract folder {folder} is not complete: it has neither {ExtractManifest.FileName} nor {ExtractManifest.SuccessFileName}. "
                + $"Write {ExtractManifest.FileName} last, or an empty {ExtractManifest.SuccessFileName} when the folder is a snapshot.");

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
            .DistinctBy(static f => f.Name)
            .Select(f => (File: f, Content: ContentOf(f.Name, mapping)))
            .Where(static f => f.Content is not null)
            .Select(f => new PlannedFile(f.File.Name, versions[f.File.Name], f.File.Rows, f.File.Sha256, f.Content!.Value))
            .OrderBy(static f => f.Content)
            .ThenBy(static f => f.Name, StringComparer.Ordinal)
            .ToList();
        if (files.Find(static f => ExtractName.Problem(f.Name) is not null) is { } odd)
        {
            throw new ExtractRefusedException(odd.Name, ExtractName.Problem(odd.Name)!);
        }

        return files.Count switch
        {
            _ when !files.Exists(f => f.Content is FileContent.Transactions or FileContent.Contracts
                || (manifest.Kind == ExtractKind.Delta && f.Content != FileContent.Rates)) => throw new NightRefusedException(
                $"The extract set has no file of transactions or contracts: name one transactions*.csv, or give patterns under transactions.files in {ExtractMapping.FileName}."),
            > MaxFiles => throw new NightRefusedException($"The extract set has {files.Count} files; at most {MaxFiles} are taken."),
            _ => files,
        };
    }

    private static List<string> Ignored(ExtractManifest manifest, ExtractMapping mapping, IReadOnlyList<(string Name, string ETag)> found)
    {
        var used = manifest.Files.Select(static f => f.Name).Where(name => ContentOf(name, mapping) is not null).ToHashSet(StringComparer.Ordinal);
        return [.. found.Select(static f => f.Name)
            .Where(name => !used.Contains(name)
                && name is not (ExtractManifest.FileName or ExtractManifest.SuccessFileName or ExtractMapping.FileName or IndustryProfile.FileName))
            .Select(static name => PlainText.Of(name, ExtractName.MaxLength))
            .Take(MaxFiles)];
    }

    private static FileContent? ContentOf(string name, ExtractMapping mapping) =>
        mapping.IsTransactions(name) ? FileContent.Transactions
        : mapping.IsCustomers(name) ? FileContent.Customers
        : mapping.IsContracts(name) ? FileContent.Contracts
        : mapping.IsInteractions(name) ? FileContent.Interactions
        : mapping.IsRates(name) ? FileContent.Rates
        : mapping.IsErasures(name) ? FileContent.Erasures
        : null;

    private static bool IsCsv(string name) =>
        name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase);
}
