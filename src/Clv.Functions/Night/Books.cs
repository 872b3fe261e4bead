namespace Clv.Functions.Night;

/// <summary>
/// What became of every row and every customer of a run, from its units' markers. Rows read = used + replaced + quarantined, per file;
/// customers summarised = customers scored. A run whose books do not balance is not published.
/// </summary>
public sealed record Books(IReadOnlyList<FileBooks> Files, long Customers, long Scored, long WithoutPurchase, long HistoryRows, decimal FutureValue, long WithoutTransactions = 0)
{
    /// <summary>Adds up what the run's finished units left behind.</summary>
    public static Books Of(RunDetails details)
    {
        var summarised = details.Results<SummariseResult>(Phase.Summarise).ToList();
        var scored = details.Results<ScoreResult>(Phase.Score).ToList();
        var files = details.Results<IngestResult>(Phase.Ingest).Select((file, i) => new FileBooks(
            file.File,
            file.Read,
            summarised.Sum(s => s.Used[i]),
            summarised.Sum(s => s.Replaced[i]),
            file.Quarantined,
            file.Reasons.ToDictionary(static r => r.Key.ToString(), static r => r.Value),
            file.UnknownColumns));
        return new Books(
            [.. files],
            summarised.Sum(static s => s.Customers),
            scored.Sum(static s => s.Scored),
            scored.Sum(static s => s.WithoutPurchase),
            summarised.Sum(static s => s.HistoryRows),
            scored.Sum(static s => s.FutureValue),
            summarised.Sum(static s => s.WithoutTransactions));
    }

    /// <summary>What does not balance, or null.</summary>
    public string? Imbalance()
    {
        foreach (var file in Files.Where(static f => f.Read != f.Used + f.Replaced + f.Quarantined))
        {
            return $"{file.File}: {file.Read} rows were read, but {file.Used} used, {file.Replaced} replaced and {file.Quarantined} quarantined";
        }

        return Customers == Scored ? null : $"{Customers} customers were summarised, but {Scored} scored";
    }
}

/// <summary>What became of the rows of one file.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Read">Rows read.</param>
/// <param name="Used">Rows that are part of the history now.</param>
/// <param name="Replaced">Rows that a later one of the same night replaced.</param>
/// <param name="Quarantined">Rows set aside.</param>
/// <param name="Reasons">How many for each reason.</param>
/// <param name="UnknownColumns">Headers that the contract does not know.</param>
public sealed record FileBooks(
    string File, long Read, long Used, long Replaced, long Quarantined, IReadOnlyDictionary<string, long> Reasons, IReadOnlyList<string> UnknownColumns);
