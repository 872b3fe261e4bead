using System.Text;
using Clv.Core.Estimation;
using Clv.Core.Extracts;
using Clv.Core.Industry;
using Clv.Core.Relationship;
using Clv.Core.Valuation;
using Clv.Functions.Storage;

namespace Clv.Functions.Night;

/// <summary>What the phases of a night leave for later ones, and a published run for whoever asks: its plan, window, profile, models and ranking.</summary>
public sealed class NightKnowledge(NightBlobs blobs, RunTable runs)
{
    /// <summary>A run's plan.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public async Task<Plan> PlanAsync(string run, CancellationToken cancellationToken) =>
        NightJson.Read<Plan>(await blobs.FindAsync(Names.Reports, Names.Plan(run), cancellationToken)
            ?? throw new InvalidOperationException($"The plan of run {run} is missing."));

    /// <summary>The profile that a plan was made with.</summary>
    public static IndustryProfile ProfileOf(Plan plan) =>
        plan.Profile is null ? IndustryProfile.Default : IndustryProfile.Parse(Encoding.UTF8.GetBytes(plan.Profile));

    /// <summary>The mapping that a plan was made with, in the run's reporting currency.</summary>
    public static ExtractMapping MappingOf(Plan plan) =>
        (plan.Mapping is null ? ExtractMapping.None : ExtractMapping.Parse(Encoding.UTF8.GetBytes(plan.Mapping))) with
        {
            ReportingCurrency = plan.Settings.Currency,
        };

    /// <summary>The first day of any row that a run has, of its extracts and of the history they were merged into; null when it is not known.</summary>
    public async Task<int?> FirstDayAsync(Run run, RunSettings settings, CancellationToken cancellationToken)
    {
        var first = settings.BaseFirstDay;
        foreach (var file in (await runs.DetailsAsync(run.Id, cancellationToken))!.Results<IngestResult>(Phase.Ingest))
        {
            first = first is { } before && file.FirstDay is { } day ? Math.Min(before, day) : first ?? file.FirstDay;
        }

        return first;
    }

    /// <summary>Weeks that a run holds out to test its models; its extracts must have been ingested.</summary>
    public async Task<int> BacktestWeeksAsync(Run run, RunSettings settings, CancellationToken cancellationToken) =>
        await FirstDayAsync(run, settings, cancellationToken) is { } first
            ? BacktestWindow.Weeks(settings.BacktestWeeks, first, run.Date.DayNumber)
            : settings.BacktestWeeks;

    /// <summary>A run's models; null when there are none, or an earlier version of this program wrote them.</summary>
    public async Task<ModelFile?> ModelsAsync(string run, CancellationToken cancellationToken) =>
        await blobs.FindAsync(Names.Models, Names.Model(run), cancellationToken) is { } file ? NightJson.ReadModels(file) : null;

    /// <summary>What values customers as a run does, at the end of some observation window.</summary>
    /// <param name="run">The run whose models, profile and terms count.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="endDay">The last day of the window that is valued, which may be a later run's.</param>
    /// <param name="distribution">Whether values have intervals.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <returns>Null when the run's models cannot be read.</returns>
    public async Task<Valuer?> ValuerAsync(string run, RunSettings settings, int endDay, bool distribution, CancellationToken cancellationToken) =>
        await ModelsAsync(run, cancellationToken) is { } models
            ? new Valuer(
                models.ToValuation(distribution),
                ProfileOf(await PlanAsync(run, cancellationToken)),
                new ValuationTerms(settings.HorizonWeeks, settings.DiscountRate),
                endDay,
                distribution)
            : null;

    /// <summary>What values a window as the run did that a run is compared with; null without one, or when its models cannot be read.</summary>
    public async Task<Valuer?> ComparedValuerAsync(Run run, RunSettings settings, CancellationToken cancellationToken) =>
        settings.ComparedRun is { } compared && await runs.FindAsync(compared, cancellationToken) is { Settings: { } before }
            ? await ValuerAsync(compared, before, run.Date.DayNumber, distribution: false, cancellationToken)
            : null;

    /// <summary>The events of a run's partition, in the order of keys.</summary>
    /// <exception cref="InvalidOperationException">There are none.</exception>
    public async Task<IReadOnlyList<EventMessage>> EventsAsync(string run, int partition, CancellationToken cancellationToken) =>
        NightJson.Read<List<EventMessage>>(await blobs.FindAsync(Names.Work, Names.EventsPart(run, partition), cancellationToken)
            ?? throw new InvalidOperationException($"The events of partition {partition} of run {run} are missing."));

    /// <summary>A run's ranking.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public async Task<Ranking> RankingAsync(string run, CancellationToken cancellationToken) =>
        NightJson.Read<Ranking>(await blobs.FindAsync(Names.Models, Names.Ranking(run), cancellationToken)
            ?? throw new InvalidOperationException($"The ranking of run {run} is missing."));
}
