namespace Clv.Functions.Night;

/// <summary>
/// What became of every row and every customer of a run, from its units' markers. Rows read = used + replaced + quarantined + erased, per file;
/// people of whom anything is known = people scored = people exported. A run whose books do not balance is not published.
/// </summary>
/// <param name="Files">What became of each file's rows.</param>
/// <param name="Persons">People of whom anything is known.</param>
/// <param name="Customers">Those among them who bought or signed anything.</param>
/// <param name="Prospects">Those among them who may become customers.</param>
/// <param name="Valued">People valued: everybody but prospects.</param>
/// <param name="Scored">People scored.</param>
/// <param name="WithoutPurchase">Customers among them without a purchase occasion.</param>
/// <param name="HistoryRows">Transactions in the history.</param>
/// <param name="Contracts">Contracts in the history.</param>
/// <param name="Interactions">Contacts in the history.</param>
/// <param name="ContactsWithoutCost">Contacts whose cost nobody knows; they count as costing nothing.</param>
/// <param name="FutureValue">The sum of the customers' future values.</param>
/// <param name="LifetimeValue">The sum of their lifetime values.</param>
/// <param name="Events">Events noticed.</param>
/// <param name="Callers">Rows by which people are found from a phone number or an e-mail address.</param>
public sealed record Books(
    IReadOnlyList<FileBooks> Files,
    long Persons,
    long Customers,
    long Prospects,
    long Valued,
    long Scored,
    long WithoutPurchase,
    long HistoryRows,
    long Contracts,
    long Interactions,
    long ContactsWithoutCost,
    decimal FutureValue,
    decimal LifetimeValue,
    long Events,
    long Callers)
{
    /// <summary>People of the night that the run is compared with who are not there any more.</summary>
    public long Gone { get; init; }

    /// <summary>People exported; null where scores are not.</summary>
    public long? Exported { get; init; }

    /// <summary>People who are neither customers nor prospects, such as those who declined.</summary>
    public long Others => Persons - Customers - Prospects;

    /// <summary>Adds up what the run's finished units left behind.</summary>
    public static Books Of(RunDetails details)
    {
        var summarised = details.Results<SummariseResult>(Phase.Summarise).ToList();
        var scored = details.Results<ScoreResult>(Phase.Score).ToList();
        var files = details.Results<IngestResult>(Phase.Ingest).Select((file, i) => new FileBooks(
            file.File,
            file.Read,
            file.Used ?? summarised.Sum(s => s.Used[i]),
            file.Used is { } used ? file.Read - file.Quarantined - used : summarised.Sum(s => s.Replaced[i]),
            file.Quarantined,
            file.Used is null ? summarised.Sum(s => s.Erased?[i] ?? 0) : 0,
            file.Reasons.ToDictionary(static r => r.Key.ToString(), static r => r.Value),
            file.UnknownColumns,
            file.UnusablePhones,
            file.UnusableEmails));
        return new Books(
            [.. files],
            summarised.Sum(static s => s.Persons),
            summarised.Sum(static s => s.Customers),
            summarised.Sum(static s => s.Prospects),
            details.Results<ValueResult>(Phase.Value).Sum(static v => v.Valued),
            scored.Sum(static s => s.Scored),
            scored.Sum(static s => s.WithoutPurchase),
            summarised.Sum(static s => s.HistoryRows),
            summarised.Sum(static s => s.Contracts),
            summarised.Sum(static s => s.Interactions),
            summarised.Sum(static s => s.ContactsWithoutCost),
            scored.Sum(static s => s.FutureValue),
            scored.Sum(static s => s.LifetimeValue),
            scored.Sum(static s => s.Events),
            scored.Sum(static s => s.Callers))
        {
            Gone = scored.Sum(static s => s.Gone),
            Exported = details.Run.Settings is { ExportScores: true } ? scored.Sum(static s => s.Exported ?? 0) : null,
        };
    }

    /// <summary>What does not balance, or null.</summary>
    public string? Imbalance()
    {
        foreach (var file in Files.Where(static f => f.Read != f.Used + f.Replaced + f.Quarantined + f.Erased))
        {
            return $"{file.File}: {file.Read} rows were read, but {file.Used} used, {file.Replaced} replaced, {file.Quarantined} quarantined and {file.Erased} erased";
        }

        return Persons - Prospects != Valued ? $"{Persons - Prospects} people are no prospects, but {Valued} were valued"
            : Persons != Scored ? $"{Persons} people are known, but {Scored} were scored"
            : Exported is { } exported && exported != Scored ? $"{Scored} people were scored, but {exported} exported"
            : null;
    }
}

/// <summary>What became of the rows of one file.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Read">Rows read.</param>
/// <param name="Used">Rows that are part of the history now.</param>
/// <param name="Replaced">Rows that a later one of the same night replaced.</param>
/// <param name="Quarantined">Rows set aside.</param>
/// <param name="Erased">Rows of people who are erased, which are left out.</param>
/// <param name="Reasons">How many were set aside for each reason.</param>
/// <param name="UnknownColumns">Headers that the contract does not know.</param>
/// <param name="UnusablePhones">Phone numbers that could not be read; their rows count all the same.</param>
/// <param name="UnusableEmails">E-mail addresses that could not be read, likewise.</param>
public sealed record FileBooks(
    string File,
    long Read,
    long Used,
    long Replaced,
    long Quarantined,
    long Erased,
    IReadOnlyDictionary<string, long> Reasons,
    IReadOnlyList<string> UnknownColumns,
    long UnusablePhones,
    long UnusableEmails);
