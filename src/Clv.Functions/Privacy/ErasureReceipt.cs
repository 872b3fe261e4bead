using Clv.Functions.Night;

namespace Clv.Functions.Privacy;

/// <summary>What an erasure removed, run by run. Nothing personal.</summary>
/// <param name="Runs">What was removed from each run, in their order; runs that held nothing are not named.</param>
/// <param name="Notes">Sentences on runs that were not searched like the others.</param>
public sealed record ErasureReceipt(IReadOnlyList<RemovedFromRun> Runs, IReadOnlyList<string> Notes)
{
    // A column of a table holds 32,000 characters.
    private const int MostRuns = 100;
    private const int MostNotes = 20;

    /// <summary>Nothing was removed yet.</summary>
    public static ErasureReceipt Empty { get; } = new([], []);

    /// <summary>What was removed from all runs together.</summary>
    public Removed Total => Runs.Aggregate(Removed.Nothing, static (sum, run) => sum.Add(run.Removed));

    /// <summary>The receipt with what was removed from a run besides. Of very many runs the oldest are told as one.</summary>
    public ErasureReceipt Add(string run, Removed removed)
    {
        if (removed == Removed.Nothing)
        {
            return this;
        }

        var runs = Runs.Where(of => of.Run != run)
            .Append(new RemovedFromRun(run, (Runs.FirstOrDefault(of => of.Run == run)?.Removed ?? Removed.Nothing).Add(removed)))
            .OrderBy(static of => of.Run, StringComparer.Ordinal)
            .ToList();
        return this with
        {
            Runs = runs.Count <= MostRuns ? runs : [new RemovedFromRun(runs[1].Run, runs[0].Removed.Add(runs[1].Removed), OrEarlier: true), .. runs.Skip(2)],
        };
    }

    /// <summary>The receipt with a sentence besides.</summary>
    public ErasureReceipt Note(string sentence) =>
        Notes.Contains(sentence) || Notes.Count >= MostNotes ? this : this with { Notes = [.. Notes, sentence] };

    internal static ErasureReceipt Parse(string? json) => json is null ? Empty : NightJson.Read<ErasureReceipt>(json);
}

/// <summary>What was removed from a run.</summary>
/// <param name="Run">The run.</param>
/// <param name="Removed">How much.</param>
/// <param name="OrEarlier">Whether earlier runs are counted here too.</param>
public sealed record RemovedFromRun(string Run, Removed Removed, bool OrEarlier = false);

/// <summary>How much of one person was removed, by the kind of store.</summary>
public sealed record Removed
{
    /// <summary>Nothing.</summary>
    public static Removed Nothing { get; } = new();

    /// <summary>Rows of scores.</summary>
    public int Scores { get; init; }

    /// <summary>Rows of the exported scores.</summary>
    public int Exported { get; init; }

    /// <summary>Rows by which a phone number or an e-mail address leads to the person.</summary>
    public int Callers { get; init; }

    /// <summary>Transactions.</summary>
    public int Transactions { get; init; }

    /// <summary>Profiles.</summary>
    public int Profiles { get; init; }

    /// <summary>Contracts.</summary>
    public int Contracts { get; init; }

    /// <summary>Contacts.</summary>
    public int Interactions { get; init; }

    /// <summary>Records of where the person stood.</summary>
    public int Standings { get; init; }

    /// <summary>Events, in the export and among those that had not been told yet.</summary>
    public int Events { get; init; }

    /// <summary>Rows that had been set aside.</summary>
    public int Quarantined { get; init; }

    /// <summary>Both together.</summary>
    public Removed Add(Removed other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new Removed
        {
            Scores = Scores + other.Scores,
            Exported = Exported + other.Exported,
            Callers = Callers + other.Callers,
            Transactions = Transactions + other.Transactions,
            Profiles = Profiles + other.Profiles,
            Contracts = Contracts + other.Contracts,
            Interactions = Interactions + other.Interactions,
            Standings = Standings + other.Standings,
            Events = Events + other.Events,
            Quarantined = Quarantined + other.Quarantined,
        };
    }
}
