namespace Clv.Functions.Night;

/// <summary>How far a run is.</summary>
public enum RunState
{
    /// <summary>Units are being worked on.</summary>
    Running,

    /// <summary>Its scores are being published: it can no longer be given up.</summary>
    Publishing,

    /// <summary>It is complete but differs too much from the last one (<see cref="GateLimits"/>): an operator releases it or lets it be.</summary>
    Held,

    /// <summary>Its scores were published; whether they still are, the pointer says.</summary>
    Published,

    /// <summary>It ended without publishing; the reason says why.</summary>
    Failed,
}

/// <summary>A night's record.</summary>
/// <param name="Id">The run's id.</param>
/// <param name="Date">The date of the extract folder, which is also the end of the observation window.</param>
/// <param name="State">How far it is.</param>
/// <param name="Reason">Why it failed or was held, or null.</param>
/// <param name="StartedAt">When it was started.</param>
/// <param name="EndedAt">When it was published, held or failed; null while units are worked on.</param>
/// <param name="Settings">The settings it runs with; null until it is planned.</param>
public sealed record Run(
    string Id, DateOnly Date, RunState State, string? Reason, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, RunSettings? Settings)
{
    /// <summary>Whether units are still worked on.</summary>
    public bool IsActive => State is RunState.Running or RunState.Publishing;

    /// <summary>
    /// Whether people may have been erased from it already, after whom nobody looks again: it is or was published or held, or it failed.
    /// </summary>
    public bool MayBeErasedFrom => this is not { State: RunState.Running, ReleasedAt: null };

    /// <summary>Who released it after it was held; null when nobody had to.</summary>
    public string? ReleasedBy { get; init; }

    /// <summary>When it was released.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }

    /// <summary>The date up to which nights that wait for this one follow it by themselves; null when none does.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>The run that was under way when this one was started, and is ended for it; null when none was.</summary>
    public string? Replaces { get; init; }

    /// <summary>How often units were queued again because nothing was done for <see cref="ClvOptions.StuckMinutes"/>.</summary>
    public int Requeued { get; init; }

    /// <summary>Of these, how often in a row without a unit that finished in between.</summary>
    public int RequeuedInVain { get; init; }

    /// <summary>How many units were done when that happened last.</summary>
    public int RequeuedAtDone { get; init; }

    /// <summary>What was found then, as a sentence; null when it never happened.</summary>
    public string? Stall { get; init; }

    /// <summary>When its scores were given up for dropping, so that lookups cannot be served from it any more; null while they are kept.</summary>
    public DateTimeOffset? RetiredAt { get; init; }

    /// <summary>When that became final, and dropping began.</summary>
    public DateTimeOffset? RemovingAt { get; init; }

    /// <summary>When everything of it was dropped but its record, plan, books, portfolio and models.</summary>
    public DateTimeOffset? RemovedAt { get; init; }

    /// <summary>Why it ends, and what becomes of the nights that wait for it.</summary>
    public string Ending(string reason) => Until > Date
        ? $"{reason} The nights after it, up to {Until:yyyy-MM-dd}, wait for it: put right what is wrong; the next start of a night catches up, oldest first."
        : reason;
}

/// <summary>Everything besides the extracts that a run's result depends on, taken down when it is planned.</summary>
public sealed record RunSettings
{
    /// <summary>The version of the history's format that this program reads and writes.</summary>
    public const int CurrentHistoryFormat = 3;

    /// <summary>Whether the extracts are everything (a snapshot) or only what is new (a delta).</summary>
    public required bool Snapshot { get; init; }

    /// <summary>The run whose history a delta is merged into; null for a snapshot.</summary>
    public string? BaseRun { get; init; }

    /// <summary>The run that is published when this one is planned, with whose customers its own are compared; null before the first.</summary>
    public string? LastPublished { get; init; }

    /// <summary>How many partitions.</summary>
    public required int Partitions { get; init; }

    /// <summary>
    /// The newest run that was published for an earlier date: what changes are told against. A date's second run is compared with the same
    /// run as its first, so both say the same. Null without one.
    /// </summary>
    public string? ComparedRun { get; init; }

    /// <summary>The date of <see cref="ComparedRun"/>.</summary>
    public DateOnly? ComparedDate { get; init; }

    /// <summary>How many partitions <see cref="ComparedRun"/> has.</summary>
    public int ComparedPartitions { get; init; }

    /// <summary>How many extract files there are of each content; they stand in the plan in this order.</summary>
    public IReadOnlyDictionary<FileContent, int> FilesOf { get; init; } = new Dictionary<FileContent, int>();

    /// <summary>How many extract files.</summary>
    public int Files => FilesOf.Values.Sum();

    /// <summary>Which version of the history's format the run writes; null before there were versions.</summary>
    public int? HistoryFormat { get; init; }

    /// <summary>Weeks of the future that count.</summary>
    public required double HorizonWeeks { get; init; }

    /// <summary>Discount rate a year, effective.</summary>
    public required double DiscountRate { get; init; }

    /// <summary>How many customers the models see at most.</summary>
    public required long FitCustomers { get; init; }

    /// <summary>The first day of any row of the history that a delta is merged into, if it is known.</summary>
    public int? BaseFirstDay { get; init; }

    /// <summary>Weeks at the end of the observation window that the models are tested on, at most a third of it; 0 for no test.</summary>
    public int BacktestWeeks { get; init; }

    /// <summary>The reporting currency, if the mapping or the profile states one.</summary>
    public string? Currency { get; init; }

    /// <summary>The language of what is written for people who did not ask for one: <c>en</c> or <c>de</c>.</summary>
    public string Language { get; init; } = "en";

    /// <summary>Whether scores are written as files for analysts beside the tables (<see cref="ClvOptions.ExportScores"/>).</summary>
    public bool ExportScores { get; init; }

    /// <summary>Which hash key the customers' keys were made with (<see cref="ClvOptions.HashKeyFingerprint"/>).</summary>
    public required string HashKeyFingerprint { get; init; }

    /// <summary>The first of the plan's files of a content, and how many there are.</summary>
    public (int First, int Count) Range(FileContent content) =>
        (FilesOf.Where(of => of.Key < content).Sum(static of => of.Value), FilesOf.GetValueOrDefault(content));

    /// <summary>The content of one of the plan's files.</summary>
    public FileContent ContentOf(int file)
    {
        foreach (var (content, count) in FilesOf.OrderBy(static of => of.Key))
        {
            if ((file -= count) < 0)
            {
                return content;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(file));
    }

    /// <summary>How many units a phase has.</summary>
    public int Units(Phase phase) => phase switch
    {
        Phase.Ingest => Files,
        Phase.Summarise or Phase.Value or Phase.Score or Phase.Announce => Partitions,
        _ => 1,
    };
}

/// <summary>A phase's counter.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="Units">How many units it has.</param>
/// <param name="Done">How many of them are done.</param>
/// <param name="NextQueued">Whether the units of the next phase are known to have been queued.</param>
/// <param name="EndedAt">When its last unit was done.</param>
public sealed record PhaseProgress(Phase Phase, int Units, int Done, bool NextQueued, DateTimeOffset? EndedAt)
{
    /// <summary>Whether every unit is done.</summary>
    public bool IsDone => Done >= Units;
}

/// <summary>What a unit left behind when it was done.</summary>
/// <param name="Phase">The unit's phase.</param>
/// <param name="Unit">The unit's number.</param>
/// <param name="Result">Its result as JSON.</param>
public sealed record UnitMarker(Phase Phase, int Unit, string Result);

/// <summary>Everything known of a run.</summary>
/// <param name="Run">The run.</param>
/// <param name="Phases">Its phases' counters, in their order; empty until it is planned.</param>
/// <param name="Markers">Its finished units.</param>
/// <param name="Problems">What went wrong in units, in the order of phases and units.</param>
public sealed record RunDetails(Run Run, IReadOnlyList<PhaseProgress> Phases, IReadOnlyList<UnitMarker> Markers, IReadOnlyList<string> Problems)
{
    /// <summary>The results of a phase's finished units, in the order of units.</summary>
    public IEnumerable<T> Results<T>(Phase phase) =>
        Markers.Where(m => m.Phase == phase).Select(static m => NightJson.Read<T>(m.Result));
}

/// <summary>How a unit came to be marked as done.</summary>
/// <param name="First">Whether this call marked it; false when it had been marked before.</param>
/// <param name="Last">Whether this call marked it, as the last one of its phase.</param>
public readonly record struct UnitCompletion(bool First, bool Last);
