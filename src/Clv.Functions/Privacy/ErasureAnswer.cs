namespace Clv.Functions.Privacy;

/// <summary>An erasure as it is answered: the receipt that a person may be given.</summary>
/// <param name="Key">The person's pseudonym, by which the tombstone is found.</param>
/// <param name="State">How far it is.</param>
/// <param name="RequestedAt">When it was asked for.</param>
/// <param name="RequestedBy">Who asked.</param>
/// <param name="Source">Where.</param>
/// <param name="DoneAt">When it was done; null while it goes on.</param>
/// <param name="Removed">What was removed from all runs together.</param>
/// <param name="Runs">The same run by run; runs that held nothing are not named.</param>
/// <param name="Notes">What else is to be known, and what lies outside: sentences.</param>
public sealed record ErasureAnswer(
    string Key,
    ErasureState State,
    DateTimeOffset RequestedAt,
    string RequestedBy,
    string Source,
    DateTimeOffset? DoneAt,
    Removed Removed,
    IReadOnlyList<RemovedFromRun> Runs,
    IReadOnlyList<string> Notes)
{
    /// <summary>Puts the answer together.</summary>
    /// <param name="tombstone">The erasure.</param>
    /// <param name="auditDays">How many days the audit is kept.</param>
    public static ErasureAnswer Of(Tombstone tombstone, int auditDays)
    {
        ArgumentNullException.ThrowIfNull(tombstone);
        return new ErasureAnswer(
            tombstone.Key.ToString(),
            tombstone.State,
            tombstone.RequestedAt,
            tombstone.RequestedBy,
            tombstone.Source,
            tombstone.DoneAt,
            tombstone.Receipt.Total,
            tombstone.Receipt.Runs,
            [.. Sentences(tombstone, auditDays)]);
    }

    private static IEnumerable<string> Sentences(Tombstone tombstone, int auditDays)
    {
        if (tombstone.State == ErasureState.Requested)
        {
            yield return "A night is under way, or the erasure was interrupted: what is left is removed by itself, before the person can be published again.";
        }

        foreach (var note in tombstone.Receipt.Notes)
        {
            yield return note;
        }

        yield return "The tombstone keeps the pseudonym, so that no later extract brings the person back.";
        yield return "Outside: the CRM's extract folders in crm-extracts are the CRM's own; erase the person there too.";
        yield return "Outside: events that were handed on to the queue clv-events are with whoever took them, under the pseudonym.";
        yield return "Outside: what others have read from the exported scores in clv-exports is theirs to erase; a row is the person's by customer_key too.";
        yield return $"Outside: the audit names the person by the pseudonym alone, and is dropped after {auditDays} days.";
        yield return "Outside: soft delete, versions and backups of the storage account keep what they keep for as long as they are set to.";
    }
}
