using Clv.Core.Estimation;

namespace Clv.Functions.Night;

/// <summary>What is told of a run: to the operator, over the API and on the command line.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="Date">The date of its extracts, which is the end of the observation window.</param>
/// <param name="State">How far it is.</param>
/// <param name="Published">Whether lookups are served from it now.</param>
/// <param name="Reason">Why it failed or was held, or null.</param>
/// <param name="Problems">What went wrong in units, whether or not a later try went right.</param>
/// <param name="StartedAt">When it was started.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Settings">What it runs with.</param>
/// <param name="Files">What became of each file's rows.</param>
/// <param name="Ignored">Files of the folder that were not read.</param>
/// <param name="Customers">People who bought or signed anything.</param>
/// <param name="Prospects">People who may become customers.</param>
/// <param name="Others">People who are neither, such as those who declined.</param>
/// <param name="Scored">People scored.</param>
/// <param name="WithoutPurchase">Customers among them without a purchase occasion.</param>
/// <param name="Contracts">Contracts known.</param>
/// <param name="Interactions">Contacts known.</param>
/// <param name="ContactsWithoutCost">Contacts whose cost nobody knows; they count as costing nothing.</param>
/// <param name="FutureValue">The sum of the customers' future values.</param>
/// <param name="LifetimeValue">The sum of their lifetime values.</param>
/// <param name="Events">What has changed since the night before, in events.</param>
/// <param name="Callers">Rows by which people are found from a phone number or an e-mail address.</param>
/// <param name="PartitionsUntold">Partitions whose events could not all be sent to the queue. The file has them, unless the first partition's unit could not write it.</param>
/// <param name="Model">The models, once there are any, without what only an analyst reads.</param>
/// <param name="Off">What is not valued because nothing is known that it could be valued by: a sentence each; empty until there are models.</param>
/// <param name="Phases">The phases' progress.</param>
public sealed record RunReport(
    string Run,
    DateOnly Date,
    RunState State,
    bool Published,
    string? Reason,
    IReadOnlyList<string> Problems,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    RunSettings? Settings,
    IReadOnlyList<FileBooks> Files,
    IReadOnlyList<string> Ignored,
    long Customers,
    long Prospects,
    long Others,
    long Scored,
    long WithoutPurchase,
    long Contracts,
    long Interactions,
    long ContactsWithoutCost,
    decimal FutureValue,
    decimal LifetimeValue,
    long Events,
    long Callers,
    int PartitionsUntold,
    ModelFile? Model,
    IReadOnlyList<string> Off,
    IReadOnlyList<PhaseReport> Phases)
{
    /// <summary>Who released it after it was held; null when nobody had to.</summary>
    public string? ReleasedBy { get; init; }

    /// <summary>When it was released.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }

    /// <summary>People of the night that it is compared with who are not there any more.</summary>
    public long Gone { get; init; }

    /// <summary>People exported; null where scores are not.</summary>
    public long? Exported { get; init; }

    /// <summary>The date up to which nights that wait for this one follow it by themselves; null when none does.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>How often units were queued again because nothing was done for too long.</summary>
    public int Requeued { get; init; }

    /// <summary>When its scores were given up for dropping; null while they are kept.</summary>
    public DateTimeOffset? RetiredAt { get; init; }

    /// <summary>Whether nothing more will come of the run by itself.</summary>
    public bool IsEnded => State is RunState.Failed or RunState.Held || (State == RunState.Published && Phases.All(static phase => phase.Done >= phase.Units));

    /// <summary>Puts the report together.</summary>
    public static RunReport Of(RunDetails details, Plan? plan, PublishedRun? published)
    {
        // Rows can be told apart into used and replaced only when every partition has been summarised.
        var counted = details.Phases.Any(static p => p.Phase == Phase.Summarise && p.IsDone);
        var books = counted ? Books.Of(details) : null;
        var phases = new List<PhaseReport>();
        var start = details.Run.StartedAt;
        foreach (var phase in details.Phases)
        {
            phases.Add(new PhaseReport(phase.Phase, phase.Units, phase.Done, phase.EndedAt is { } end ? (end - start).TotalSeconds : null));
            start = phase.EndedAt ?? start;
        }

        var model = details.Markers.FirstOrDefault(static m => m.Phase == Phase.Fit) is { } fit ? NightJson.ReadModels(fit.Result) : null;
        return new RunReport(
            details.Run.Id,
            details.Run.Date,
            details.Run.State,
            published?.Run == details.Run.Id,
            details.Run.Reason,
            details.Problems,
            details.Run.StartedAt,
            details.Run.EndedAt,
            details.Run.Settings,
            books?.Files ?? [],
            plan?.Ignored ?? [],
            books?.Customers ?? 0,
            books?.Prospects ?? 0,
            books?.Others ?? 0,
            books?.Scored ?? 0,
            books?.WithoutPurchase ?? 0,
            books?.Contracts ?? 0,
            books?.Interactions ?? 0,
            books?.ContactsWithoutCost ?? 0,
            books?.FutureValue ?? 0,
            books?.LifetimeValue ?? 0,
            books?.Events ?? 0,
            books?.Callers ?? 0,
            details.Results<AnnounceResult>(Phase.Announce).Count(static told => told.Failed),
            model,
            model is null || books is null ? [] : [.. PartsOff(model, books)],
            phases)
        {
            ReleasedBy = details.Run.ReleasedBy,
            ReleasedAt = details.Run.ReleasedAt,
            Gone = books?.Gone ?? 0,
            Exported = books?.Exported,
            Until = details.Run.Until,
            Requeued = details.Run.Requeued,
            RetiredAt = details.Run.RetiredAt,
        };
    }

    /// <summary>The report of a run whose markers are dropped: its books tell what they told.</summary>
    public RunReport WithBooks(Books books, ModelFile? model)
    {
        ArgumentNullException.ThrowIfNull(books);
        return this with
        {
            Files = books.Files,
            Customers = books.Customers,
            Prospects = books.Prospects,
            Others = books.Others,
            Scored = books.Scored,
            WithoutPurchase = books.WithoutPurchase,
            Contracts = books.Contracts,
            Interactions = books.Interactions,
            ContactsWithoutCost = books.ContactsWithoutCost,
            FutureValue = books.FutureValue,
            LifetimeValue = books.LifetimeValue,
            Events = books.Events,
            Gone = books.Gone,
            Exported = books.Exported,
            Callers = books.Callers,
            Model = model,
            Off = model is null ? [] : [.. PartsOff(model, books)],
        };
    }

    private static IEnumerable<string> PartsOff(ModelFile model, Books books)
    {
        if (model.Margins is null)
        {
            yield return "No row's margin is known: values of purchases are revenue.";
        }

        if (books.Contracts == 0)
        {
            yield return "There are no contracts: no renewals are valued.";
        }
        else if (model.Contracts.Terms.Count == 0)
        {
            yield return "Renewals are not valued: no contract that has begun has a term.";
        }

        foreach (var (months, term) in model.Contracts.Terms.Where(static term => term.Value.Common is null).OrderBy(static term => term.Key))
        {
            yield return $"Renewals of contracts of {months} months are not valued: {term.Reason}";
        }

        if (books.Interactions == 0)
        {
            yield return "There are no interactions: no cost to serve is taken off.";
        }
        else if (model.ServingPerYear is null)
        {
            yield return "No contact's cost is known, by its row or the profile: no cost to serve is taken off.";
        }

        if (model.Behaviour.Effects is null)
        {
            yield return $"Behaviour does not count: {model.Behaviour.Reason}";
        }
    }
}

/// <summary>A phase's progress.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="Units">How many units it has.</param>
/// <param name="Done">How many are done.</param>
/// <param name="Seconds">How long it took, from the end of the phase before; null while it runs.</param>
public sealed record PhaseReport(Phase Phase, int Units, int Done, double? Seconds);
