using Clv.Core.Estimation;
using Clv.Core.History;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>
/// Tests the candidate models, fits the best to all customers, or keeps those of the night before when every candidate is refused.
/// </summary>
public sealed class FitWork(NightBlobs blobs, RunTable runs, NightKnowledge knowledge) : IPhaseWork
{
    /// <inheritdoc/>
    public Phase Phase => Phase.Fit;

    /// <inheritdoc/>
    public async Task<string> RunAsync(Run run, RunSettings settings, int unit, CancellationToken cancellationToken)
    {
        var profile = NightKnowledge.ProfileOf(await knowledge.PlanAsync(run.Id, cancellationToken));
        var total = (await runs.DetailsAsync(run.Id, cancellationToken))!.Results<SummariseResult>(Phase.Summarise).Sum(static r => r.Customers);
        // Keys are uniform, so every n-th by value is a sample that any later night draws again.
        var every = (UInt128)Math.Max(1, (total + settings.FitCustomers - 1) / settings.FitCustomers);
        var customers = new CustomerBase();
        var counted = new RepeatAges();
        for (var partition = 0; partition < settings.Partitions; partition++)
        {
            using var people = new FactsReader(await blobs.OpenAsync(Names.Work, Names.Facts(run.Id, partition), cancellationToken));
            while (people.MoveNext())
            {
                if (people.Key.Value % every == 0)
                {
                    customers.Add(people.Facts(), run.Date.DayNumber);
                }
            }

            await using var ages = await blobs.OpenAsync(Names.Work, Names.Ages(run.Id, partition), cancellationToken);
            counted.Add(RepeatAges.Read(ages));
        }

        customers.Add(counted);
        var weeks = await knowledge.BacktestWeeksAsync(run, settings, cancellationToken);
        // Of the night before and never of a later one or of the date's own first run, so that a date's runs all find the same.
        var last = settings.ComparedRun is { } before ? await knowledge.ModelsAsync(before, cancellationToken) : null;
        var estimate = Estimator.Run(
            customers,
            new EstimationOptions
            {
                BacktestWeeks = weeks,
                HorizonWeeks = settings.HorizonWeeks,
                Threads = Environment.ProcessorCount,
                ProductContracts = profile.Contracts.ProductContracts,
                Last = last?.ToLast(),
                LastContracts = last?.Contracts.ToModels(),
            });
        var file = ModelFile.Of(estimate, weeks, run.Id, last);
        await blobs.PutAsync(Names.Models, Names.Model(run.Id), NightJson.WriteBytes(file), cancellationToken);
        return NightJson.Write(file.Brief());
    }
}
