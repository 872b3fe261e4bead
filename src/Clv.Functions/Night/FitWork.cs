using Clv.Core.Estimation;
using Clv.Core.History;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>
/// Tests the candidate models, fits the best to all customers, or keeps the last published run's when every candidate is refused.
/// </summary>
public sealed class FitWork(NightBlobs blobs, RunTable runs) : IPhaseWork
{
    /// <inheritdoc/>
    public Phase Phase => Phase.Fit;

    /// <inheritdoc/>
    public async Task<string> RunAsync(Run run, RunSettings settings, int unit, CancellationToken cancellationToken)
    {
        var total = (await runs.DetailsAsync(run.Id, cancellationToken))!.Results<SummariseResult>(Phase.Summarise).Sum(static r => r.Customers);
        // Keys are uniform, so every n-th by value is a sample that any later night draws again.
        var every = (UInt128)Math.Max(1, (total + settings.FitCustomers - 1) / settings.FitCustomers);
        var customers = new CustomerBase();
        var counted = new RepeatAges();
        for (var partition = 0; partition < settings.Partitions; partition++)
        {
            using var facts = new FactsReader(await blobs.OpenAsync(Names.Work, Names.Facts(run.Id, partition), cancellationToken));
            while (facts.MoveNext())
            {
                if (facts.Key.Value % every == 0)
                {
                    var (purchases, _, segment) = facts.Purchases();
                    customers.Add(purchases, segment);
                }
            }

            await using var ages = await blobs.OpenAsync(Names.Work, Names.Ages(run.Id, partition), cancellationToken);
            counted.Add(RepeatAges.Read(ages));
        }

        customers.Add(counted);
        var weeks = await runs.BacktestWeeksAsync(run, settings, cancellationToken);
        var last = await LastAsync(settings, cancellationToken);
        var estimate = Estimator.Run(
            customers,
            new EstimationOptions
            {
                BacktestWeeks = weeks,
                HorizonWeeks = settings.HorizonWeeks,
                Threads = Environment.ProcessorCount,
                Last = last?.ToLast(),
            });
        var file = ModelFile.Of(estimate, weeks, run.Id, last);
        await blobs.PutAsync(Names.Models, Names.Model(run.Id), NightJson.WriteBytes(file), cancellationToken);
        return NightJson.Write(file.Brief());
    }

    private async Task<ModelFile?> LastAsync(RunSettings settings, CancellationToken cancellationToken) =>
        settings.LastPublished is { } published && await blobs.FindAsync(Names.Models, Names.Model(published), cancellationToken) is { } file
            ? NightJson.ReadModels(file)
            : null;
}
