using Clv.Core.History;
using Clv.Core.Valuation;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>Estimates the models on all customers, or keeps the last published run's when tonight's estimate is refused.</summary>
public sealed class FitWork(NightBlobs blobs) : IPhaseWork
{
    /// <inheritdoc/>
    public Phase Phase => Phase.Fit;

    /// <inheritdoc/>
    public async Task<string> RunAsync(Run run, RunSettings settings, int unit, CancellationToken cancellationToken)
    {
        var total = await CountAsync(run, settings, cancellationToken);
        // Keys are uniform, so every n-th by value is a sample that any later night draws again.
        var every = (UInt128)Math.Max(1, (total + settings.FitCustomers - 1) / settings.FitCustomers);
        var estimation = new ModelEstimation();
        await foreach (var (key, summary) in SummariesAsync(run, settings, cancellationToken))
        {
            if (key.Value % every == 0)
            {
                estimation.Add(summary.Whole);
            }
        }

        var (transactions, spend) = estimation.Fit(Environment.ProcessorCount);
        var file = transactions.Converged && spend.Converged
            ? new ModelFile(
                ModelFile.BgNbdGammaGamma, run.Id, FittedModel.Of("BG/NBD", transactions), FittedModel.Of("Gamma-Gamma", spend))
            : await KeepAsync(settings, transactions.Converged ? $"Gamma-Gamma: {spend.Reason}" : $"BG/NBD: {transactions.Reason}", cancellationToken);
        await blobs.PutAsync(Names.Models, Names.Model(run.Id), NightJson.WriteBytes(file), cancellationToken);
        return NightJson.Write(file);
    }

    private async Task<ModelFile> KeepAsync(RunSettings settings, string refused, CancellationToken cancellationToken)
    {
        var last = settings.LastPublished is { } published ? await blobs.FindAsync(Names.Models, Names.Model(published), cancellationToken) : null;
        return last is not null
            ? NightJson.Read<ModelFile>(last) with { Refused = refused }
            : throw new NightRefusedException($"The models cannot be estimated, and there are no earlier ones to keep. {refused}");
    }

    private async Task<long> CountAsync(Run run, RunSettings settings, CancellationToken cancellationToken)
    {
        long bytes = 0;
        for (var partition = 0; partition < settings.Partitions; partition++)
        {
            await using var summaries = await blobs.OpenAsync(Names.Work, Names.Summaries(run.Id, partition), cancellationToken);
            bytes += summaries.Length;
        }

        return bytes / SummaryFile.RecordSize;
    }

    private async IAsyncEnumerable<(CustomerKey Key, CustomerSummary Summary)> SummariesAsync(
        Run run, RunSettings settings, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var partition = 0; partition < settings.Partitions; partition++)
        {
            await using var summaries = await blobs.OpenAsync(Names.Work, Names.Summaries(run.Id, partition), cancellationToken);
            foreach (var customer in SummaryFile.Read(summaries))
            {
                yield return customer;
            }
        }
    }
}
