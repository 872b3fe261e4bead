namespace Clv.Functions.Storage;

/// <summary>Names of containers, tables and queues, and of what is in them.</summary>
public static class Names
{
    /// <summary>Container of the CRM's extracts, a folder yyyy-MM-dd per night.</summary>
    public const string Extracts = "crm-extracts";

    /// <summary>Container of a run's intermediate files, removed after publishing.</summary>
    public const string Work = "clv-work";

    /// <summary>Container of the customers' transactions, a version per run.</summary>
    public const string History = "clv-history";

    /// <summary>Container of rows that were set aside.</summary>
    public const string Quarantine = "clv-quarantine";

    /// <summary>Container of fitted models.</summary>
    public const string Models = "clv-models";

    /// <summary>Container of the runs' reports.</summary>
    public const string Reports = "clv-reports";

    /// <summary>Container of what other systems are given.</summary>
    public const string Exports = "clv-exports";

    /// <summary>Table of runs, their units and the pointer to the published one.</summary>
    public const string Runs = "clvruns";

    /// <summary>Table of who did what, when.</summary>
    public const string Audit = "clvaudit";

    /// <summary>Table of the people who are erased and stay so.</summary>
    public const string Erasures = "clverasures";

    /// <summary>Queue of the night's units.</summary>
    public const string WorkQueue = "clv-work";

    /// <summary>Queue of what has changed, for campaign tools.</summary>
    public const string EventQueue = "clv-events";

    /// <summary>The containers that the app creates; extracts are the CRM's to deliver, and are created too so that it can.</summary>
    public static IReadOnlyList<string> Containers { get; } = [Extracts, Work, History, Quarantine, Models, Reports, Exports];

    /// <summary>Table of a run's scores.</summary>
    public static string Scores(string run) => $"clvscores{run}";

    /// <summary>Table of a run's callers: by which phone numbers and e-mail addresses, hashed, whom to find.</summary>
    public static string Callers(string run) => $"clvcallers{run}";

    /// <summary>A date's folder in the extracts container, with its slash.</summary>
    public static string Folder(DateOnly date) => $"{date:yyyy-MM-dd}/";

    /// <summary>A partition as row and blob names show it.</summary>
    public static string Partition(int partition) => partition.ToString("D5");

    /// <summary>Blob of the plan of a run, in <see cref="Reports"/>.</summary>
    public static string Plan(string run) => $"{run}/plan.json";

    /// <summary>Blob of the portfolio report of a run, in <see cref="Reports"/>.</summary>
    public static string Portfolio(string run) => $"{run}/portfolio.json";

    /// <summary>Blob of the segment of a run's file, in <see cref="Work"/>.</summary>
    public static string Segment(string run, int file) => $"{run}/segments/{file:D5}";

    /// <summary>Blob of the keys of the people whom a run leaves out, in <see cref="Work"/>.</summary>
    public static string Erased(string run) => $"{run}/erased";

    /// <summary>Blob that is there once the erasures files of a run were read and name no more people than may be, in <see cref="Work"/>.</summary>
    public static string ErasuresChecked(string run) => $"{run}/erasures-checked";

    /// <summary>Blob of what is known of the people of a run's partition, in <see cref="Work"/>.</summary>
    public static string Facts(string run, int partition) => $"{run}/facts/{Partition(partition)}";

    /// <summary>Blob of their ids in clear, in <see cref="Work"/>, where scores are exported.</summary>
    public static string Ids(string run, int partition) => $"{run}/ids/{Partition(partition)}";

    /// <summary>Blob of what they are worth, in <see cref="Work"/>.</summary>
    public static string Worth(string run, int partition) => $"{run}/worth/{Partition(partition)}";

    /// <summary>Blob of a partition's part of the portfolio, in <see cref="Work"/>.</summary>
    public static string PortfolioPart(string run, int partition) => $"{run}/portfolio/{Partition(partition)}";

    /// <summary>Blob of a partition's events, in <see cref="Work"/>.</summary>
    public static string EventsPart(string run, int partition) => $"{run}/events/{Partition(partition)}";

    /// <summary>The ages at repeat occasions of a partition, in <see cref="Work"/>.</summary>
    public static string Ages(string run, int partition) => $"{run}/ages/{Partition(partition)}";

    /// <summary>What publishing a run and telling its events needs no more, as prefixes in <see cref="Work"/>.</summary>
    public static IReadOnlyList<string> SpentBeforePublishing(string run) =>
        [$"{run}/segments/", $"{run}/facts/", $"{run}/ids/", $"{run}/ages/", $"{run}/worth/"];

    /// <summary>Blob of what is known of a partition's customers besides their transactions, in <see cref="History"/>.</summary>
    public static string ProfilesOf(string run, int partition) => $"{run}/profiles/{Partition(partition)}";

    /// <summary>Blob of a partition's contracts, in <see cref="History"/>.</summary>
    public static string ContractsOf(string run, int partition) => $"{run}/contracts/{Partition(partition)}";

    /// <summary>Blob of a partition's contacts, in <see cref="History"/>.</summary>
    public static string InteractionsOf(string run, int partition) => $"{run}/interactions/{Partition(partition)}";

    /// <summary>Blob of where the people of a partition stood when the run was published, in <see cref="History"/>.</summary>
    public static string StandingOf(string run, int partition) => $"{run}/standing/{Partition(partition)}";

    /// <summary>Blob of the rates of other currencies as of a run, in <see cref="History"/>.</summary>
    public static string RatesOf(string run) => $"{run}/rates";

    /// <summary>Blob of a run's partition, in <see cref="History"/>.</summary>
    public static string HistoryOf(string run, int partition) => $"{run}/{Partition(partition)}";

    /// <summary>Blob of the rows of a run's file that were set aside, in <see cref="Quarantine"/>.</summary>
    public static string QuarantineOf(string run, string file) => $"{run}/{file}.csv";

    /// <summary>Blob of what could only be known of all customers together, in <see cref="Models"/>.</summary>
    public static string Ranking(string run) => $"{run}-ranking.json";

    /// <summary>Blob of a run's events, in <see cref="Exports"/>.</summary>
    public static string Events(string run) => $"{run}/events.csv";

    /// <summary>Blobs of a run's exported scores, one per partition, as a prefix in <see cref="Exports"/>.</summary>
    public static string ExportedScores(string run) => $"{run}/scores-";

    /// <summary>Blob of a partition's exported scores, in <see cref="Exports"/>.</summary>
    public static string ExportedScores(string run, int partition) => $"{ExportedScores(run)}{Partition(partition)}.csv.gz";

    /// <summary>Blob that says that a run's exported scores are complete, and which they are, in <see cref="Exports"/>.</summary>
    public static string ExportManifest(string run) => $"{run}/manifest.json";

    /// <summary>Blob of the books of a run, in <see cref="Reports"/>.</summary>
    public static string Books(string run) => $"{run}/books.json";

    /// <summary>Blob of the models of a run, in <see cref="Models"/>.</summary>
    public static string Model(string run) => $"{run}.json";
}
